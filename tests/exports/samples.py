"""A plainly invented decision list, and ways to read a PDF back."""

import io
from datetime import date, datetime

import pypdf

from agenda.exports import (
    Action,
    CasePart,
    Category,
    Decision,
    DecisionList,
    Dissent,
    Marking,
    Mention,
    Name,
)
from conference.clock import AMSTERDAM

KWINTES = Name("kwintes", "Kwintes")
POLITIE = Name("politie", "Politie")
PRC = Category("prc", "proces en besluiten", "WGS 2.26")


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=AMSTERDAM)


def decision_list(
    *,
    party: Name = KWINTES,
    pseudonym: str = "KV4W-6P",
    named: str | None = None,
    text: str = " loopt door tot 7 december.",
    reason: str = "twee weken is te kort om tot rust te komen.",
    title: str = "Casusoverleg mensenhandel",
) -> DecisionList:
    """Return a list with two decisions in a case, one general decision and one action."""
    subject = Mention("betrokkene 1", pseudonym, named)
    dissent = (Dissent(KWINTES, reason),)
    kievit = CasePart(
        "KIEVIT",
        "hulp en veiligheid",
        "overleg",
        (
            Decision(("De opvang van ", subject, text), PRC, "adopted", at(13, 41), dissent),
            Decision(("De politie hoort ", subject, " later."), PRC, "proposed"),
        ),
        (Action(("Bellen over verlenging",), KWINTES, date(2026, 12, 1), "open", PRC),),
    )
    general = CasePart(None, decisions=(Decision(("Tot dan.",), PRC, "adopted", at(14, 2)),))
    return DecisionList(
        party,
        title,
        at(13, 30),
        "V. Oorzitter, ZVH procesregie",
        "Mensenhandel, versie 1.0",
        (kievit, general),
        at(14, 40),
    )


MARKING = Marking(at(14, 52), "V. Oorzitter")


def pdf_text(body: bytes) -> str:
    """Return the text of all pages, line breaks and spaces folded to single spaces."""
    pages = pypdf.PdfReader(io.BytesIO(body)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
