"""`casustafel audit ask` and `casustafel audit cosign`: having the log cosigned by files, without a network."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.cosigning.asking import Refuses
from audit.trouble import Refused

if TYPE_CHECKING:
    from argparse import _SubParsersAction

OK, WRONG = 0, 1


def add_arguments(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add the commands `ask` and `cosign`; what they parse has `run`."""
    asking = commands.add_parser("ask", help="write a request for a witness without a network")
    asking.add_argument("--year", type=int, help="of which year's log (default: the one that grows)")
    asking.add_argument("--old", type=int, metavar="SIZE", help="the size that the witness says it knows")
    asking.set_defaults(run=_ask)
    taking = commands.add_parser("cosign", help="take in the witness's answer to a request")
    taking.set_defaults(run=_cosign)
    for parser in (asking, taking):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="answer with one JSON document")


def _ask(args: Namespace) -> int:
    """Write the request file. Raises Refused."""
    args.open_store()
    from audit.cosigning import by_files  # noqa: PLC0415  models load after Django's set-up

    try:
        request = by_files.request(args.year, args.old)
    except Refuses as refusal:
        message = "The witness has cosigned more entries than this store holds: entries are gone."
        _tell(args, message, ok=False, code=refusal.code)
        return WRONG
    try:
        args.file.write_bytes(request.body)
    except OSError as error:
        raise Refused("unwritable_file", f"{args.file.name}: {error.strerror or 'cannot be written'}.") from None
    waiting = [year for year in request.waiting if year != request.year]
    also = f" The log of {', '.join(map(str, waiting))} waits too: ask for it with --year." if waiting else ""
    facts = {"origin": request.origin, "size": request.size, "old": request.old, "log_vkey": request.vkey}
    _tell(args, f"{args.file.name} asks for {request.origin} at size {request.size}.{also}", ok=True, **facts)
    return OK


def _cosign(args: Namespace) -> int:
    """Take the answer in. Raises Refused."""
    args.open_store()
    from audit.cosigning import by_files  # noqa: PLC0415  models load after Django's set-up

    try:
        raw = args.file.read_bytes()
    except OSError as error:
        raise Refused("unreadable_file", f"{args.file.name}: {error.strerror or 'cannot be read'}.") from None
    size = by_files.told_size(raw)
    if size is not None:
        message = f"The witness knows size {size}. Ask again with --old {size}."
        _tell(args, message, ok=False, code="ask_again", size=size)
        return WRONG
    taken = by_files.take(raw)
    _tell(args, f"Cosigned: {taken.origin} at size {taken.size}.", ok=True, origin=taken.origin, size=taken.size)
    return OK


def _tell(args: Namespace, message: str, **facts: Any) -> None:
    said = json.dumps({**facts, "message": message}) if args.json else message
    sys.stdout.write(said + "\n")
