"""Each year has a log of its own, which ends with a last checkpoint; nothing is lost at its turn."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.growth.living import lives


def _log(year: int, size: int, **more: Any) -> dict[str, Any]:
    told = {"closed": True, "origin": str(year), "checkpoint": size}
    return (
        {
            "year": year,
            "size": size,
            "leaves": size,
            "signed_root_is_of_the_leaves": True,
        }
        | told
        | more
    )


@pytest.mark.django_db
def test_at_the_turn_of_the_year_the_old_log_ends_with_a_checkpoint_over_all_of_it(tmp_path: Path) -> None:
    told = lives(tmp_path, "the_year_turns")
    assert told["logs"] == [_log(2026, 305), _log(2027, 7, closed=False)]


@pytest.mark.django_db
def test_a_year_ends_also_when_nothing_happens_in_the_next(tmp_path: Path) -> None:
    assert lives(tmp_path, "a_quiet_new_year")["logs"] == [_log(2026, 3)]


@pytest.mark.django_db
def test_what_is_late_for_a_closed_year_stands_in_the_open_one(tmp_path: Path) -> None:
    assert lives(tmp_path, "a_late_leaf")["logs"] == [_log(2026, 3), _log(2027, 3, closed=False)]


@pytest.mark.django_db
def test_a_clock_that_went_back_loses_nothing(tmp_path: Path) -> None:
    assert lives(tmp_path, "a_clock_that_went_back")["logs"] == [_log(2031, 5, closed=False)]


@pytest.mark.django_db
def test_without_its_key_the_log_grows_and_signs_nothing_with_another(tmp_path: Path) -> None:
    told = lives(tmp_path, "the_key_is_gone")
    assert told["trouble"] == "key_not_loaded"
    assert told["logs"][0]["size"] == 5
    assert told["logs"][0]["checkpoint"] is None
