"""The committed assets: small, self-contained, and with every icon that a page asks for."""

import re
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
BUILT = FRONTEND / "static" / "casustafel"
THEME = (BUILT / "theme.css").read_text(encoding="utf-8")
ROOM = (BUILT / "room.js").read_text(encoding="utf-8")


def test_the_theme_loads_its_fonts_from_beside_it_and_nothing_else() -> None:
    addresses = re.findall(r"url\(([^)]*)\)", THEME)
    assert addresses
    for address in addresses:
        name = address.strip("\"'").removeprefix("./")
        assert (BUILT / name).is_file(), name


def test_only_the_letters_of_latin_scripts_are_shipped() -> None:
    assert sorted(path.name for path in (BUILT / "fonts").iterdir()) == [
        "noto-sans-latin-ext-wght-normal.woff2",
        "noto-sans-latin-wght-normal.woff2",
        "source-serif-4-latin-ext-wght-normal.woff2",
        "source-serif-4-latin-wght-normal.woff2",
    ]


def test_of_the_design_tokens_only_those_in_use_are_shipped() -> None:
    declared = set(re.findall(r"(?<![\w-])(--[\w-]+)\s*:", THEME))
    used = set(re.findall(r"var\(\s*(--[\w-]+)", THEME))
    assert declared <= used
    assert len(declared) < 150


def test_every_token_that_is_used_without_a_fallback_exists() -> None:
    declared = set(re.findall(r"(?<![\w-])(--[\w-]+)\s*:", THEME))
    assert set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", THEME)) <= declared


def test_the_theme_knows_dark_print_forced_colours_and_reduced_motion() -> None:
    assert "light-dark(" in THEME
    for feature in ("print", "(forced-colors:active)", "(prefers-reduced-motion:reduce)"):
        assert feature in THEME.replace(": ", ":")


def test_the_room_is_small_and_makes_no_page_from_strings() -> None:
    assert len(ROOM) < 160_000
    for word in ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "eval(", "new Function"):
        assert word not in ROOM


@pytest.mark.parametrize("place", ["island", "templates", "views", "forms"])
def test_every_icon_that_is_asked_for_is_in_the_sprite(place: str) -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (BUILT / "icons.svg").read_text(encoding="utf-8")))
    asked = set()
    for path in (FRONTEND / place).rglob("*.*"):
        if path.suffix in {".tsx", ".ts", ".html", ".py"}:
            text = path.read_text(encoding="utf-8")
            asked |= set(re.findall(r'<Icon name="([\w-]+)"', text))
            asked |= set(re.findall(r'\{% icon "([\w-]+)"', text))
    if place == "island":
        scope = (FRONTEND / "island" / "scope.ts").read_text(encoding="utf-8")
        asked |= set(re.findall(r'\b[a-z]{2,3}: "([\w-]+)"', scope.split("ICONS", 1)[1].split("};")[0]))
    assert asked <= known, asked - known


def test_the_lock_names_no_place_to_fetch_from() -> None:
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_every_package_is_pinned_to_one_version() -> None:
    text = (FRONTEND / "package.json").read_text(encoding="utf-8")
    wanted = re.findall(r'"(@?[\w./-]+)": "([^"]+)"', text.split('"dependencies"')[1])
    assert wanted
    assert [name for name, version in wanted if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
