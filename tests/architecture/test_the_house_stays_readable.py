"""Sizes, names and habits of the code, so that a newcomer finds her way."""

import ast
import re
from pathlib import Path

from tests.architecture.tree import ROOMS, ROOT, files, of_kind, python, text

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
LONGEST_README = 80
NO_PLACE_FOR = {"utils", "util", "services", "service", "helpers", "helper", "misc", "common", "signals"}
BINARY = {".woff", ".woff2", ".ttf", ".otf", ".png", ".mo", ".ico", ".gz", ".pdf"}


def test_no_file_is_too_long_to_read() -> None:
    long = {str(path): len(text(path).splitlines()) for path in of_kind(".py", ".ts", ".tsx", ".css", ".html")}
    assert {path: lines for path, lines in long.items() if lines > LONGEST_FILE and "/static/" not in path} == {}


def test_no_function_is_too_long_to_read() -> None:
    long = {
        f"{path}:{node.name}": length
        for path, tree in python()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_module_is_a_drawer_for_anything() -> None:
    assert [str(path) for path in of_kind(".py") if NO_PLACE_FOR.intersection({path.stem, *path.parts[:-1]})] == []


def test_each_room_says_on_one_screen_what_it_is_for() -> None:
    for room in ROOMS:
        readme = ROOT / room / "README.md"
        assert readme.exists(), f"{room}/README.md is missing"
        assert 5 <= len(readme.read_text("utf-8").splitlines()) <= LONGEST_README, readme


def test_rooms_do_not_signal_each_other() -> None:
    signals = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")
    assert [str(path) for path, tree in python(under=ROOMS) if imported(tree) & set(signals)] == []


def test_no_model_points_at_just_anything() -> None:
    generic = {"django.contrib.contenttypes.fields", "django.contrib.contenttypes.models"}
    assert [str(path) for path, tree in python(under=ROOMS) if imported(tree) & generic] == []


def test_no_class_stands_on_a_tower_of_others() -> None:
    tall = [
        f"{path}:{node.name}"
        for path, tree in python(under=ROOMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and len(node.bases) > 2
    ]
    assert tall == []


def imported(tree: ast.Module) -> set[str]:
    """The modules that a file imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module}
    return found


# What is silenced by these needs no words: a library without types, a name or a flag that it
# gives, an import that must wait for Django, a number that its own line explains.
CLEAR = re.compile(r"no-untyped-call|PLC0415|E402|PLR2004|N80[23]|FBT00[12]")


def test_whoever_silences_a_check_says_why() -> None:
    silent = re.compile(r"#\s*(?:noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[a-z0-9, -]+\])?)(?P<why>.*)$")
    without = [
        f"{path}:{number}"
        for path in of_kind(".py", under=ROOMS)
        for number, line in enumerate(text(path).splitlines(), 1)
        if (found := silent.search(line)) and len(found["why"].strip(" #-:")) < 5 and not CLEAR.search(found[0])
    ]
    assert without == []


def test_every_public_function_of_a_room_says_what_it_does() -> None:
    missing = [
        f"{path}:{node.name}"
        for path, tree in python(under=ROOMS)
        if "migrations" not in path.parts
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert missing == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    folders = "work|root|home/[a-z]+|opt|Users"
    hosts = r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|deb\.debian\.org"
    traces = re.compile(rf"(?:(?<![\w./~:)-])/(?:{folders})/[\w.-]+/|{hosts}|://[^\s/]*@|--index-url|--find-links)")
    allowed = {Path("tests/architecture/test_the_house_stays_readable.py"), Path(".ci/lock")}
    found = {}
    for path in files():
        if path.suffix in BINARY or path in allowed:
            continue
        for number, line in enumerate(text(path).splitlines(), 1):
            if (hit := traces.search(line)) and "://" not in hit[0]:
                found[f"{path}:{number}"] = hit[0]
    assert found == {}


def test_the_locks_name_hashes_and_no_place_to_fetch_from() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = text(Path(name)).splitlines()
        packages = [line for line in lines if "==" in line and not line.startswith(" ")]
        assert len(packages) > 30
        assert not [line for line in lines if "://" in line or line.lstrip().startswith(("-i ", "--index", "-f "))]
        assert len([line for line in lines if "--hash=sha256:" in line]) >= len(packages)


def test_what_runs_is_what_is_tested() -> None:
    runtime = {line.split(" \\")[0] for line in text(Path("requirements.lock")).splitlines() if "==" in line}
    tests = {line.split(" \\")[0] for line in text(Path("requirements-dev.lock")).splitlines() if "==" in line}
    assert runtime - tests == set()


def test_programs_to_start_are_executable_and_end_in_a_newline() -> None:
    for name in ("run", "test", ".ci/run"):
        assert (ROOT / name).stat().st_mode & 0o111, name
    for path in files():
        if path.suffix not in BINARY and (content := text(path)):
            assert content.endswith("\n") or "/static/" in str(path), path
