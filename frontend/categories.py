"""Categories on the screen: their fixed order and one outline each."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from frontend.names import CATEGORIES

ORDER = tuple(CATEGORIES)

ICONS: Mapping[str, str] = MappingProxyType(
    {
        "id": "user",
        "bsn": "number-123",
        "pol": "shield",
        "jus": "scale",
        "hnd": "building-bank",
        "won": "home",
        "rel": "users",
        "hlp": "heart-handshake",
        "vzn": "clipboard-list",
        "gez": "stethoscope",
        "fin": "coin-euro",
        "vbl": "id",
        "adr": "home-shield",
        "prc": "gavel",
    }
)


def place(category: str) -> tuple[int, str]:
    """Return a sort key: the fixed order, then whatever a covenant adds by its id."""
    return (ORDER.index(category) if category in ORDER else len(ORDER), category)


def in_order(categories: Iterable[str]) -> list[str]:
    """Return these categories, each once, in the order in which they stand on every screen."""
    return sorted(set(categories), key=place)
