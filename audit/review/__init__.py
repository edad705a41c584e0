"""Reviewing the log: which accesses nothing explains, who is asked why, and what an officer found."""
