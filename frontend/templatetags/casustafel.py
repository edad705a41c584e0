"""Template tags of the frame: `{% icon "eye" %}`."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An outline of the sprite, hidden from screen readers: a word always stands beside it.

    `name`: a file of frontend/icons without .svg; `extra`: further classes.
    """
    classes = f"icon {extra}".strip()
    sprite = static("casustafel/icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', classes, sprite, name)
