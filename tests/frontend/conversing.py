"""Filling in the telephone page as a care coordinator does, and what is kept of it."""

import re
from typing import Any

from django.test import Client

from tests.frontend.visiting import once_of, page

HOW = {
    "alone": "ja", "overheard": "nee", "pressure": "nee", "language": "en", "interpreter": "register",
    "interpreter_told": "tolk 4471", "free": "on", "apart": "on", "capacity": "ja", "ends": "23-05-2027",
    "review_on": "23-05-2027", "given_by": "zelf", "channel": "telefoon", "method": "mondeling", "witness": "tolk",
    "read_back": "on",
}  # fmt: skip
SHOWN = re.compile(r'name="shown" value="([0-9a-f]{64})"')


def send(client: Client, here: str, step: str, **answers: str) -> str:
    """Open the page and send the form's step, to record what was read back; return the page that follows."""
    text = page(client.get(here))
    typed = HOW | hidden_of(text) | dashed(answers)
    if step == "record" and (shown := SHOWN.search(page(client.post(here, typed | {"step": "review"})))):
        typed["shown"] = shown[1]
    return page(client.post(here, typed | {"step": step}, follow=True))


def hidden_of(text: str) -> dict[str, str]:
    """What the page's form carries along unseen: its number, and the stamp of what was known."""
    return {"once": once_of(text), "known": known_of(text)}


def known_of(text: str) -> str:
    """What the page says that it knew of her."""
    found = re.search(r'name="known" value="([^"]*)"', text)
    assert found
    return found[1]


def of(here: str, model: type[Any]) -> Any:
    """The rows about this case: what is appended outlives every test."""
    return model.objects.filter(case=here.split("/")[2])


def dashed(answers: dict[str, str]) -> dict[str, str]:
    """Fields of lines are named line-<category>-<party>."""
    return {f"line-{name.replace('__', '-')}" if "__" in name else name: value for name, value in answers.items()}
