"""Every language tells all that the Dutch notice tells, and a hash names exactly the text that was read."""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from consent.notices import LANGUAGES, NOTICE_ID, NOTICE_VERSION, canonical, hashing, text, text_hash, words_hash
from consent.notices.texts import FILES, NoticeFileError, leaves, load, texts
from frontend.categories import ORDER


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The languages in a folder where they can be spoilt."""
    return Path(shutil.copytree(FILES, tmp_path / "languages"))


def spoil(folder: Path, language: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Change one file and return what the loader says of it."""
    path = folder / f"{language}.yaml"
    values = yaml.safe_load(path.read_text("utf-8"))
    change(values)
    path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    with pytest.raises(NoticeFileError) as refused:
        load(folder)
    return str(refused.value)


# --- the same in every language ---------------------------------------------------------------


def test_there_is_a_file_for_every_language_and_no_other() -> None:
    assert sorted(path.stem for path in FILES.iterdir()) == sorted(LANGUAGES)
    assert list(texts()) == list(LANGUAGES)


def test_dutch_and_english_are_complete_and_the_others_are_drafts() -> None:
    assert {language for language in LANGUAGES if text(language).status == "complete"} == {"nl", "en"}


def test_only_arabic_is_read_from_right_to_left() -> None:
    assert {language for language in LANGUAGES if text(language).direction == "rtl"} == {"ar"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_has_its_topic_and_its_question(language: str) -> None:
    own = text(language)
    assert list(own.topics) == list(own.read_aloud.questions) == list(ORDER)
    assert own.question("gez") == own.read_aloud.questions["gez"]
    assert own.question("zzz") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_in_dutch_or_has_a_stray_space(language: str) -> None:
    raw = dict(leaves(yaml.safe_load((FILES / f"{language}.yaml").read_text("utf-8"))))
    dutch = dict(leaves(yaml.safe_load((FILES / "nl.yaml").read_text("utf-8"))))
    for key, value in raw.items():
        assert value == value.strip(), key
        assert "  " not in value, key
        same = language != "nl" and value == dutch[key] and len(value.split()) > 1
        assert not same or key == "frame.day", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_says_what_the_law_and_her_safety_ask(language: str) -> None:
    own = text(language).notice
    assert list(own.sections) == [
        *("who", "what", "saying_no", "never", "young", "law", "change", "long", "rights", "paper", "call"),
    ]
    said = "\n".join(own.lines())
    for figure in ("112", "12", "15", "16", "18", "90", "Autoriteit Persoonsgegevens", "Zorg- en Veiligheidshuis"):
        assert figure in said, figure


def test_the_dutch_notice_says_it_in_words_that_are_meant() -> None:
    said = "\n".join(text("nl").notice.lines())
    for words in (
        "voor elke organisatie apart en voor elk soort informatie apart",
        "geldt alleen voor het doel",
        "Dan is het antwoord nee",
        "Hulp, opvang en aangifte hangen er nooit van af",
        "Eén telefoontje is genoeg",
        "Wat al gedeeld was, mocht toen",
        "wij vragen die dan ook niet",
        "Na 6 maanden",
        "U hoeft dit papier niet mee te nemen",
    ):
        assert words in said, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_short_enough_to_be_understood_when_it_is_read_aloud(language: str) -> None:
    for line in text(language).notice.lines():
        for sentence in line.replace("?", ".").replace(":", ".").split(". "):
            assert len(sentence.split()) <= 26, sentence


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nl", "23 mei 2027"),
        ("en", "23 May 2027"),
        ("bg", "23 май 2027 г."),
        ("ro", "23 mai 2027"),
        ("pl", "23 maja 2027 r."),
        ("ar", "23 مايو 2027"),
    ],
)
def test_a_day_is_written_as_it_is_in_that_language(language: str, written: str) -> None:
    assert text(language).day(date(2027, 5, 23)) == written


# --- a file that is not right -----------------------------------------------------------------


def test_a_missing_text_is_named_with_its_file(copied: Path) -> None:
    said = spoil(copied, "pl", lambda values: values["notice"]["sections"]["law"]["text"].pop())
    assert said == "pl.yaml: notice.sections.law.text.1: missing"


def test_a_text_too_many_is_named_with_its_file(copied: Path) -> None:
    said = spoil(copied, "ro", lambda values: values["topics"].update(xyz="ceva"))
    assert said == "ro.yaml: topics.xyz: not in nl.yaml"


@pytest.mark.parametrize("sentence", ["{party} mag {topic}.", "{party} {topic} {day} {name}", "{party} {topic} {dag}"])
def test_a_sentence_with_other_places_for_words_is_named(copied: Path, sentence: str) -> None:
    said = spoil(copied, "bg", lambda values: values["summary"]["sentences"].update(allowed=sentence))
    assert said == "bg.yaml: summary.sentences.allowed: other places than in nl.yaml"


