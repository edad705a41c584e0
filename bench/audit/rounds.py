"""The parts of the bench: each lets limits and candidates take turns, and returns what it found."""

import contextlib
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.audit.limits import Limits
from bench.audit.workers import Worker
from tests import postgres, programs
from tests.server import Store

Figures = dict[str, Any]

EACH = 16  # entries of each of sixty-four callers in one round
SERIAL = 150  # entries one by one in one round
PROCESSES = 8
PROOFS = 200  # in one round
EXPORT = "export"
# Synced as in the field; the rest is PostgreSQL's own.
FIELD = ("shared_buffers=128MB", "max_connections=200")


class Samples(dict[str, list[float]]):
    """What was measured in each round, by name."""

    def add(self, **values: float) -> None:
        """Add one round's."""
        for name, value in values.items():
            self.setdefault(name, []).append(value)

    def spreads(self) -> Figures:
        """Of each name the quartiles over the rounds."""
        return {name: spread(values) for name, values in self.items()}


def spread(values: list[float]) -> Figures:
    """Return median, quartiles and p99 of values."""
    ordered = sorted(values)
    quarters = {f"p{part}": ordered[min(len(ordered) - 1, len(ordered) * part // 100)] for part in (25, 75, 99)}
    return {"p50": statistics.median(ordered), "n": len(ordered), **quarters}


def writing(folder: Path, rounds: int, _leaves: int) -> Figures:
    """SQLite: one by one and by sixty-four who wait; with and without the tree growing behind them."""
    found: Figures = {}
    with Store.make(folder / "writing") as store, Limits(folder) as limits, Worker("writing", store) as product:
        product.ask("ready")
        with _peer(folder) as access:
            for growing in (False, True):
                say(f"writing on SQLite{', the tree growing behind it' if growing else ''}")
                product.ask("grow", on=growing)
                found["growing" if growing else "alone"] = _written(limits, product, access, rounds)
    return found


def _written(limits: Limits, product: Worker, access: Callable[[], float], rounds: int) -> Figures:
    samples, taken = Samples(), []
    for _ in range(rounds):
        l1, one = limits.synced_writes(), product.ask("serial", count=SERIAL)["taken"]
        l2, tasks, threads = limits.synced_rows(), _rate(product, "tasks"), _rate(product, "threads")
        peer = access()
        serial = len(one) / sum(one)
        taken += one
        samples.add(l1=l1, l2=l2, serial=serial, tasks=tasks, threads=threads, peer=peer)
        samples.add(serial_l1=serial / l1, tasks_l2=tasks / l2, threads_l2=threads / l2)
        samples.add(tasks_peer=tasks / peer, threads_peer=threads / peer, peer_l1=peer / l1)
    return samples.spreads() | {"entry": spread(taken)}


def _rate(product: Worker, command: str) -> float:
    return float(product.ask(command, each=EACH)["rate"])


@contextlib.contextmanager
def _peer(folder: Path) -> Iterator[Callable[[], float]]:
    """Give a function that takes one sample of django-auditlog; of nan when it is not installed."""
    if importlib.util.find_spec("auditlog") is None:
        say("django-auditlog is not installed: pip install --no-deps --require-hashes -r requirements-bench.lock")
        yield lambda: float("nan")
        return
    with Store.make(folder / "peer") as store, Worker("peer", store, str(folder)) as peer:
        yield lambda: float(peer.ask("access", count=SERIAL)["rate"])


# --- several processes ------------------------------------------------------------------


def processes(folder: Path, rounds: int, _leaves: int) -> Figures:
    """PostgreSQL: eight processes that write, each as a serving process does, the tree growing behind them."""
    found = programs.postgres()
    if found is None:
        say("no PostgreSQL here: left out")
        return {}
    with postgres.serving(found, settings=FIELD) as url, Store.make(folder / "processes") as store:
        store.database_url = url
        with Limits(folder) as limits, contextlib.ExitStack() as stack:
            workers = [stack.enter_context(Worker("writing", store)) for _ in range(1)]
            workers[0].ask("ready")  # founds the store: the others find it
            workers += [stack.enter_context(Worker("writing", store)) for _ in range(PROCESSES - 1)]
            everybody(workers, "ready")
            return {
                "alone": _together(limits, workers, rounds, growing=False),
                "growing": _together(limits, workers, rounds, growing=True),
            }


def _together(limits: Limits, workers: list[Worker], rounds: int, *, growing: bool) -> Figures:
    say(f"{PROCESSES} processes on PostgreSQL{', the tree growing behind them' if growing else ''}")
    everybody(workers, "grow", on=growing)
    if growing:
        _lags(workers)  # what was written before nobody took in
    samples, taken, lag_one, lag_many = Samples(), [], [], []
    for _ in range(rounds):
        l1 = limits.synced_writes()
        answers = everybody(workers, "serial", count=SERIAL)
        one = PROCESSES * SERIAL / elapsed(answers)
        taken += [seconds for answer in answers for seconds in answer["taken"]]
        lag_one += _lags(workers) if growing else []
        many = PROCESSES * 8 * EACH / elapsed(everybody(workers, "threads", each=EACH, callers=8))
        lag_many += _lags(workers) if growing else []
        samples.add(l1=l1, one=one, many=many, one_l1=one / l1, many_l1=many / l1)
    lags = {"lag": spread(lag_one), "lag_many": spread(lag_many)} if growing else {}
    return samples.spreads() | {"entry": spread(taken)} | lags


def _lags(workers: list[Worker]) -> list[float]:
    """Seconds that each leaf waited for its position; waits until all have one."""
    found: list[float] = []
    while True:
        answers = everybody(workers, "lag")
        found += [seconds for answer in answers for seconds in answer["lag"]]
        if not answers[0]["backlog"]:
            return found
        time.sleep(0.05)


def everybody(workers: list[Worker], command: str, **values: Any) -> list[Figures]:
    """Ask all at once and wait for all."""
    for number, worker in enumerate(workers):
        own = {"person": number * 8} if command in {"serial", "threads"} else {}
        worker.tell(command, **values, **own)
    return [worker.answer() for worker in workers]


def elapsed(answers: list[Figures]) -> float:
    """Seconds from the first beginning to the last end; the clock is the machine's."""
    return float(max(one["ended"] for one in answers) - min(one["began"] for one in answers))


# --- proofs and checks -------------------------------------------------------------------


def proving(folder: Path, rounds: int, leaves: int) -> Figures:
    """Proofs from the tiles of a large log in SQLite, and what its tree takes."""
    with Store.make(folder / "proving") as store, Worker("proving", store) as product:
        say(f"growing a tree of {leaves} leaves")
        found: Figures = {"filled": product.ask("fill", leaves=leaves)}
        say("proofs")
        for kind in ("inclusion", "consistency"):
            answers = [product.ask(kind, count=PROOFS) for _ in range(rounds)]
            found[kind] = spread([seconds for answer in answers for seconds in answer["taken"]])
            found[kind]["tiles"] = max(answer["tiles"] for answer in answers)
        found["storage"] = product.ask("storage")
        product.ask("export", folder=str(folder / EXPORT))
    return found


def verifying(folder: Path, rounds: int, leaves: int) -> Figures:
    """The check of that log by its export alone."""
    if not (folder / EXPORT).exists():
        proving(folder, 1, leaves)
    say("offline verification")
    samples = Samples()
    with Store.make(folder / "verifying") as store, Limits(folder) as limits, Worker("verifying", store) as product:
        for _ in range(rounds):
            l3 = limits.hashes()
            answer = product.ask("verify", folder=str(folder / EXPORT))
            rate = answer["size"] / answer["taken"]
            samples.add(l3=l3, entries=rate, entries_l3=2 * rate / (l3 + limits.hashes()))
    return samples.spreads()


def say(what: str) -> None:
    """Tell on standard error what is being measured."""
    print(f"{time.strftime('%H:%M:%S')} {what} ...", file=sys.stderr, flush=True)
