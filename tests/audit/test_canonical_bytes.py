"""The bytes of a leaf are those that any strict RFC 8785 writer would give."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import canonical

text = st.text(st.characters(exclude_categories=["Cs"]))
whole = st.integers(-(2**53) + 1, 2**53 - 1)
keys = st.text(st.characters(codec="ascii"))
values = st.recursive(
    st.none() | st.booleans() | whole | text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(keys, values, max_size=8))
def test_our_bytes_are_those_of_the_reference(value: dict[str, object]) -> None:
    ours = canonical(value)  # type: ignore[arg-type]
    assert ours == rfc8785.dumps(value)  # type: ignore[arg-type]
    assert json.loads(ours) == value


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), "\ud800", b"bytes", {1: 2}, {"é": 1}, {"a": [1.5]}, {"a": {"b": {2}}}, (1,)],
)
def test_what_two_readers_could_read_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"canonical form|too large|ASCII|surrogates"):
        canonical({"value": value})  # type: ignore[dict-item]


def test_a_truth_value_is_not_written_as_a_number() -> None:
    assert canonical({"a": True, "b": 1}) == b'{"a":true,"b":1}'
