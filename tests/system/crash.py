"""kill -9 at random moments under load: `python -m tests.system.crash --rounds 50`.

Several people write with command ids of their own and resend after a reconnect what has no
answer. At the end everything is compared: answers, views, database and log.
"""

import argparse
import asyncio
import contextlib
import random
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets

from tests.client import Room
from tests.system.stage import Stage, on_postgres

WRITERS = ("vz", "nt", "pol", "kw", "zc")
FORGETFUL = {"kw"}  # never resends: what has no answer is there once or not at all
PAUSE = 0.08  # seconds between two commands of one person
AHEAD = 12  # commands without an answer at which she waits: a slow machine gets no mountain to work off
ANSWERED = 120.0  # seconds in which the last of them have their answers
ACTS = {
    "minutes.write": "minutes.written",
    "decision.propose": "decision.proposed",
    "action.add": "action.added",
    "decision.adopt": "decision.adopted",
}


@dataclass
class Writer:
    """One person who goes on writing through every crash."""

    name: str
    stage: Stage
    number: int = 0
    sent: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    acks: dict[str, dict[str, Any]] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    lives: int = 0
    wrong: list[str] = field(default_factory=list)
    room: Room | None = None
    stopping: bool = False
    rest: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Write until told to stop; then wait until nothing is without an answer."""
        while not self.rest.is_set():
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError, AssertionError):
                async with self.stage.room(self.name, self.number) as room:
                    self.lives += 1
                    self.room = room
                    await self._live(room)
            await asyncio.sleep(0.1)

    async def _live(self, room: Room) -> None:
        if room.closed is not None:
            return
        if self.name in FORGETFUL:
            self.given_up |= set(self.open())
        for command in self.open():
            do, arguments = self.sent[command]
            await room.send(do, id=command, **arguments)
            await asyncio.sleep(PAUSE)
        while room.closed is None:
            self._collect(room)
            waiting = len(self.open())
            if self.stopping and not waiting:
                await self.rest.wait()
                return
            if not self.stopping and waiting < AHEAD:
                await self._write(room)
            await asyncio.sleep(PAUSE)
        self._collect(room)

    def open(self) -> list[str]:
        """Return the commands that still wait for an answer."""
        return [command for command in self.sent if command not in self.acks and command not in self.given_up]

    async def _write(self, room: Room) -> None:
        command = str(uuid.uuid4())
        do, arguments = self._choose(command, room)
        self.sent[command] = (do, arguments)
        await room.send(do, id=command, **arguments)

    def _choose(self, command: str, room: Room) -> tuple[str, dict[str, Any]]:
        plain = {"agenda_item": self.stage.point(), "text": f"opdracht {command}"}
        if self.name != "vz":
            return "minutes.write", plain
        used = {arguments.get("key") for _do, arguments in self.sent.values()}
        proposed = [key for key, body in room.objects("decision").items() if body["status"] == "proposed"]
        free = [key for key in proposed if key not in used and room.view[key]["text"].startswith("opdracht")]
        kind = random.choice(("decision.propose", "action.add", "decision.adopt"))
        if kind == "decision.adopt" and free:
            return kind, {"key": free[0]}
        if kind == "action.add":
            return kind, plain | {"owner": "kwintes", "due": "2026-12-01"}
        return "decision.propose", plain

    def _collect(self, room: Room) -> None:
        for command, answer in list(room.answers.items()):
            if command not in self.sent or command in self.given_up:
                continue
            if answer["type"] == "nack":
                self.wrong.append(f"{self.name}: {self.sent[command][0]} got {answer}")
            elif command in self.acks and self.acks[command] != answer:
                self.wrong.append(f"{self.name}: a repeat was answered otherwise: {self.acks[command]} {answer}")
            self.acks[command] = answer


@dataclass
class Outcome:
    """What a run ended in; `wrong` is empty when nothing was lost, doubled or left unproven."""

    kills: int = 0
    sent: int = 0
    acknowledged: int = 0
    unanswered_kept: int = 0
    wrong: list[str] = field(default_factory=list)


async def run(folder: Path, rounds: int, *, processes: int = 1, seed: int | None = None) -> Outcome:
    """Load a store, kill its server `rounds` times under load, compare everything."""
    dice = random.Random(seed)
    outcome = Outcome()
    with Stage.open(folder, processes=processes) as stage:
        writers = [Writer(name, stage, at % processes) for at, name in enumerate(WRITERS)]
        for writer in writers:
            stage.browser(writer.name, writer.number)
        tasks = [asyncio.create_task(writer.run()) for writer in writers]
        try:
            await asyncio.sleep(1)
            for _ in range(rounds):
                number = dice.randrange(processes)
                await asyncio.sleep(dice.uniform(0.2, 1.5))
                await asyncio.to_thread(stage.kill, number)
                outcome.kills += 1
                await asyncio.to_thread(stage.restart, number)
                await _back(writers, number)
            await _quiet(writers, outcome)
            await _compare(stage, writers, outcome)
        finally:
            for writer in writers:
                writer.rest.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return outcome


async def _back(writers: list[Writer], number: int) -> None:
    """Wait until everybody at this process is in the room again."""
    lives = {writer.name: writer.lives for writer in writers if writer.number == number}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            while any(writer.lives == lives.get(writer.name) for writer in writers):  # noqa: ASYNC110  many to wait for
                await asyncio.sleep(0.05)


async def _quiet(writers: list[Writer], outcome: Outcome) -> None:
    for writer in writers:
        writer.stopping = True
    try:
        async with asyncio.timeout(ANSWERED):
            while any(writer.open() for writer in writers):  # noqa: ASYNC110  many to wait for
                await asyncio.sleep(0.1)
    except TimeoutError:
        outcome.wrong += [f"{writer.name}: never answered: {writer.open()}" for writer in writers if writer.open()]
    await asyncio.sleep(2)


async def _compare(stage: Stage, writers: list[Writer], outcome: Outcome) -> None:
    """Answers against fresh views, the database and the log."""
    kept = {str(uuid.UUID(str(command))): key for command, key in stage.rows("SELECT command, key FROM agenda_receipt")}
    notes = Counter(str(uuid.UUID(str(row))) for (row,) in stage.rows("SELECT id FROM agenda_note"))
    entries = Counter(
        (leaf["act"], key)
        for leaf in stage.leaves()
        if leaf["act"] in ACTS.values() and leaf["out"] == "permit" and leaf["origin"] == "socket"
        for key in leaf["obj"]
    )
    written = Counter((ACTS[do], kept[command]) for command, (do, _a) in _all(writers) if command in kept)
    outcome.wrong += [f"entries {entries[one]}, commands {written[one]}: {one}" for one in entries | written
                      if entries[one] != written[one]]  # fmt: skip
    for writer in writers:
        outcome.sent += len(writer.sent)
        outcome.acknowledged += len(writer.acks)
        outcome.unanswered_kept += len(writer.given_up & set(kept))
        outcome.wrong += writer.wrong
        outcome.wrong += [f"{writer.name}: {what}" for what in _faults(writer, kept, notes)]
        outcome.wrong += [f"{writer.name}: {what}" async for what in _views(stage, writer, kept)]


def _all(writers: list[Writer]) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    for writer in writers:
        yield from writer.sent.items()


def _faults(writer: Writer, kept: dict[str, str], notes: Counter[str]) -> Iterator[str]:
    for command, answer in writer.acks.items():
        if kept.get(command) != answer["key"]:
            yield f"acknowledged {command} and not kept as {answer['key']}: {kept.get(command)}"
        elif notes[answer["key"].partition(":")[2]] != 1:
            yield f"acknowledged {answer['key']} stands {notes[answer['key'].partition(':')[2]]} times"


async def _views(stage: Stage, writer: Writer, kept: dict[str, str]) -> Any:
    """Compare the view that lived through the crashes with a fresh one, and it with the commands."""
    async with stage.room(writer.name, writer.number) as fresh:
        if writer.room is None or writer.room.view != fresh.view:
            yield "the view that was kept up to date is not the fresh one"
        texts = Counter(body.get("text") for body in fresh.view.values())
        for command, (do, arguments) in writer.sent.items():
            expected = 1 if command in kept else 0
            if do != "decision.adopt" and texts[arguments["text"]] != expected:
                yield f"{do} {command} stands {texts[arguments['text']]} times in the view, kept {expected}"
            adopted = do == "decision.adopt" and command in writer.acks
            if adopted and fresh.view[arguments["key"]]["status"] != "adopted":
                yield f"acknowledged {do} {command} is not adopted"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="casustafel-crash-") as folder:
        done = asyncio.run(run(Path(folder) / "store", args.rounds, processes=2 if on_postgres else 1, seed=args.seed))
    print(f"{done.kills} kills, {done.sent} commands, {done.acknowledged} acknowledged, "
          f"{done.unanswered_kept} kept without an answer having arrived, {len(done.wrong)} wrong")  # fmt: skip
    for wrong in done.wrong:
        print("  " + wrong)
    return 1 if done.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
