"""A worker: a tree of a million leaves, proofs read from its tiles, and its export.

Run by `bench.audit` on SQLite.
"""

import random
import time
from pathlib import Path

from bench.audit.people import PEOPLE, People
from bench.audit.workers import Answer, serve
from conference import startup, store

startup.prepare()

from django.db import connection, transaction  # noqa: E402

from audit import table  # noqa: E402
from audit.entry import build  # noqa: E402
from audit.growth import integrator  # noqa: E402
from audit.growth import store as tree  # noqa: E402
from audit.models import Log  # noqa: E402
from audit.proving import exporting  # noqa: E402
from audit.proving.choosing import Chosen  # noqa: E402
from audit.record import write_lock  # noqa: E402
from audit.tree import proofs, tiles  # noqa: E402
from audit.tree.hashing import leaf_hash  # noqa: E402

STEP = 4096
drawn = random.Random(11)
read: list[int] = []


def fill(leaves: int) -> Answer:
    """Write so many leaves, as the product does though many at once, and let the tree take them in."""
    people, start, written = People(), time.perf_counter(), 0
    while written < leaves:
        entries = [entry for person in range(PEOPLE) for entry in people.entries(person, STEP // PEOPLE)]
        with write_lock(), transaction.atomic():
            table.append(connection, [leaf for entry in entries[: leaves - written] for leaf in build(entry)])
        written += len(entries)
    wrote, start = time.perf_counter() - start, time.perf_counter()
    placed = integrator.integrate()
    integrator.sign()
    return {"leaves": leaves, "placed": placed, "write_seconds": wrote, "grow_seconds": time.perf_counter() - start}


def inclusion(count: int) -> Answer:
    """Seconds of single inclusion proofs, each read from the database, and the tiles that each read."""
    log = _log()
    root = proofs.root(tree.nodes(log.id), log.size)
    taken, tiles_read = [], []
    for index in drawn.sample(range(log.size), count):
        read.clear()
        start = time.perf_counter()
        proof = proofs.inclusion(tree.nodes(log.id), index, log.size)
        taken.append(time.perf_counter() - start)
        tiles_read.append(sum(read))
        [leaf] = tree.leaves(log, index, index + 1)
        proofs.verify_inclusion(leaf_hash(leaf), index, log.size, proof, root)
    return {"taken": taken, "tiles": max(tiles_read)}


def consistency(count: int) -> Answer:
    """Seconds of single consistency proofs from a smaller size to the whole."""
    log = _log()
    root = proofs.root(tree.nodes(log.id), log.size)
    taken, tiles_read = [], []
    for old in drawn.sample(range(1, log.size), count):
        before = proofs.root(tree.nodes(log.id), old)
        read.clear()
        start = time.perf_counter()
        proof = proofs.consistency(tree.nodes(log.id), old, log.size)
        taken.append(time.perf_counter() - start)
        tiles_read.append(sum(read))
        proofs.verify_consistency(old, log.size, before, root, proof)
    return {"taken": taken, "tiles": max(tiles_read)}


def storage() -> Answer:
    """Bytes per leaf: of hashes, and of the pages that the database keeps for tiles, for leaves, and for finding."""
    size = _log().size
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(length(hashes)), sum(length(crown)) FROM audit_tile")
        hashes, crowns = cursor.fetchone()
        cursor.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
        pages = dict(cursor.fetchall())
    of = {
        part: sum(bytes_ for name, bytes_ in pages.items() if f"audit_{part}" in name) / size
        for part in ("tile", "leaf", "found", "tally")
    }
    return {
        "tree": (hashes + crowns) / size,
        "hashes": hashes / size,
        **{f"pages_{part}": value for part, value in of.items()},
    }


def export(folder: str) -> Answer:
    """Write the export of the whole log."""
    log = _log()
    checkpoint = tree.checkpoint(log.id)
    if checkpoint is None or checkpoint.size != log.size:
        raise RuntimeError("the log is not signed at its size")
    exporting.export(Chosen(log, log.size, bytes(checkpoint.note), ()), Path(folder))
    return {"size": log.size}


def _log() -> Log:
    log = tree.current()
    if log is None:
        raise RuntimeError("there is no log yet")
    return log


def main() -> None:
    """Open the store, count what each proof reads, answer."""
    store.open_here(may_found=True)
    fetch = tree.tiles

    def counted(log: int, wanted: list[tiles.Tile]) -> dict[tiles.Tile, tiles.Held]:
        found = fetch(log, wanted)
        read.append(len(found))
        return found

    tree.tiles = counted  # type: ignore[assignment]
    serve(
        {
            "fill": fill,
            "inclusion": inclusion,
            "consistency": consistency,
            "storage": storage,
            "export": export,
        }
    )


if __name__ == "__main__":
    main()
