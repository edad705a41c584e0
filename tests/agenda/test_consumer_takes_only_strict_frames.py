"""What a client may send, to the letter, and how much of it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.intake import LARGEST, Bucket, MalformedError, parse
from agenda.protocol import CommandFrame, Hello, HelloFrame, SeenFrame

ID = "7ed402c5-4ca5-43e7-9d76-d4f6703729bd"  # fixed: parallel workers must collect the same tests
COMMAND = {"id": ID, "do": "minutes.write", "expect": None, "with": {"text": "besproken"}}


def test_the_three_kinds_of_frame_are_told_apart() -> None:
    assert parse('{"hello": {"protocol": 1}}') == HelloFrame(Hello(1))
    assert parse('{"seen": 12}') == SeenFrame(12)
    assert parse(' {"seen" : 12 } ') == SeenFrame(12)
    command = parse(json.dumps(COMMAND))
    assert isinstance(command, CommandFrame)
    assert (str(command.id), command.do, bytes(command.with_)) == (ID, "minutes.write", b'{"text": "besproken"}')


def test_a_command_may_leave_out_what_it_expects() -> None:
    assert isinstance(parse(json.dumps({"id": ID, "do": "decision.adopt", "with": {}})), CommandFrame)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "1",
        '"seen"',
        "{}",
        "{",
        '{"seen": 1} {"seen": 2}',
        '{"seen": -1}',
        '{"seen": 1.5}',
        '{"seen": true}',
        '{"seen": "1"}',
        '{"seen": 01}',
        '{"seen": ' + "9" * 5000 + "}",
        '{"seen": 1, "seen": 2}',
        '{"seen": 1, "hello": {"protocol": 1}}',
        '{"hello": {}}',
        '{"hello": {"protocol": 2}}',
        '{"hello": {"protocol": 1, "more": 1}}',
        '{"hello": {"protocol": 1}, "id": 1}',
        '{"seen": NaN}',
        '{"seen": Infinity}',
        "[" * 20_000,
        '{"a":' * 8_000,
        "\ud800",
        json.dumps(COMMAND | {"more": 1}),
        json.dumps(COMMAND | {"id": "no-uuid"}),
        json.dumps(COMMAND | {"id": 7}),
        json.dumps(COMMAND | {"do": "x" * 61}),
        json.dumps(COMMAND | {"do": None}),
        json.dumps(COMMAND | {"expect": 3}),
        json.dumps(COMMAND | {"expect": "x" * 65}),
        json.dumps({key: value for key, value in COMMAND.items() if key != "with"}),
        json.dumps(COMMAND | {"with": {"text": "nul \x00"}}),
        json.dumps(COMMAND | {"with": {"text": "half \ud83d"}}),
        json.dumps(COMMAND | {"with": {"nul \x00": 1}}),
        json.dumps(COMMAND | {"with": {"a": float("nan")}}),
        json.dumps(COMMAND | {"with": {"a": [[[[[[[[[[1]]]]]]]]]]}}),
        json.dumps(COMMAND)[:-1] + ', "id": "' + ID + '"}',
        json.dumps(COMMAND)[:-1] + ', "with": {}}',
        json.dumps(COMMAND).replace('"text"', '"text": 1, "text"'),
        json.dumps(COMMAND | {"with": {"text": "x" * LARGEST}}),
        json.dumps(COMMAND | {"with": {"text": "é" * (LARGEST // 2)}}, ensure_ascii=False),
    ],
)
def test_anything_else_is_malformed(text: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse(text)
    assert str(caught.value) == ""
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_hostile_texts_that_a_screen_can_hold_are_taken_as_they_are() -> None:
    text = "<script>alert(1)</script> =1+1 \u202eomgekeerd\u202c 😀 {subject:x} \\ ' \" %s"
    command = parse(json.dumps(COMMAND | {"with": {"text": text}}))
    assert isinstance(command, CommandFrame)
    assert json.loads(bytes(command.with_)) == {"text": text}


@given(st.text())
def test_no_text_whatever_makes_a_traceback(text: str) -> None:
    with contextlib.suppress(MalformedError):
        parse(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["hello", "seen", "id", "do", "with"]), inner),
    )
)
def test_no_json_whatever_makes_a_traceback(value: object) -> None:
    with contextlib.suppress(MalformedError):
        parse(json.dumps(value))


def test_twenty_commands_at_once_pass_and_the_next_does_not() -> None:
    bucket = Bucket(20, 22, lambda: 0.0)
    assert [bucket.take() for _ in range(21)] == [True] * 20 + [False]


def test_twenty_a_second_pass_for_ever_also_when_they_come_in_bunches() -> None:
    now = [0.0]
    bucket = Bucket(20, 22, lambda: now[0])
    for _ in range(60):
        assert all(bucket.take() for _ in range(10))
        now[0] += 0.5


def test_forty_a_second_do_not_pass() -> None:
    now = [0.0]
    bucket = Bucket(20, 22, lambda: now[0])
    taken = []
    for _ in range(80):
        taken.append(bucket.take())
        now[0] += 1 / 40
    assert not all(taken)
