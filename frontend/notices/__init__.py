"""The notice and the summary of a consent on paper, in the victim's language."""
