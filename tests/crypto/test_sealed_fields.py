"""A sealed field opens in its own place only."""

import secrets
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.crypto import KeyTrouble, Sealer

SCOPE = UUID("5a0b66aa-3f80-4df3-9f4f-0f1ddc54d2f1")
ROW = UUID("b2f7ad3b-9ad5-4a84-9d3f-1f4f5f4f9f00")
KEY = secrets.token_bytes(32)
PLACE = ("cases_item", ROW, "text")


def refused(sealer: Sealer, table: str, row: UUID, field: str, blob: bytes) -> str:
    with pytest.raises(KeyTrouble) as caught:
        sealer.open(table, row, field, blob)
    return caught.value.code


@given(plaintext=st.binary(max_size=5000), version=st.integers(1, 2**32 - 1), field=st.text(max_size=20))
def test_what_is_sealed_opens_again(plaintext: bytes, version: int, field: str) -> None:
    sealer = Sealer(SCOPE, version, KEY)
    blob = sealer.seal("cases_item", ROW, field, plaintext)
    assert sealer.open("cases_item", ROW, field, blob) == plaintext
    assert Sealer.version_of(blob) == version


@given(plaintext=st.binary(max_size=300))
def test_the_length_of_a_blob_tells_only_the_step_of_64(plaintext: bytes) -> None:
    blob = Sealer(SCOPE, 1, KEY).seal(*PLACE, plaintext)
    assert len(blob) == 33 + (len(plaintext) // 64 + 1) * 64


def test_the_same_text_twice_gives_different_blobs() -> None:
    sealer = Sealer(SCOPE, 1, KEY)
    assert sealer.seal(*PLACE, b"x") != sealer.seal(*PLACE, b"x")


def test_a_blob_moved_to_another_row_field_or_table_is_refused() -> None:
    sealer = Sealer(SCOPE, 1, KEY)
    blob = sealer.seal(*PLACE, b"secret")
    assert refused(sealer, "cases_item", uuid4(), "text", blob) == "seal_broken"
    assert refused(sealer, "cases_item", ROW, "basis", blob) == "seal_broken"
    assert refused(sealer, "cases_case", ROW, "text", blob) == "seal_broken"


def test_the_border_between_table_and_field_cannot_be_shifted() -> None:
    sealer = Sealer(SCOPE, 1, KEY)
    blob = sealer.seal("ab", ROW, "c", b"secret")
    assert refused(sealer, "a", ROW, "bc", blob) == "seal_broken"


def test_a_blob_of_another_scope_is_refused_under_the_same_key() -> None:
    blob = Sealer(SCOPE, 1, KEY).seal(*PLACE, b"secret")
    assert refused(Sealer(uuid4(), 1, KEY), *PLACE, blob) == "seal_broken"


def test_a_blob_of_another_key_version_is_refused_even_when_its_number_is_rewritten() -> None:
    blob = Sealer(SCOPE, 1, KEY).seal(*PLACE, b"secret")
    later = Sealer(SCOPE, 2, KEY)
    assert refused(later, *PLACE, blob) == "seal_broken"
    assert refused(later, *PLACE, blob[:1] + (2).to_bytes(4, "big") + blob[5:]) == "seal_broken"


def test_a_blob_of_another_key_is_refused() -> None:
    blob = Sealer(SCOPE, 1, KEY).seal(*PLACE, b"secret")
    assert refused(Sealer(SCOPE, 1, secrets.token_bytes(32)), *PLACE, blob) == "seal_broken"


@given(place=st.integers(0, 96), change=st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    sealer = Sealer(SCOPE, 1, KEY)
    blob = bytearray(sealer.seal(*PLACE, b"secret"))
    blob[place] ^= change
    assert refused(sealer, *PLACE, bytes(blob)) == "seal_broken"


@given(garbage=st.binary(max_size=300))
def test_garbage_is_refused(garbage: bytes) -> None:
    assert refused(Sealer(SCOPE, 1, KEY), *PLACE, garbage) == "seal_broken"


@given(cut=st.integers(0, 160))
def test_a_cut_blob_is_refused(cut: int) -> None:
    sealer = Sealer(SCOPE, 1, KEY)
    blob = sealer.seal(*PLACE, bytes(100))
    assert refused(sealer, *PLACE, blob[:cut]) == "seal_broken"


def test_a_plaintext_that_was_put_in_the_database_is_not_taken_for_genuine() -> None:
    assert refused(Sealer(SCOPE, 1, KEY), *PLACE, b"Jan met de pet, " * 10) == "seal_broken"


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(SCOPE, 1, b"short")


def test_printing_a_sealer_shows_no_key() -> None:
    shown = repr(Sealer(SCOPE, 1, KEY))
    assert KEY.hex() not in shown
    assert str(KEY) not in shown
