"""The demo's world: complete, lawful under its own covenant, and plainly invented."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from conference.clock import AMSTERDAM
from conference.covenant.facts import ExceptionLine
from conference.covenant.file import parse
from conference.covenant.rules import may_supply
from conference.covenant.shape import Covenant
from conference.demo.conferences import soon
from conference.demo.people import PASSPHRASE
from conference.demo.world import world
from consent.states import State

NOW = datetime(2026, 11, 23, 9, 7, tzinfo=AMSTERDAM)

PHASES = {"aanmelding", "triage", "verrijking", "overleg", "uitvoering", "nazorg"}
FORMS = {"seksuele uitbuiting", "arbeidsuitbuiting", "criminele uitbuiting", "uithuwelijking"}


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return world(NOW)


@pytest.fixture(scope="module")
def covenant(made: dict[str, Any]) -> Covenant:
    return parse(made["covenant"])


def texts(value: Any) -> Iterator[str]:
    """Yield every string value under `value`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def test_the_world_is_json_and_has_the_five_parts(made: dict[str, Any]) -> None:
    assert json.loads(json.dumps(made)) == made
    assert set(made) == {"clock", "covenant", "people", "cases", "conferences"}
    assert datetime.fromisoformat(made["clock"]) == NOW


def test_at_least_eight_parties_have_somebody_who_can_log_in(made: dict[str, Any]) -> None:
    assert len({person["party"] for person in made["people"] if person["family"] == "inhoud"}) >= 8


def test_every_account_named_in_the_readme_exists(made: dict[str, Any]) -> None:
    assert [person["username"] for person in made["people"]] == [
        *("voorzitter", "notulist", "politie", "om", "veiligthuis", "zorgcoordinator"),
        *("kwintes", "leger", "ggd", "oov", "ketenregisseur", "privacy", "beheer"),
    ]


def test_each_role_of_the_table_has_its_person(made: dict[str, Any]) -> None:
    roles = {role for person in made["people"] for role in person["roles"]}
    assert {"chair", "process_coordinator", "care_coordinator", "chain_director", "participant"} <= roles
    assert {person["family"] for person in made["people"]} == {"inhoud", "toezicht", "beheer"}


def test_everybody_is_screened_trained_and_of_an_account_party(made: dict[str, Any], covenant: Covenant) -> None:
    for person in made["people"]:
        assert date.fromisoformat(person["screened_until"]) > NOW.date()
        assert date.fromisoformat(person["trained_on"]) < NOW.date()
        assert covenant.parties[person["party"]].cls in ("P", "Q")


def test_the_passphrase_is_long_enough_and_the_secrets_are_random_per_store(made: dict[str, Any]) -> None:
    assert len(PASSPHRASE) >= 15
    secrets = [person["totp_secret"] for person in made["people"] + world(NOW)["people"]]
    assert len(set(secrets)) == len(secrets)
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_six_cases_cover_the_three_tracks_six_phases_and_the_evaluations_forms(made: dict[str, Any]) -> None:
    cases = made["cases"]
    assert len(cases) == 6
    assert {case["track"] for case in cases} == {"wgs", "hulp", "signaal"}
    assert {case["phase"] for case in cases} == PHASES
    assert {case["form"] for case in cases} == FORMS


def test_the_covenant_is_active_and_approved_by_all_who_must(covenant: Covenant) -> None:
    assert covenant.is_active(NOW.astimezone(UTC))
    assert covenant.approved


def test_every_confirmed_check_lets_its_party_read(made: dict[str, Any], covenant: Covenant) -> None:
    parties = {party for case in made["cases"] for party in case["parties"]}
    for name in parties:
        assert covenant.parties[name].check is None or covenant.parties[name].checked


def test_every_supplier_may_supply_in_the_phase_of_its_case(made: dict[str, Any], covenant: Covenant) -> None:
    for case in made["cases"]:
        for item in case["items"]:
            refusal = may_supply(covenant, item["supplier"], item["category"], case["track"], case["phase"])
            assert refusal is None, (item["id"], refusal)
            assert item["supplier"] in case["parties"]


