"""The pages in docs/: their links lead somewhere, and what they name is there."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from agenda import protocol
from agenda.consumers import MALFORMED, TOO_FAST
from agenda.hub.member import NOT_ADMITTED, SESSION_ENDED, TOO_SLOW
from conference.config import PREFIX, Config

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
NAMES = [page.name for page in PAGES]


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_role_and_reader_has_a_page() -> None:
    assert {
        *("chair.md", "participant.md", "care-coordinator.md", "privacy-officer.md"),
        *("operator.md", "developer.md", "threat-model.md", "protocol.md"),
    } <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_link_between_pages_leads_to_a_file(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", text(name)):
        assert (ROOT / "docs" / target).exists(), target


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_that_a_page_names_exists(name: str) -> None:
    for setting in re.findall(rf"{PREFIX}([A-Z_]+)", text(name)):
        assert setting.lower() in Config.__struct_fields__, setting


@pytest.mark.parametrize("name", NAMES)
def test_every_file_and_module_that_a_page_names_exists(name: str) -> None:
    for path in re.findall(r"`((?:agenda|conference|consent|audit|frontend|docs|tests)/[\w./]*)`", text(name)):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"`python -m ([\w.]+)`", text(name)):
        assert find_spec(module) is not None, module


def test_every_command_line_that_a_page_names_exists() -> None:
    named = {name for page in NAMES for name in re.findall(r"`[^`\n]*casustafel ([a-z]+)", text(page))}
    asked = subprocess.run(
        [sys.executable, "-m", "conference", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    known = re.search(r"\{([a-z,]+)\}", asked.stdout) or re.search(r"COMMAND\n((?:.|\n)*)", asked.stdout)
    assert named
    assert known is not None
    assert named <= set(re.findall(r"[a-z]+", known[1]))


def test_the_protocols_page_has_every_command_and_nothing_else() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|", text("protocol.md"), re.MULTILINE)
    named = {command for row in rows for command in re.findall(r"`([\w.]+)`", row)}
    assert named == set(protocol.COMMANDS)


@pytest.mark.parametrize("code", [MALFORMED, SESSION_ENDED, NOT_ADMITTED, TOO_SLOW, TOO_FAST])
def test_the_protocols_page_explains_every_close_code(code: int) -> None:
    assert f"| {code} |" in text("protocol.md")


@pytest.mark.parametrize(
    "limit",
    [
        "The server sees content",
        "Memory cannot be zeroed",
        "A screen can be photographed",
        "merged in one frame",
        "SQLite is one process",
        "steps of 64 bytes",
        "`toezicht`",
        "`beheer`",
    ],
)
def test_the_threat_model_names_where_protection_ends(limit: str) -> None:
    assert limit in text("threat-model.md")
