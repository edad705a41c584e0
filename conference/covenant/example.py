"""The product's own example covenant, for demo data and as a model for a real one."""

from importlib.resources import files
from typing import Any

from conference.covenant.file import parse, plain
from conference.covenant.shape import Covenant


def text() -> str:
    """Return the example's YAML text."""
    return (files(__package__ or "conference.covenant") / "example.yaml").read_text(encoding="utf-8")


def concept() -> dict[str, Any]:
    """Return the example as plain data that nobody has approved or confirmed: it rules nothing."""
    data, _lines = plain(text())
    parties = {name: {key: facts[key] for key in facts if key != "checked"} for name, facts in data["parties"].items()}
    return {**data, "covenant": {**data["covenant"], "approved_by": []}, "parties": parties}


def covenant() -> Covenant:
    """Return the example, parsed; active from 1 January 2026."""
    return parse(text())
