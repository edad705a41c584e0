"""Signed notes: what others published verifies, what we write comes back, and no byte changes unseen."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.errors import TreeError
from audit.tree.notes import COSIGNATURE, ED25519, Note, NoteError, Signature, Signer, Verifier, sign

LOG = Signer("casustafel/proef/2026", b"l" * 32)
WITNESS = Signer("getuige.example/proef", b"w" * 32, COSIGNATURE)
TEXT = "casustafel/proef/2026\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
NOW = 1_800_000_000
NOTE = sign(TEXT, [LOG, WITNESS], NOW)


def _code(raw: bytes, *keys: Verifier) -> str | None:
    try:
        note = Note.parse(raw)
        for key in keys:
            note.verify(key)
    except TreeError as error:
        return error.code
    return None


# --- vectors that others published ----------------------------------------------------

# The example of Go's golang.org/x/mod/sumdb/note, with its private key.
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_NOTE = (
    PETER_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of C2SP signed-note.
FOO_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# A checkpoint of a public log in 2026, signed by the log and cosigned by public witnesses.
ARCHE_KEY = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
REMORA_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
ARCHE_NOTE = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501  as published


@pytest.mark.parametrize(
    ("note", "key", "time"),
    [
        (PETER_NOTE, PETER_KEY, None),
        (FOO_NOTE, FOO_KEY, None),
        (ARCHE_NOTE, ARCHE_KEY, None),
        (ARCHE_NOTE, REMORA_KEY, 0x6A122120),
    ],
    ids=["go", "c2sp", "log", "witness"],
)
def test_what_others_signed_verifies(note: str, key: str, time: int | None) -> None:
    parsed = Note.parse(note.encode())
    assert parsed.raw == note.encode()
    assert parsed.verify(Verifier.parse(key)) == time
    assert Verifier.parse(key).vkey == key
    changed = Note(parsed.text.replace("e", "f", 1), parsed.signatures)
    with pytest.raises(NoteError, match="bad_signature"):
        changed.verify(Verifier.parse(key))


def test_what_another_program_signs_with_a_key_we_sign_alike() -> None:
    seed = base64.b64decode(PETER_SECRET)[1:]
    signer = Signer("PeterNeumann", seed)
    assert signer.vkey == PETER_KEY
    assert sign(PETER_TEXT, [signer]) == PETER_NOTE.encode()


def test_the_specifications_poem_keeps_its_empty_line() -> None:
    poem = (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        "— quasimodo.example/salvatore "
        "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
    ).encode()
    note = Note.parse(poem)
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert note.raw == poem


# --- writing and reading --------------------------------------------------------------

lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
texts = st.lists(lines, min_size=1, max_size=6).map(lambda some: "\n".join(some) + "\n")
names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"), min_size=1, max_size=20)
seeds = st.binary(min_size=32, max_size=32)


@settings(max_examples=100, deadline=None)
@given(texts, names, seeds, names, seeds, st.integers(0, 2**63 - 1))
def test_a_note_comes_back_as_it_was_written(
    text: str, log: str, log_seed: bytes, witness: str, seed: bytes, now: int
) -> None:
    signers = [Signer(log, log_seed), Signer(witness, seed, COSIGNATURE)]
    raw = sign(text, signers, now)
    note = Note.parse(raw)
    assert (note.text, note.raw) == (text, raw)
    assert [note.verify(Verifier.parse(one.vkey)) for one in signers] == [None, now]


def test_a_cosignature_is_over_its_time_and_the_text() -> None:
    """As tlog-cosignature writes it: 8 bytes of time, then Ed25519 over "cosignature/v1", the time and the text."""
    (line,) = (one for one in NOTE.decode().splitlines() if one.startswith(f"— {WITNESS.name} "))
    raw = base64.b64decode(line.split(" ")[2])
    assert raw[:4] == WITNESS.verifier.key_id
    assert int.from_bytes(raw[4:12], "big") == NOW
    plain = Signer("x", WITNESS.seed).line(f"cosignature/v1\ntime {NOW}\n{TEXT}")
    assert base64.b64decode(plain.split(" ")[2])[4:] == raw[12:]


def test_a_key_has_another_id_for_another_name_and_for_another_use() -> None:
    ids = {Signer(name, b"s" * 32, kind).verifier.key_id for name in ("a", "b") for kind in (ED25519, COSIGNATURE)}
    assert len(ids) == 4


def test_a_line_added_later_is_under_the_same_text() -> None:
    raw = sign(TEXT, [LOG]) + WITNESS.line(TEXT, NOW).encode()
    assert raw == NOTE


def test_a_key_that_signed_twice_tells_its_last_time_and_both_must_hold() -> None:
    earlier, later = WITNESS.line(TEXT, NOW - 60), WITNESS.line(TEXT, NOW)
    assert Note.parse(f"{TEXT}\n{later}{earlier}".encode()).verify(WITNESS.verifier) == NOW
    other = WITNESS.line(TEXT.replace("5", "6"), NOW)
    assert _code(f"{TEXT}\n{later}{other}".encode(), WITNESS.verifier) == "bad_signature"


def test_lines_of_strangers_are_left_aside() -> None:
    strangers = [
        Signer("vreemd.example", b"x" * 32).line(TEXT),
        Signer(LOG.name, b"x" * 32).line(TEXT),  # the log's name with another key
        f"— {WITNESS.name} {base64.b64encode(bytes(4 + 2420)).decode()}\n",  # a kind of key of the future
    ]
    raw = NOTE + "".join(strangers).encode()
    assert _code(raw, LOG.verifier, WITNESS.verifier) is None
    assert _code(raw, Signer("vreemd.example", b"y" * 32).verifier) == "unsigned"


def test_a_seed_is_not_printed() -> None:
    assert "llll" not in repr(LOG)
    assert repr(b"l" * 32) not in repr(LOG)


# --- damage ---------------------------------------------------------------------------


def test_no_bit_of_a_note_changes_unseen() -> None:
    for at in range(len(NOTE)):
        for bit in range(8):
            changed = bytes([*NOTE[:at], NOTE[at] ^ 1 << bit, *NOTE[at + 1 :]])
            assert _code(changed, LOG.verifier, WITNESS.verifier) is not None, (at, bit)


def test_no_byte_of_a_note_goes_or_comes_unseen() -> None:
    for at in range(len(NOTE)):
        assert _code(NOTE[:at] + NOTE[at + 1 :], LOG.verifier, WITNESS.verifier) is not None, at
        assert _code(NOTE[:at], LOG.verifier, WITNESS.verifier) is not None, at
    for at in range(len(NOTE) + 1):
        for more in (b"\n", b" ", b"A", b"=", b"\r", b"\0", "é".encode()):
            assert _code(NOTE[:at] + more + NOTE[at:], LOG.verifier, WITNESS.verifier) is not None, (at, more)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        TEXT.encode() + b"\n",
        NOTE + b"\n",
        NOTE[:-1],
        b"\xef\xbb\xbf"[:2] + NOTE,
        NOTE.replace(b"\n", b"\r\n"),
        NOTE.replace("— ".encode(), b"- "),
        NOTE.replace("— ".encode(), "—  ".encode()),
        NOTE.replace(b"=\n", b"\n"),
        f"{TEXT}\n— naam AAAA\n".encode(),
        f"{TEXT}\n— naam AAAAAA==\n".encode(),
        f"{TEXT}\n— naam AAAAAB==\n".encode(),
        f"{TEXT}\n— naam AAAAAAB=\n".encode(),
        f"{TEXT}\n— na+am AAAAAAA=\n".encode(),
        f"{TEXT}\n— na\u00a0am AAAAAAA=\n".encode(),
        f"{TEXT}\n—  AAAAAAA=\n".encode(),
        f"{TEXT}\n— naam  AAAAAAA=\n".encode(),
        f"{TEXT}\n— naam AAAA-_A=\n".encode(),
        f"{TEXT}\n— naam AAAAAAA= \n".encode(),
        f"{TEXT}\n".encode() + LOG.line(TEXT).encode() * 101,
        b"x" * 1_000_000 + NOTE,
    ],
    ids=range(24),
)
def test_what_is_no_note_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteError) as refused:
        Note.parse(raw)
    assert refused.value.code == "malformed"


def test_a_note_of_exactly_the_largest_size_is_accepted() -> None:
    text = "x" * (1_000_000 - len(sign("\n", [LOG]))) + "\n"
    assert len(sign(text, [LOG])) == 1_000_000
    assert _code(sign(text, [LOG]), LOG.verifier) is None
    assert _code(sign("x" + text, [LOG]), LOG.verifier) == "malformed"
    assert _code(sign(TEXT, [LOG] * 100), LOG.verifier) is None
    assert _code(sign(TEXT, [LOG] * 101), LOG.verifier) == "malformed"


def test_sixteen_signatures_are_accepted() -> None:
    signers = [Signer(f"log{at}", bytes([at]) * 32) for at in range(16)]
    assert _code(sign(TEXT, signers), *(one.verifier for one in signers)) is None


def test_a_signature_of_another_length_is_refused() -> None:
    for signer in (LOG, WITNESS):
        for size in (0, 63, 64, 65, 71, 72, 73):
            raw = bytes(size)
            with pytest.raises(NoteError, match="bad_signature"):
                signer.verifier.verify(TEXT, raw)


def test_a_time_beyond_what_the_specification_allows_is_refused() -> None:
    good = Signature.parse(WITNESS.line(TEXT, 2**63 - 1)[:-1])
    assert WITNESS.verifier.verify(TEXT, good.raw) == 2**63 - 1
    plain = Signature.parse(Signer("x", WITNESS.seed).line(f"cosignature/v1\ntime {2**63}\n{TEXT}")[:-1])
    with pytest.raises(NoteError, match="bad_signature"):
        WITNESS.verifier.verify(TEXT, (2**63).to_bytes(8, "big") + plain.raw)


@pytest.mark.parametrize("now", [None, -1, 2**63], ids=["none", "negative", "too_late"])
def test_a_witness_does_not_sign_without_a_time(now: int | None) -> None:
    with pytest.raises(ValueError, match="time"):
        WITNESS.line(TEXT, now)


@pytest.mark.parametrize(
    "text", ["", "no newline", "a\rb\n", "a\tb\n", "\0\n", "\ud800\n", f"{chr(0xDFFF)}\n"], ids=range(7)
)
def test_what_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError, match="malformed"):
        sign(text, [LOG])


# --- keys -----------------------------------------------------------------------------


@pytest.mark.parametrize("vkey", [PETER_KEY, FOO_KEY, ARCHE_KEY, REMORA_KEY, LOG.vkey, WITNESS.vkey], ids=range(6))
def test_no_character_of_a_key_changes_unseen(vkey: str) -> None:
    raw = vkey.encode()
    for at in range(len(raw)):
        for bit in range(7):
            changed = bytes([*raw[:at], raw[at] ^ 1 << bit, *raw[at + 1 :]]).decode()
            _refused(changed)
        _refused(vkey[:at])
        _refused(vkey[:at] + vkey[at + 1 :])
        _refused(f"{vkey[:at]}+{vkey[at:]}")
    _refused(vkey + "\n")
    _refused(" " + vkey)


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        # Keys whose id is right: a longer one and one of an unknown kind (both from Go's own tests).
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "\ud800+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "",
        "+",
        "++",
        "name",
    ],
    ids=["upper_case", "long", "unknown", "surrogate", "empty", "plus", "two", "name"],
)
def test_what_is_no_key_is_refused(vkey: str) -> None:
    _refused(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "\x7f\x1f", "\ud800"], ids=range(7))
def test_a_name_that_no_note_can_hold_signs_nothing(name: str) -> None:
    with pytest.raises(NoteError, match="bad_key"):
        Signer(name, b"s" * 32).line(TEXT)


def _refused(vkey: str) -> None:
    with pytest.raises(NoteError) as refused:
        Verifier.parse(vkey)
    assert refused.value.code == "bad_key"
