"""An entry becomes leaves of one shape, and nothing but ids and codes gets in."""

import base64
import dataclasses
import json
import re
import time
from uuid import UUID, uuid4

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.canonical import canonical
from audit.entry import PER_LEAF, Entry, _check_codes, build

KEYS = {
    *("t", "act", "out", "actor", "party", "recipients", "case", "subject", "obj", "reason", "covenant", "purpose"),
    *("origin", "role", "session", "conference", "seen", "phase", "rnd"),
}

CODES = ("act", "party", "role", "phase", "reason", "purpose")
LISTS = ("obj", "seen")


def whole() -> Entry:
    return Entry(
        act="item.viewed",
        origin="socket",
        actor=uuid4(),
        party="politie",
        role="chair,process_coordinator",
        recipients=(uuid4(), uuid4()),
        session=uuid4(),
        case=uuid4(),
        conference=uuid4(),
        subject=uuid4(),
        obj=(f"item:{uuid4()}",),
        seen=("gez=identified", "period=2026-11"),
        phase="overleg",
        reason="consent",
        covenant="0.1-concept",
        purpose=str(uuid4()),
    )


def test_every_leaf_has_the_same_keys_null_when_empty() -> None:
    small = Entry(act="login.refused", origin="http", out="deny")
    for entry in (small, whole()):
        leaf = json.loads(build(entry)[0].leaf)
        assert set(leaf) == KEYS
    leaf = json.loads(build(small)[0].leaf)
    assert leaf["recipients"] == leaf["obj"] == leaf["seen"] == []
    told = {"t", "act", "out", "origin", "rnd", "recipients", "obj", "seen"}
    assert {key for key in KEYS if leaf[key] is None} == KEYS - told


def test_a_leaf_says_what_the_entry_said() -> None:
    entry = whole()
    leaf = json.loads(build(entry)[0].leaf)
    for field in ("act", "out", "origin", "party", "role", "phase", "reason", "covenant", "purpose"):
        assert leaf[field] == getattr(entry, field)
    for field in ("actor", "session", "case", "conference", "subject"):
        assert UUID(leaf[field]) == getattr(entry, field)
    assert [UUID(person) for person in leaf["recipients"]] == list(entry.recipients)
    assert tuple(leaf["obj"]) == entry.obj
    assert tuple(leaf["seen"]) == entry.seen
    assert abs(leaf["t"] / 1e6 - time.time()) < 5


ids = st.none() | st.uuids()
codes = st.none() | st.from_regex(r"[a-z0-9_][a-z0-9_-]{0,63}", fullmatch=True)
entries = st.builds(
    Entry,
    act=st.from_regex(r"[a-z][a-z_]{0,31}\.[a-z][a-z_]{0,31}", fullmatch=True),
    out=st.sampled_from(["permit", "deny", "error"]),
    origin=st.sampled_from(["http", "socket", "cli", "seed", "system"]),
    **dict.fromkeys(("actor", "session", "case", "conference", "subject"), ids),
    **dict.fromkeys(("party", "role", "phase", "reason", "purpose"), codes),
    covenant=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    recipients=st.lists(st.uuids(), max_size=5).map(tuple),
    obj=st.lists(st.uuids().map("item:{}".format), max_size=5).map(tuple),
    seen=st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,39}=[a-z0-9][a-z0-9_,.-]{0,63}", fullmatch=True)).map(tuple),
)


@given(entries)
def test_the_bytes_of_a_leaf_are_the_canonical_ones(entry: Entry) -> None:
    [built] = build(entry)
    leaf = json.loads(built.leaf)
    assert built.leaf == canonical(leaf) == rfc8785.dumps(leaf)


def test_each_leaf_has_sixteen_random_bytes_of_its_own() -> None:
    entry = whole()
    found = {json.loads(build(entry)[0].leaf)["rnd"] for _ in range(200)}
    assert len(found) == 200
    assert all(len(base64.urlsafe_b64decode(value + "==")) == 16 for value in found)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1100), st.integers(0, 1100))
