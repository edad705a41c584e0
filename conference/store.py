"""Stores: found one with fresh keys, open one that is there; never a new key for old data."""

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from conference import crypto, startup
from conference.trouble import StartRefused

_MIGRATION_LOCK = 0x4361_7375  # "Casu": processes that start together migrate one after another


def found() -> str:
    """Make a store: folders, root key, tables. Return the recovery key, to be shown once.

    Raises StartRefused("store_exists") and KeyTrouble("keys_exist").
    """
    startup.make_folder(settings.CONFIG.data_folder)
    if _has_tables():
        raise StartRefused("store_exists", "There is a store here already; choose another folder with CASUSTAFEL_DATA.")
    ring, recovery = crypto.KeyRing.create(settings.CONFIG.keys_folder)
    startup.use_keys(ring)
    _migrate()
    _check_root()
    return recovery


def open_here(*, may_found: bool = False) -> str | None:
    """Open the store of the settings: keys, tables, product clock.

    `may_found`: where there is neither key nor table, make the store and return its recovery key.
    Raises StartRefused("no_store") and KeyTrouble("key_missing" | "key_wrong" | ...).
    """
    if not _has_tables():
        if may_found:
            return found()
        raise StartRefused(
            "no_store", "There is no store here yet. Make one with `casustafel init`, or try `casustafel demo`."
        )
    startup.open_keys()
    _migrate()
    _check_root()
    _set_clock()
    return None


def _has_tables() -> bool:
    if not settings.CONFIG.postgres and not (settings.CONFIG.data_folder / "casustafel.sqlite3").exists():
        return False
    try:
        return "vault_keycheck" in connection.introspection.table_names()
    except DatabaseError:
        raise StartRefused("database_unreachable", "The database does not answer. Nothing was changed.") from None


def _migrate() -> None:
    if connection.vendor != "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # another process may have much to migrate
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
            cursor.execute("RESET lock_timeout")


def _check_root() -> None:
    from conference.cases.seals import check_root  # noqa: PLC0415  models load after Django's set-up

    check_root()


def _set_clock() -> None:
    from agenda import worldclock  # noqa: PLC0415  models load after Django's set-up

    worldclock.set_clock()


def start_clock() -> None:
    """Let a seeded store's time begin to run, at its first serve."""
    from agenda import worldclock  # noqa: PLC0415  models load after Django's set-up

    worldclock.set_clock(serving=True)
