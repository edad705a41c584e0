"""The demo under its own covenant: who reads what at the moment that it starts."""

from datetime import date, datetime
from typing import Any

import pytest

from conference.clock import AMSTERDAM
from conference.covenant.days import day_end, midnight
from conference.covenant.facts import Case, ConsentLine, ExceptionLine, Item, Level, Subject, Viewer
from conference.covenant.file import parse
from conference.covenant.register import Consents, Exceptions
from conference.covenant.rules import decide
from conference.covenant.shape import Covenant
from conference.demo.world import world

NOW = datetime(2026, 11, 23, 9, 7, tzinfo=AMSTERDAM)
MADE = world(NOW)
COVENANT: Covenant = parse(MADE["covenant"])


def case_of(key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(case for case in MADE["cases"] if case["id"] == key)
    return found


def asked_case(case: dict[str, Any]) -> Case:
    subjects = tuple(
        Subject(
            one["id"],
            one["role"],
            date.fromisoformat(one["identity"]["birth_date"]) if "identity" in one else None,
        )
        for one in case["subjects"]
    )
    return Case(case["track"], case["phase"], case["purpose"], frozenset(case["parties"]), subjects)


def consents(case: dict[str, Any], extra: tuple[ConsentLine, ...] = ()) -> Consents:
    lines = [
        ConsentLine(
            line["subject"],
            line["party"],
            line["category"],
            line["purpose"],
            line["state"],
            number,
            midnight(date.fromisoformat(line["from"])),
            day_end(date.fromisoformat(line["until"])),
        )
        for number, line in enumerate(case["consents"])
    ]
    return Consents([*lines, *extra])


def exceptions(case: dict[str, Any]) -> Exceptions:
    return Exceptions(
        ExceptionLine(
            one["subject"],
            one["party"],
            one["category"],
            one["code"],
            one["decider"],
            one["reason"],
            midnight(date.fromisoformat(one["from"])),
            day_end(date.fromisoformat(one["until"])),
        )
        for one in case["exceptions"]
    )


def level(party: str, case: dict[str, Any], item: dict[str, Any], *extra: ConsentLine) -> Level:
    asked = Item(
        item["category"],
        item["supplier"],
        item.get("subject"),
        item.get("status", "released"),
        not_for=frozenset(item.get("not_for", ())),
    )
    viewer = Viewer(party, "inhoud")
    register = (consents(case, extra), exceptions(case))
    return decide(COVENANT, viewer, asked_case(case), asked, *register, NOW).level


def item(key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return next((case, one) for case in MADE["cases"] for one in case["items"] if one["id"] == key)


@pytest.mark.parametrize(
    ("party", "key", "expected"),
    [
        ("politie", "i1", Level.IDENTIFIED),
        ("zvh_procesregie", "i1", Level.IDENTIFIED),
        ("kwintes", "i1", Level.NONE),
        ("politie", "i4", Level.PSEUDONYMISED),
        ("zvh_procesregie", "i4", Level.IDENTIFIED),
        ("zvh_procesregie", "i5", Level.IDENTIFIED),
        ("veilig_thuis", "i5", Level.IDENTIFIED),  # by the exception
        ("politie", "i5", Level.NONE),
        ("kwintes", "i5", Level.NONE),
        ("kwintes", "i6", Level.IDENTIFIED),  # its own draft
        ("zorgcoordinator", "i6", Level.NONE),
        ("ggd_soa", "i5", Level.NONE),  # not involved
    ],
)
def test_each_party_reads_its_own_part_of_the_first_case(party: str, key: str, expected: Level) -> None:
    assert level(party, *item(key)) is expected


def test_the_consent_that_the_care_coordinator_can_record_opens_the_health_item_to_kwintes() -> None:
    case, health = item("i5")
    given = ConsentLine("s1", "kwintes", "gez", case["purpose"], "gegeven", 99, NOW, None)
    assert level("kwintes", case, health, given) is Level.IDENTIFIED
    assert level("politie", case, health, given) is Level.NONE


def test_a_decision_on_care_and_one_on_police_matters_split_the_table() -> None:
    case = case_of("c1")
    care, police = (
        {"category": category, "supplier": "zvh_procesregie", "subject": "s1"} for category in ("hlp", "pol")
    )
    assert level("politie", case, care) is Level.PSEUDONYMISED
    assert level("kwintes", case, care) is Level.IDENTIFIED
    assert level("politie", case, police) is Level.IDENTIFIED
    assert level("kwintes", case, police) is Level.NONE


def test_everybody_of_an_involved_party_reads_something_in_todays_cases() -> None:
    for point in MADE["conferences"][0]["agenda"]:
        if point["case"] is None:
            continue
        case = case_of(point["case"])
        for party in case["parties"]:
            process = {"category": "prc", "supplier": "zvh_procesregie"}
            assert level(party, case, process) is not Level.NONE


def test_owners_of_actions_can_read_them() -> None:
    for conference in MADE["conferences"]:
        for point in conference["agenda"]:
            for action in point["actions"]:
                case = case_of(point["case"])
                asked = Item("prc", "zvh_procesregie", open_action_owner=action["owner"])
                viewer = Viewer(action["owner"], "inhoud")
                ruling = decide(COVENANT, viewer, asked_case(case), asked, Consents(), Exceptions(), NOW)
                assert ruling.visible


def test_a_withdrawn_consent_closes_what_it_had_opened() -> None:
    case = case_of("c3")
    health = {"category": "gez", "supplier": "zorgcoordinator", "subject": "s5"}
    assert level("kwintes", case, health) is Level.NONE
