"""`casustafel audit verify | export | prove | consistency | recount | remove`: their arguments and answers.

`verify --export` works where there is neither store nor settings: it loads the check alone.
"""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.proving.words import SAID
from audit.tree.strict import encoded
from audit.trouble import Refused
from audit.verifying import Verdict, verify_export
from audit.verifying.folder import LARGEST_NOTE, Folder, Unreadable

if TYPE_CHECKING:
    from argparse import _SubParsersAction

HOLDS, WRONG = 0, 1


def add_arguments(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add the commands; what they parse has `run`."""
    verify = commands.add_parser("verify", help="check the log of this store, or of an export alone")
    verify.add_argument("--export", metavar="DIR", type=Path, help="an export; needs no store")
    verify.add_argument(
        "--checkpoint",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="an older checkpoint that the log must continue; repeatable",
    )
    verify.add_argument("--deep", action="store_true", help="also read each entry's form; takes several times as long")
    verify.set_defaults(run=_verify)
    export = commands.add_parser("export", help="write the log as a folder that proves itself")
    export.add_argument("folder", metavar="DIR", type=Path)
    export.set_defaults(run=_export)
    prove = commands.add_parser("prove", help="print the proof of one entry")
    prove.add_argument("index", metavar="INDEX", type=_number, help="the entry's position, from 0")
    prove.set_defaults(run=_prove)
    consistency = commands.add_parser("consistency", help="print the proof that the log only grew between two sizes")
    consistency.add_argument("old", metavar="OLD", type=_number)
    consistency.add_argument("new", metavar="NEW", type=_number)
    consistency.set_defaults(run=_consistency)
    recount = commands.add_parser("recount", help="make the numbers on the officer's desk anew from the entries")
    recount.set_defaults(run=_recount)
    remove = commands.add_parser("remove", help="remove the closed log of a year, five years after its close")
    remove.add_argument("year", metavar="YEAR", type=int)
    remove.add_argument("--yes", action="store_true", help="do not ask")
    remove.set_defaults(run=_remove)
    for parser in (verify, export, prove, consistency):
        parser.add_argument("--year", type=int, help="of which year's log (default: the one that grows)")
    for parser in (verify, export, prove, consistency, recount, remove):
        parser.add_argument("--json", action="store_true", help="answer with one JSON document")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(2**63)):
        raise ArgumentTypeError("a whole number from 0 is needed")
    return int(text)


# --- verify ---------------------------------------------------------------------------


def _verify(args: Namespace) -> int:
    """Check a store or an export; 0 when it holds, 1 when something is wrong. Raises Refused."""
    kept = [_file(one) for one in args.checkpoint]
    if args.export is None:
        return _verify_store(args, kept)
    if args.year is not None:
        raise Refused("misuse", "An export is of one log: --year is for a store.")
    if not args.export.is_dir():
        raise Refused("no_export", f"{args.export.name} is no folder.")
    try:
        verdict = verify_export(args.export, kept, forms=args.deep)
    except Unreadable as trouble:
        raise Refused("unreadable_file", f"{trouble}: may not be read.") from None
    _answer(args, verdict, "The export")
    return HOLDS if verdict.ok else WRONG


def _verify_store(args: Namespace, kept: list[bytes]) -> int:
    args.open_store()
    from audit.proving.checking import check  # noqa: PLC0415  models load after Django's set-up

    checked = check(kept, args.year, deep=args.deep)
    if args.year is not None and checked[-1].year is None:
        raise Refused("no_such_log", "There is no log of that year here.")
    told = next((one for one in checked if not one.verdict.ok), checked[-1])
    if args.json:
        _answer(args, told.verdict, "")
    else:
        for one in checked:
            _answer(args, one.verdict, f"The log of {one.year}" if one.year else "The log", removed=one.removed)
    return HOLDS if told.verdict.ok else WRONG


def _answer(args: Namespace, verdict: Verdict, what: str, *, removed: bool = False) -> None:
    if args.json:
        facts = {"ok": verdict.ok, "size": verdict.size, "first_bad": verdict.first_bad, "reason": verdict.reason}
        _say(json.dumps(facts))
    elif verdict.ok and removed:
        _say(f"{what} was removed; its last checkpoint, over {verdict.size} entries, holds.")
    elif verdict.ok:
        _say(f"{what} holds: {verdict.size} entries, all proven.")
    else:
        where = "" if verdict.first_bad is None else f" First bad entry: position {verdict.first_bad}."
        _say(f"{what} does NOT hold.{where} {SAID[verdict.reason or '']} ({verdict.reason})")


def _file(path: Path) -> bytes:
    try:
        raw = Folder(path.parent).read(path.name, LARGEST_NOTE)
    except Unreadable:
        raw = None
    if raw is None:
        raise Refused("unreadable_file", f"{path.name} cannot be read.")
    return raw


# --- what is handed out -----------------------------------------------------------------


def _export(args: Namespace) -> int:
    """Write an export. Raises Refused."""
    args.open_store()
    from audit.proving import choosing, exporting  # noqa: PLC0415  models load after Django's set-up

    exporting.refuse_full(args.folder)
    choosing.freshen()
    done = exporting.export(choosing.choose(args.year), args.folder)
    witnesses = f"cosigned by {done.cosigned} witness(es)" if done.cosigned else "no witness has cosigned it yet"
    facts = {"ok": True, "origin": done.origin, "size": done.size, "cosigned": done.cosigned}
    _tell(args, f"{args.folder.name}: {done.origin}, {done.size} entries, {witnesses}.", facts)
    return HOLDS


def _prove(args: Namespace) -> int:
    """Print a proof. Raises Refused."""
    args.open_store()
    from audit.proving import choosing, proofs  # noqa: PLC0415  models load after Django's set-up

    choosing.freshen()
    text = proofs.prove(args.index, args.year)
    _tell(args, text.removesuffix("\n"), {"index": args.index, "proof": text})
    return HOLDS


def _consistency(args: Namespace) -> int:
    """Print a consistency proof, its hashes in base64, one a line. Raises Refused."""
    args.open_store()
    from audit.proving import choosing, proofs  # noqa: PLC0415  models load after Django's set-up

    choosing.freshen()
    hashes = [encoded(one) for one in proofs.consistency(args.old, args.new, args.year)]
    if hashes or args.json:
        _tell(args, "\n".join(hashes), {"old": args.old, "new": args.new, "hashes": hashes})
    return HOLDS


def _recount(args: Namespace) -> int:
    """Count the entries for the desk anew. Raises Refused."""
    args.open_store()
    from audit.proving.recounting import recount  # noqa: PLC0415  models load after Django's set-up

    size = recount()
    _tell(args, f"Counted anew: {size} entries.", {"ok": True, "counted": size})
    return HOLDS


def _remove(args: Namespace) -> int:
    """Remove a year's log. Raises Refused."""
    args.open_store()
    from audit.proving import removal  # noqa: PLC0415  models load after Django's set-up

    removal.refuse_early(args.year)
    if not args.yes and not _agreed(args.year):
        raise Refused("confirmation_missing", "Nothing was removed. Answer the question, or give --yes.")
    gone = removal.remove(args.year)
    sizes = [log.size for log in gone]
    _tell(
        args,
        f"The log of {args.year} was removed: {sum(sizes)} entries. Its last checkpoint stays.",
        {"ok": True, "year": args.year, "removed": sum(sizes)},
    )
    return HOLDS


def _agreed(year: int) -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(f"This removes all entries of {year} for good. Type the year to go on: ")
    return sys.stdin.readline().strip() == str(year)


def _tell(args: Namespace, message: str, facts: dict[str, Any]) -> None:
    _say(json.dumps(facts) if args.json else message)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
