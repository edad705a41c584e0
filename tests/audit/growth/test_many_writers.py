"""Whoever is killed when: each acknowledged entry has one position, and the root is that of the leaves."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from structlog.testing import capture_logs

from audit import record as log
from audit.growth import background, integrator
from audit.record import Entry, record_durably
from tests.server import ROOT, Store

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has one process")
postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL has many processes")


def program(store: Store, story: str, noted: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.audit.growth.many", story, str(noted)],
        env=store.environ() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def run(store: Store, story: str, noted: Path) -> Any:
    with program(store, story, noted) as running:
        answer, _nothing = running.communicate(timeout=60)
    assert running.returncode == 0
    return json.loads(answer)


def assert_nothing_was_lost(told: dict[str, Any], *, at_least: int) -> None:
    assert told.pop("acknowledged") >= at_least
    assert told == {
        "lost": 0,
        "twice": 0,
        "without_position": 0,
        "dense": True,
        "waits": 0,
        "tiles_root": True,
        "signed_root": True,
    }


@pytest.mark.alone
@pytest.mark.django_db
@postgresql_only
def test_eight_processes_write_while_the_integrator_is_killed_again_and_again(store: Store, tmp_path: Path) -> None:
    noted = tmp_path / "acknowledged"
    ended = run(store, "processes", noted)
    assert ended["writers_failed"] == 0
    assert ended["killed"] >= 5
    assert_nothing_was_lost(run(store, "told", noted), at_least=200)


@pytest.mark.alone
@pytest.mark.django_db
@sqlite_only
def test_eight_threads_write_while_the_integrator_stops_and_the_process_is_killed(store: Store, tmp_path: Path) -> None:
    noted = tmp_path / "acknowledged"
    for _ in range(3):
        with program(store, "threads", noted) as running:
            assert running.stdout is not None
            running.stdout.readline()  # the integrator has stopped for the first time
            time.sleep(random.uniform(0.3, 1.0))
            running.kill()
    assert_nothing_was_lost(run(store, "told", noted), at_least=200)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All that other tests left is taken in, and a tenth of a second is late."""
    integrator.integrate()
    monkeypatch.setattr(background, "LATE", 0.1)
    yield
    log.stop()
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_an_alarm_is_raised_once_while_the_integrator_stands_still_and_cleared_when_it_goes_on(patience: None) -> None:
    watch = background.Watch()
    with capture_logs() as said:
        watch.look()
        record_durably(Entry(act="case.viewed", origin="http", case=uuid4()))
        time.sleep(0.2)
        for _ in range(3):
            watch.look()
        assert (watch.raised, integrator.backlog().count) == (True, 1)
        integrator.integrate()
        watch.look()
    assert (watch.raised, integrator.backlog().count) == (False, 0)
    assert [(line["event"], line["log_level"]) for line in said] == [
        ("audit_backlog", "error"),
        ("audit_backlog_cleared", "info"),
    ]
