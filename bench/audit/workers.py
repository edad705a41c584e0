"""Programs that measure when asked: one line of JSON in, one line of JSON out."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any, Self

from tests.server import ROOT, Store

Answer = dict[str, Any]


class Worker:
    """A running `python -m bench.audit.MODULE` on a store."""

    def __init__(self, module: str, store: Store, *args: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"bench.audit.{module}", *args],
            cwd=ROOT,
            env=store.environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, command: str, **values: Any) -> None:
        """Ask for something without waiting for the answer."""
        assert self._process.stdin is not None
        print(json.dumps({"command": command, **values}), file=self._process.stdin, flush=True)

    def answer(self) -> Answer:
        """Wait for the answer to what was asked. Raises RuntimeError when the program has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker ended with {self._process.wait()}")
        found: Answer = json.loads(line)
        return found

    def ask(self, command: str, **values: Any) -> Answer:
        """Ask and wait."""
        self.tell(command, **values)
        return self.answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


def serve(commands: Mapping[str, Callable[..., Answer]]) -> None:
    """Answer commands from standard input until it ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(commands[asked.pop("command")](**asked)), flush=True)
