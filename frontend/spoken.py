"""What a care coordinator reads aloud: short sentences (B1) that a victim can answer with yes or no."""

from datetime import date

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from frontend.names import category_name, party_name

_TOPICS: dict[str, str | Promise] = {
    "id": lazy("who you are and how to reach you"),
    "bsn": lazy("what your citizen service number is"),
    "pol": lazy("what the police know about what happened"),
    "jus": lazy("what goes on at court"),
    "hnd": lazy("what inspectors saw"),
    "won": lazy("where and how you live"),
    "rel": lazy("how things are with your family and the people around you"),
    "hlp": lazy("which help you get and how that goes"),
    "vzn": lazy("which support you get or have asked for"),
    "gez": lazy("how your health is"),
    "fin": lazy("how you manage with money"),
    "vbl": lazy("what your right of residence is"),
    "adr": lazy("what your secret address is"),
    "prc": lazy("what we agree about you"),
}


def topic(category: str) -> str:
    """Return what a category is about, as the end of "may they know ...?"."""
    return str(_TOPICS.get(category) or category_name(category))


def question(category: str) -> str:
    """Return the question about one category."""
    return _(
        "May these organisations know %(topic)s? You may choose for each organisation. "
        "If you say no, you still get help. You may change your mind later."
    ) % {"topic": topic(category)}


def answer(choice: str, party: str, category: str, until: date | None) -> str:
    """Return one answer as it is read back. `choice`: yes, no or later; `until`: the last day of a yes."""
    name = party_name(party)
    words = {"party": name[:1].upper() + name[1:], "topic": topic(category)}
    if choice == "yes":
        day = formats.date_format(until, "j F Y") if until else ""
        return _("%(party)s may know %(topic)s, up to and including %(day)s.") % {**words, "day": day}
    if choice == "no":
        return _("%(party)s may not know %(topic)s.") % words
    return _("%(party)s: you decide later whether they may know %(topic)s.") % words
