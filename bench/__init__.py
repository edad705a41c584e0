"""Measurements of the live room, each beside a floor that is measured in the same run."""
