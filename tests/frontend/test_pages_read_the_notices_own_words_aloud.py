"""What is read aloud are the notices' own texts: on the screen in its language, and in hers beside it."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from agenda.commands import at_desk
from agenda.commands.notices import review
from consent.notices import LANGUAGES, Reviewer, hashes, text, texts
from frontend import spoken
from frontend.categories import ORDER
from frontend.templatetags.notices import asking, her_text
from tests.frontend.visiting import Region, page

Visit = Callable[[str], Client]
REVIEWER = Reviewer(name="A. Tolk", qualification="beëdigd vertaler")


@pytest.fixture
def here(region: Region) -> str:
    return f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"


@pytest.fixture
def unchecked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that nobody read yet: a review stays for ever, and counts for exactly its words."""
    folder = Path(shutil.copytree(texts.FILES, tmp_path / "languages"))
    for language in LANGUAGES:
        path = folder / f"{language}.yaml"
        path.write_text(path.read_text("utf-8").replace('  right: "', f'  right: "{uuid4()} '), "utf-8")
    loaded = texts.load(folder)
    monkeypatch.setattr(texts, "texts", lambda: loaded)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_screen_asks_in_the_words_of_the_notices(language: str) -> None:
    own = text(language)
    with translation.override(language):
        for category in ORDER:
            assert spoken.question(category) == f"{own.read_aloud.questions[category]} {own.read_aloud.choose}"
            assert spoken.topic(category) in own.read_aloud.questions[category] or category in {"bsn", "adr"}


def test_in_dutch_she_is_spoken_to_and_written_to_differently() -> None:
    with translation.override("nl"):
        said = [spoken.topic(category) for category in ORDER]
        said += [spoken.answer(choice, "kwintes", "fin", date(2027, 5, 23)) for choice in ("yes", "no", "later")]
        assert spoken.topic("vzn") == "welke voorzieningen je krijgt of hebt aangevraagd"
        assert spoken.topic("bsn") == "wat je burgerservicenummer is"
    assert not [one for one in said if re.search(r"\b(u|uw)\b", one)]
    assert said[-3:] == [
        "Kwintes mag weten hoe je rondkomt met geld, tot en met 23 mei 2027.",
        "Kwintes mag niet weten hoe je rondkomt met geld.",
        "Kwintes: je kiest later of zij mogen weten hoe je rondkomt met geld.",
    ]


def test_a_name_is_said_as_it_is() -> None:
    with translation.override("nl"):
        assert spoken.answer("no", "stichting_u", "fin", None).startswith("Stichting u mag niet weten hoe je")
        assert spoken.answer("yes", "kwintes", "fin", None) == "Kwintes mag weten hoe je rondkomt met geld."


def test_a_category_that_a_covenant_added_is_asked_about_by_its_name() -> None:
    with translation.override("nl"):
        assert spoken.question("sport_club").startswith("Mogen deze organisaties iets weten over: sport club? Je kiest")
    assert asking(text("pl"), "sport_club") == "", "in her language nobody knows words for it"


def test_another_screen_language_reads_the_dutch() -> None:
    with translation.override("fr"):
        assert spoken.screen().language == "nl"


def checked(region: Region, language: str) -> None:
    """Let somebody record that this translation was read."""
    shown = hashes(language)
    at_desk(region.sit("zc"), "notice.reviewed", lambda turn: review(turn, language, REVIEWER, shown))


@pytest.mark.usefixtures("unchecked")
def test_her_language_is_used_only_after_its_review_and_never_beside_itself(region: Region) -> None:
    with translation.override("nl"):
        assert [her_text(one) for one in (*LANGUAGES, "tlh", "", None) if one != "en"] == [None] * 8
        assert her_text("en") == text("en")
    checked(region, "pl")
    with translation.override("nl"):
        assert her_text("pl") == text("pl")
    with translation.override("en"):
        assert her_text("en") is None
        assert her_text("nl") == text("nl")


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("language", ["pl", "ar"])
def test_what_she_is_asked_stands_in_her_language_under_the_dutch(
    region: Region, visit: Visit, here: str, language: str
) -> None:
    checked(region, language)
    client, own, dutch = visit("zc"), text(language), text("nl")
    before = page(client.get(here))
    assert f'lang="{language}" dir' not in before.split('class="consent-now"')[0], "the form begins in Dutch"
    client.post(here, {"step": "save", "language": language, "line-gez-rvdk": "yes"})
    shown = page(client.get(here))
    for name in ("safe", "explain"):
        assert escape(getattr(dutch.read_aloud, name)) in shown
        assert escape(getattr(own.read_aloud, name)) in shown
    asked = re.findall(r'<p class="spoken-text spoken-last" lang="(\w+)" dir="(\w+)">([^<]+)</p>', shown)
    assert {(one[0], one[1]) for one in asked} == {(language, own.direction)}
    assert escape(f"{own.read_aloud.questions['gez']} {own.read_aloud.choose}") in [one[2] for one in asked]
    assert dutch.read_aloud.questions["gez"] in shown
    client.post(here, {"step": "drop"})


def test_the_words_are_in_no_other_file() -> None:
    with translation.override("nl"):
        assert translation.gettext("how your health is") == "how your health is"
