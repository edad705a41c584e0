"""Letting a story of `inside` happen, in a store and a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.server import ROOT, Store


def lives(folder: Path, story: str) -> Any:
    with Store.make(folder) as store:
        done = subprocess.run(
            [sys.executable, "-m", "tests.audit.growth.inside", story],
            env=store.environ() | {"PYTHONPATH": str(ROOT), "COLUMNS": os.environ.get("COLUMNS", "80")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
