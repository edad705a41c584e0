"""What a test lets happen inside a store with a witness: run as a process, so that log and clock are its own.

After its stories it prints one JSON answer; what the operators would read stands in `said`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

HOURS = 3600.0


def grow(count: int) -> None:
    """Write entries, give them their positions and sign a checkpoint."""
    from audit.growth.integrator import integrate, sign
    from audit.record import Entry, record_durably

    record_durably(*(Entry(act="case.viewed", origin="http", actor=uuid4()) for _ in range(count)))
    integrate()
    sign()


def told() -> dict[str, Any]:
    """How the log stands: sizes, cosigned sizes, what the officer reads, and the refusals in the log."""
    from audit.cosigning import standing
    from audit.cosigning.witness import configured
    from audit.growth import store
    from audit.models import Cosignature, Leaf
    from audit.tree.notes import Note

    witness = configured()
    cosigned = []
    for line in Cosignature.objects.filter(witness=witness.key.vkey).order_by("id") if witness else []:
        assert witness is not None
        note = next(one for one in store.checkpoints(line.log) if one.size == line.size)
        assert Note.parse(bytes(note.note) + f"{line.line}\n".encode()).verify(witness.key)
        cosigned.append(line.size)
    log = store.current()
    state = standing.state()
    return {
        "size": log.size if log else 0,
        "vkey": log.vkey if log else None,
        "signed": last.size if log and (last := store.checkpoint(log.id)) else None,
        "cosigned": cosigned,
        "state": state.code,
        "age": state.age,
        "entries": [json.loads(bytes(one.leaf))["reason"] for one in Leaf.objects.filter(act="log.cosigned")],
        "said": SAID,
    }


SAID: list[list[str]] = []


def look(times: int = 1) -> None:
    """Let the thread's work happen here and now, without its pauses."""
    from audit.cosigning.background import Cosigning

    if not LOOKING:
        LOOKING.append(Cosigning())
    for _ in range(times):
        LOOKING[0]._next = 0.0
        LOOKING[0].look()


LOOKING: list[Any] = []


def ten() -> None:
    grow(10)


def ten_are_cosigned() -> None:
    grow(10)
    look(3)


def only_look() -> None:
    look(3)


def a_day_passes_without_the_witness() -> None:
    from audit.cosigning import standing, witness

    real = witness.configured()
    assert real is not None
    grow(3)
    look()
    witness.use(witness.Witness("http://127.0.0.1:9", real.key))
    for hours in (23, 25, 26):
        standing.time = lambda hours=hours: time.time() + hours * HOURS  # type: ignore[attr-defined]
        SAID.append(["hours", str(hours), standing.state().code])
        grow(1)
        look(2)
    standing.time = time.time  # type: ignore[attr-defined]
    witness.use(real)
    look(2)


def it_never_answered_for_a_day() -> None:
    from audit.cosigning import standing

    grow(3)
    look()
    SAID.append(["state", standing.state().code])
    standing.time = lambda: time.time() + 25 * HOURS  # type: ignore[attr-defined]
    look(2)


def an_hour_without_news() -> None:
    from audit.cosigning import shelf

    grow(3)
    look(2)
    shelf.time = lambda: time.time() + 1.1 * HOURS  # type: ignore[attr-defined]
    time.sleep(1.1)
    look()


def it_is_refused_and_then_accepted() -> None:
    """The witness of the settings refuses; one with the same key, at the address given, does not."""
    from audit.cosigning import witness

    real = witness.configured()
    assert real is not None
    look(2)
    SAID.append(["state", told()["state"]])
    grow(1)
    look(2)
    witness.use(witness.Witness(os.environ["OTHER_WITNESS"], real.key))
    look(2)


def a_lost_cosignature() -> None:
    """The witness answered, and the store died before it kept the answer."""
    from audit.cosigning import shelf

    grow(5)
    kept, shelf.keep = shelf.keep, lambda *_args: None
    look()
    grow(5)
    look()
    shelf.keep = kept
    grow(5)
    look()


def main() -> None:
    import structlog

    from conference import startup, store

    startup.prepare()
    store.open_here(may_found=True)
    structlog.configure(processors=[_keep])
    sys.excepthook = sys.__excepthook__
    for name in sys.argv[1:]:
        story: Callable[[], None] = globals()[name]
        story()
    print(json.dumps(told()))


def _keep(_logger: Any, method: str, line: dict[str, Any]) -> Any:
    import structlog

    SAID.append([method, line["event"], line.get("code", "")])
    raise structlog.DropEvent


if __name__ == "__main__":
    main()
