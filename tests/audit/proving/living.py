"""Stores whose logs a test lets grow, and the program asked about them."""

import json
import subprocess
import sys
from typing import Any

from tests.server import ROOT, Store

Answer = tuple[int, str]


def consoled(store: Store, *commands: list[str]) -> list[Answer]:
    """Run `casustafel audit ...` several times in one process; return status and output of each."""
    return [
        (status, said) for status, said in lives(store, "console", json.dumps([["audit", *one] for one in commands]))
    ]


def lives(store: Store, *story: str) -> Any:
    """Let something happen inside a store; return what it tells."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit.proving.inside", *story],
        env=store.environ() | {"PYTHONPATH": str(ROOT)},
        cwd=store.folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def asked(store: Store, *args: str) -> tuple[int, Any]:
    """Ask `casustafel audit ... --json`; return its exit status and answer."""
    done = store.run("audit", *args, "--json")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[0])