def test_every_identity_may_be_supplied_by_who_registered_it(made: dict[str, Any], covenant: Covenant) -> None:
    for case in made["cases"]:
        for subject in case["subjects"]:
            assert subject["registered_by"] in case["parties"]
            identity = subject.get("identity", {})
            needed = {"id"} if identity else set()
            needed |= {"bsn"} if "bsn" in identity else set()
            needed |= {"adr"} if identity.get("protected") else set()
            for category in needed:
                by = subject["registered_by"]
                assert may_supply(covenant, by, category, case["track"], case["phase"]) is None


def test_the_chairs_party_may_supply_all_that_the_conferences_record(made: dict[str, Any], covenant: Covenant) -> None:
    cases = {case["id"]: case for case in made["cases"]}
    for point in points(made):
        case = cases.get(point["case"])
        for recorded in point["notes"] + point["decisions"] + point["actions"]:
            if case is not None:
                refusal = may_supply(covenant, "zvh_procesregie", recorded["category"], case["track"])
                assert refusal is None


def points(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [point for conference in made["conferences"] for point in conference["agenda"]]


def test_items_come_in_many_categories(made: dict[str, Any]) -> None:
    categories = {item["category"] for case in made["cases"] for item in case["items"]}
    assert {"pol", "jus", "won", "rel", "hlp", "gez", "hnd", "vzn", "fin"} <= categories


def test_every_mention_is_of_a_betrokkene_of_that_case(made: dict[str, Any]) -> None:
    subjects = {case["id"]: {one["id"] for one in case["subjects"]} for case in made["cases"]}
    for case in made["cases"]:
        assert mentioned(case["items"]) <= subjects[case["id"]]
        assert {item["subject"] for item in case["items"]} <= subjects[case["id"]] | {None}
    for point in points(made):
        assert mentioned(point) <= subjects.get(point["case"], set())


def mentioned(value: Any) -> set[str]:
    return {found for text in texts(value) for found in re.findall(r"\{subject:([^}]*)\}", text)}


def test_no_text_names_a_person(made: dict[str, Any]) -> None:
    names = {subject["identity"]["name"] for subject in identified(made)}
    words = {word for name in names for word in name.split()}
    said = " ".join(texts([case["items"] for case in made["cases"]] + points(made)))
    assert not words & set(re.findall(r"\w+", said))


def identified(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for case in made["cases"] for one in case["subjects"] if "identity" in one]


def test_no_citizen_service_number_can_be_a_real_one(made: dict[str, Any]) -> None:
    numbers = [one["identity"]["bsn"] for one in identified(made) if "bsn" in one["identity"]]
    assert numbers
    for number in numbers:
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        eleven = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))
        assert eleven % 11 != 0  # the 11-proof that every number in use passes


def test_addresses_and_telephones_lead_nowhere(made: dict[str, Any]) -> None:
    for one in identified(made):
        assert one["identity"]["address"].startswith("Nergensstraat 0")
        assert not set(one["identity"]["phone"]) - set("0-")


def test_consents_stand_in_several_states_for_the_purpose_of_their_case(made: dict[str, Any]) -> None:
    lines = [(case, line) for case in made["cases"] for line in case["consents"]]
    states = {line["state"] for _case, line in lines}
    assert {State.GIVEN, State.CONFIRMED, State.LIMITED, State.REFUSED, State.WITHDRAWN} <= states
    assert states <= set(State)
    for case, line in lines:
        assert line["purpose"] == case["purpose"]
        assert line["from"] < line["until"]


def test_a_suspect_is_never_asked_for_consent(made: dict[str, Any]) -> None:
    for case in made["cases"]:
        suspects = {one["id"] for one in case["subjects"] if one["role"] == "suspect"}
        assert not suspects & {line["subject"] for line in case["consents"]}


def test_kwintes_cannot_read_a_health_item_yet_and_the_care_coordinator_can_change_that(
    made: dict[str, Any],
) -> None:
    lines = made["cases"][0]["consents"]
    states = [line["state"] for line in lines if (line["party"], line["category"]) == ("kwintes", "gez")]
    assert states == ["gevraagd"]


