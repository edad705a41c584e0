"""The overview as a letter: PDF/UA-1, in plain words, to be handed over with a name filled in by hand."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, npgettext, pgettext

from agenda.exports.typeset import typeset
from audit.overview.models import OverviewLimit
from conference.clock import AMSTERDAM
from conference.covenant.labels import party_name
from frontend.overview.gathering import Overview, Period, Told
from frontend.overview.words import CONTEXT, limit_grounds

TEMPLATE = Path(__file__).with_name("statement.typ")


@dataclass(frozen=True, slots=True)
class Made:
    """When the letter was made, and by whom."""

    at: datetime
    by: str


def as_pdf(overview: Overview, made: Made) -> bytes:
    """Return the letter in the language that is set now. Raises PdfError."""
    return typeset(TEMPLATE, document(overview, made), made.at)


def document(overview: Overview, made: Made) -> dict[str, Any]:
    """Return all that the letter says, in the order in which it is set."""
    return {
        "lang": (get_language() or "nl")[:2],
        "title": _("Who saw your data"),
        "subtitle": _("Overview from the log of Casustafel"),
        "confidential": _("Confidential · only for whom this is about"),
        "facts": _facts(overview, made),
        "lead": _lead(overview),
        "columns": [_("When"), _("Who"), _("Which data"), _("Why it was allowed")],
        "rows": [_row(line) for line in overview.lines],
        "sections": [_section(*part) for part in _sections(overview)],
        "footer": _("Made on %(moment)s") % {"moment": moment_text(made.at)},
        "page": _("Page {page} of {pages}"),
    }


def _(text: str) -> str:
    return pgettext(CONTEXT, text)


def day_text(day: Any) -> str:
    """Return "23 november 2026"."""
    return date_format(day, "j F Y")


def moment_text(at: datetime) -> str:
    """Return "23 november 2026, 13.30 uur", Amsterdam time."""
    here = at.astimezone(AMSTERDAM)
    return pgettext(CONTEXT, "%(day)s, %(time)s") % {"day": day_text(here), "time": here.strftime("%H.%M")}


def period_text(period: Period) -> str:
    """Return the period in words."""
    first, last = (day_text(day) if day else "" for day in (period.first, period.last))
    if first and last:
        return pgettext(CONTEXT, "%(first)s up to and including %(last)s") % {"first": first, "last": last}
    if first:
        return pgettext(CONTEXT, "from %(first)s") % {"first": first}
    return pgettext(CONTEXT, "up to and including %(last)s") % {"last": last} if last else _("everything so far")


def limit_text(limit: OverviewLimit) -> str:
    """Return what the letter says of a decision to leave names out (UAVG 41)."""
    told = {
        "party": party_name(limit.party),
        "grounds": limit_grounds(limit.grounds),
        "decided": day_text(limit.decided_on),
        "review": day_text(limit.review_on),
    }
    if limit.person:
        return (
            pgettext(
                CONTEXT,
                "The name of one professional of %(party)s is left out: UAVG, article 41, %(grounds)s."
                " Decided on %(decided)s; looked at again by %(review)s.",
            )
            % told
        )
    return (
        pgettext(
            CONTEXT,
            "Names of professionals of %(party)s are left out: UAVG, article 41, %(grounds)s."
            " Decided on %(decided)s; looked at again by %(review)s.",
        )
        % told
    )


def _facts(overview: Overview, made: Made) -> list[list[str]]:
    return [
        # An empty answer is a line to write on: whoever makes this may not know her name.
        [_("For"), ""],
        [_("Reference"), f"{overview.code_name}, {overview.handle}"],
        [_("Period"), period_text(overview.period)],
        [_("Made by"), made.by],
        [_("Covenant"), ", ".join(overview.covenants) or _("none")],
    ]


def _lead(overview: Overview) -> str:
    if not overview.lines:
        return _("In this period nobody saw or changed your data in Casustafel.")
    return npgettext(
        CONTEXT,
        "In this period your data were seen or changed in Casustafel on %(days)s day, by people of: %(parties)s.",
        "In this period your data were seen or changed in Casustafel on %(days)s days, by people of: %(parties)s.",
        overview.days,
    ) % {"days": overview.days, "parties": ", ".join(overview.organisations)}


def _row(line: Told) -> dict[str, Any]:
    return {
        "day": day_text(line.at),
        "time": line.at.strftime("%H.%M"),
        "name": line.name,
        "organisation": line.organisation,
        "role": line.role,
        "deed": line.deed,
        "kinds": line.kinds,
        "ground": line.ground,
        "emergency": _("Emergency procedure") if line.emergency else "",
    }


def _section(heading: str, *paragraphs: str) -> dict[str, Any]:
    return {"heading": heading, "paragraphs": list(paragraphs)}


def _sections(overview: Overview) -> list[tuple[str, ...]]:
    return [
        (
            _("How to read this"),
            _(
                "What somebody did more than once on a day stands on one line, with the first time."
                " What appeared on somebody's screen in a meeting counts as seen."
            ),
            _(
                "If more than one ground held, the one that goes furthest stands here: an exception before consent,"
                " and consent before the covenant."
            ),
            _("Who asked for something and did not get it, is not in this overview: nothing was shown then."),
            _("This overview says which kinds of data were seen. What they said is not in it."),
        ),
        (
            _("Names that are not in it"),
            # Always there, whether a name is left out or not: so it tells nothing by itself.
            _("Sometimes a name must or may be left out. Then you read the organisation only."),
            *(limit_text(limit) for limit in overview.limits if limit.told),
        ),
        (
            _("What you can do"),
            _(
                "Do you not understand something, or is something wrong? Ask the privacy officer who gave you this."
                " You may also ask to have your data corrected, shielded or removed."
            ),
            _(
                "Do you disagree with the answer? You can complain to the Dutch Data Protection Authority"
                " (autoriteitpersoonsgegevens.nl), or go to court."
            ),
            _("Keep this letter in a safe place. It says which organisations help you."),
        ),
    ]
