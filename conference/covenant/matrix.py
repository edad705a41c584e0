"""The covenant as a matrix: every cell with its effective letter. Pure."""

from typing import NamedTuple

from conference.covenant.shape import Covenant
from conference.covenant.words import PHASES


class Cell(NamedTuple):
    party: str
    category: str
    phase: str
    code: str


def cells(covenant: Covenant) -> list[Cell]:
    """Return every cell, in the file's order of parties and categories.

    Letters are effective: of a party whose `check` nobody has confirmed they are all "-".
    """
    return [
        Cell(name, category, phase, letter)
        for name, party in covenant.parties.items()
        for category, row in party.cells.items()
        for phase, letter in zip(PHASES, row, strict=True)
    ]