@pytest.mark.parametrize("sentence", ["{party", "party}"])
def test_a_bracket_without_its_pair_is_named(copied: Path, sentence: str) -> None:
    said = spoil(copied, "en", lambda values: values["summary"]["sentences"].update(refused=sentence))
    assert said == "en.yaml: summary.sentences.refused: a bracket without its pair"


@pytest.mark.parametrize("sentence", ["{party.__class__}", "{0}", "{}", "{party!r}", "{party:>9}"])
def test_a_place_is_a_plain_name_and_reaches_into_nothing(copied: Path, sentence: str) -> None:
    said = spoil(copied, "en", lambda values: values["summary"]["sentences"].update(refused=sentence))
    assert said == "en.yaml: summary.sentences.refused: a place without a plain name"


@pytest.mark.parametrize("nothing", ["", "   ", None, 7, False])
def test_a_text_that_is_empty_or_none_is_named(copied: Path, nothing: object) -> None:
    said = spoil(copied, "ar", lambda values: values["summary"].update(title=nothing))
    assert said == "ar.yaml: summary.title: no text"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"direction": "down"}, "en.yaml: Invalid enum value 'down' - at `$.direction`"),
        ({"status": "ready"}, "en.yaml: Invalid enum value 'ready' - at `$.status`"),
        ({"version": "2"}, "en.yaml: version: is not 1"),
        ({"language": "nl"}, "en.yaml: language: is of another file"),
    ],
)
def test_a_header_that_is_not_true_is_named(copied: Path, change: dict[str, str], said: str) -> None:
    assert spoil(copied, "en", lambda values: values.update(change)) == said


def test_a_file_that_is_gone_or_no_yaml_is_named(copied: Path) -> None:
    (copied / "ar.yaml").write_text("a: [", "utf-8")
    with pytest.raises(NoticeFileError, match=r"^ar\.yaml: cannot be read$"):
        load(copied)
    (copied / "ar.yaml").unlink()
    with pytest.raises(NoticeFileError, match=r"^ar\.yaml: cannot be read$"):
        load(copied)


# --- what a text is known by ------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hash_is_sha_256_of_the_canonical_bytes_as_documented(language: str) -> None:
    document = {
        "id": NOTICE_ID,
        "version": NOTICE_VERSION,
        "language": language,
        "text": list(text(language).notice.lines()),
    }
    plain = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert canonical(language) == plain
    assert text_hash(language) == hashlib.sha256(plain).hexdigest()
    assert text_hash(language) == text_hash(language)


def test_the_canonical_bytes_are_those_of_rfc_8785() -> None:
    import rfc8785

    for language in LANGUAGES:
        assert canonical(language) == rfc8785.dumps(json.loads(canonical(language)))


def test_every_language_has_a_hash_of_its_own() -> None:
    assert len({text_hash(language) for language in LANGUAGES}) == len(LANGUAGES)
    assert len({words_hash(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_each_letter_that_is_shown_counts(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text_hash("bg")
    raw = yaml.safe_load((copied / "bg.yaml").read_text("utf-8"))
    shown = [key for key, _ in leaves(raw) if key.startswith("notice.")]
    assert len(shown) == len(list(text("bg").notice.lines()))
    seen = {before}
    for key in shown:
        path = copied / "bg.yaml"
        path.write_text(yaml.safe_dump(with_a_letter(raw, key), allow_unicode=True, sort_keys=False), "utf-8")
        monkeypatch.setattr(hashing, "text", load(copied).__getitem__)
        seen.add(text_hash("bg"))
    assert len(seen) == len(shown) + 1


def with_a_letter(raw: dict[str, Any], key: str) -> dict[str, Any]:
    """The same texts with one letter more in one of them."""
    copy: dict[str, Any] = json.loads(json.dumps(raw))
    *way, last = key.split(".")
    at: Any = copy
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    index: Any = int(last) if isinstance(at, list) else last
    at[index] += "х"
    return copy


def test_two_paragraphs_that_change_places_are_another_text(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text_hash("nl")
    raw = yaml.safe_load((copied / "nl.yaml").read_text("utf-8"))
    raw["notice"]["sections"]["law"]["text"].reverse()
    (copied / "nl.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), "utf-8")
    monkeypatch.setattr(hashing, "text", load(copied).__getitem__)
    assert text_hash("nl") != before


def test_what_stands_beside_the_notice_has_a_hash_of_its_own(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notice, words = text_hash("ro"), words_hash("ro")
    raw = yaml.safe_load((copied / "ro.yaml").read_text("utf-8"))
    raw["topics"]["gez"] += "!"
    (copied / "ro.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), "utf-8")
    monkeypatch.setattr(hashing, "text", load(copied).__getitem__)
    assert text_hash("ro") == notice
    assert words_hash("ro") != words


def test_an_unknown_language_has_no_text_and_no_hash() -> None:
    for ask in (text, text_hash, words_hash, canonical):
        with pytest.raises(KeyError):
            ask("xx")
