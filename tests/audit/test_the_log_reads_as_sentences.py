"""A leaf is told as a Dutch (or English) sentence that a privacy officer understands."""

import dataclasses
import json
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from audit import words
from audit.entry import Entry, build
from audit.sentences import Labels, Sentence, joined, sentence

GENT, EGELEIDER, VOORZITTER, EILIG, ORG = (UUID(int=number) for number in range(1, 6))
STRANGER = UUID(int=99)
KIEVIT, FIRST = UUID(int=20), UUID(int=30)

LABELS = Labels(
    people={
        str(GENT): "A. Gent",
        str(EGELEIDER): "B. Egeleider",
        str(VOORZITTER): "V. Oorzitter",
        str(EILIG): "V. Eilig",
        str(ORG): "Z. Org",
    },
    parties={
        "politie": "politie",
        "kwintes": "Kwintes",
        "zvh_procesregie": "procesregie",
        "veilig_thuis": "Veilig Thuis",
        "zorgcoordinator": "zorgcoördinator",
    },
    cases={str(KIEVIT): "KIEVIT"},
    subjects={str(FIRST): "betrokkene 1"},
    categories={"gez": "gezondheid", "pol": "politiegegevens", "prc": "proces", "hlp": "hulp"},
)


def told(language: str = "nl", **fields: object) -> Sentence:
    entry = Entry(**{"act": "case.viewed", "origin": "http", **fields})  # type: ignore[arg-type]
    with translation.override(language):
        return sentence(json.loads(build(entry)[0].leaf), LABELS)


def keys(kind: str, count: int = 1) -> tuple[str, ...]:
    return tuple(f"{kind}:{UUID(int=1000 + number)}" for number in range(count))


PUSH = {
    "act": "conference.pushed",
    "origin": "socket",
    "party": "politie",
    "recipients": (GENT, *(UUID(int=number) for number in range(50, 54))),
    "case": KIEVIT,
    "obj": keys("minutes"),
    "seen": ("prc=pseudonymised",),
    "phase": "overleg",
    "reason": "covenant",
}

PUSH_LINE = "convenant · proces, fase overleg"
GONE = "iemand die niet meer bekend is"

