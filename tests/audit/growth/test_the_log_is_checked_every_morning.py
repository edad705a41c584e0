"""Once a day the whole log is checked, when nobody meets; what is damaged is told by its first entry."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from audit.proving.daily import Checking, due, latest
from tests.audit.growth.living import lives

ZONE = ZoneInfo("Europe/Amsterdam")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, "2026-11-23T12:00:00", True),
        ("2026-11-23T05:01:00", "2026-11-23T23:59:00", False),
        ("2026-11-23T05:01:00", "2026-11-24T04:59:00", False),
        ("2026-11-23T05:01:00", "2026-11-24T05:00:00", True),
        ("2026-11-23T04:59:00", "2026-11-23T05:00:00", True),
        ("2026-11-20T05:01:00", "2026-11-23T03:00:00", True),
        ("2026-03-28T05:01:00", "2026-03-29T05:00:00", True),
        ("2026-10-24T05:01:00", "2026-10-25T04:59:00", False),
    ],
)
def test_it_is_due_once_after_five_in_the_morning(last: str | None, now: str, is_due: bool) -> None:
    assert due(_at(now), _at(last) if last else None) is is_due


@pytest.mark.django_db
def test_a_damaged_entry_is_told_by_its_place(tmp_path: Path) -> None:
    good, bad = lives(tmp_path, "a_damaged_morning")["checks"]
    assert good == [True, 10, None, ""]
    assert bad == [False, 12, 3, "entry_differs"]


@pytest.mark.django_db(transaction=True)
def test_a_serving_process_checks_once_and_keeps_the_result() -> None:
    worker = Checking()
    worker.look()
    first = latest()
    worker.look()
    assert first is not None
    assert latest() == first
