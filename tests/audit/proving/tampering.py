"""Ways to tamper with a store behind the program's back, each undone after the check has spoken.

Everything happens in one transaction with the guards lifted, as an owner of the database could do it.
"""

import dataclasses
from collections.abc import Callable
from hashlib import sha256
from struct import pack, unpack
from typing import Any

from django.db import connection, transaction

from audit.growth import integrator, store
from audit.models import Log
from audit.proving.checking import check
from audit.tree.growing import Edge
from tests.audit.proving import inside

SIGNED = (300, 300)
TAIL = 20  # entries behind the last checkpoint
Tamper = Callable[[Log], None]
WAYS: dict[str, Tamper] = {}


class Undo(Exception):
    pass


def way(tamper: Tamper) -> Tamper:
    WAYS[tamper.__name__] = tamper
    return tamper


def sqlite() -> bool:
    return connection.vendor == "sqlite"


def run(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def one(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        return row[0] if len(row) == 1 else row


def id_at(log: Log, position: int) -> int:
    if sqlite():
        return log.first_id + position
    ids = bytes(one("SELECT ids FROM audit_bundle WHERE log = %s AND n = %s", log.id, position // 256))
    return int(unpack(">q", ids[position % 256 * 8 :][:8])[0])


def unguard() -> None:
    tables = ("leaf", "tile", "log", "checkpoint", "cosignature", "signing", "found")
    if sqlite():
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        return
    for table in tables:
        run(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")


def all_of_them() -> dict[str, Any]:
    inside.grow(*map(str, SIGNED))
    inside.write(TAIL)
    integrator.integrate()
    found = {}
    for name, tamper in WAYS.items():
        try:
            with transaction.atomic():
                unguard()
                log = store.current()
                assert log is not None
                tamper(log)
                found[name] = dataclasses.asdict(check(deep=name.startswith("deep_"))[-1].verdict)
                raise Undo
        except Undo:
            pass
    found["nothing"] = dataclasses.asdict(check(deep=True)[-1].verdict)
    return found


# --- leaves ---------------------------------------------------------------------------


def forged(log: Log, position: int) -> bytes:
    """Change an entry and the columns beside it, as somebody careful would."""
    raw = bytes(one("SELECT leaf FROM audit_leaf WHERE id = %s", id_at(log, position)))
    leaf = raw.replace(b'"party":"kwintes"', b'"party":"politie"')
    assert leaf != raw
    run("UPDATE audit_leaf SET leaf = %s, party = 'politie' WHERE id = %s", leaf, id_at(log, position))
    return leaf


@way
def an_entry_changed(log: Log) -> None:
    forged(log, 450)


@way
def an_entry_changed_in_the_first_bundle(log: Log) -> None:
    forged(log, 0)


@way
def an_entry_changed_that_nobody_signed_yet(log: Log) -> None:
    forged(log, 610)


@way
def an_entry_taken_out(log: Log) -> None:
    assert run("DELETE FROM audit_leaf WHERE id = %s", id_at(log, 450)) == 1


@way
def the_last_entries_cut_off(log: Log) -> None:
    assert run("DELETE FROM audit_leaf WHERE id >= %s", id_at(log, 590)) == 30


@way
def two_entries_swapped(log: Log) -> None:
    here, there = id_at(log, 100), id_at(log, 200)
    first = one("SELECT leaf FROM audit_leaf WHERE id = %s", here)
    run("UPDATE audit_leaf SET leaf = (SELECT leaf FROM audit_leaf WHERE id = %s) WHERE id = %s", there, here)
    run("UPDATE audit_leaf SET leaf = %s WHERE id = %s", first, there)


@way
def an_entry_beside_the_log(log: Log) -> None:
    columns = "leaf, t, act, out, actor, case_id, subject, party"
    number = "-5, " if sqlite() else ""
    run(
        f"INSERT INTO audit_leaf ({'id, ' if sqlite() else ''}{columns})"
        f" SELECT {number}{columns} FROM audit_leaf WHERE id = %s",
        id_at(log, 5),
    )


@way
def positions_changed(log: Log) -> None:
    if sqlite():
        run("UPDATE audit_log SET first_id = first_id + 1, size = size - 1")
        return
    ids = list(unpack(">256q", bytes(one("SELECT ids FROM audit_bundle WHERE log = %s AND n = 1", log.id))))
    ids[0], ids[9] = ids[9], ids[0]
    run("UPDATE audit_bundle SET ids = %s WHERE log = %s AND n = 1", pack(">256q", *ids), log.id)


# --- the tree -------------------------------------------------------------------------


def flipped(raw: object, at: int) -> bytes:
    changed = bytearray(bytes(raw))  # type: ignore[call-overload]
    changed[at] ^= 1
    return bytes(changed)


def change_tile(log: Log, column: str, n: int, at: int) -> None:
    where = "log = %s AND level = 0 AND n = %s"
    raw = one(f"SELECT {column} FROM audit_tile WHERE {where}", log.id, n)
    run(f"UPDATE audit_tile SET {column} = %s WHERE {where}", flipped(raw, at), log.id, n)


@way
def a_tile_changed(log: Log) -> None:
    change_tile(log, "hashes", 1, 32 * 44)


@way
def a_crown_changed(log: Log) -> None:
    change_tile(log, "crown", 1, 0)


@way
def a_tile_taken_out(log: Log) -> None:
    run("DELETE FROM audit_tile WHERE log = %s AND level = 0 AND n = 1", log.id)


def rebuilt(log: Log, position: int) -> None:
    """Change an entry and every tile over it: only the signatures cannot be made anew."""
    forged(log, position)
    edge = Edge.of(0, [])
    hashes = [sha256(b"\0" + leaf).digest() for leaf in store.leaves(log, 0, log.size)]
    for (level, n), tile in edge.append(hashes).items():
        run(
            "UPDATE audit_tile SET hashes = %s, crown = %s WHERE log = %s AND level = %s AND n = %s",
            tile.hashes,
            tile.crown,
            log.id,
            level,
            n,
        )


@way
def an_entry_changed_and_all_rebuilt(log: Log) -> None:
    rebuilt(log, 450)


@way
def an_entry_changed_and_all_rebuilt_before_the_first_checkpoint(log: Log) -> None:
    rebuilt(log, 20)


# --- notes and logs -------------------------------------------------------------------


@way
def a_checkpoint_changed(log: Log) -> None:
    raw = one("SELECT note FROM audit_checkpoint WHERE size = 300")
    run("UPDATE audit_checkpoint SET note = %s WHERE size = 300", flipped(raw, 60))


@way
def a_root_changed(log: Log) -> None:
    run("UPDATE audit_checkpoint SET root = %s WHERE size = 600", bytes(32))


@way
def all_checkpoints_taken_out(log: Log) -> None:
    run("DELETE FROM audit_checkpoint")


@way
def a_cosignature_that_nobody_made(log: Log) -> None:
    run(
        "INSERT INTO audit_cosignature (log, size, t, witness, line) VALUES (%s, 300, 1, 'a+b+c', 'x')",
        log.id,
    )


@way
def the_end_taken_away_from_log_and_leaves(log: Log) -> None:
    run("DELETE FROM audit_leaf WHERE id >= %s", id_at(log, 400))
    run("UPDATE audit_log SET size = 400")


@way
def the_key_replaced(log: Log) -> None:
    from audit.tree.notes import Signer

    run("UPDATE audit_log SET vkey = %s", Signer(log.origin, bytes(32)).vkey)


@way
def the_key_broken(log: Log) -> None:
    run("UPDATE audit_log SET vkey = 'none'")


@way
def the_store_without_its_name_and_key(log: Log) -> None:
    assert run("DELETE FROM audit_signing") == 1


@way
def the_log_taken_out(log: Log) -> None:
    run("DELETE FROM audit_log")


# --- what the desk finds by -----------------------------------------------------------


@way
def a_moment_changed(log: Log) -> None:
    run("UPDATE audit_leaf SET t = t + 1 WHERE id = %s", id_at(log, 450))


@way
def an_act_changed(log: Log) -> None:
    run("UPDATE audit_leaf SET act = 'login.ended' WHERE id = %s", id_at(log, 450))


@way
def an_outcome_changed(log: Log) -> None:
    run("UPDATE audit_leaf SET out = 'deny' WHERE id = %s", id_at(log, 450))


@way
def an_actor_changed(log: Log) -> None:
    run("UPDATE audit_leaf SET actor = %s WHERE id = %s", "0" * 31 + "1", id_at(log, 450))


@way
def a_case_taken_away(log: Log) -> None:
    run("UPDATE audit_leaf SET case_id = NULL WHERE id = %s", id_at(log, 450))


@way
def a_subject_changed(log: Log) -> None:
    run("UPDATE audit_leaf SET subject = %s WHERE id = %s", "0" * 31 + "1", id_at(log, 450))


@way
def a_party_changed(log: Log) -> None:
    run("UPDATE audit_leaf SET party = 'politie' WHERE id = %s", id_at(log, 450))


@way
def a_column_of_another_kind(log: Log) -> None:
    if sqlite():
        run("UPDATE audit_leaf SET actor = 'nobody', t = 'never' WHERE id = %s", id_at(log, 450))
    else:
        run("UPDATE audit_leaf SET act = '' WHERE id = %s", id_at(log, 450))


@way
def a_place_taken_away(log: Log) -> None:
    assert run("DELETE FROM audit_found WHERE leaf_id = %s AND scope = 1", id_at(log, 450)) == 1


@way
def a_place_added(log: Log) -> None:
    run("INSERT INTO audit_found (scope, key, t, leaf_id) VALUES (1, %s, 5, %s)", bytes(16), id_at(log, 450))


@way
def a_place_of_nothing(log: Log) -> None:
    run("INSERT INTO audit_found (scope, key, t, leaf_id) VALUES (1, %s, 5, 99999999)", bytes(16))


@way
def deep_a_count_changed(log: Log) -> None:
    run("UPDATE audit_tally SET n = n + 1 WHERE scope = 0")
