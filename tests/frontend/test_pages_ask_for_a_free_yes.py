"""What makes a yes free is asked where it is missing, at its own field; and nobody interprets who may press her."""

from collections.abc import Callable

import pytest
from django.test import Client

from consent.models import ConsentLine
from tests.frontend.conversing import of, send
from tests.frontend.visiting import Region

Visit = Callable[[str], Client]
INFORMAL = {"interpreter": "informeel", "interpreter_told": "iemand van de opvang"}


@pytest.fixture
def here(region: Region) -> str:
    """An adult in the track of help."""
    return f"/cases/{region.id('cases', 'c2')}/consent/{region.id('subjects', 't1')}/"


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (INFORMAL, "interpreter_is", "Kies wat degene die tolkt van haar is."),
        (INFORMAL | {"interpreter_is": "familie"}, "interpreter_is", "kan niet voor haar tolken"),
        ({"interpreter_is": "partner"}, "interpreter_is", "kan niet voor haar tolken"),
        ({"interpreter_is": "verdachte"}, "interpreter_is", "kan niet voor haar tolken"),
        ({"interpreter": "geen", "interpreter_told": "Nederlands"}, "witness", "alleen zijn als er iemand tolkt"),
        ({"pressure": "twijfel"}, "setting", "Schrijf waarom haar ja toch vrij is"),
        ({"overheard": "misschien"}, "setting", "Schrijf waarom haar ja toch vrij is"),
    ],
)
def test_what_keeps_a_yes_out_stands_at_its_field(
    visit: Visit, here: str, changes: dict[str, str], field: str, message: str
) -> None:
    count = of(here, ConsentLine).count()
    text = send(visit("zc"), here, "record", gez__kwintes="yes", **changes)
    assert message in text
    assert f'href="#id_{field}' in text, "the summary leads there"
    assert of(here, ConsentLine).count() == count


@pytest.mark.parametrize(
    "changes",
    [
        INFORMAL | {"interpreter_is": "kennis"},
        {"interpreter": "geen", "interpreter_told": "Nederlands", "witness": "geen"},
        {"pressure": "twijfel", "setting": "zij vroeg er zelf om"},
        {"overheard": "misschien", "setting": "op de gang liep iemand"},
    ],
)
def test_with_a_word_on_it_the_yes_counts(visit: Visit, here: str, changes: dict[str, str]) -> None:
    assert "Vastgelegd" in send(visit("zc"), here, "record", gez__kwintes="yes", **changes)
    assert of(here, ConsentLine).order_by("number").last().state == "gegeven"


def test_a_no_asks_for_none_of_it(visit: Visit, here: str) -> None:
    doubted = INFORMAL | {"interpreter_is": "familie", "pressure": "twijfel"}
    assert "Vastgelegd" in send(visit("zc"), here, "record", gez__kwintes="no", **doubted)
