"""Sharing without consent: under each of the eight codes, what a weighing must hold, and what its form says."""

from datetime import date, datetime
from itertools import product
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from django.utils import translation

from agenda.pages import Management
from conference.clock import AMSTERDAM
from conference.covenant.grounds import LAW
from consent.commands import Weighed, lacking
from consent.commands.exceptions import CONFLICT_OF_DUTIES
from frontend.forms.exceptions import CODES, ExceptionForm, ToldForm, ground_name
from tests.consenting import weighed

# What is left out of a whole weighing, what is missing then, and at which field that is said.
LEFT_OUT: dict[str, tuple[dict[str, Any], str, str]] = {
    "why": ({"reason": ""}, "reason_missing", "reason"),
    "why, only blanks": ({"reason": " \n"}, "reason_missing", "reason"),
    "what was tried": ({"tried": ""}, "alternatives_missing", "tried"),
    "who else was asked": ({"second": ""}, "second_missing", "second"),
    "whether she was told": ({"told_on": None}, "telling_missing", "told_on"),
    "when to look again": ({"told_on": None, "not_told": "gevaar"}, "telling_missing", "look_again"),
    "why she was not told": ({"told_on": None, "look_again": date(2026, 12, 1)}, "telling_missing", "not_told"),
}
BETWEEN = {"told_on": None, "not_told": "te gevaarlijk", "look_again": date(2026, 12, 1)}


@pytest.mark.parametrize(("code", "what"), list(product(CODES, LEFT_OUT)))
def test_each_code_asks_for_the_same_and_the_last_for_a_second_professional(code: int, what: str) -> None:
    changes, missing, _field = LEFT_OUT[what]
    wanted = () if missing == "second_missing" and code != CONFLICT_OF_DUTIES else (missing,)
    assert lacking(code, weighed(**changes)) == wanted


@pytest.mark.parametrize("code", CODES)
def test_a_whole_weighing_lacks_nothing_whether_she_was_told_or_not_yet(code: int) -> None:
    assert lacking(code, weighed()) == ()
    assert lacking(code, weighed(**BETWEEN)) == ()


def test_all_that_is_missing_is_named_in_the_order_of_the_form() -> None:
    assert lacking(8, Weighed(reason="")) == (
        "reason_missing", "alternatives_missing", "second_missing", "telling_missing",
    )  # fmt: skip


# --- the form ------------------------------------------------------------------------------

SUBJECT, DECIDER = uuid4(), uuid4()


def form(**changes: Any) -> ExceptionForm:
    """Return the form of a case in which everything can be chosen, filled in but for `changes`."""
    view = SimpleNamespace(
        handles=[(SUBJECT, "betrokkene 1")],
        receivers=["kwintes"],
        categories=["vbl"],
        deciders=[SimpleNamespace(id=DECIDER, name="V. Oorzitter", party="zvh_procesregie", roles=("chair",))],
    )
    sent = {
        "subject": str(SUBJECT), "party": "kwintes", "category": "vbl", "code": "8", "ends": "01-12-2026",
        "decider": str(DECIDER), "reason": "acuut gevaar", "tried": "twee keer gebeld",
        "second": "de vertrouwensarts", "told_on": "23-11-2026",
    }  # fmt: skip
    given = {name: value for name, value in (sent | changes).items() if value is not None}
    return ExceptionForm(given, view=cast(Management, view))


def _typed(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{one:%d-%m-%Y}" if isinstance(one, date) else one for name, one in changes.items()}


@pytest.mark.parametrize(("code", "what"), list(product(CODES, LEFT_OUT)))
def test_the_form_says_at_the_field_itself_what_is_missing(code: int, what: str) -> None:
    changes, missing, field = LEFT_OUT[what]
    found = form(code=str(code), **_typed(changes))
    if missing == "second_missing" and code != CONFLICT_OF_DUTIES:
        assert found.is_valid()
        return
    assert not found.is_valid()
    assert {name: [one.code for one in errors] for name, errors in found.errors.as_data().items()} == {field: [missing]}


def test_a_whole_form_gives_the_exception_with_its_weighing() -> None:
    found = form()
    assert found.is_valid(), found.errors
    new = found.exceptional()
    assert (new.subject, new.decider, new.code) == (SUBJECT, DECIDER, 8)
    assert new.weighed == weighed()
    assert new.ends == datetime(2026, 12, 2, tzinfo=AMSTERDAM), "the last day counts whole"


def test_why_she_was_not_told_is_kept_only_where_she_was_not() -> None:
    later = form(**_typed(BETWEEN))
    assert later.is_valid(), later.errors
    assert later.exceptional().weighed == weighed(**BETWEEN)
    both = form(**_typed({**BETWEEN, "told_on": date(2026, 11, 23)}))
    assert both.is_valid(), both.errors
    assert both.exceptional().weighed == weighed()


@pytest.mark.parametrize("code", CODES)
def test_each_ground_stands_there_with_its_law(code: int) -> None:
    with translation.override("en"):
        said = ground_name(code)
    assert said.startswith(f"{code}. ")
    assert (LAW[code] or "in no article") in said
    assert set(LAW) == set(CODES)


def test_every_code_of_a_refusal_has_its_place_in_the_form() -> None:
    assert set(lacking(8, Weighed(reason=""))) <= set(ExceptionForm.FIELDS)
    assert set(ExceptionForm.FIELDS.values()) <= set(ExceptionForm.base_fields)


def test_that_she_was_told_needs_a_day_and_how() -> None:
    found = ToldForm({"told_on": "23-11-2026", "how": "gebeld"})
    assert found.is_valid()
    assert (found.closed().told_on, found.closed().how) == (date(2026, 11, 23), "gebeld")
    assert set(ToldForm({}).errors) == {"told_on", "how"}
