"""What the tests of the ground share: the operators' log as lines in memory."""

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from conference import logging as operators_log

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def operators_lines() -> Iterator[Lines]:
    """Configure the log as the product does, at debug; gives a function that returns its lines so far."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    stream = io.StringIO()
    operators_log.configure("debug", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    root.handlers[:], root.level, logging.raiseExceptions = before
