"""Checkpoints: three lines, each value in one writing."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tree.checkpoints import Checkpoint
from audit.tree.notes import Note, NoteError, Signer, sign

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
GOOD = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"  # the specification's example

origins = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


def test_the_specifications_example_is_read() -> None:
    found = Checkpoint.parse(GOOD)
    assert found == Checkpoint("example.com/behind-the-sofa", 20852163, base64.b64decode(ROOT))
    assert found.body() == GOOD


def test_the_largest_size_is_read() -> None:
    text = GOOD.replace("20852163", str(2**63 - 1))
    assert Checkpoint.parse(text).size == 2**63 - 1


@given(origins, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back_as_it_was_written(origin: str, size: int, root: bytes) -> None:
    made = Checkpoint(origin, size, root)
    signed = sign(made.body(), [Signer("log", b"s" * 32)])
    assert Checkpoint.parse(Note.parse(signed).text) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD + "extension\n",
        "\n" + GOOD,
        GOOD.replace("example.com/behind-the-sofa", ""),
        GOOD.replace("sofa", "so\x00fa"),
        GOOD.replace("sofa", "so\ud800fa"),
        GOOD.replace("20852163", ""),
        GOOD.replace("20852163", "020852163"),
        GOOD.replace("20852163", "+20852163"),
        GOOD.replace("20852163", "-1"),
        GOOD.replace("20852163", "-0"),
        GOOD.replace("20852163", " 20852163"),
        GOOD.replace("20852163", "20852163 "),
        GOOD.replace("20852163", "20_852_163"),
        GOOD.replace("20852163", "2e7"),
        GOOD.replace("20852163", "\u0662"),  # a digit, but no ASCII one
        GOOD.replace("20852163", str(2**63)),
        GOOD.replace("20852163", "9" * 30),
        GOOD.replace("q2I=", "q2J="),  # the same bytes for a lenient reader
        GOOD.replace("q2I=", "q2I"),
        GOOD.replace("q2I=", "q2I=="),
        GOOD.replace("Xajj", "Xa\njj"),
        GOOD.replace("Xajj", "Xa jj"),
        GOOD.replace("/Xajj", "_Xajj"),
        GOOD.replace(ROOT, ""),
        GOOD.replace(ROOT, "AAAA"),
        GOOD.replace(ROOT, base64.b64encode(bytes(33)).decode()),
        GOOD.replace("\n", "\r\n"),
    ],
    ids=range(31),
)
def test_every_other_writing_is_refused(text: str) -> None:
    assert text != GOOD
    with pytest.raises(NoteError) as refused:
        Checkpoint.parse(text)
    assert refused.value.code == "malformed"


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 1, bytes(32)),
        ("a\nb", 1, bytes(32)),
        ("a\tb", 1, bytes(32)),
        ("a", -1, bytes(32)),
        ("a", 2**63, bytes(32)),
        ("a", 1, b""),
    ],
    ids=range(6),
)
def test_what_no_text_can_say_is_no_checkpoint(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(ValueError, match=r"checkpoint|origin"):
        Checkpoint(origin, size, root)
