"""The project's own files, as git knows them (or all of them, where there is no git)."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("conference", "consent", "audit", "agenda", "frontend")
SOURCES = (*ROOMS, "bench", "tests")
NOT_OURS = {".git", ".venv", "node_modules", "__pycache__", "build", "dist", "data"}


@cache
def files() -> tuple[Path, ...]:
    """Every tracked or new file that is not ignored, as paths from the root."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return tuple(sorted({Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}))
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path for path in found if not NOT_OURS.intersection(path.parts)))


def of_kind(*suffixes: str, under: tuple[str, ...] = SOURCES) -> list[Path]:
    """The files below `under` whose name ends like this."""
    return [path for path in files() if path.suffix in suffixes and path.parts[0] in under]


def python(*, under: tuple[str, ...] = SOURCES) -> Iterator[tuple[Path, ast.Module]]:
    """Each Python file with its syntax tree."""
    for path in of_kind(".py", under=under):
        yield path, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text(path))


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text("utf-8")
