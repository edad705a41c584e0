"""The product's own example covenant, for demo data and as a model for a real one."""

from importlib.resources import files

from conference.covenant.file import parse
from conference.covenant.shape import Covenant


def text() -> str:
    """Return the example's YAML text."""
    return (files(__package__ or "conference.covenant") / "example.yaml").read_text(encoding="utf-8")


def covenant() -> Covenant:
    """Return the example, parsed; active from 1 January 2026."""
    return parse(text())
