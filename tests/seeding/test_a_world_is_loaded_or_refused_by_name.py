"""A world's file: read strictly, loaded whole, or refused with a code and nothing kept."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from agenda.models import AgendaItem, Conference, Note, WorldClock
from conference import clock
from conference.accounts.models import Person
from conference.cases.models import Case, Involvement, Item
from conference.covenant import shelf
from conference.world import WorldError, load, parse
from conference.world.moments import day, moment
from conference.world.shape import convert
from consent.models import ConsentLine, ExceptionLine
from tests.world import PEOPLE, Table, consent, item, person, settle, tiny_world

Change = Callable[[dict[str, Any]], object]


def case(world: dict[str, Any], at: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = world["cases"][at]
    return found


def point(world: dict[str, Any], at: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = world["conferences"][0]["agenda"][at]
    return found


def exception(**changes: Any) -> dict[str, Any]:
    base = {"subject": "s1", "party": "politie", "category": "gez", "code": 7, "decider": "vz", "reason": "nood"}
    return base | {"until": "2026-12-01"} | changes


REFUSED: dict[str, list[Change]] = {
    "unknown_party": [
        lambda w: w["people"].append(person("kw", id="x", username="x", party="nobody")),
        lambda w: case(w)["parties"].append("nobody"),
        lambda w: case(w)["consents"].append(consent("nobody", "gez")),
        lambda w: point(w)["actions"].append({"text": "t", "owner": "nobody", "due": "2026-12-01"}),
        lambda w: point(w)["decisions"].append({"text": "t", "dissent": [{"party": "nobody", "reason": "r"}]}),
    ],
    "guest_no_account": [
        lambda w: w["people"].append(person("kw", id="x", username="x", party="comensha")),
        lambda w: w["people"].append(person("kw", id="x", username="x", party="vng_ministerie")),
    ],
    "cannot_supply": [
        lambda w: case(w)["items"].append(item("x", "kwintes", "pol")),
        lambda w: case(w)["items"].append(item("x", "comensha", "pol")),
        lambda w: case(w)["items"].append(item("x", "politie", "nocategory")),
        lambda w: case(w)["subjects"][0].update(registered_by="ketenregisseur"),
        lambda w: case(w)["subjects"][1]["identity"].update(protected=True),
    ],
    "track_forbids": [
        lambda w: case(w, 1)["items"].append(item("x", "zorgcoordinator", "pol", "t1")),
        lambda w: case(w, 2)["items"].append(item("x", "politie", "bsn", None)),
        lambda w: case(w, 1)["subjects"][0]["identity"].update(bsn="900000027"),
    ],
    "unknown_subject": [
        lambda w: case(w)["items"].append(item("x", "politie", "pol", "nobody")),
        lambda w: case(w)["items"].append(item("x", "politie", "pol", None, text="{subject:t1}")),
        lambda w: case(w)["consents"].append(consent("kwintes", "gez", "t1")),
        lambda w: case(w)["exceptions"].append(exception(subject="t1")),
        lambda w: point(w)["notes"].append({"text": "{subject:t1}"}),
        lambda w: point(w, 0)["decisions"].append({"text": "{subject:s1}"}),
        lambda w: point(w).update(title="{subject:nobody}"),
    ],
    "unknown_person": [
        lambda w: w["conferences"][0].update(chair="nobody"),
        lambda w: w["conferences"][0]["people"].append("nobody"),
        lambda w: case(w)["exceptions"].append(exception(decider="nobody")),
    ],
    "unknown_case": [lambda w: point(w).update(case="nothing")],
    "unknown_category": [
        lambda w: point(w)["notes"].append({"text": "t", "category": "nothing"}),
        lambda w: case(w)["consents"].append(consent("kwintes", "nothing")),
    ],
    "empty_text": [lambda w: case(w)["items"].append(item("x", "politie", "pol", text="  "))],
    "exception_does_not_fit": [
        lambda w: case(w)["exceptions"].append(exception(code=7, until="2027-03-01")),
        lambda w: case(w)["exceptions"].append(exception(code=1)),
        lambda w: case(w)["exceptions"].append(exception(code=4)),
        lambda w: case(w)["exceptions"].append(exception(reason=" ")),
        lambda w: case(w)["exceptions"].append(exception(**{"from": "2026-12-20"})),
    ],
    "bad_moment": [
        lambda w: w.update(clock="gisteren"),
        lambda w: case(w)["consents"].append(consent("kwintes", "gez", until="2026-13-01")),
        lambda w: case(w)["subjects"][0]["identity"].update(birth_date="2008-02-30"),
        lambda w: point(w)["actions"].append({"text": "t", "owner": "kwintes", "due": "snel"}),
    ],
    "id_twice": [
        lambda w: w["people"].append(person("kw", username="x")),
        lambda w: case(w)["items"].append(item("i-pol", "politie", "pol")),
        lambda w: case(w, 1)["subjects"].append({"id": "s1", "role": "circle", "registered_by": "kwintes"}),
        lambda w: point(w)["notes"].append({"id": "n1", "text": "t"}),
    ],
    "username_taken": [lambda w: w["people"].append(person("kw", id="x"))],
    "bad_secret": [lambda w: w["people"][0].update(totp_secret="not base32!")],
    "role_excluded": [lambda w: w["people"].append(person("fg", id="x", username="x", roles=["chair"]))],
    "unknown_key": [lambda w: w["covenant"].update(extra=1)],
    "world_malformed": [
        lambda w: w.update(extra=1),
        lambda w: case(w).update(secret="x"),
        lambda w: case(w).update(track="snel"),
        lambda w: case(w)["consents"].append(consent("kwintes", "gez", state="misschien")),
        lambda w: case(w)["exceptions"].append(exception(code=9)),
        lambda w: w.pop("clock"),
    ],
}


def is_empty() -> bool:
    models = (Person, Case, Conference, Note, Item, AgendaItem, WorldClock)
    return not any(model._default_manager.exists() for model in models) and not shelf.versions()


@pytest.mark.parametrize("code", REFUSED)
def test_a_world_is_refused_by_code_and_nothing_of_it_is_kept(
    transactional_db: None, quick_passwords: None, own_clock: None, code: str
) -> None:
    for change in REFUSED[code]:
        world = tiny_world()
        change(world)
        with pytest.raises(WorldError) as refused:
            load(convert(world))
        assert refused.value.code == code
        assert "Noor" not in refused.value.message
        assert is_empty()


@pytest.mark.parametrize(
    ("place", "key"),
    [(lambda w: w, "extra"), (lambda w: case(w)["subjects"][0]["identity"], "hobby"), (point, "vervolg")],
)
def test_an_unknown_key_is_named(place: Callable[[dict[str, Any]], dict[str, Any]], key: str) -> None:
    world = tiny_world()
    place(world)[key] = "geheim 123"
    with pytest.raises(WorldError) as refused:
        convert(world)
    assert f"`{key}`" in refused.value.message
    assert "geheim" not in refused.value.message


@pytest.mark.parametrize("source", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"clock": 1}'])
def test_what_is_no_world_at_all_is_malformed(source: bytes) -> None:
    with pytest.raises(WorldError) as refused:
        parse(source)
    assert refused.value.code == "world_malformed"


def test_a_store_with_data_takes_no_world(table: Table) -> None:
    with pytest.raises(WorldError) as refused:
        load(convert(tiny_world()))
    assert refused.value.code == "store_not_empty"


def test_an_adopted_covenant_is_data_too(transactional_db: None, own_clock: None) -> None:
    shelf.adopt(tiny_world()["covenant"], by=None, origin="cli")
    with pytest.raises(WorldError) as refused:
        load(convert(tiny_world()))
    assert refused.value.code == "store_not_empty"


def test_the_ids_of_everything_that_was_named_are_given_back(table: Table) -> None:
    assert {kind: set(found) for kind, found in table.ids.items()} == {
        "conferences": {"o1", "o2"},
        "cases": {"c1", "c2", "c3"},
        "subjects": {"s1", "s2", "s3", "t1"},
        "items": {found["id"] for one in tiny_world()["cases"] for found in one["items"]},
        "people": set(PEOPLE),
        "agenda_items": {"a0", "a1", "a2", "a3", "b0", "b1"},
        "notes": {"n1"},
        "decisions": {"d0", "d1", "d2", "d3"},
        "actions": {"x0", "x1", "x2"},
    }
    given = [row for found in table.ids.values() for row in found.values()]
    assert len({UUID(row) for row in given}) == len(given)
    assert json.loads(json.dumps(table.ids)) == table.ids


def test_statuses_are_loaded_as_they_are(table: Table) -> None:
    statuses = dict(Item.objects.values_list("id", "status"))
    assert statuses[table.id("items", "i-draft")] == "draft"
    assert statuses[table.id("items", "i-gone")] == "withdrawn"
    assert statuses[table.id("items", "i-pol")] == "released"
    assert Note.objects.get(id=table.id("decisions", "d1")).status == "adopted"
    assert Note.objects.get(id=table.id("decisions", "d2")).status == "proposed"


def test_what_was_said_is_supplied_by_the_chairs_party_and_the_header_by_the_first(table: Table) -> None:
    assert set(Note.objects.values_list("supplier", flat=True)) == {"zvh_procesregie"}
    assert Case.objects.get(id=table.id("cases", "c1")).referrer == "politie"
    assert Involvement.objects.filter(case=table.id("cases", "c1")).count() == 5
    assert Case.objects.filter(loaded=True).count() == 3


def test_the_log_says_that_it_was_loaded_on_behalf_of_whom(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    before = Table({})
    before.mark()
    table = settle(tiny_world())
    entries = before.entries()
    assert {entry["origin"] for entry in entries} == {"seed"}
    assert {entry["actor"] for entry in entries} == {None}
    (released,) = [e for e in entries if e["obj"] == [table.key("i-gez")]]
    assert (released["act"], released["party"]) == ("item.released", "zorgcoordinator")
    assert released["subject"] == table.ids["subjects"]["s1"]


def test_the_products_time_is_the_worlds(table: Table) -> None:
    starts = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert starts <= clock.now() <= starts + timedelta(minutes=2)
    row = WorldClock.objects.get()
    assert (row.starts, row.first_served_at) == (starts, None)


# --- moments ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "end", "utc"),
    [
        ("2026-11-23", False, "2026-11-22T23:00:00"),
        ("2026-11-23", True, "2026-11-23T23:00:00"),
        ("2026-07-01", False, "2026-06-30T22:00:00"),
        ("2026-03-29", True, "2026-03-29T22:00:00"),  # the night of summer time: the day has 23 hours
        ("2026-03-29", False, "2026-03-28T23:00:00"),
        ("2026-10-25", True, "2026-10-25T23:00:00"),  # winter time: 25 hours
        ("2026-10-25", False, "2026-10-24T22:00:00"),
        ("2026-11-23T09:00:00+01:00", True, "2026-11-23T08:00:00"),
        ("2026-11-23T09:00:00Z", False, "2026-11-23T09:00:00"),
        ("2026-11-23T09:00:00", False, "2026-11-23T08:00:00"),
        ("2024-02-29", True, "2024-02-29T23:00:00"),
    ],
)
def test_a_bare_date_is_a_day_of_amsterdam_and_as_an_end_counts_whole(text: str, end: bool, utc: str) -> None:
    assert moment(text, end=end) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize("text", ["", "2026-2-3", "23-11-2026", "2026-11-31", "morgen", "2026-11-23T25:00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    for read in (moment, day):
        with pytest.raises(WorldError) as refused:
            read(text)
        assert refused.value.code == "bad_moment"


def test_a_line_until_a_bare_date_holds_through_that_day_and_not_after(table: Table) -> None:
    from tests.world import pass_time

    key = table.key("i-gez")
    pass_time(days=7, hours=14, minutes=55)  # 30 November, 23:55: the last evening before her birthday
    assert key in table.view("kw")
    pass_time(minutes=10)
    assert key not in table.view("kw")


def test_consents_keep_the_files_order_and_are_cut_at_the_next_age(table: Table) -> None:
    lines = list(ConsentLine.objects.filter(case=table.id("cases", "c1")).order_by("number"))
    assert [(row.party, row.category) for row in lines] == [
        ("kwintes", "gez"),
        ("zvh_procesregie", "hlp"),
        ("politie", "vbl"),
        ("rvdk", "gez"),
    ]
    eighteen = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert [row.ends for row in lines[:2]] == [eighteen, eighteen]
    assert lines[2].ends == datetime(2026, 12, 28, 23, tzinfo=UTC)


def test_an_exception_runs_from_and_until_its_dates(table: Table) -> None:
    row = ExceptionLine.objects.get(case=table.id("cases", "c1"))
    assert row.starts == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert row.ends == datetime(2026, 12, 10, 23, tzinfo=UTC)


def test_everything_may_be_empty(transactional_db: None, own_clock: None) -> None:
    made = load(convert(tiny_world(people=[], cases=[], conferences=[])))
    assert all(found == {} for found in made.values())
    assert len(made) == 9


def test_a_case_without_parties_is_the_process_partys_own(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    case(world, 2).update(parties=[], items=[])
    table = settle(world)
    assert Case.objects.get(id=table.id("cases", "c3")).referrer == "zvh_procesregie"
    assert not Involvement.objects.filter(case=table.id("cases", "c3")).exists()


def test_an_exception_that_is_past_is_loaded_as_recorded_in_its_own_time(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    past = exception(code=4, party="veilig_thuis", until="2026-10-01")
    past.pop("from", None)
    case(world)["exceptions"] = [past]
    table = settle(world)
    line = ExceptionLine.objects.get(case=table.id("cases", "c1"))
    assert line.starts < line.ends < clock.now()


def test_an_exception_that_still_holds_began_when_it_was_recorded(
    transactional_db: None, quick_passwords: None, own_clock: None
) -> None:
    world = tiny_world()
    case(world)["exceptions"] = [exception(code=4, party="veilig_thuis", until=world["clock"][:10])]
    table = settle(world)
    line = ExceptionLine.objects.get(case=table.id("cases", "c1"))
    assert line.starts == line.recorded_at < line.ends
