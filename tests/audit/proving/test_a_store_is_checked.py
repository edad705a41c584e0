"""Whoever tampers with a store's tables is found by `audit verify`, and the first bad entry is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.audit.proving.living import consoled, lives
from tests.server import Store

pytestmark = pytest.mark.django_db

SIZE = 620  # signed at 300 and at 600
EXPECTED: dict[str, tuple[int | None, str | None]] = {
    "an_entry_changed": (450, "entry_differs"),
    "an_entry_changed_in_the_first_bundle": (0, "entry_differs"),
    "an_entry_changed_that_nobody_signed_yet": (610, "entry_differs"),
    "an_entry_taken_out": (450, "entries_missing"),
    "the_last_entries_cut_off": (590, "entries_missing"),
    "two_entries_swapped": (100, "entry_differs"),
    "an_entry_beside_the_log": (None, "leaf_lost"),
    "a_tile_changed": (300, "tile_differs"),
    "a_crown_changed": (256, "tile_differs"),
    "a_tile_taken_out": (256, "tile_missing"),
    "an_entry_changed_and_all_rebuilt": (300, "root_differs"),
    "an_entry_changed_and_all_rebuilt_before_the_first_checkpoint": (0, "root_differs"),
    "a_checkpoint_changed": (None, "chain_broken"),
    "a_root_changed": (None, "chain_broken"),
    "all_checkpoints_taken_out": (0, "checkpoint_missing"),
    "a_cosignature_that_nobody_made": (None, "cosignature_bad"),
    "the_end_taken_away_from_log_and_leaves": (400, "rolled_back"),
    "the_key_replaced": (0, "signature_bad"),
    "the_key_broken": (0, "key_malformed"),
    "the_store_without_its_name_and_key": (None, "chain_broken"),
    "a_moment_changed": (450, "column_differs"),
    "an_act_changed": (450, "column_differs"),
    "an_outcome_changed": (450, "column_differs"),
    "an_actor_changed": (450, "column_differs"),
    "a_case_taken_away": (450, "column_differs"),
    "a_subject_changed": (450, "column_differs"),
    "a_party_changed": (450, "column_differs"),
    "a_column_of_another_kind": (450, "column_differs"),
    "a_place_taken_away": (450, "places_differ"),
    "a_place_added": (450, "places_differ"),
    "a_place_of_nothing": (None, "places_differ"),
    "deep_a_count_changed": (None, "counts_differ"),
    "nothing": (None, None),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the check says of one store, tampered with in each way and put right again."""
    folder: Path = tmp_path_factory.mktemp("store")
    with Store.make(folder) as store:
        return lives(store, "tamper")


def test_each_way_was_tried(told: Any) -> None:
    assert set(told) == {*EXPECTED, "positions_changed", "the_log_taken_out"}


@pytest.mark.parametrize("name", EXPECTED)
def test_tampering_is_named(told: Any, name: str) -> None:
    position, reason = EXPECTED[name]
    found = told[name]
    assert (found["ok"], found["first_bad"], found["reason"]) == (reason is None, position, reason)


def test_entries_in_other_positions_are_named(told: Any) -> None:
    found = told["positions_changed"]
    assert found["reason"] in {"entry_differs", "root_differs"}
    assert found["first_bad"] in {0, 256}


def test_a_log_that_is_gone_from_its_table_is_missed(told: Any) -> None:
    assert told["the_log_taken_out"]["reason"] in {"chain_broken", "leaf_lost"}


def test_a_good_store_is_told_its_size(told: Any) -> None:
    assert told["nothing"]["size"] == SIZE


def test_counts_that_differ_are_made_anew_by_the_console(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        lives(store, "grow", "300")
        lives(store, "change_a_count")
        wrong, recounted, right = consoled(
            store, ["verify", "--deep", "--json"], ["recount", "--json"], ["verify", "--deep", "--json"]
        )
    assert (wrong[0], json.loads(wrong[1])["reason"]) == (1, "counts_differ")
    assert (recounted[0], json.loads(recounted[1])) == (0, {"ok": True, "counted": 300})
    assert (right[0], json.loads(right[1])["ok"]) == (0, True)


def test_a_log_that_grows_meanwhile_raises_no_false_alarm(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        found = lives(store, "grows_meanwhile", "8")
    assert [one for one in found if not one["ok"]] == []
    assert found[-1]["size"] > found[0]["size"] >= 300
