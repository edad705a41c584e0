"""Texts name people only as mentions, `{subject:<id>}`; these find and render them. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

PATTERN = re.compile(r"\{subject:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}")


@dataclass(frozen=True, slots=True)
class Label:
    """How one viewer reads a subject: by name, or by handle and her own party's pseudonym."""

    handle: str
    pseudonym: str
    name: str | None

    @property
    def text(self) -> str:
        return self.name if self.name is not None else f"{self.handle} ({self.pseudonym})"


@dataclass(frozen=True, slots=True)
class Placed:
    """A mention at [start, end) of the rendered text, counted in UTF-16 code units."""

    start: int
    end: int
    subject: UUID
    label: Label


def mentioned(text: str) -> tuple[UUID, ...]:
    """Return the subjects that a stored text mentions, each once, in order."""
    return tuple(dict.fromkeys(UUID(match) for match in PATTERN.findall(text)))


def parts(text: str) -> list[str | UUID]:
    """Return a stored text as its pieces: plain text, and the subjects that stand between."""
    pieces = PATTERN.split(text)  # text, id, text, id, ... text
    return [UUID(piece) if at % 2 else piece for at, piece in enumerate(pieces) if piece]


def render(text: str, label: Callable[[UUID], Label | None]) -> tuple[str, list[Placed]]:
    """Return the text with every mention as `label` gives it, and where they stand.

    A subject without a label (destroyed, or not of this case) is rendered as "…".
    """
    out: list[str] = []
    placed: list[Placed] = []
    units = 0
    for part in parts(text):
        found = label(part) if isinstance(part, UUID) else None
        shown = part if isinstance(part, str) else found.text if found else "…"
        end = units + _units(shown)
        if found and isinstance(part, UUID):
            placed.append(Placed(units, end, part, found))
        out.append(shown)
        units = end
    return "".join(out), placed


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
