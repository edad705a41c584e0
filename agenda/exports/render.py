"""One way in: a list, a format, a file. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from agenda.exports.lists import DecisionList, Marking
from agenda.exports.machine import as_csv, as_json, fingerprint
from agenda.exports.printed import as_pdf
from agenda.exports.words import LANGUAGES

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "csv": "text/csv; charset=utf-8",
        "json": "application/json",
    }
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file. Its name holds the control number and no case content."""

    name: str
    content_type: str
    body: bytes
    sha256: str  # of the list, equal in every format


def render(decisions: DecisionList, marking: Marking, form: str, lang: str = "nl") -> Rendered:
    """Return the list as a file. `form` is a key of FORMATS, `lang` nl or en; else KeyError."""
    content_type, words = FORMATS[form], LANGUAGES[lang]
    sha256 = fingerprint(decisions)
    if form == "pdf":
        body = as_pdf(decisions, marking, words)
    elif form == "csv":
        body = as_csv(decisions, marking, words)
    else:
        body = as_json(decisions, marking)
    return Rendered(f"besluitenlijst-{sha256[:16]}.{form}", content_type, body, sha256)
