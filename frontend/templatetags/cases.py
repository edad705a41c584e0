"""Template tags and filters of pages about cases: texts with people in them, categories, states, days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from agenda.protocol import Mention
from conference import clock
from conference.covenant.days import day_of
from conference.covenant.labels import category_name, phase_name
from frontend import said
from frontend.categories import ICONS

register = template.Library()

_TRACKS: Mapping[str, str | Promise] = MappingProxyType(
    {"wgs": lazy("WGS"), "hulp": lazy("care"), "signaal": lazy("signal")}
)
_SUBJECT_ROLES: Mapping[str, str | Promise] = MappingProxyType(
    {"victim": lazy("victim"), "circle": lazy("circle"), "suspect": lazy("suspect")}
)
_STATES: Mapping[str, tuple[str, str | Promise]] = MappingProxyType(
    {
        "niet_gevraagd": ("circle-dashed", lazy("not asked")),
        "gevraagd": ("message-question", lazy("asked")),
        "uitgesteld": ("clock", lazy("not yet")),
        "geweigerd": ("circle-x", lazy("refused")),
        "gegeven": ("circle-check", lazy("given")),
        "bevestigd": ("checks", lazy("confirmed")),
        "beperkt": ("circle-half", lazy("limited")),
        "ingetrokken": ("arrow-back-up", lazy("withdrawn")),
        "verlopen": ("calendar-x", lazy("expired")),
        "ongeldig": ("ban", lazy("invalid")),
    }
)


@register.inclusion_tag("parts/said.html")
def said_text(text: str, mentions: Sequence[Mention]) -> dict[str, Any]:
    """A text with its mentions as chips: by name, or by handle and the reader's own pseudonym."""
    return {"segments": said.segments(text, mentions)}


@register.filter
def short(pseudonym: str) -> str:
    """The six symbols of a pseudonym."""
    return said.short_pseudonym(pseudonym)


@register.filter
def category(code: str) -> str:
    """The word for a category."""
    return category_name(code)


@register.filter
def capital(words: object) -> str:
    """Begin with a capital; what has capitals of its own keeps them."""
    text = str(words)
    return text[:1].upper() + text[1:]


@register.filter
def category_icon(code: str) -> str:
    """The outline of a category."""
    return ICONS.get(code, "circle")


@register.filter
def phase(code: str) -> str:
    """The word for a phase."""
    return phase_name(code)


@register.filter
def track(code: str) -> str:
    """The word for a track."""
    return str(_TRACKS.get(code, code))


@register.filter
def subject_role(code: str) -> str:
    """The word for what somebody is in a case."""
    return str(_SUBJECT_ROLES.get(code, code))


@register.filter
def state_icon(code: str) -> str:
    """The outline of a consent line's state."""
    return _STATES.get(str(code), ("circle", ""))[0]


@register.filter
def state_word(code: str) -> str:
    """The word for a consent line's state."""
    return str(_STATES.get(str(code), ("", str(code)))[1])


@register.filter
def last_day(ends: datetime) -> date:
    """The last day on which a line holds, of its exclusive end."""
    return day_of(ends - timedelta(microseconds=1))


@register.simple_tag
def today_typed() -> str:
    """Today, as a day is typed."""
    return f"{clock.today():%d-%m-%Y}"


@register.filter
def moment(text: str | None) -> datetime | None:
    """A moment of a view (ISO 8601) as a datetime, for the filters of dates."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def as_day(text: str | None) -> date | None:
    """A day of a view (ISO 8601) as a date."""
    return date.fromisoformat(text) if text else None
