"""Template tags of reviewing: the words of findings, the panel beside the log, the banner of a question."""

from typing import Any

from django import template

from audit.review import queries, words
from audit.review.queries import Row
from conference.accounts.middleware import identity_of
from frontend.views.review import shown

register = template.Library()

IN_PANEL = 3


@register.filter
def kind_title(row: Row) -> str:
    """The short name of what was found."""
    return words.title(row.kind, row.count)


@register.filter
def kind_icon(row: Row) -> str:
    """The outline of what was found."""
    return words.ICONS.get(row.kind, "help-circle")


@register.filter
def reason(row: Row) -> str:
    """Why it was found, as a sentence."""
    return words.sentence(row.reason, row.count, row.usual)


@register.filter
def mark(code: str) -> str:
    """What sharpens a finding."""
    return str(words.MARKS.get(code, code))


@register.filter
def review_state(code: str) -> str:
    """The word for how far a finding is."""
    return str(words.STATES.get(code, code))


@register.filter
def verdict(code: str) -> str:
    """The word for a verdict."""
    return str(words.VERDICTS.get(code, code))


@register.filter
def tie(code: str) -> str:
    """What ties somebody to a case."""
    return str(words.TIES.get(code, code))


@register.inclusion_tag("parts/log_review.html", takes_context=True)
def log_review(context: template.Context) -> dict[str, Any]:
    """The first findings that wait for an officer, for the column beside the log; the page logs its reading."""
    known = identity_of(context["request"])
    rows = shown(queries.queue(size=IN_PANEL), known.person) if known else []
    return {"rows": rows, "total": queries.to_judge() if known else 0}


@register.inclusion_tag("parts/questions_banner.html", takes_context=True)
def questions_banner(context: template.Context) -> dict[str, Any]:
    """A line on the start page of somebody whom oversight asks why she looked."""
    known = identity_of(context["request"])
    return {"asked": queries.asked(known.person) if known else 0}
