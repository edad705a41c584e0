"""The witness as a program: over HTTP until it is told to stop, or one request file and its answer.

On standard error it writes a JSON line when it meets a log for the first time, and when a log that it
knows asks for what does not continue what was cosigned: origin and sizes, and nothing of an entry.
"""

import asyncio
import json
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from audit.tree.notes import NoteError, Verifier
from audit.trouble import Refused
from audit.witness.judging import Answer, Witness
from audit.witness.known import Known
from audit.witness.listening import Listener
from audit.witness.memory import Memory, replace
from audit.witness.request import LARGEST, AddCheckpoint

OK, WRONG = 0, 1


def main(args: Namespace) -> int:
    """Run the witness as its arguments say. Raises Refused."""
    if (args.request is None) != (args.answer is None):
        raise Refused("misuse", "--request and --answer belong together.")
    known = _known(args.log)
    memory = Memory.open(args.state, args.name)
    try:
        judge = _told(Witness(memory, known), memory)
        if args.request is not None:
            return _answer_file(judge, args)
        asyncio.run(_listen(judge, memory, args))
        return OK
    finally:
        memory.close()


def _known(paths: list[Path]) -> Known:
    keys: list[Verifier] = []
    for path in paths:
        try:
            keys += Known.parse(path.read_text("utf-8")).keys
        except OSError as error:
            raise Refused("unreadable_file", f"{path.name}: {error.strerror or 'cannot be read'}.") from None
        except (NoteError, UnicodeDecodeError):
            raise Refused("bad_key", f"{path.name} does not hold a log's public key (log.vkey).") from None
    return Known(keys)


def _told(witness: Witness, memory: Memory) -> Callable[[bytes], Answer]:
    """Return the witness's judgement, with a line on standard error for what somebody should read, once."""
    told: set[tuple[str, str]] = set()

    def judge(raw: bytes) -> Answer:
        known = memory.origins
        answer = witness.add(raw)
        asked = answer.checkpoint
        if asked is None:
            return answer
        if answer.status is HTTPStatus.OK:
            event = "cosigned" if asked.origin in known else "log_met"
            told.difference_update({one for one in told if one[0] == asked.origin})
        else:
            event = answer.code
        if event not in {"cosigned", "old_differs"} and (asked.origin, event) not in told:
            last = memory.last(asked.origin)
            _tell(event, origin=asked.origin, size=asked.size, cosigned=last.size if last else 0)
            told.add((asked.origin, event))
        return answer

    return judge


def _tell(event: str, **facts: object) -> None:
    sys.stderr.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stderr.flush()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# --- over HTTP ------------------------------------------------------------------------


async def _listen(judge: Callable[[bytes], Answer], memory: Memory, args: Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = Listener(judge)
    try:
        server = await listener.start(args.host, args.port)
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or "no such address"
        raise Refused("address_in_use", f"Cannot listen on {args.host} port {args.port}: {said}.") from None
    host, port = server.sockets[0].getsockname()[:2]
    _ready(f"http://{f'[{host}]' if ':' in host else host}:{port}", memory.signer.vkey, as_json=args.json)
    await stop.wait()
    server.close()
    await listener.finish()


def _ready(url: str, vkey: str, *, as_json: bool) -> None:
    if as_json:
        _say(json.dumps({"url": url, "pid": os.getpid(), "vkey": vkey}))
    else:
        _say(f"De getuige luistert op {url} (stop met Ctrl+C)\nSleutel van de getuige: {vkey}")


# --- by files -------------------------------------------------------------------------

SAID = {
    "cosigned": "Cosigned.",
    "old_differs": "The server asked from an older cosignature; the answer says from which size to ask.",
    "root_differs": "NOT COSIGNED: the log holds other entries than those that were cosigned before.",
    "not_consistent": "NOT COSIGNED: the log does not continue what was cosigned before.",
    "unknown_log": "Not cosigned: this witness does not know the log; give its log.vkey with --log.",
    "not_signed": "Not cosigned: the checkpoint is not signed with the log's key.",
    "cannot_remember": "Not cosigned: the witness's folder cannot be written.",
}


def _answer_file(judge: Callable[[bytes], Answer], args: Namespace) -> int:
    """Answer one request file: by the cosigned checkpoint, or the size to ask from; a refusal writes nothing."""
    try:
        with args.request.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise Refused("unreadable_file", f"{args.request.name}: {error.strerror or 'cannot be read'}.") from None
    answer = judge(raw)
    if answer.code in {"cosigned", "old_differs"}:
        note = AddCheckpoint.parse(raw).note if answer.code == "cosigned" else b""
        try:
            replace(args.answer, note + answer.body.encode(), 0o644)
        except OSError as error:
            raise Refused("unwritable_file", f"{args.answer.name}: {error.strerror}.") from None
    said = SAID.get(answer.code, "Not cosigned: the file is no request for a cosignature.")
    if args.json:
        size = answer.checkpoint.size if answer.checkpoint else None
        _say(json.dumps({"ok": answer.code == "cosigned", "code": answer.code, "size": size, "message": said}))
    else:
        _say(f"{said} ({answer.code})")
    return OK if answer.code == "cosigned" else WRONG