TABLE = [
    (
        PUSH,
        "A. Gent (politie) en nog 4 personen zagen een nieuw blok verslag.",
        f"KIEVIT · met pseudoniem · {PUSH_LINE}",
    ),
    (
        {**PUSH, "recipients": (GENT, VOORZITTER), "obj": keys("decision", 2)},
        "A. Gent (politie) en nog 1 persoon zagen 2 besluiten.",
        f"KIEVIT · met pseudoniem · {PUSH_LINE}",
    ),
    (
        {
            **PUSH,
            "recipients": (GENT,),
            "obj": keys("decision") + keys("action", 2),
            "seen": ("prc=identified", "hlp=pseudonymised"),
        },
        "A. Gent (politie) zag een nieuw besluit en 2 acties.",
        "KIEVIT · deels met naam, deels met pseudoniem · convenant · proces, hulp, fase overleg",
    ),
    (
        {
            "act": "case.viewed",
            "out": "deny",
            "actor": EGELEIDER,
            "party": "kwintes",
            "case": KIEVIT,
            "obj": keys("item"),
            "seen": ("pol=none",),
            "reason": "not_in_covenant",
        },
        "B. Egeleider (Kwintes) vroeg om politiegegevens en kreeg niets.",
        "KIEVIT · geweigerd · het convenant geeft die niet aan Kwintes",
    ),
    (
        {"act": "decision.adopted", "actor": VOORZITTER, "party": "zvh_procesregie", "obj": keys("decision")},
        "V. Oorzitter (procesregie) stelde een besluit vast.",
        "",
    ),
    (
        {
            "act": "item.viewed",
            "actor": EILIG,
            "party": "veilig_thuis",
            "subject": FIRST,
            "obj": keys("item"),
            "seen": ("gez=identified",),
            "reason": "exception",
        },
        "V. Eilig (Veilig Thuis) zag gezondheid van betrokkene 1 met een uitzondering.",
        "met naam · uitzondering · gezondheid",
    ),
    (
        {"act": "consent.given", "actor": ORG, "party": "zorgcoordinator", "subject": FIRST, "case": KIEVIT},
        "Z. Org (zorgcoördinator) legde toestemming vast van betrokkene 1.",
        "KIEVIT",
    ),
    (
        {"act": "decision.proposed", "actor": VOORZITTER, "party": "zvh_procesregie", "subject": FIRST},
        "V. Oorzitter (procesregie) stelde een besluit voor over betrokkene 1.",
        "",
    ),
    (
        {"act": "subject.registered", "actor": GENT, "party": "politie", "subject": FIRST},
        "A. Gent (politie) registreerde een betrokkene: betrokkene 1.",
        "",
    ),
    (
        {"act": "export.made", "actor": VOORZITTER, "subject": FIRST, "seen": ("gez=identified", "receiver=politie")},
        "V. Oorzitter maakte een besluitenlijst over betrokkene 1 voor politie.",
        "met naam · gezondheid",
    ),
    (
        {"act": "decision.adopted", "out": "deny", "actor": GENT, "party": "politie", "reason": "role_party"},
        "A. Gent (politie) wilde een besluit vaststellen en dat mocht niet.",
        "geweigerd · deze rol hoort bij procesregie",
    ),
    (
        {"act": "export.made", "out": "error", "actor": VOORZITTER},
        "V. Oorzitter wilde een besluitenlijst maken en dat lukte niet.",
        "",
    ),
    (
        {"act": "login.refused", "out": "deny", "reason": "wrong_credentials"},
        "Iemand wilde inloggen en dat mocht niet.",
        "geweigerd · naam of wachtwoord klopte niet",
    ),
    (
        {"act": "person.created", "origin": "cli", "obj": (f"person:{GENT}",)},
        "De beheerder van de server maakte het account van A. Gent.",
        "",
    ),
    (
        {"act": "person.disabled", "actor": ORG, "obj": (f"person:{STRANGER}",)},
        f"Z. Org zette het account van {GONE} uit.",
        "",
    ),
    ({"act": "person.disabled", "actor": ORG}, "Z. Org zette het account van iemand uit.", ""),
    (
        {"act": "case.viewed", "actor": STRANGER, "party": "politie", "obj": keys("case")},
        f"{GONE.capitalize()} (politie) zag een casus.",
        "",
    ),
    (
        {"act": "conference.viewed", "recipients": (GENT,), "party": "politie"},
        "A. Gent (politie) zag het overleg.",
        "",
    ),
    (
        {"act": "case.viewed", "actor": GENT, "obj": keys("item"), "seen": ("prc=identified",)},
        "A. Gent zag een gegeven.",
        "met naam · proces",
    ),
    ({"act": "case.viewed", "origin": "system"}, "Het systeem zag iets.", ""),
    (
        {"act": "moon.landed", "actor": GENT, "party": "gemeente_x"},
        "A. Gent (gemeente x) deed “moon.landed”.",
        "",
    ),
    (
        {"act": "moon.landed", "out": "deny", "actor": GENT, "reason": "too_far"},
        "A. Gent wilde “moon.landed” en dat mocht niet.",
        "geweigerd · too_far",
    ),
    ({"act": "log.read", "actor": ORG}, "Z. Org las het logboek.", ""),
    (
        {"act": "consent.expired", "origin": "system", "subject": FIRST},
        "Toestemming verliep van betrokkene 1.",
        "",
    ),
]


@pytest.mark.parametrize(("fields", "text", "line"), TABLE, ids=[row[1] for row in TABLE])
def test_it_is_told_like_this(fields: dict[str, object], text: str, line: str) -> None:
    found = told(**fields)
    assert (found.text, found.line) == (text, line)


def test_the_same_in_english() -> None:
    assert told("en", **PUSH).text == "A. Gent (politie) and 4 more persons saw a new minutes block."
    refusal = told("en", act="decision.adopted", out="deny", actor=GENT, reason="not_involved", party="politie")
    assert refusal.text == "A. Gent (politie) wanted to adopt a decision, and that was refused."
    assert refusal.line == "refused · politie is not involved in this case"


