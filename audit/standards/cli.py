"""`casustafel audit ldv` and `casustafel audit nen7513`: the log in the forms of the standards."""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import suppress
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.trouble import Refused

if TYPE_CHECKING:
    from argparse import _SubParsersAction

YEARS = range(2000, 2100)
_TEXTS = {
    "ldv": "write the log as records of Logboek Dataverwerkingen, OTLP/JSON",
    "nen7513": "write the log as the NEN 7513 field list, JSON",
}


def add_arguments(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add a command for each standard; what they parse has `run`."""
    for form, text in _TEXTS.items():
        parser = commands.add_parser(form, help=f"{text}, one record a line")
        parser.add_argument("file", metavar="FILE", type=Path, help="where it is written; must not be there yet")
        parser.add_argument("--from", dest="first", metavar="DAY", type=_day, help="first day, as 2026-11-23")
        parser.add_argument("--until", dest="last", metavar="DAY", type=_day, help="last day, which counts")
        parser.add_argument("--register", metavar="URI", help="where the processing activities are described (AVG 30)")
        parser.add_argument("--json", action="store_true", help="answer with one JSON document")
        parser.set_defaults(run=partial(run, form))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("not a day; write it as 2026-11-23") from None
    if day.year not in YEARS:
        raise ArgumentTypeError("not a day of this century")
    return day


def run(form: str, args: Namespace) -> int:
    """Write the file, and say how many lines it has and its check number. Raises Refused.

    The file stands there whole or not at all. That it was made is entered first.
    """
    if args.first and args.last and args.last < args.first:
        raise Refused("period_backwards", "The period ends before it begins.")
    args.open_store()
    from audit import record  # noqa: PLC0415
    from audit.standards.exported import LeafDamaged  # noqa: PLC0415
    from audit.standards.taking import Taking  # noqa: PLC0415

    def entry(act: str, **more: Any) -> record.Entry:
        return record.Entry(act=act, origin="cli", **more)

    taking = Taking(form, args.first, args.last)
    try:
        out = taking.out()
        out.begin(entry)
        told = _write(args.file, taking.lines(args.register))
        out.finish(entry, told["sha256"])
    except LeafDamaged as damaged:
        raise Refused("leaf_damaged", f"Entry {damaged.number} cannot be read: run casustafel audit verify.") from None
    finally:
        record.stop()
    sys.stdout.write(json.dumps(told) + "\n" if args.json else "{lines} lines, SHA-256 {sha256}\n".format(**told))
    return 0


def _write(file: Path, lines: Any) -> dict[str, Any]:
    digest, count = sha256(), 0
    part = file.with_name(f".{file.name}.part")
    try:
        # Only for who runs this: it says who looked at whom.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            for line in lines:
                digest.update(line)
                out.write(line)
                count += 1
            out.flush()
            os.fsync(out.fileno())
        os.link(part, file)
    except FileExistsError:
        raise Refused("file_exists", "There is a file with this name already.") from None
    except OSError:
        raise Refused("cannot_write", "The file cannot be written there.") from None
    finally:
        with suppress(OSError):
            part.unlink()
    return {"file": str(file), "lines": count, "sha256": digest.hexdigest()}
