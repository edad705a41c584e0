"""Passwords: Argon2id, length and a block list; nothing about capitals, digits or signs.

Sources: RFC 9106 section 4 (second recommended choice: t=3, 64 MiB, p=4),
NIST SP 800-63B-4 section 3.1.1, OWASP ASVS 5.0 section 6.2.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from django.contrib.auth import hashers
from django.contrib.auth.password_validation import CommonPasswordValidator

from conference.accounts.models import Person
from conference.accounts.rules import Refused

SHORTEST = 15
LONGEST = 256
FEWEST_DIFFERENT = 5
SHORTEST_WORD = 3
OWN_LETTERS = 8  # so much must be left when all well-known words are taken out
PRODUCT_WORDS = (
    "casustafel", "casusoverleg", "casus", "veiligheidshuis", "zorg", "veilig", "convenant", "gooi", "vechtstreek",
    "wachtwoord", "password", "welkom", "welcome", "geheim", "secret", "inloggen", "login", "qwerty", "azerty",
    "qwertyuiop", "asdfgh", "zxcvbn", "abcdef", "letmein", "zomer", "herfst", "winter", "lente",
)  # fmt: skip

# Each hash holds 64 MiB and a core; more at once would let strangers fill the memory.
AT_ONCE = 4
PATIENCE = 20.0  # seconds that a login waits for its turn
_turns = BoundedSemaphore(AT_ONCE)


class Argon2idHasher(hashers.Argon2PasswordHasher):
    """Argon2id with RFC 9106's second choice, at most AT_ONCE at a time in this process."""

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return super().verify(password, encoded)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Refused("busy")
    try:
        yield
    finally:
        _turns.release()


def refuse_password(password: str, *own_words: str) -> str | None:
    """Return why this password cannot be chosen, or None.

    `own_words`: username, name and the like, which count as well-known for this person.
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        return "password_short"
    if len(text) > LONGEST:
        return "password_long"
    if len(set(text)) < FEWEST_DIFFERENT or _is_run(text) or _is_common(text, own_words):
        return "password_common"
    return None


def hashed(password: str) -> str:
    """Return the hash to keep. Raises Refused("busy") when too many wait."""
    return hashers.make_password(_normal(password))


def verify(person: Person | None, password: str) -> tuple[bool, bool]:
    """Say whether the password is this person's, and whether its hash should be renewed.

    For nobody, and for somebody without a password yet, it takes as long and says no.
    Raises Refused("busy").
    """
    usable = person is not None and hashers.is_password_usable(person.password)
    encoded = person.password if person is not None and usable else _nobodys()
    given = _normal(password)[: 4 * LONGEST]
    right, outdated = hashers.verify_password(given, encoded)
    return (right and usable), (right and usable and outdated)


@cache
def _nobodys() -> str:
    return hashed(hashers.make_password(None))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _is_common(text: str, own_words: tuple[str, ...]) -> bool:
    lowered = text.lower()
    if lowered.strip() in _common():
        return True
    words = {part for word in own_words for part in re.split(r"\W+", word.lower()) if len(part) >= SHORTEST_WORD}
    rest = re.sub(r"[\W\d_]+", "", lowered)
    for word in sorted(words | set(PRODUCT_WORDS), key=len, reverse=True):
        rest = rest.replace(word, "")
    # A long row of digits is its own content, not padding around a known word.
    return len(rest) < OWN_LETTERS and len(set(re.sub(r"\D", "", lowered))) < OWN_LETTERS


def _is_run(text: str) -> bool:
    """Say whether the text only counts up or down, or repeats one short piece."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    if steps <= {1, -9} or steps <= {-1, 9}:
        return True
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, OWN_LETTERS))
