"""Template filters that turn ids of parties, roles and families into names."""

from django import template

from frontend.names import FAMILIES, party_name, role_name

register = template.Library()


@register.filter
def party(value: str) -> str:
    """The name of a party."""
    return party_name(value)


@register.filter
def role(value: str) -> str:
    """The word for a role."""
    return role_name(value)


@register.filter
def family(value: str) -> str:
    """The word for a role family."""
    return str(FAMILIES.get(value, value))