def test_the_name_that_is_set_in_bold_is_told_apart() -> None:
    assert told(**PUSH).who == "A. Gent"
    assert told(act="socket.cut", actor=GENT).who == ""


@pytest.mark.parametrize(
    ("fields", "icon"),
    [
        ({"act": "case.viewed", "out": "deny"}, "ban"),
        ({"act": "case.viewed", "out": "error"}, "alert-triangle"),
        ({"act": "case.viewed", "reason": "exception"}, "alert-triangle"),
        ({"act": "case.viewed"}, "eye"),
        ({"act": "decision.adopted"}, "gavel"),
        ({"act": "moon.landed"}, "info-circle"),
    ],
)
def test_each_row_has_a_shape_of_its_own_besides_its_words(fields: dict[str, object], icon: str) -> None:
    found = told(**fields)
    assert found.icon == icon
    assert found.refused == (fields.get("out") == "deny")


def test_every_act_has_dutch_words_and_an_icon_that_exists() -> None:
    from conference.settings import ROOT

    for act, deed in words.DEEDS.items():
        for text in (deed.told, deed.wish):
            with translation.override("en"):
                english = str(text)
            with translation.override("nl"):
                assert str(text) != english, act
        assert (ROOT / "frontend" / "icons" / f"{deed.icon}.svg").exists(), act


def test_every_reason_and_thing_has_dutch_words() -> None:
    tables = [words.REASONS, words.LEVELS, words.NOBODY, words.NEW_THINGS]
    texts = [text for table in tables for text in table.values()]
    texts += [text for pair in words.THINGS.values() for text in pair]
    for text in texts:
        with translation.override("en"):
            english = str(text)
        with translation.override("nl"):
            assert str(text) != english, english


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (["a", "b", "c"], "a, b en c")]
)
def test_phrases_are_joined_as_people_write(parts: list[str], text: str) -> None:
    with translation.override("nl"):
        assert joined(parts) == text


acts = st.sampled_from(sorted({*words.DEEDS, *words.VIEWS, "moon.landed"}))
people = st.sampled_from([None, GENT, STRANGER])


@given(
    act=acts,
    out=st.sampled_from(["permit", "deny", "error"]),
    origin=st.sampled_from(["http", "socket", "cli", "seed", "system"]),
    actor=people,
    party=st.sampled_from([None, "politie", "unknown_party"]),
    recipients=st.lists(st.uuids(), max_size=3).map(tuple),
    case=st.sampled_from([None, KIEVIT, STRANGER]),
    subject=st.sampled_from([None, FIRST, STRANGER]),
    obj=st.lists(st.sampled_from(["item", "minutes", "person", "comet"]), max_size=4).map(
        lambda kinds: tuple(f"{kind}:{UUID(int=7)}" for kind in kinds)
    ),
    seen=st.lists(st.sampled_from(["gez=identified", "prc=pseudonymised", "xyz=none"]), max_size=3).map(tuple),
    reason=st.sampled_from([None, "too_far", *words.REASONS]),
    phase=st.sampled_from([None, "overleg"]),
    language=st.sampled_from(["nl", "en"]),
)
def test_whatever_stands_in_a_leaf_can_be_told(language: str, **fields: object) -> None:
    found = told(language, **fields)
    assert found.text.endswith(".")
    assert "%(" not in found.text + found.line
    assert "None" not in found.text + found.line


def test_a_leaf_of_another_outcome_keeps_its_words_apart_from_its_reason() -> None:
    entry = Entry(act="case.viewed", origin="http", actor=GENT, obj=keys("case"))
    permitted, denied = (dataclasses.replace(entry, out=out) for out in ("permit", "deny"))
    with translation.override("nl"):
        texts = [sentence(json.loads(build(one)[0].leaf), LABELS).text for one in (permitted, denied)]
    assert texts == ["A. Gent zag een casus.", "A. Gent vroeg om een casus en kreeg niets."]
