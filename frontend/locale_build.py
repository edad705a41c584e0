"""Builds the Dutch texts: parts/*.po into one django.po and the django.mo that Django reads.

`python -m frontend.locale_build` after a change of a part; both files are committed, and a
test compares them. No gettext program is needed.
"""

import ast
import struct
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale" / "nl"
HEADER = (
    "Project-Id-Version: casustafel\n"
    "Language: nl\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
MAGIC = 0x950412DE  # GNU gettext manual, "The Format of GNU MO Files"


class LocaleError(Exception):
    """A part cannot be used; the message names file and line."""


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """What is looked up: the English text, with its plural and its context if it has them."""

    text: str
    plural: str = ""
    context: str = ""


Catalogue = Mapping[Key, tuple[str, ...]]
WORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr[0]", "msgstr[1]", "msgstr")


def read(text: str, name: str = "") -> Catalogue:
    """Read a .po file's entries: Key -> one text, or two (singular, plural).

    Raises LocaleError at a line that is none, an empty translation, or a second one.
    """
    found: dict[Key, tuple[str, ...]] = {}
    for number, entry in _entries(text, name):
        key = Key(entry.get("msgid", ""), entry.get("msgid_plural", ""), entry.get("msgctxt", ""))
        words = ("msgstr[0]", "msgstr[1]") if key.plural else ("msgstr",)
        dutch = tuple(entry.get(word, "") for word in words)
        if not key.text:
            continue  # a header of its own says nothing here
        if not all(dutch):
            raise LocaleError(f"{name}:{number}: no translation of {key.text!r}")
        if found.setdefault(key, dutch) != dutch:
            raise LocaleError(f"{name}:{number}: a second, other translation of {key.text!r}")
    return found


def _entries(text: str, name: str) -> Iterable[tuple[int, dict[str, str]]]:
    """Each block of lines as {"msgid": ..., "msgstr": ...} with the number of its last line."""
    entry: dict[str, str] = {}
    word = ""
    number = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#") or not line:
            continue
        if not line.startswith('"'):
            word, line = _word(line, f"{name}:{number}")
            if word in entry or (word in {"msgid", "msgctxt"} and "msgid" in entry):
                yield number, entry
                entry = {}
            entry[word] = ""
        if not word:
            raise LocaleError(f"{name}:{number}: a text without msgid or msgstr")
        entry[word] += _unquoted(line, f"{name}:{number}")
    if entry:
        yield number, entry


def _word(line: str, place: str) -> tuple[str, str]:
    for word in WORDS:
        if line.startswith(f"{word} "):
            return word, line.removeprefix(word).strip()
    raise LocaleError(f"{place}: not a line of a .po file")


def _unquoted(line: str, place: str) -> str:
    """A quoted text of a .po file; its escapes are those of Python."""
    try:
        value = ast.literal_eval(line) if line.startswith('"') else None
    except (SyntaxError, ValueError):
        value = None
    if not isinstance(value, str):
        raise LocaleError(f"{place}: not a quoted text")
    return value


def collect(folder: Path = LOCALE) -> Catalogue:
    """All parts as one catalogue. Raises LocaleError where two parts translate one text differently."""
    together: dict[Key, tuple[str, ...]] = {}
    for part in sorted((folder / "parts").glob("*.po")):
        for key, dutch in read(part.read_text("utf-8"), part.name).items():
            if together.setdefault(key, dutch) != dutch:
                raise LocaleError(f"{part.name}: another part translates {key.text!r} differently")
    return together


def as_po(catalogue: Catalogue) -> str:
    """The catalogue as one .po file, sorted."""
    blocks = ['msgid ""\nmsgstr ""\n' + "".join(f"{_quoted(line)}\n" for line in HEADER.splitlines(keepends=True))]
    for key, dutch in sorted(catalogue.items()):
        lines = [f"msgctxt {_quoted(key.context)}"] if key.context else []
        lines.append(f"msgid {_quoted(key.text)}")
        if key.plural:
            lines.append(f"msgid_plural {_quoted(key.plural)}")
            lines += [f"msgstr[{index}] {_quoted(text)}" for index, text in enumerate(dutch)]
        else:
            lines.append(f"msgstr {_quoted(dutch[0])}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def as_mo(catalogue: Catalogue) -> bytes:
    """The catalogue in gettext's binary form: two tables of (length, offset), then the texts."""
    texts = {b"": HEADER.encode()}
    for key, dutch in catalogue.items():
        english = "\0".join([key.text, key.plural] if key.plural else [key.text])
        texts[(f"{key.context}\4" if key.context else "").encode() + english.encode()] = "\0".join(dutch).encode()
    pairs = sorted(texts.items())
    count, start = len(pairs), 7 * 4
    offset = start + 16 * count
    tables: tuple[list[int], list[int]] = ([], [])
    body = b""
    for index, table in enumerate(tables):
        for pair in pairs:
            table += [len(pair[index]), offset + len(body)]
            body += pair[index] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, count, start, start + 8 * count, 0, 0)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + body


def main() -> int:
    """Write both files; 1 if a part cannot be used."""
    try:
        catalogue = collect()
    except LocaleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    target = LOCALE / "LC_MESSAGES"
    target.mkdir(exist_ok=True)
    (target / "django.po").write_text(as_po(catalogue), "utf-8")
    (target / "django.mo").write_bytes(as_mo(catalogue))
    return 0


if __name__ == "__main__":
    sys.exit(main())
