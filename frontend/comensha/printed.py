"""A notice to CoMensha, PDF/UA-1, in Dutch whoever makes it: its reader is CoMensha."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import pgettext

from agenda.exports.typeset import typeset
from agenda.pages import ComenshaForm
from conference.cases.comensha import Notice
from conference.clock import AMSTERDAM
from conference.covenant.grounds import LAW
from conference.covenant.labels import party_name
from frontend.said import short_pseudonym

TEMPLATE = Path(__file__).with_name("notice.typ")
CONTEXT = "comensha"
TO_COMENSHA = 6


def as_pdf(form: ComenshaForm, maker: str) -> bytes:
    """Return the form. `maker`: the name of who makes it. Raises PdfError."""
    with translation.override("nl"):
        return typeset(TEMPLATE, document(form, maker), form.at)


def document(form: ComenshaForm, maker: str) -> dict[str, Any]:
    """Return all that the form says, in the order in which it is set; an empty answer is a line to write on."""
    return {
        "lang": "nl",
        "title": _TITLES[form.notice](),
        "confidential": _("Confidential · for CoMensha only"),
        "lead": _lead(form),
        "sections": [
            {"heading": heading, "facts": [[name, answer] for name, answer in facts]}
            for heading, facts in _sections(form, maker)
        ],
        "note": _("What is not filled in here, this organisation does not know or may not pass on from this system."),
        "footer": _("Made on %(day)s") % {"day": _day(form.at.astimezone(AMSTERDAM).date())},
        "page": _("Page {page} of {pages}"),
    }


def _(text: str) -> str:
    return pgettext(CONTEXT, text)


_TITLES = {
    Notice.REGISTRATION: lambda: _("Notice to CoMensha: registration"),
    Notice.PLACEMENT: lambda: _("Notice to CoMensha: request for placement"),
}


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _lead(form: ComenshaForm) -> str:
    if form.ground == "police":
        return pgettext(CONTEXT, "Ground: supplied by the police for registration, without her consent (%(law)s).") % {
            "law": LAW[TO_COMENSHA]
        }
    told = {
        Notice.REGISTRATION: _("Ground: her written consent to registration, recorded on %(day)s."),
        Notice.PLACEMENT: _("Ground: her written consent to a request for placement, recorded on %(day)s."),
    }
    return told[form.notice] % {"day": _day(form.since) if form.since else ""}


def _sections(form: ComenshaForm, maker: str) -> list[tuple[str, list[tuple[str, str]]]]:
    known = form.identity
    born = known.get("birth_date", "")
    wanted = [
        (_("From when is a place needed?"), ""),
        (_("Children who come along"), ""),
        (_("What is needed for her safety?"), ""),
        (_("What is needed for her health?"), ""),
    ]
    return [
        (
            _("Who makes this notice"),
            [
                (_("Organisation"), party_name(form.party)),
                (_("Name"), maker),
                (_("Reference"), short_pseudonym(form.pseudonym)),
                (_("Telephone number for questions"), ""),
            ],
        ),
        (
            _("About whom it is"),
            [
                (_("Name"), known.get("name", "")),
                (_("Date of birth"), _day(date.fromisoformat(born)) if born else ""),
                (_("Address"), known.get("address", "")),
                (_("Telephone"), known.get("phone", "")),
                (_("Sex"), ""),
                (_("Nationality"), ""),
                (_("Right of residence"), ""),
                (_("Language"), ""),
            ],
        ),
        (
            _("What happened"),
            [
                (_("Form of exploitation"), form.form),
                (_("Municipality"), form.municipality),
                (_("Period"), ""),
                (_("Signals"), ""),
                (_("Reported to the police"), ""),
            ],
        ),
        *([(_("The place that is asked for"), wanted)] if form.notice is Notice.PLACEMENT else []),
    ]
