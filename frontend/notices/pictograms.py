"""The outlines beside the texts: those of the screens, drawn in the house's ink."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

ICONS = Path(__file__).resolve().parents[1] / "icons"
_INK = "#553069"

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "who": "user",
        "what": "message-2",
        "saying_no": "hand-stop",
        "never": "eye-off",
        "young": "users",
        "law": "scale",
        "change": "arrow-back-up",
        "long": "calendar-event",
        "rights": "shield-check",
        "paper": "file-text",
        "call": "phone",
    }
)
GROUPS: Mapping[str, str] = MappingProxyType(
    {"allowed": "check", "refused": "x", "later": "clock", "ended": "arrow-back-up"}
)


@cache
def outline(name: str) -> str:
    """Return an outline as SVG, 24 by 24. Raises FileNotFoundError for one that is not in `icons`."""
    return (ICONS / f"{name}.svg").read_text("utf-8").replace("currentColor", _INK)


def mirrored(name: str, direction: str) -> str:
    """Return an outline as it stands on a page of this direction: an arrow back points back there too."""
    svg = outline(name)
    if direction == "rtl" and name.startswith("arrow-"):
        svg = svg.replace("<path d=", '<path transform="matrix(-1 0 0 1 24 0)" d=')
    return svg
