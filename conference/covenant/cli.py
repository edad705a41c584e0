"""`casustafel covenant check | matrix | explain | diff`: works on files alone, needs no store."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conference import clock
from conference.covenant import matrix
from conference.covenant.diff import diff
from conference.covenant.explain import Ask, AskError, ask_from, explain
from conference.covenant.file import parse
from conference.covenant.shape import Covenant
from conference.covenant.trouble import CovenantError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

OK, WRONG, REFUSED = 0, 1, 2


class RefusedError(Exception):
    """What ends a command: exit status, stable code and message, with more for `--json`."""

    def __init__(self, status: int, code: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.status, self.code, self.more = status, code, more


def add_arguments(subparsers: "_SubParsersAction[ArgumentParser]") -> "_SubParsersAction[ArgumentParser]":
    """Add the command `covenant` with its own commands; what they parse has `run`.

    Returns these commands, for the front door to add what needs a store.
    """
    parser = subparsers.add_parser("covenant", help="check, print, explain and compare covenant files")
    parser.set_defaults(run=run)
    commands = parser.add_subparsers(dest="covenant_command", required=True, metavar="COMMAND")
    _file_command(commands, "check", "validate a file; exit status 1 when it is broken")
    _file_command(commands, "matrix", "print every cell with its effective letter")
    _add_explain(_file_command(commands, "explain", "explain one ruling, or many from a file"))
    compare = commands.add_parser("diff", help="compare two versions exactly")
    compare.add_argument("old", metavar="A", type=Path)
    compare.add_argument("new", metavar="B", type=Path)
    compare.add_argument("--json", action="store_true", help="one JSON document on standard output")
    return commands


def _file_command(commands: "_SubParsersAction[ArgumentParser]", name: str, sentence: str) -> ArgumentParser:
    parser = commands.add_parser(name, help=sentence)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    return parser


def _add_explain(parser: ArgumentParser) -> None:
    parser.add_argument("--party", help="the party that asks")
    parser.add_argument("--category")
    parser.add_argument("--phase")
    parser.add_argument("--track", default="wgs", help="wgs (default), hulp or signaal")
    parser.add_argument("--supplier", help="the party that brought the item (default: one without secrecy)")
    parser.add_argument("--consent", action="store_true", help="there is a valid consent")
    parser.add_argument("--exception", type=int, metavar="CODE", help="there is an exception with this code, 1-8")
    parser.add_argument("--not-involved", action="store_true", help="the party is not involved in the case")
    parser.add_argument("--minor", action="store_true", help="the subject is under 18")
    parser.add_argument("--item-status", default="released", metavar="draft|released|withdrawn")
    parser.add_argument("--asks", type=Path, metavar="FILE.jsonl", help="many questions, one JSON object a line")


def run(args: Namespace) -> int:
    """Run a parsed `covenant` command and return its exit status (0, 1 or 2)."""
    commands: dict[str, Callable[[Namespace], int]] = {
        "check": _check,
        "matrix": _matrix,
        "explain": _explain,
        "diff": _diff,
    }
    try:
        return commands[args.covenant_command](args)
    except RefusedError as refusal:
        message = str(refusal)
        if args.json:
            _print({"error": refusal.code, "message": message, **refusal.more})
        else:
            sys.stderr.write(f"{refusal.code}: {message}\n")
        return refusal.status


def _print(value: object) -> None:
    _say(json.dumps(value, ensure_ascii=False))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RefusedError(REFUSED, "unreadable_file", f"{path.name}: {error.strerror or 'cannot be read'}") from None
    except UnicodeDecodeError:
        raise RefusedError(REFUSED, "not_utf8", f"{path.name} is no UTF-8 text") from None


def _load(path: Path, status: int = REFUSED) -> Covenant:
    try:
        return parse(_text(path))
    except CovenantError as error:
        raise RefusedError(status, error.code, str(error), place=error.place, line=error.line) from None


def _check(args: Namespace) -> int:
    covenant = _load(args.file, WRONG)
    facts: dict[str, Any] = {
        "ok": True,
        "id": covenant.id,
        "version": covenant.version,
        "active": covenant.is_active(clock.now()),
        "parties": len(covenant.parties),
        "categories": len(covenant.categories),
        "cells": len(matrix.cells(covenant)),
        "not_approved": [name for name in covenant.voters if name not in covenant.approved_by],
        "not_checked": [party.id for party in covenant.parties.values() if party.check and not party.checked],
        "unread": [category.code for category in covenant.categories.values() if category.unread],
    }
    if args.json:
        _print(facts)
        return OK
    _say(f"{covenant.id} {covenant.version}: {facts['cells']} cells, {'active' if facts['active'] else 'not active'}")
    for key in ("not_approved", "not_checked", "unread"):
        if facts[key]:
            _say(f"  {key}: {', '.join(facts[key])}")
    return OK


def _matrix(args: Namespace) -> int:
    covenant = _load(args.file)
    if args.json:
        _print([cell._asdict() for cell in matrix.cells(covenant)])
        return OK
    width = max(map(len, covenant.parties))
    _say(" ".join([" " * width, *(category.ljust(5) for category in covenant.categories)]))
    for name, party in covenant.parties.items():
        _say(" ".join([name.ljust(width), *(row.ljust(5) for row in party.cells.values())]))
    return OK


def _explain(args: Namespace) -> int:
    covenant = _load(args.file)
    if args.asks:
        return _answer_many(covenant, _text(args.asks))
    options = {name: getattr(args, name) for name in Ask.__slots__}
    try:
        answer = explain(covenant, ask_from(options), clock.now())
    except AskError as error:
        raise RefusedError(REFUSED, error.code, str(error)) from None
    if args.json:
        _print(answer)
        return OK
    for key, value in answer.items():
        _say(f"{key}: {value}")
    return OK


def _answer_many(covenant: Covenant, lines: str) -> int:
    """Answer each line by one line; a line that is no question gets an error, the others go on."""
    status = OK
    now = clock.now()
    for line in lines.split("\n"):
        if not line.strip():
            continue
        try:
            _print(explain(covenant, ask_from(json.loads(line)), now))
        except (AskError, ValueError, RecursionError) as error:
            _print({"error": "bad_ask", "message": str(error)})
            status = REFUSED
    return status


def _diff(args: Namespace) -> int:
    found = diff(_load(args.old), _load(args.new))
    if args.json:
        _print(found)
        return OK
    if found["same"]:
        _say("The two versions say the same.")
    for cell in found["cells"]:
        _say(f"{cell['party']}/{cell['category']}/{cell['phase']}: {cell['old']} -> {cell['new']}")
    for fact in found["facts"]:
        _say(f"{fact['place']}: {fact['old']} -> {fact['new']}")
    return OK
