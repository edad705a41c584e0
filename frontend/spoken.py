"""What a care coordinator reads aloud: the notices' own texts, in the language of the screen.

The words stand once, with those of every other language (`consent/notices/languages`): what she hears on the
telephone is what an interpreter says and what her summary repeats.
"""

import re
from datetime import date
from types import MappingProxyType

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.notices import Text, text
from frontend.names import category_name, party_name

DUTCH = "nl"
SCREEN = frozenset({DUTCH, "en"})
_ALOUD = MappingProxyType({"u": "je", "uw": "je"})  # a letter says "u", and who speaks with her says "je"
_FORMAL = re.compile(r"\b(uw|u)\b")
_SENTENCES = MappingProxyType({"yes": "allowed", "no": "refused", "later": "later"})


def screen() -> Text:
    """Return the texts in the language of the screen."""
    language = (get_language() or DUTCH)[:2]
    return text(language if language in SCREEN else DUTCH)


def topic(category: str) -> str:
    """Return what a category is about, as the end of "may they know ...?"."""
    own = screen()
    return _aloud(own, own.topics[category]) if category in own.topics else category_name(category)


def question(category: str, own: Text | None = None) -> str:
    """Return the question about one category, with what she must know to answer it. `own`: in another language."""
    own = own or screen()
    asked = own.question(category) or _about(category)
    return f"{asked} {own.read_aloud.choose}"


def answer(choice: str, party: str, category: str, until: date | None) -> str:
    """Return one answer as it is read back. `choice`: yes, no or later; `until`: the last day of a yes."""
    own, name = screen(), party_name(party)
    sentence = "allowed_open" if choice == "yes" and until is None else _SENTENCES[choice]
    words = {"party": name[:1].upper() + name[1:], "topic": topic(category), "day": own.day(until) if until else ""}
    return _aloud(own, own.summary.sentences[sentence]).format_map(words)


def _about(category: str) -> str:
    """A category that a covenant added is asked about by its name; the notices know no words for it."""
    return _("May these organisations know something of this: %(topic)s?") % {"topic": category_name(category)}


def _aloud(own: Text, words: str) -> str:
    """Say what is written for a letter as it is said to her; before names are filled in, which stay as they are."""
    return _FORMAL.sub(lambda found: _ALOUD[found[1]], words) if own.language == DUTCH else words
