"""Tiles and bundles lie where tlog-tiles says, so that any reader of such a log finds them."""

import pytest

from audit.tree.tiles import entries_path, path, widths


@pytest.mark.parametrize(
    ("n", "written"),
    [
        (0, "000"),
        (7, "007"),
        (67, "067"),
        (999, "999"),
        (1000, "x001/000"),
        (1067, "x001/067"),
        (999_999, "x999/999"),
        (1_000_000, "x001/x000/000"),
        (1_234_067, "x001/x234/067"),
    ],
)
def test_an_index_is_written_in_groups_of_three_digits(n: int, written: str) -> None:
    assert path(0, n) == f"tile/0/{written}"
    assert entries_path(n) == f"tile/entries/{written}"


def test_a_partial_tile_tells_its_width() -> None:
    assert path(1, 1067, 17) == "tile/1/x001/067.p/17"
    assert entries_path(0, 1) == "tile/entries/000.p/1"
    assert path(63, 0, 255) == "tile/63/000.p/255"


def test_no_two_tiles_share_a_path_nor_is_one_the_folder_of_another() -> None:
    some = [n for base in (0, 1_000_000, 10**9) for n in range(base, base + 3_000)]
    paths = {path(0, n) for n in some}
    assert len(paths) == len(some)
    folders = {one.rpartition("/")[0] for one in paths}
    assert not folders & paths


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, []),
        (1, [1]),
        (255, [255]),
        (256, [256, 1]),
        (70_000, [273 * 256 + 112, 256 + 17, 1]),  # the specification's example
        (256**3, [256**3, 256**2, 256, 1]),
    ],
)
def test_each_level_holds_the_hashes_that_the_specification_tells(size: int, told: list[int]) -> None:
    assert widths(size) == told
