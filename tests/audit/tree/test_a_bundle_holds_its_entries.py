"""Bundles of entries: lengths in 16 bits, filled exactly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.bundles import BundleError, pack, unpack

some = st.lists(st.binary(max_size=300), max_size=40)


@given(some)
def test_entries_come_back_as_they_were_packed(entries: list[bytes]) -> None:
    assert unpack(pack(entries)) == entries


@given(st.binary(max_size=60))
def test_bytes_are_one_bundle_or_none(raw: bytes) -> None:
    try:
        entries = unpack(raw)
    except BundleError:
        return
    assert pack(entries) == raw


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=20), min_size=1, max_size=6))
def test_a_bundle_that_is_cut_short_is_refused_unless_an_entry_ends_there(entries: list[bytes]) -> None:
    raw = pack(entries)
    ends = {len(pack(entries[:count])) for count in range(len(entries) + 1)}
    for at in range(len(raw)):
        if at in ends:
            assert pack(unpack(raw[:at])) == raw[:at]
        else:
            with pytest.raises(BundleError, match="malformed"):
                unpack(raw[:at])


def test_the_length_is_big_endian_and_reaches_65535_bytes() -> None:
    assert pack([b"ab", b""]) == b"\x00\x02ab\x00\x00"
    long = b"x" * 0xFFFF
    assert pack([long])[:2] == b"\xff\xff"
    assert unpack(pack([long] * 2)) == [long] * 2
    with pytest.raises(BundleError) as refused:
        pack([long + b"x"])
    assert refused.value.code == "entry_too_long"


def test_a_bundle_holds_no_more_than_a_tile_hashes() -> None:
    assert unpack(pack([b""] * 256)) == [b""] * 256
    with pytest.raises(BundleError, match="too_many_entries"):
        pack([b""] * 257)
    with pytest.raises(BundleError, match="too_many_entries"):
        unpack(b"\0\0" * 257)
