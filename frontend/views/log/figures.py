"""Numbers as people read them here: 18.204."""

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """Return a whole number with its thousands apart, in the way of the reader's language."""
    return str(number_format(number, force_grouping=True))
