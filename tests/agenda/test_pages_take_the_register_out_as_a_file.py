"""A register as record and receipt: what the file says of what stands in the register, and who may take it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec import structs

from agenda import pages
from agenda.pages import register_file
from agenda.pages.register import Event, EvidenceView, TalkView, register_read
from agenda.pages.register_file import KINDS, facts_of
from agenda.protocol import Ack
from conference import clock
from conference.cases.access import Gate
from consent import records
from consent.records import GivenBy, Interpreter, Method
from consent.records.vocabulary import NOT_KNOWN, STATUS
from consent.states import PERMITTING, State
from consent.talk import LineTold, Talk
from tests.consenting import NOTICE, full_talk, say
from tests.world import PURPOSE, Table, pass_time

RECORD, RECEIPT = "record", "receipt"


def taken(table: Table, kind: str = RECORD, who: str = "zc", subject: str = "s1") -> dict[str, Any]:
    """The file, read as somebody else's program would."""
    body = pages.consent_file(table.sit(who), table.id("cases", "c1"), table.id("subjects", subject), kind)
    assert body is not None
    found: dict[str, Any] = json.loads(body)
    return found


def inside(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document.get("dpv:hasRecordOfActivity", document)
    return found


def states(document: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The word of each line, by party and category."""
    found = {}
    for process in inside(document)["dpv:hasProcess"]:
        party = process["dpv:hasRecipient"]["@id"].rpartition("/")[2]
        category = process["dpv:hasPersonalData"]["dct:identifier"]
        found[party, category] = process["dpv:hasConsentStatus"]["casustafel:state"]
    return found


def places_of(process: dict[str, Any]) -> Any:
    """Where a process says that its data are kept."""
    return next(one["dpv:hasLocation"] for one in process["dpv:hasStorageCondition"] if "dpv:hasLocation" in one)


def test_it_says_where_a_controller_is_reached_and_where_the_store_lies(table: Table, settings: Any) -> None:
    settings.CONFIG = structs.replace(settings.CONFIG, store_country="NL")
    document = inside(taken(table))
    told = json.dumps(document, ensure_ascii=False)
    assert "Voorbeeldplein 1, 0000 XX Veenstad" in told
    assert "zorgcoordinator@veenstad.example" in told
    assert all(places_of(process) == {"@id": "loc:NL"} for process in document["dpv:hasProcess"])
    assert not {"party_address", "party_contact", "storage_locations"} & set(records.unknown(document))


def test_without_them_it_says_that_it_does_not_know(table: Table) -> None:
    document = inside(taken(table))
    assert all(places_of(process) == {"@id": NOT_KNOWN} for process in document["dpv:hasProcess"])


def exported(table: Table) -> list[dict[str, Any]]:
    return table.entries("export.made")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_line_stands_in_it_as_it_stands_in_the_register(table: Table, kind: str) -> None:
    told = states(taken(table, kind))
    view = pages.register_view(table.sit("zc"), table.id("cases", "c1"), table.id("subjects", "s1"))
    assert view is not None
    assert told == {(choice.party, choice.category): choice.state.value for choice in view.choices}
    assert told["kwintes", "gez"] == "gegeven"
    assert told["zvh_procesregie", "hlp"] == "beperkt"
    assert told["rvdk", "gez"] == "geweigerd"
    assert "niet_gevraagd" in told.values(), "what was never asked stands in it, too"


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_line_that_was_taken_over_says_what_is_not_known_of_it(table: Table, kind: str) -> None:
    document = taken(table, kind)
    assert records.missing(document) == []
    assert {"privacy_notice", "language", "entity_id", "storage_locations"} <= set(records.unknown(document))
    assert not {"purpose", "retention_period", "withdrawal_method", "privacy_rights"} & set(records.unknown(document))


def test_a_withdrawal_stands_in_the_next_file_and_so_does_what_was_said_before(table: Table) -> None:
    before = taken(table)
    line = {"case": str(table.id("cases", "c1")), "subject": str(table.id("subjects", "s1"))}
    assert isinstance(table.do("zc", "consent.withdraw", **line, party="kwintes", category="gez"), Ack)
    after = taken(table)
    assert states(after)["kwintes", "gez"] == "ingetrokken"
    assert states(after) | {("kwintes", "gez"): "gegeven"} == states(before)
    kinds = [event.get("@type") for event in after["dpv:hasConsentStatus"]]
    assert kinds.count("dpv:ConsentWithdrawn") == 1
    assert "dpv:ConsentGiven" in kinds
    assert after["dct:identifier"] == before["dct:identifier"], "it is the same record"


def test_past_its_end_a_line_is_told_as_expired(table: Table) -> None:
    pass_time(days=40)
    document = taken(table)
    assert states(document)["kwintes", "gez"] == "verlopen"
    (process,) = [p for p in document["dpv:hasProcess"] if p["@id"].endswith("/kwintes/gez/" + purpose_of(p))]
    ended = process["dpv:hasConsentStatus"]
    assert ended["@type"] == "dpv:ConsentExpired"
    assert ended["dpv:isIndicatedBy"] == {"@id": "dpv:NotApplicable"}


def purpose_of(process: dict[str, Any]) -> str:
    return str(process["dpv:hasPurpose"]["dct:identifier"])


def test_the_purpose_is_told_in_the_covenants_words_and_by_an_opaque_reference(table: Table) -> None:
    told = {p["dpv:hasRecipient"]["@id"]: p["dpv:hasPurpose"]["dct:title"] for p in taken(table)["dpv:hasProcess"]}
    assert told["casustafel:party/kwintes"] == "begeleid wonen"


def test_health_is_told_as_a_special_category_and_nothing_else_is(table: Table) -> None:
    special = {
        p["dpv:hasPersonalData"]["dct:identifier"]
        for p in taken(table)["dpv:hasProcess"]
        if p["dpv:hasPersonalData"]["@type"] == "dpv:SpecialCategoryPersonalData"
    }
    assert special == {"gez"}


# --- a conversation --------------------------------------------------------------------------------------------

SAID = Talk(
    method="schriftelijk",
    interpreter="informeel",
    interpreter_told="buurvrouw Geheim",
    given_by="beiden",
    representative="voogd",
    paper="kluis-drie",
    note="huilde-even",
    exclusions="niet-met-oom",
    setting="thuis-bij-tante",
    witness_told="getuige-zus",
    explained_by="collega-zo",
    capacity_told="oordeel-zus",
)


def spoken_of(table: Table, **more: Any) -> records.Register:
    """The register with one conversation in it, in which two lines were answered at once."""
    read = register_read(table.sit("zc"), table.id("cases", "c1"), table.id("subjects", "s1"))
    assert read is not None
    view, at = read.value, datetime(2026, 11, 23, 10, tzinfo=UTC)
    proof = EvidenceView(uuid4(), "pdf", 10, "ab" * 32, at)
    talk = TalkView(uuid4(), at, "uitleg", "1", "bg", "cd" * 32, proof.id, structs.replace(SAID, **more))
    given = [
        Event(party, category, State.GIVEN, at, None, at, talk.id, date(2027, 5, 23), "0.1/kwintes/gez/4")
        for party, category in (("kwintes", "gez"), ("rvdk", "gez"))
    ]
    choices = [replace(c, state=State.GIVEN) if c.category == "gez" else c for c in view.choices]
    return facts_of(
        replace(view, history=[*given, *view.history], talks=[talk], evidence=[proof], choices=choices), read.reading
    )


def test_what_was_said_in_one_conversation_is_one_event_about_its_lines(table: Table) -> None:
    (event,) = [event for event in spoken_of(table).events if event.notice]
    assert {key[:2] for key in event.lines} == {("kwintes", "gez"), ("rvdk", "gez")}
    assert (event.given_by, event.method, event.interpreter) == (
        GivenBy.BOTH,
        Method.WRITTEN,
        Interpreter.INFORMAL,
    )
    assert (event.language, event.evidence) == ("bg", "ab" * 32)
    assert event.notice == records.Notice(id="uitleg", version="1", language="bg", sha256="cd" * 32)


AFTER_A_YES = frozenset({State.CONFIRMED, State.LIMITED, State.WITHDRAWN, State.INVALID})


def answered(table: Table, state: State) -> None:
    """Let conversations bring a line to a state that was never asked about; the last was on another day."""
    where: dict[str, Any] = {"party": "kwintes", "category": "hlp"}
    if state in AFTER_A_YES:
        say(table, State.GIVEN, **where, ends=clock.now() + timedelta(days=60))
    talk = full_talk(on=date(2026, 11, 2), paper="kluis-drie")
    ends = {"ends": clock.now() + timedelta(days=10)} if state in PERMITTING else {}
    say(table, state, **where, **ends, talk=talk, told=LineTold(because="vergissing" if state is State.INVALID else ""))


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("state", [state for state in State if state not in {State.NOT_ASKED, State.EXPIRED}])
def test_what_is_recorded_in_a_conversation_is_told_with_all_that_is_known_of_it(
    table: Table, state: State, kind: str
) -> None:
    answered(table, state)
    document = taken(table, kind)
    assert records.missing(document) == []
    assert states(document)["kwintes", "hlp"] == state.value
    (told,) = [e for e in inside(document)["dpv:hasConsentStatus"] if is_of_the_second(e)]
    assert (told["@type"], told["casustafel:state"]) == (STATUS[state], state.value)
    assert told["dpv:hasIndicationMethod"] == Method.SPOKEN
    assert told.get("casustafel:interpreterKind") == (Interpreter.REGISTERED if kind == RECORD else None)
    (notice,) = inside(document)["dpv:hasNotice"]
    assert told["dpv:hasNotice"] == {"@id": notice["@id"]}
    assert (notice["dct:identifier"], notice["casustafel:noticeSha256"]) == (NOTICE.id, NOTICE.sha256)
    assert "kluis-drie" not in json.dumps(document)


def is_of_the_second(event: dict[str, Any]) -> bool:
    return event.get("dpv:isIndicatedAtTime") == {"@value": "2026-11-02", "@type": "xsd:date"}


@pytest.mark.parametrize(("on", "told"), [(date(2026, 11, 20), date(2026, 11, 20)), (date(2026, 11, 23), None)])
def test_the_day_on_which_it_was_said_is_told_where_it_was_another(table: Table, on: date, told: date | None) -> None:
    (event,) = [event for event in spoken_of(table, on=on).events if event.notice]
    assert event.said_on == told
    assert event.at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_line_tells_its_review_and_the_cell_that_asked_for_it(table: Table) -> None:
    lines = {line.key[:2]: line for line in spoken_of(table).lines}
    told = lines["kwintes", "gez"]
    assert (told.review_on, told.covenant_row) == (date(2027, 5, 23), "0.1/kwintes/gez/4")


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_remark_of_a_conversation_and_nobody_in_it_stands_in_a_file(table: Table, kind: str) -> None:
    written = records.checked(KINDS[kind](spoken_of(table))).decode()
    for text in ("Geheim", "kluis", "huilde", "oom", "tante", "getuige", "collega-zo", "oordeel", "voogd"):
        assert text not in written, text


def test_a_line_of_a_party_that_is_no_longer_asked_about_still_stands_in_it(table: Table) -> None:
    read = register_read(table.sit("zc"), table.id("cases", "c1"), table.id("subjects", "s1"))
    assert read is not None
    made = facts_of(replace(read.value, choices=[]), read.reading)
    assert {line.key[:2] for line in made.lines} == {(line.party, line.category) for line in read.value.lines}
    assert records.missing(records.record(made)) == []


# --- nobody's name ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_file_holds_no_name_no_date_of_birth_and_no_text_of_the_case(table: Table, kind: str) -> None:
    written = json.dumps(taken(table, kind), ensure_ascii=False)
    case, subject = table.id("cases", "c1"), table.id("subjects", "s1")
    identity = ("Noor", "Verzonnen", "2008-12-01", "900000015", "Schuilpad", "0600000001", "Tante", "Schijn")
    code_name = Gate.at_this_moment([case]).cases[case].header().code_name
    for told in (*identity, code_name, PURPOSE, "acuut gevaar", "tekst-", "grond-", "Z. Org"):
        assert told not in written, told
    for opaque in (case, subject, table.sit("zc").person):
        assert str(opaque) not in written, "an id that leads to her in every case"


def test_she_is_told_by_the_pseudonym_of_the_one_who_takes_it(table: Table) -> None:
    view = pages.register_view(table.sit("zc"), table.id("cases", "c1"), table.id("subjects", "s1"))
    assert view is not None
    assert taken(table)["dpv:hasDataSubject"]["dct:identifier"] == view.pseudonym


def test_the_files_of_two_people_of_one_case_have_no_line_in_common(table: Table) -> None:
    mine, theirs = taken(table), taken(table, subject="s2")
    assert mine["@id"] != theirs["@id"]
    assert not {p["@id"] for p in mine["dpv:hasProcess"]} & {p["@id"] for p in theirs["dpv:hasProcess"]}


# --- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS))
def test_taking_it_is_logged_as_an_export_about_her_before_a_byte_is_given(table: Table, kind: str) -> None:
    before = len(exported(table))
    taken(table, kind)
    (entry,) = exported(table)[before:]
    assert (entry["out"], entry["subject"]) == ("permit", str(table.id("subjects", "s1")))
    assert entry["actor"] == str(table.sit("zc").person)


@pytest.mark.parametrize("who", ["pol", "kw", "ggz", "vz", "fg"])
def test_for_everybody_else_there_is_no_such_file_and_the_try_is_logged(table: Table, who: str) -> None:
    case, subject = table.id("cases", "c1"), table.id("subjects", "s1")
    before = len(exported(table))
    for kind in KINDS:
        assert pages.consent_file(table.sit(who), case, subject, kind) is None
    entries = exported(table)[before:]
    assert [(entry["out"], entry["subject"]) for entry in entries] == [("deny", None)] * 2


def test_of_nobody_and_of_a_suspect_there_is_no_file(table: Table) -> None:
    case = table.id("cases", "c1")
    for subject in (uuid4(), table.id("subjects", "s3")):
        assert pages.consent_file(table.sit("zc"), case, subject, RECORD) is None


def test_a_file_that_would_lack_a_field_is_not_given_and_not_logged_as_taken(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_a_law(made: records.Register) -> dict[str, Any]:
        return {key: value for key, value in records.record(made).items() if key != "dpv:hasApplicableLaw"}

    before = len(exported(table))
    monkeypatch.setattr(register_file, "KINDS", {RECORD: without_a_law})
    with pytest.raises(records.Incomplete) as refused:
        taken(table)
    assert refused.value.fields == ["applicable_law"]
    assert len(exported(table)) == before