def test_the_one_exception_fits_its_code_and_is_in_force(made: dict[str, Any]) -> None:
    found = [one for case in made["cases"] for one in case["exceptions"]]
    assert len(found) == 1
    assert (found[0]["code"], found[0]["party"]) == (4, "veilig_thuis")
    assert found[0]["from"] <= str(NOW.date()) <= found[0]["until"]
    assert found[0]["decider"] in {person["id"] for person in made["people"]}
    assert set(found[0]) <= {*ExceptionLine.__dataclass_fields__, "from", "until"}


def test_one_conference_is_today_with_four_points_and_one_is_two_weeks_later(made: dict[str, Any]) -> None:
    today, later = made["conferences"]
    assert datetime.fromisoformat(today["starts"]).date() == NOW.date()
    assert len(today["agenda"]) == 4
    assert [point["case"] for point in today["agenda"]].count(None) == 1
    assert today["agenda"][0]["case"] is None
    away = datetime.fromisoformat(later["starts"]).date() - NOW.date()
    assert away == timedelta(days=14)


def test_todays_cases_come_from_all_three_tracks(made: dict[str, Any]) -> None:
    tracks = {case["id"]: case["track"] for case in made["cases"]}
    agenda = made["conferences"][0]["agenda"]
    assert {tracks[point["case"]] for point in agenda if point["case"]} == {"wgs", "hulp", "signaal"}


def test_there_are_adopted_and_proposed_decisions_with_an_objection(made: dict[str, Any]) -> None:
    decisions = [one for point in points(made) for one in point["decisions"]]
    assert {one["status"] for one in decisions} == {"adopted", "proposed"}
    assert {one["category"] for one in decisions} >= {"prc", "hlp", "pol"}
    assert [one["dissent"][0]["party"] for one in decisions if one.get("dissent")] == ["kwintes"]


def test_owners_and_objectors_belong_to_the_case(made: dict[str, Any]) -> None:
    cases = {case["id"]: case for case in made["cases"]}
    for point in points(made):
        for action in point["actions"]:
            assert action["owner"] in cases[point["case"]]["parties"]
            assert action["due"] > str(NOW.date())
        for decision in point["decisions"]:
            for dissent in decision.get("dissent", []):
                assert dissent["party"] in cases[point["case"]]["parties"]


def test_every_id_is_given_once(made: dict[str, Any]) -> None:
    for found in (
        [one["id"] for one in made["people"]],
        [one["id"] for one in made["cases"]],
        [one["id"] for case in made["cases"] for one in case["subjects"]],
        [one["id"] for case in made["cases"] for one in case["items"]],
        [one["id"] for point in points(made) for one in point["decisions"]],
        [one["id"] for point in points(made) for one in point["actions"]],
        [point["id"] for point in points(made)],
    ):
        assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [(9, 7, (9, 15)), (9, 15, (9, 30)), (13, 59, (14, 0)), (23, 44, (23, 45)), (23, 50, (23, 45))],
)
def test_todays_conference_starts_at_the_next_quarter_and_always_today(
    hour: int, minute: int, expected: tuple[int, int]
) -> None:
    starts = soon(datetime(2026, 11, 23, hour, minute, 31, tzinfo=AMSTERDAM))
    assert starts.date() == NOW.date()
    assert (starts.hour, starts.minute) == expected


@pytest.mark.parametrize("day", ["2026-01-01", "2026-07-01", "2028-02-29", "2026-12-31"])
def test_people_have_the_same_age_on_whatever_day_the_demo_starts(day: str) -> None:
    today = date.fromisoformat(day)
    made = world(datetime.combine(today, datetime.min.time(), AMSTERDAM))
    born = {one["identity"]["name"]: one["identity"]["birth_date"] for one in identified(made)}
    noor = date.fromisoformat(born["Noor Fictief"])
    age = today.year - noor.year - ((today.month, today.day) < (noor.month, noor.day))
    assert age == 19
