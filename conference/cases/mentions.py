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


def render(text: str, label: Callable[[UUID], Label | None]) -> tuple[str, list[Placed]]:
    """Return the text with every mention as `label` gives it, and where they stand.

    A subject without a label (destroyed, or not of this case) is rendered as "…".
    """
    out: list[str] = []
    placed: list[Placed] = []
    at = 0
    units = 0
    for match in PATTERN.finditer(text):
        before = text[at : match.start()]
        subject = UUID(match.group(1))
        found = label(subject)
        shown = found.text if found else "…"
        units += _units(before)
        if found:
            placed.append(Placed(units, units + _units(shown), subject, found))
        units += _units(shown)
        out += [before, shown]
        at = match.end()
    out.append(text[at:])
    return "".join(out), placed


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
