"""The live room measured: `python -m bench.live [--sockets 50 200] [--rounds 300] [--json FILE]`.

Everything runs in one sitting on one machine; the floor is measured first and last, and the
figures to compare are ratios to it.
"""

import argparse
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import commits, product
from bench.fleet import Client, Fleet
from bench.rounds import Burst, Latency, Moments, burst, latency, paced, resident
from tests.server import ROOT

SENDERS = 10
A_SECOND = 19.5  # commands of one sender; the protocol allows 20
BURST_DELIVERIES = 60_000

Figures = dict[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--sockets", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="casustafel-bench-") as place:
        figures = measure(Path(place), options.sockets, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(table(figures))


def measure(folder: Path, sockets: list[int], rounds: int) -> Figures:
    """Return all figures of one sitting."""
    figures: Figures = {"sockets": sockets, "commits": commits.measure(folder)}
    with product.running(folder) as (server, conference):
        say("product: warm up")
        figures["memory"] = _memory(server.process.pid, conference, max(sockets))
        payload = folder / "frame"
        payload.write_bytes(conference.sample)
        figures["frame_bytes"] = len(conference.sample)
        figures["floor_first"] = _simple("floor", payload, sockets, rounds)
        say("product")
        figures["product"] = {str(number): _product(conference, number, rounds) for number in sockets}
        figures["refused"] = len(conference.refused)
    figures["group_send"] = _simple("group_send", payload, sockets, rounds)
    figures["floor_last"] = _simple("floor", payload, sockets, rounds)
    return figures


# --- the product --------------------------------------------------------------------


def _memory(pid: int, conference: product.Conference, sockets: int) -> Figures:
    """KiB per connection: from a warm server with a few sockets to one with many."""
    fleet = conference.fleet(6)
    latency(fleet, conference.moments, fleet.clients, conference.write, 30)
    before = resident(pid)
    conference.grow(fleet, sockets)
    time.sleep(1)
    after = resident(pid)
    fleet.close()
    return {"before_kib": before, "after_kib": after, "kib_per_connection": (after - before) / sockets}


def _product(conference: product.Conference, sockets: int, rounds: int) -> Figures:
    fleet = conference.fleet(sockets)
    senders = fleet.clients[: max(SENDERS, sockets // 4)]
    taken = latency(fleet, conference.moments, senders, conference.write, rounds)
    fleet.quiet(0.2)
    for client in fleet.clients:
        conference.acknowledge(client)
    conference.moments.notes.clear()
    plan = list(paced(fleet.clients[:SENDERS], _each(sockets), A_SECOND))
    many = burst(fleet, plan, conference.write, conference.delivered, lambda: conference.frames)
    codes = sorted({client.code for client in fleet.clients if client.code is not None})
    fleet.close()
    return _figures(taken, many) | {"closed": codes}


# --- floor and peer --------------------------------------------------------------------


def _simple(module: str, payload: Path, sockets: list[int], rounds: int) -> Figures:
    """Measure a server that answers a one-byte frame by the sample frame to everybody."""
    say(module)
    found: Figures = {}
    for number in sockets:
        with _server(module, payload) as port:
            found[str(number)] = _simple_at(module, port, number, rounds)
    return found


def _simple_at(module: str, port: int, sockets: int, rounds: int) -> Figures:
    moments = Moments()
    total = [0]

    def take(_client: Client, _payload: bytes) -> None:
        moments.change()
        total[0] += 1

    def send(client: Client) -> None:
        fleet.send(client, "x")

    fleet = Fleet("127.0.0.1", port, take)
    for _ in range(sockets):
        fleet.open("/ws/", {"Origin": f"http://127.0.0.1:{port}"})
    fleet.quiet(0.2)
    taken = latency(fleet, moments, fleet.clients[:SENDERS], send, rounds)
    plan = list(paced(fleet.clients[:SENDERS], _each(sockets), A_SECOND))
    if module == "floor":  # what the machine can do at all: nobody holds back
        plan = [(0.0, sender) for _, sender in plan]
    many = burst(fleet, plan, send, lambda: total[0], lambda: total[0])
    fleet.close()
    return _figures(taken, many)


@contextmanager
def _server(module: str, payload: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", f"bench.{module}", str(port), str(payload)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not come up")


def _each(sockets: int) -> int:
    """How many changes each sender makes, for the same number of deliveries with fewer sockets too."""
    return max(1, min(BURST_DELIVERIES // sockets, 300) // SENDERS)


def _figures(taken: Latency, many: Burst) -> Figures:
    return {"latency": asdict(taken), "burst": asdict(many) | {"rate": many.rate, "lost": many.lost}}


# --- the report ----------------------------------------------------------------------------


def table(figures: Figures) -> str:
    """Return the figures as text: milliseconds, and ratios to the mean of both floors."""
    lines = [
        f"frame {figures['frame_bytes']} bytes; refused commands {figures['refused']}",
        f"commits on this disk: command {figures['commits']['command']:.2f} ms, log {figures['commits']['log']:.2f} ms",
        f"memory {figures['memory']['kib_per_connection']:.1f} KiB per connection",
        "server          N    last p50     p99   x floor  (p50-commits) x floor  burst/s   % floor  lost  frames",
    ]
    for number in map(str, figures["sockets"]):
        floor = _mean(figures, number, lambda one: float(one["latency"]["last"]["p50"]))
        rate = _mean(figures, number, lambda one: float(one["burst"]["rate"]))
        both = sum(figures["commits"].values())
        names = ("floor_first", "product", "group_send", "floor_last")
        lines += [_line(name, number, figures[name][number], (floor, rate, both)) for name in names]
        lines.append(_parts(number, figures["product"][number]))
    return "\n".join(lines)


def _mean(figures: Figures, number: str, pick: Callable[[Figures], float]) -> float:
    return (pick(figures["floor_first"][number]) + pick(figures["floor_last"][number])) / 2


def _line(name: str, number: str, one: Figures, base: tuple[float, float, float]) -> str:
    floor, rate, both = base
    p50, p99 = one["latency"]["last"]["p50"], one["latency"]["last"]["p99"]
    less = (p50 - both) / floor if name == "product" else p50 / floor
    many = one["burst"]
    return (
        f"{name:12} {number:>4} {p50:11.2f} {p99:7.1f} {p50 / floor:9.1f} {less:23.1f} {many['rate']:8.0f} "
        f"{100 * many['rate'] / rate:8.1f}% {many['lost'] + one['latency']['lost']:5} {many['frames']:7}"
    )


def _parts(number: str, one: Figures) -> str:
    taken = one["latency"]
    answered, first, last = (taken[part]["p50"] if taken[part] else 0.0 for part in ("answered", "first", "last"))
    return (
        f"{'':12} {number:>4}  of which: command to ack {answered:.2f} ms; to the first receiver {first:.2f} ms; "
        f"first to last {last - first:.2f} ms"
    )


def say(what: str) -> None:
    """Tell on standard error what is being measured."""
    print(f"measuring {what} ...", file=sys.stderr)


if __name__ == "__main__":
    main()
