"""The root key on paper."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.crypto import KeyTrouble, recovery

keys = st.binary(min_size=32, max_size=32)
versions = st.integers(1, 65535)


@given(version=versions, key=keys)
def test_what_was_printed_can_be_typed_back(version: int, key: bytes) -> None:
    assert recovery.parse(recovery.printable(version, key)) == (version, key)


def test_it_is_sixteen_groups_of_four_without_letters_that_look_alike() -> None:
    text = recovery.printable(1, secrets.token_bytes(32))
    groups = text.split("-")
    assert [len(group) for group in groups] == [4] * 16
    assert not set("ILOU") & set(text)


@given(version=versions, key=keys)
def test_small_letters_spaces_and_look_alikes_are_understood(version: int, key: bytes) -> None:
    text = recovery.printable(version, key)
    typed = "  " + text.lower().replace("-", " ").replace("0", "o").replace("1", "l") + "\n"
    assert recovery.parse(typed) == (version, key)


@given(key=keys, place=st.integers(0, 63), letter=st.sampled_from(recovery.ALPHABET))
def test_one_wrong_character_is_noticed(key: bytes, place: int, letter: str) -> None:
    plain = recovery.printable(1, key).replace("-", "")
    typed = plain[:place] + letter + plain[place + 1 :]
    if typed == plain:
        return
    with pytest.raises(KeyTrouble) as caught:
        recovery.parse(typed)
    assert caught.value.code == "key_unreadable"


@pytest.mark.parametrize("typed", ["", "A", "0000" * 16, "U" * 64, "é" * 64, "0" * 65])
def test_what_is_no_recovery_key_is_refused_by_name(typed: str) -> None:
    with pytest.raises(KeyTrouble) as caught:
        recovery.parse(typed)
    assert caught.value.code == "key_unreadable"


def test_a_later_format_is_refused() -> None:
    body = b"\x02" + (1).to_bytes(2, "big") + bytes(32)
    number = int.from_bytes(body + recovery._checksum(body), "big")
    text = "".join(recovery.ALPHABET[number >> shift & 31] for shift in range(315, -1, -5))
    with pytest.raises(KeyTrouble):
        recovery.parse(text)