def test_long_lists_are_split_over_leaves_that_fit_and_together_say_all(people: int, objects: int) -> None:
    recipients = tuple(UUID(int=number) for number in range(people))
    obj = tuple(f"{'o' * 32}:{UUID(int=number)}" for number in range(objects))
    pairs = tuple(f"{'s' * 40}={'v' * 64}" for _ in range(64))
    leaves = build(dataclasses.replace(whole(), recipients=recipients, obj=obj, seen=pairs))
    read = [json.loads(leaf.leaf) for leaf in leaves]
    assert all(len(leaf.leaf) <= 65_535 for leaf in leaves)
    pairs_told = sum(len(leaf["recipients"]) * len(leaf["obj"]) for leaf in read)
    assert pairs_told == people * objects
    assert {person for leaf in read for person in leaf["recipients"]} == {str(person) for person in recipients}
    assert {key for leaf in read for key in leaf["obj"]} == set(obj)


def test_the_usual_entry_is_one_leaf() -> None:
    assert len(build(whole())) == 1
    assert len(build(dataclasses.replace(whole(), obj=tuple(f"item:{uuid4()}" for _ in range(PER_LEAF))))) == 1


names = st.sampled_from(["A. Gent", "Jan de Vries", "Ömer", "jan jansen", "0612345678 bellen", "x\n", "naam: jan", ""])
free = names | st.text(max_size=80).filter(lambda text: not re.fullmatch("[a-z0-9_.,-]*", text))


@given(st.sampled_from(CODES), free)
def test_free_text_is_refused_in_every_code_and_not_repeated(field: str, text: str) -> None:
    with pytest.raises(ValueError, match="not a code") as caught:
        build(dataclasses.replace(whole(), **{field: text}))
    assert len(text) < 3 or text not in str(caught.value)


@pytest.mark.parametrize("value", [["politie"], {"politie": 1}, 7, True, b"politie", UUID(int=1)])
@pytest.mark.parametrize("field", CODES)
def test_what_is_no_text_is_no_code(field: str, value: object) -> None:
    build(whole())
    with pytest.raises(ValueError, match=r"not a code|must be texts"):
        build(dataclasses.replace(whole(), **{field: value}))


def test_only_good_codes_are_remembered_and_what_is_refused_is_refused_each_time() -> None:
    entry = dataclasses.replace(whole(), purpose=None)
    build(entry)
    kept = _check_codes.cache_info().currsize
    for field in (*CODES, "seen"):
        wrong = dataclasses.replace(entry, **{field: ("A. Gent",) if field == "seen" else "A. Gent"})
        for _ in range(2):
            with pytest.raises(ValueError, match="not a code"):
                build(wrong)
    assert _check_codes.cache_info().currsize == kept
    assert build(entry)[0].leaf != build(entry)[0].leaf, "what is remembered is the check, never a leaf"


@given(st.sampled_from(LISTS), names | st.text(max_size=80).filter(lambda text: "=" not in text and ":" not in text))
def test_free_text_is_refused_in_every_list(field: str, text: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        build(dataclasses.replace(whole(), **{field: (text,)}))


@pytest.mark.parametrize("text", ["item:jan", "item:", ":", f"Item:{UUID(int=1)}", f"item:{UUID(int=10**30)}x", 5])
def test_an_object_is_a_live_key(text: object) -> None:
    with pytest.raises(ValueError, match="obj"):
        build(dataclasses.replace(whole(), obj=(text,)))


@pytest.mark.parametrize("field", ["actor", "session", "case", "conference", "subject"])
@pytest.mark.parametrize("value", ["A. Gent", str(UUID(int=1)), 7])
def test_an_id_is_a_uuid_and_nothing_else(field: str, value: object) -> None:
    with pytest.raises(ValueError, match="UUID"):
        build(dataclasses.replace(whole(), **{field: value}))


def test_a_recipient_is_a_uuid_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="UUID"):
        build(dataclasses.replace(whole(), recipients=("A. Gent",)))


@pytest.mark.parametrize(
    ("field", "value"), [("out", "maybe"), ("origin", "phone"), ("act", "viewed"), ("act", "Item.viewed")]
)
def test_unknown_outcomes_origins_and_acts_are_refused(field: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"not known|not a code"):
        build(dataclasses.replace(whole(), **{field: value}))


def test_too_many_pairs_of_what_was_seen_are_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        build(dataclasses.replace(whole(), seen=("a=b",) * 65))


def test_a_covenants_version_in_free_words_stands_as_a_digest() -> None:
    leaf = json.loads(build(dataclasses.replace(whole(), covenant="Versie 2, met dank aan A. Gent"))[0].leaf)
    assert re.fullmatch("sha256:[0-9a-f]{32}", leaf["covenant"])
