"""One writer for all: durable, shared, and honest when it cannot."""

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections, transaction

from audit import record as log
from audit import writer as group
from audit.entry import build
from audit.models import Leaf
from audit.record import Entry, LogUnavailable, record, record_durably, record_durably_async, write_lock
from audit.ticket import Ticket

pytestmark = pytest.mark.django_db(transaction=True)

sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way")
postgresql_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own way")


def about(case: UUID, **more: object) -> Entry:
    return Entry(act="item.viewed", origin="http", actor=uuid4(), case=case, **more)  # type: ignore[arg-type]


def written(case: UUID) -> int:
    return Leaf.objects.filter(case_id=case).count()


@pytest.fixture(autouse=True)
def a_writer_of_its_own() -> Iterator[None]:
    yield
    log.stop()
    connections.close_all()


@contextlib.contextmanager
def another_process_writes() -> Iterator[None]:
    """Hold SQLite's write lock from a program of its own, until the block ends."""
    path = connection.settings_dict["NAME"]
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE');"
        "print('held', flush=True); sys.stdin.read()"
    )
    python = subprocess.Popen(
        [os.sys.executable, "-c", code, str(path)],  # type: ignore[attr-defined]
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert python.stdin is not None
    assert python.stdout is not None
    assert python.stdout.readline() == "held\n"
    try:
        yield
    finally:
        python.stdin.close()
        python.wait()
        python.stdout.close()


def refused_within(seconds: float, entry: Entry) -> str:
    start = time.monotonic()
    with pytest.raises(LogUnavailable) as caught:
        record_durably(entry)
    assert time.monotonic() - start < seconds
    return caught.value.why


def test_an_entry_is_readable_by_others_when_the_call_returns() -> None:
    case = uuid4()
    record_durably(about(case))
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: (written(case), connection.close())[0]).result() == 1


def test_sixty_four_who_wait_share_few_commits_and_lose_nothing() -> None:
    cases = [uuid4() for _ in range(64)]

    def work(case: UUID) -> None:
        for _ in range(20):
            record_durably(about(case))
        connection.close()

    commits = count_groups()
    with ThreadPoolExecutor(64) as pool:
        list(pool.map(work, cases))
    assert [written(case) for case in cases] == [20] * 64
    assert next(commits) < 64 * 20 / 2


def count_groups() -> Iterator[int]:
    """Count the writer's transactions between two steps, by its own commits."""
    seen = 0
    original = group.Writer._commit

    def counted(self: group.Writer, tickets: list[Ticket]) -> None:
        nonlocal seen
        seen += 1
        original(self, tickets)

    group.Writer._commit = counted  # type: ignore[method-assign]

    def result() -> Iterator[int]:
        group.Writer._commit = original  # type: ignore[method-assign]
        yield seen

    return result()


async def test_many_tasks_wait_together_without_a_thread_each() -> None:
    case = uuid4()
    before = threading.active_count()
    await asyncio.gather(*(record_durably_async(about(case)) for _ in range(500)))
    assert threading.active_count() <= before + 1
    assert await sync_to_async(written)(case) == 500
    await sync_to_async(connections.close_all)()


def test_entries_of_one_call_stand_together_and_in_order() -> None:
    cases = [uuid4() for _ in range(700)]
    record_durably(*(about(case) for case in cases))
    leaves = Leaf.objects.filter(case_id__in=cases).order_by("id").values_list("case_id", flat=True)
    assert list(leaves) == cases


def test_inside_a_transaction_or_the_write_lock_a_durable_entry_is_refused() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        record_durably(about(uuid4()))
    if connection.vendor == "sqlite":
        with write_lock(), pytest.raises(RuntimeError):
            record_durably(about(uuid4()))


def test_what_is_no_code_is_refused_before_it_reaches_the_writer() -> None:
    with pytest.raises(ValueError, match="act"):
        record_durably(Entry(act="A. Gent keek", origin="http"))


def test_commands_and_readers_write_at_once_and_nothing_is_lost() -> None:
    cases = [uuid4() for _ in range(8)]

    def command(case: UUID) -> None:
        for _ in range(25):
            with write_lock(), transaction.atomic():
                record(about(case))
        connection.close()

    def reader(case: UUID) -> None:
        for _ in range(25):
            record_durably(about(case))
        connection.close()

    with ThreadPoolExecutor(16) as pool:
        done = [pool.submit(work, case) for case in cases for work in (command, reader)]
        for future in done:
            future.result()
    assert [written(case) for case in cases] == [50] * 8


def test_the_log_says_whether_it_can_be_written() -> None:
    before = Leaf.objects.count()
    assert log.available()
    assert Leaf.objects.count() == before


