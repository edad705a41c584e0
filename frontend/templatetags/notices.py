"""For templates: the languages in which something may be given to a victim, and what is read aloud in them."""

from django import template

from consent import notices
from consent.notices import LANGUAGES, Text
from frontend import spoken

register = template.Library()


@register.simple_tag
def usable_languages() -> list[Text]:
    """Every language whose texts may be used, in the order in which they are offered."""
    return [one.text for one in notices.notices() if one.usable]


@register.simple_tag
def screen_text() -> Text:
    """The texts in the language of the screen."""
    return spoken.screen()


@register.simple_tag
def her_text(language: str | None) -> Text | None:
    """The texts of the language in which she is spoken to; None for the screen's own, or one that nobody checked."""
    if language not in LANGUAGES or language == spoken.screen().language or not notices.usable(language):
        return None
    return notices.text(language)


@register.filter
def asking(own: Text | None, category: str) -> str:
    """The question about a category in these texts; empty without any, and for a category that they do not know."""
    return spoken.question(category, own) if own and own.question(category) else ""
