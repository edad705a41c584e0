"""For templates: the languages in which something may be given to a victim."""

from django import template

from consent import notices
from consent.notices import Text

register = template.Library()


@register.simple_tag
def usable_languages() -> list[Text]:
    """Every language whose texts may be used, in the order in which they are offered."""
    return [one.text for one in notices.notices() if one.usable]