def test_after_stopping_the_next_entry_starts_the_writer_again() -> None:
    case = uuid4()
    record_durably(about(case))
    log.stop()
    assert group.writer._thread is None
    record_durably(about(case))
    assert written(case) == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_dies_tells_those_who_wait_and_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    case = uuid4()
    record_durably(about(case))
    thread = group.writer._thread

    def die(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(group.table, "commit", die)
    assert refused_within(1.0, about(case)) == "writer_dead"
    monkeypatch.undo()
    record_durably(about(case))
    assert group.writer._thread is not thread
    assert written(case) == 2


@sqlite_only
def test_while_another_process_holds_the_database_nothing_is_shown_and_then_all_goes_on() -> None:
    case = uuid4()
    record_durably(about(case))
    with another_process_writes():
        refused_within(2.5, about(case))
        assert not log.available()
        with ThreadPoolExecutor(16) as pool:
            start = time.monotonic()
            assert all(pool.map(lambda _: bool(refused_within(2.5, about(case))), range(16)))
            assert time.monotonic() - start < 3
    record_durably(about(case))
    assert log.available()
    # Written but refused can happen, when the lock comes free as patience ends; the other way round never.
    assert written(case) >= 2


@sqlite_only
async def test_a_socket_learns_it_in_time_too() -> None:
    with another_process_writes():
        start = time.monotonic()
        with pytest.raises(LogUnavailable):
            await record_durably_async(about(uuid4()))
        assert time.monotonic() - start < 2.5
    await record_durably_async(about(uuid4()))


@sqlite_only
def test_a_command_that_sits_on_the_lock_stops_readers_only_until_it_is_done() -> None:
    case, held, done = uuid4(), threading.Event(), threading.Event()

    def sit() -> None:
        with write_lock():
            held.set()
            done.wait()

    sitting = threading.Thread(target=sit)
    sitting.start()
    held.wait()
    assert refused_within(2.5, about(case)) in {"lock_held", "too_late"}
    done.set()
    sitting.join()
    record_durably(about(case))
    assert written(case) == 1


@sqlite_only
def test_a_command_whose_entry_cannot_be_written_hears_it_by_name_and_is_undone() -> None:
    case = uuid4()
    try:
        with contextlib.suppress(LogUnavailable), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = ON")
            with pytest.raises(LogUnavailable):
                record(about(case))
            raise LogUnavailable("undo")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
    assert written(case) == 0


@sqlite_only
def test_when_the_disk_is_full_the_log_says_so_and_recovers_by_itself() -> None:
    case = uuid4()
    record_durably(about(case))
    with sqlite3.connect(connection.settings_dict["NAME"]) as outside:
        pages = int(outside.execute("PRAGMA page_count").fetchone()[0])
    outside.close()
    limit_pages(pages)
    try:
        with pytest.raises(LogUnavailable):
            fill(case)
        kept = written(case)
        assert not log.available()
        refused_within(1.0, about(case, obj=tuple(f"item:{uuid4()}" for _ in range(400))))
    finally:
        limit_pages(2**30)
    assert log.available()
    record_durably(about(case))
    assert written(case) == kept + 1


def fill(case: UUID) -> None:
    for _ in range(200):
        record_durably(about(case, obj=tuple(f"item:{uuid4()}" for _ in range(400))))


def limit_pages(pages: int) -> None:
    """Let the writer's own connection, and each that replaces it, find no more than so many pages."""
    original = group._harden.__wrapped__ if hasattr(group._harden, "__wrapped__") else group._harden

    def harden() -> None:
        original()
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {pages}")

    harden.__wrapped__ = original  # type: ignore[attr-defined]
    group._harden = harden
    log.stop()


def test_a_backlog_that_is_too_long_is_refused_at_once() -> None:
    group.writer._waiting = group.LARGEST_BACKLOG + 1
    try:
        assert refused_within(0.2, about(uuid4())) == "backlog"
    finally:
        group.writer._waiting = 0


def test_a_writer_that_hangs_is_known_after_two_seconds_and_costs_nobody_more_time() -> None:
    group.writer._busy_since = time.monotonic() - group.PATIENCE - 1
    try:
        assert refused_within(0.2, about(uuid4())) == "stuck"
    finally:
        group.writer._busy_since = None


def test_an_entry_that_nobody_waits_for_any_more_is_dropped() -> None:
    case = uuid4()
    gone = Ticket(build(about(case)))
    gone.cancel()
    group.writer.submit(gone)
    record_durably(about(case))
    assert written(case) == 1


def test_a_forked_process_gets_a_writer_of_its_own() -> None:
    record_durably(about(uuid4()))
    parent = group.writer
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        fresh = group.writer is not parent and group.writer._thread is None and group.writer.lock.acquire(0)
        os.write(writing, json.dumps(fresh).encode())
        os._exit(0)
    os.waitpid(child, 0)
    answer = os.read(reading, 10)
    os.close(reading)
    os.close(writing)
    assert json.loads(answer) is True


@postgresql_only
def test_a_connection_that_the_server_cut_costs_at_most_one_refusal() -> None:
    case = uuid4()
    record_durably(about(case))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with contextlib.suppress(LogUnavailable):
        record_durably(about(case))
    record_durably(about(case))
    assert written(case) >= 2


@postgresql_only
def test_a_table_that_somebody_locks_stops_the_log_in_time() -> None:
    case = uuid4()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_leaf IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(refused_within, 2.5, about(case)).result()
    record_durably(about(case))
    assert written(case) == 1


@postgresql_only
def test_commits_of_the_log_are_synced_whatever_the_servers_default() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    group._harden()
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("SET statement_timeout = 0")
