"""The log's page: for oversight with a fresh code only, in sentences, and read in the log itself."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from audit import writer as group
from audit.days import start_of
from audit.growth import integrator, store
from audit.models import Leaf
from audit.queries import Question, Row
from audit.record import Entry, record_durably, write_lock
from conference import clock
from conference.accounts import commands, factors
from conference.accounts.commands import Credentials, Profile
from conference.accounts.models import Person, SignIn, TotpDevice
from conference.cases.commands import NewCase, open_case
from conference.cases.labels import case_labels, subject_labels
from conference.cases.models import Case, Subject
from conference.covenant.labels import category_name, party_name, phase_name
from conference.vault import identities
from conference.vault import keys as data_keys
from conference.vault.models import DataKey
from frontend.forms.asks import ASKS
from frontend.forms.log import QuestionForm, month_choices, period_choices
from frontend.views.log import chart, telling
from frontend.views.log.telling import heading

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "vier paarden eten hooi"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PURPOSE = "hulp en veiligheid 5b1f0c"

Maker = Callable[..., Person]


@pytest.fixture
def make_person() -> Maker:
    def make(username: str, name: str, *, family: str = "inhoud", party: str = "politie") -> Person:
        today = clock.today()
        roles = ("participant",) if family == "inhoud" else ()
        profile = Profile(
            name=name,
            party=party,
            family=family,
            roles=roles,
            screened_until=today + timedelta(days=100),
            trained_on=today,
        )
        credentials = Credentials(password=PASSWORD, totp_secret=SECRET, backup_codes=(), secrecy_on=today)
        return commands.create_person(username, profile, by=None, origin="seed", credentials=credentials)

    return make


def log_in(person: Person, *, factors_given: int = 2) -> Client:
    client = Client()
    TotpDevice.objects.filter(user=person).update(last_t=-1)
    assert client.post("/login/", {"username": person.username, "password": PASSWORD}).status_code == 302
    if factors_given == 2:
        code = factors.current_code(factors.from_base32(SECRET), time.time())
        assert client.post("/login/code/", {"code": code}).status_code == 302
    return client


@pytest.fixture
def officer(make_person: Maker) -> Client:
    return log_in(make_person("fg", "F. Gee", family="toezicht", party="zvh_procesregie"))


@pytest.fixture
def agent(make_person: Maker) -> Person:
    return make_person("politie", "A. Gent")


@pytest.fixture
def case() -> Case:
    new = NewCase(
        track="wgs", phase="overleg", purpose=PURPOSE, parties=["politie", "kwintes"], municipality="Hilversum"
    )
    with write_lock(), transaction.atomic():
        return open_case(new, covenant="1.0", at=timezone.now())


@pytest.fixture
def told(agent: Person, case: Case) -> Entry:
    entry = Entry(
        act="conference.pushed",
        origin="socket",
        recipients=(agent.id, uuid4(), uuid4()),
        party="politie",
        case=case.id,
        obj=(f"minutes:{uuid4()}",),
        seen=("prc=pseudonymised",),
        phase="overleg",
        reason="covenant",
        covenant="1.0",
    )
    refusal = Entry(
        act="case.viewed", out="deny", origin="http", actor=agent.id, party="politie", case=case.id, reason="own_only"
    )
    record_durably(entry)
    record_durably(refusal)
    return entry


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&amp;", "&")  # type: ignore[attr-defined]


def readings() -> list[dict[str, object]]:
    leaves = Leaf.objects.filter(act="log.read").order_by("id").values_list("leaf", flat=True)
    return [json.loads(bytes(leaf)) for leaf in leaves]


def test_the_privacy_officer_reads_who_saw_what_and_why(officer: Client, told: Entry, case: Case) -> None:
    text = text_of(officer.get(f"/log/?purpose=lawfulness&case={case.id}"))
    with translation.override("nl"):
        police, process, phase = party_name("politie"), category_name("prc"), phase_name("overleg")
    assert f"A. Gent ({police}) en nog 2 personen zagen een nieuw blok verslag." in text
    assert f"{case_labels([case.id])[case.id]} · met pseudoniem · convenant · {process}, fase {phase}" in text
    assert f"A. Gent ({police}) vroeg om iets en kreeg niets." in text
    assert f"geweigerd · het convenant geeft {police} alleen wat van haarzelf is" in text
    assert "Dat je dit leest, staat ook in het logboek." in text
    assert "Vandaag, " in text


def test_the_same_page_in_english(officer: Client, told: Entry, case: Case) -> None:
    text = text_of(officer.get(f"/log/?purpose=lawfulness&case={case.id}", headers={"accept-language": "en"}))
    if "Who of" not in text:
        officer.post("/language/", {"language": "en"})
        text = text_of(officer.get(f"/log/?purpose=lawfulness&case={case.id}"))
    with translation.override("en"):
        assert f"A. Gent ({party_name('politie')}) and 2 more persons saw a new minutes block." in text


def test_the_technical_record_is_the_leaf_as_it_was_written(officer: Client, told: Entry, case: Case) -> None:
    body = officer.get(f"/log/?purpose=lawfulness&case={case.id}&only=refused").content.decode()
    leaf = bytes(Leaf.objects.get(case_id=case.id, act="case.viewed").leaf).decode()
    assert leaf.replace('"', "&quot;") in body


def test_nothing_that_the_case_holds_stands_on_the_page(officer: Client, told: Entry, case: Case) -> None:
    body = officer.get("/log/?purpose=lawfulness").content.decode()
    assert PURPOSE not in body
    assert "Hilversum" not in body


def test_reading_is_in_the_log_with_the_question_as_codes(
    officer: Client, told: Entry, case: Case, agent: Person
) -> None:
    before = len(readings())
    month = f"{datetime.now(clock.AMSTERDAM):%Y-%m}"
    asked = f"case={case.id}&person={agent.id}&party=politie&only=refused&period={month}&first=1-1-2026&last=2-1-2026"
    assert officer.get(f"/log/?purpose=lawfulness&{asked}").status_code == 200
    [reading] = readings()[before:]
    assert reading["case"] == str(case.id)
    assert reading["obj"] == [f"person:{agent.id}"]
    assert reading["seen"] == [
        "only=refused", "party=politie", f"period={month}", "first=2026-01-01", "last=2026-01-02",
    ]  # fmt: skip
    assert (reading["origin"], reading["role"], reading["party"]) == ("http", "toezicht", "zvh_procesregie")


@pytest.mark.parametrize("family", ["inhoud", "beheer"])
def test_for_everybody_else_the_page_does_not_exist(make_person: Maker, family: str, told: Entry) -> None:
    client = log_in(make_person("iemand", "I. Emand", family=family))
    before = len(readings())
    there, nowhere = client.get("/log/"), client.get("/nowhere/")
    assert there.status_code == nowhere.status_code == 404
    mask = re.compile(r'value="[^"]{64}"')
    assert mask.sub("", there.content.decode()).replace("/log/", "") == mask.sub("", nowhere.content.decode()).replace(
        "/nowhere/", ""
    )
    (refused,) = readings()[before:]
    assert (refused["out"], refused["reason"], refused["origin"]) == ("deny", "role_excluded", "http")


def test_with_one_factor_or_none_one_is_nobody(make_person: Maker) -> None:
    half = log_in(make_person("fg", "F. Gee", family="toezicht"), factors_given=1)
    for client in (half, Client()):
        answer = client.get("/log/")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login/")
    assert readings() == [] or all(reading["actor"] is not None for reading in readings())


def test_a_code_older_than_five_minutes_must_be_renewed_first(officer: Client, told: Entry, case: Case) -> None:
    before = len(readings())
    old = datetime.now(UTC) - timedelta(minutes=5, seconds=1)
    SignIn.objects.filter(ended_at=None).update(started_at=old, verified_at=old, factor_at=old)
    answer = officer.get(f"/log/?purpose=lawfulness&case={case.id}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/code/?next=%2Flog%2F")
    assert len(readings()) == before


def test_the_page_cannot_be_posted_to(officer: Client) -> None:
    assert officer.post("/log/").status_code == 405


def test_when_the_log_cannot_be_written_nothing_of_it_is_shown(officer: Client, told: Entry, case: Case) -> None:
    group.writer._waiting = group.LARGEST_BACKLOG + 1
    try:
        answer = officer.get(f"/log/?purpose=lawfulness&case={case.id}")
    finally:
        group.writer._waiting = 0
    assert answer.status_code == 503
    assert "A. Gent" not in answer.content.decode()
    assert officer.get(f"/log/?purpose=lawfulness&case={case.id}").status_code == 200


def test_the_answer_follows_the_question(officer: Client, told: Entry, case: Case, agent: Person) -> None:
    pushed, refused = "een nieuw blok verslag", "kreeg niets"
    for asked, shown, hidden in (
        (f"case={case.id}&only=refused", [refused], [pushed]),
        (f"person={agent.id}&case={case.id}", [pushed, refused], []),
        (f"party=politie&case={case.id}", [pushed, refused], []),
        (f"case={case.id}&period=&first=01-01-2020&last=02-01-2020", [], [pushed, refused]),
        (f"case={case.id}&period=", [pushed, refused], []),
        (f"subject={uuid4()}", [], [pushed, refused]),
    ):
        text = text_of(officer.get(f"/log/?purpose=lawfulness&{asked}"))
        assert all(words in text for words in shown), asked
        assert not any(words in text for words in hidden), asked


def test_what_was_asked_stays_chosen(officer: Client, told: Entry, case: Case) -> None:
    body = officer.get(f"/log/?purpose=lawfulness&case={case.id}&only=refused").content.decode()
    assert f'<option value="{case.id}" selected>' in body
    assert 'name="only" value="refused"' in body
    assert re.search(rf'href="/log/\?case={case.id}"', body), "the chip takes the filter off again"


def test_older_lines_are_one_link_away(officer: Client, case: Case) -> None:
    record_durably(*(Entry(act="case.viewed", origin="http", case=case.id, party="politie") for _ in range(60)))
    first = officer.get(f"/log/?purpose=lawfulness&case={case.id}").content.decode()
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    numbers = re.findall(r"Technische regel (\d+)", first)
    second = officer.get(link[1].replace("&amp;", "&")).content.decode()
    more = re.findall(r"Technische regel (\d+)", second)
    assert len(numbers) == 50
    assert not set(numbers) & set(more)
    assert "Nieuwste regels" in second


@pytest.mark.parametrize("ask", ASKS)
def test_each_question_is_one_click_away_and_reads_as_a_sentence(officer: Client, ask: str, told: Entry) -> None:
    start = officer.get("/log/?purpose=lawfulness").content.decode()
    link = re.search(rf'href="(/log/\?ask={ask}&[^"]*)"', start)
    assert link is not None
    answer = officer.get(link[1].replace("&amp;", "&"))
    body = answer.content.decode()
    assert re.search(rf'href="/log/\?ask={ask}[^"]*" aria-current="page"', body)
    with translation.override("nl"):
        for words, field in ASKS[ask].parts():
            assert words in text_of(answer)
            assert not field or f'name="{field}"' in body
    assert readings()[-1]["seen"][0] == f"ask={ask}"  # type: ignore[index]


def test_the_questions_find_what_they_ask_for(officer: Client, agent: Person, case: Case) -> None:
    def entry(act: str, **fields: object) -> Entry:
        return Entry(act=act, origin="http", actor=agent.id, party="politie", case=case.id, **fields)  # type: ignore[arg-type]

    record_durably(
        entry("item.viewed", reason="exception", seen=("gez=identified",), obj=(f"item:{uuid4()}",)),
        entry("export.made", seen=("receiver=kwintes",)),
        entry("exception.recorded"),
        entry("party.involved"),
        entry("case.viewed", out="deny", reason="own_only"),
    )
    with translation.override("nl"):
        health = category_name("gez")
    for ask, shown in (
        ("exception", [f"zag {health} met een uitzondering", "legde een uitzondering vast"]),
        ("export", ["maakte een besluitenlijst"]),
        ("rights", ["legde een uitzondering vast", "liet een organisatie meedoen aan een casus"]),
        ("refused", ["kreeg niets"]),
    ):
        text = text_of(officer.get(f"/log/?purpose=lawfulness&ask={ask}&case={case.id}"))
        assert all(words in text for words in shown), (ask, text)
        assert f"· {len(shown)} regel" in text or f"{len(shown)} regel" in text


def test_the_page_says_for_which_purpose_it_is_read_and_lets_her_choose_another(officer: Client, case: Case) -> None:
    answer = officer.get(f"/log/?purpose=court&case={case.id}")
    assert "Je leest dit voor: een gerechtelijke procedure." in text_of(answer)
    link = re.search(r'href="([^"]+purpose=)"', answer.content.decode())
    assert link is not None
    asked = officer.get(link[1].replace("&amp;", "&"))
    assert "Waarvoor heb je het logboek nodig?" in text_of(asked)
    assert f'name="case" value="{case.id}"' in asked.content.decode()


def test_a_line_tells_where_it_stands_in_the_log_and_what_proves_it(officer: Client, told: Entry, case: Case) -> None:
    assert "Heeft nog geen plaats in het logboek" in text_of(officer.get(f"/log/?purpose=lawfulness&case={case.id}"))
    integrator.integrate()
    text = text_of(officer.get(f"/log/?purpose=lawfulness&case={case.id}&only=refused"))
    leaf = Leaf.objects.get(case_id=case.id, act="case.viewed")
    place = store.positions_of([leaf.id])[leaf.id]
    assert f"index {place.index:,}".replace(",", ".") in text
    assert "Nog niet ondertekend" in text
    integrator.sign()
    text = text_of(officer.get(f"/log/?purpose=lawfulness&case={case.id}&only=refused"))
    assert re.search(r"Bewezen door het controlepunt van \d+ \w+ \d{4}, \d\d\.\d\d uur\.", text)
    assert "regels, het laatst ondertekend op" in text


def test_beside_the_answer_it_is_drawn_how_often_and_told_as_a_table(officer: Client, told: Entry, case: Case) -> None:
    answer = officer.get(f"/log/?purpose=lawfulness&case={case.id}")
    body, text = answer.content.decode(), text_of(answer)
    assert "1 keer bekeken, 1 keer geweigerd · 3 regels" in text
    drawing = re.search(r'<svg class="log-chart".*?</svg>', body, re.DOTALL)
    assert drawing is not None
    assert drawing[0].count('class="log-bar"') == drawing[0].count('class="log-bar-refused"') == 1
    assert not re.search(r'="\d+,\d', drawing[0]), "a number of a drawing has a point"
    with translation.override("nl"):
        day = date_format(datetime.now(clock.AMSTERDAM), "j F Y")
        assert re.search(rf"{day} 1 1 ", text)
        assert f'party=politie">{party_name("politie")}</a>' in body


def test_a_line_whose_bytes_are_no_leaf_is_told_as_damaged() -> None:
    with translation.override("nl"):
        (day,) = telling.days([Row(2**60, 1_000_000, {})], date(2026, 11, 23))
    (line,) = day.lines
    assert line.sentence.text == "Deze regel is beschadigd en niet te lezen."
    assert (line.record, line.gist, line.proof) == ("", "", None)


def test_a_longer_time_is_drawn_in_weeks_and_only_the_last_thirteen() -> None:
    party = f"party_{uuid4().hex[:8]}"
    today = datetime.now(clock.AMSTERDAM).date()
    record_durably(*(Entry(act="case.viewed", origin="http", party=party) for _ in range(3)))
    drawn = chart.chart(Question(party=party), today, str)
    assert drawn is not None
    assert (drawn.per_week, len(drawn.columns), drawn.viewed, drawn.refused) == (True, 13, "3", "")
    assert sum(column.viewed for column in drawn.columns) == 3
    assert drawn.last == today
    this_month = replace(Question(party=party), since=start_of(today.toordinal() - 6))
    drawn = chart.chart(this_month, today, str)
    assert drawn is not None
    assert (drawn.per_week, len(drawn.columns)) == (False, 7)
    assert chart.chart(Question(party="nobody"), today, str) is None


def test_an_empty_answer_says_what_to_do_next(officer: Client) -> None:
    text = text_of(officer.get("/log/?purpose=lawfulness&first=1-1-1999&last=2-1-1999"))
    assert "In het logboek staat niets dat op deze vraag past." in text
    assert "Kies een langere periode" in text


@pytest.mark.parametrize(
    "asked",
    [
        "case=x", f"case={UUID(int=5)}", "person=%00", "party='--", "period=2026-99", "period=x", "before=x",
        "before=99999999999999999999-1", "first=31-02-2026", "last=gisteren", "subject=x",
        "first=1-1-0001&last=31-12-9999",
        "ask=x", "first=2-1-2026&last=1-1-2026", "only=%F0%9F%98%80", "before=1-1&before=2-2", "csrf=1",
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_answered_calmly(officer: Client, asked: str) -> None:
    assert officer.get(f"/log/?purpose=lawfulness&{asked}").status_code == 200


def test_a_wrong_day_is_said_at_its_field(officer: Client) -> None:
    text = text_of(officer.get("/log/?purpose=lawfulness&first=31-02-2026"))
    assert "Dit is geen datum; schrijf hem als 23-11-2026." in text
    assert "De periode eindigt voordat ze begint." in text_of(
        officer.get("/log/?purpose=lawfulness&first=2-1-2026&last=1-1-2026")
    )


def test_a_person_and_a_case_that_are_gone_are_told_as_gone(officer: Client, told: Entry, case: Case) -> None:
    record_durably(Entry(act="case.viewed", origin="http", actor=uuid4(), case=uuid4(), party="kwintes"))
    Person.objects.filter(username="politie").update(name_sealed=b"broken")
    text = text_of(officer.get("/log/?purpose=lawfulness&party=kwintes"))
    assert "Iemand die niet meer bekend is (Kwintes) zag iets. een casus die niet meer bestaat" in text
    text = text_of(officer.get(f"/log/?purpose=lawfulness&case={case.id}"))
    assert re.search(r"Iemand die niet meer bekend is \([^)]+\) en nog 2 personen zagen", text)


def test_a_case_whose_key_is_destroyed_has_no_name_any_more(case: Case) -> None:
    subject = Subject.objects.create(case=case, number=1, role="victim", registered_by="politie")
    identities.store(case.id, subject.id, "id", {"name": "N. Ergens", "birth_date": "2008-03-01"})
    assert set(case_labels([case.id, uuid4()])) == {case.id}
    DataKey.objects.filter(scope=case.id).delete()
    data_keys.forget()
    assert case_labels([case.id]) == {}


def test_subjects_are_called_by_their_spoken_handle(case: Case) -> None:
    subject = Subject.objects.create(case=case, number=2, role="victim", registered_by="politie")
    assert subject_labels([subject.id, uuid4()]) == {subject.id: "betrokkene 2"}


def form(**asked: str) -> QuestionForm:
    periods = [(code, "") for code in ("2026", "2026-11", "2025-12", "2026-10")]
    made = QuestionForm(asked, parties=[], cases=[], people=[], periods=[*periods], subjects=[])
    made.is_valid()
    return made


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=clock.AMSTERDAM).timestamp() * 1_000_000)


def test_a_year_can_be_chosen_whole() -> None:
    assert form(period="2026").question() == Question(since=at("2026-01-01"), until=at("2027-01-01"))
    with translation.override("nl"):
        ((year, choices), *_) = period_choices(at("2025-11-30T23:59"), date(2026, 2, 3))
    assert (year, choices[0], choices[1]) == ("2026", ("2026", "2026"), ("2026-02", "februari 2026"))


def test_a_month_begins_and_ends_at_midnight_in_amsterdam() -> None:
    assert form(period="2026-11").question() == Question(since=at("2026-11-01"), until=at("2026-12-01"))
    assert form(period="2025-12").question() == Question(since=at("2025-12-01"), until=at("2026-01-01"))
    october = form(period="2026-10").question()
    assert october.since is not None
    assert october.until is not None
    assert (october.until - october.since) == (31 * 24 + 1) * 3600 * 1_000_000


def test_days_prevail_over_the_month_and_the_last_one_counts() -> None:
    asked = form(period="2026-11", first="02-11-2026", last="2026-11-03").question()
    assert (asked.since, asked.until) == (at("2026-11-02"), at("2026-11-04"))
    assert form(first="02-11-2026").question() == Question(since=at("2026-11-02"))


def test_one_can_choose_each_month_since_the_first_entry() -> None:
    with translation.override("nl"):
        months = month_choices(at("2025-11-30T23:59"), date(2026, 2, 3))
    assert months == [
        ("2026-02", "februari 2026"), ("2026-01", "januari 2026"),
        ("2025-12", "december 2025"), ("2025-11", "november 2025"),
    ]  # fmt: skip
    assert [key for key, _ in month_choices(None, date(2026, 2, 3))] == ["2026-02"]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 23), "Vandaag, maandag 23 november"),
        (date(2026, 11, 22), "Gisteren, zondag 22 november"),
        (date(2026, 11, 20), "Vrijdag 20 november"),
        (date(2025, 11, 20), "Donderdag 20 november 2025"),
    ],
)
def test_a_day_is_headed_as_people_say_it(day: date, told: str) -> None:
    with translation.override("nl"):
        assert heading(day, date(2026, 11, 23)) == told


def test_the_tables_need_no_migration() -> None:
    call_command("makemigrations", "audit", check=True, dry_run=True, verbosity=0)
