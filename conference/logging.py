"""The operators' log: JSON lines on standard error that hold ids, codes and numbers only.

Everything goes through one allow-list, the logs of Django, Daphne, Twisted and asyncio
included: what the list does not name is dropped, and a text that does not look as it
must becomes "?". No path, query string, exception message or name of a person passes.
Access to content is told by `audit`, never here.
"""

import contextlib
import io
import logging
import math
import os
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor

CODE = re.compile(r"[a-z][a-z0-9_.]{0,59}", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}", re.ASCII)
PLACE = re.compile(r"[A-Za-z0-9_./<>-]{1,120}:[0-9]{1,6}", re.ASCII)

# The keys that may stand in a line, and what a text under each must look like.
TEXTS: Mapping[str, re.Pattern[str]] = {
    "event": CODE,
    "level": CODE,
    "time": re.compile(r"[0-9]{4}-[0-9T:.-]{6,25}Z", re.ASCII),
    "logger": MODULE,
    "code": CODE,
    "act": CODE,
    "out": CODE,
    "engine": CODE,
    "route": CODE,
    "scope": re.compile(rf"people|covenant|(case|conference):{UUID.pattern}", re.ASCII),
    "reference": re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}", re.ASCII),
    "conference": UUID,
    "case": UUID,
    "actor": UUID,
    "session": UUID,
    "method": re.compile(r"[A-Z]{2,9}", re.ASCII),
    "error": MODULE,
    "place": PLACE,
    "place_own": PLACE,
}
NUMBERS = frozenset(
    {"status", "size", "milliseconds", "seconds", "count", "sockets", "frames", "port", "pid", "seq", "backlog"}
)
REFUSED = "?"
FOREIGN = "foreign"
PROBES = ("/healthz", "/readyz")
ROOT = Path(__file__).resolve().parent.parent


def allow_listed(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Keep the keys of the list whose values look as they must; drop every other key."""
    kept: EventDict = {}
    for key, value in line.items():
        if key in NUMBERS:
            fits = isinstance(value, int | float) and math.isfinite(value)
            kept[key] = value if fits else REFUSED
        elif key in TEXTS:
            text = str(value)
            kept[key] = text if TEXTS[key].fullmatch(text) else REFUSED
    return kept


def fault(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Replace an exception by its type and its place in the code: its message may hold content."""
    error = _exception(line.pop("exc_info", None))
    if error is None:
        return line
    line["error"] = type(error).__qualname__
    frames = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(error.__traceback__)]
    own = [place for place in frames if _is_own(place[0])]
    if frames:
        line["place"] = _place(*frames[-1])
    if own:
        line["place_own"] = _place(*own[-1])
    return line


def _exception(info: object) -> BaseException | None:
    match info:
        case BaseException():
            return info
        case (_, BaseException() as error, _):
            return error
        case _:
            return sys.exc_info()[1] if info else None


def _is_own(filename: str) -> bool:
    return filename.startswith(f"{ROOT}/") and "site-packages" not in filename


def _place(filename: str, line: int) -> str:
    """A file by its last two parts: where the product is installed is not for the log."""
    return "/".join(Path(filename).parts[-2:]) + f":{line}"


_STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
_RENDER = structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True)
_LAST: list[Processor] = [_STAMP, fault, allow_listed, _RENDER]


class Lines:
    """Writes whole lines, each in one call and without a lock.

    Twisted logs in its handler of SIGTERM, which may interrupt a line that is being
    written: a lock would then wait for itself, and the server would never stop.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def info(self, line: str) -> None:
        """Write one line; where it cannot be written it is lost, and the work goes on."""
        text = line + "\n"
        with contextlib.suppress(OSError, ValueError):
            if isinstance(self.stream, io.StringIO):
                self.stream.write(text)
            else:
                os.write(self.stream.fileno(), text.encode("ascii"))

    debug = warning = error = critical = info


class ForeignHandler(logging.Handler):
    """Writes a library's record: who spoke, from where, and the fault; never its sentence.

    A library's sentence may quote anything: Django quotes paths, Twisted whole requests.
    """

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        line: Any = {
            "event": FOREIGN,
            "level": record.levelname.lower(),
            "logger": record.name,
            "place": _place(record.pathname, record.lineno),
            "exc_info": record.exc_info,
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            line["status"] = status
        for process in _LAST:
            line = process(None, record.levelname, line)
        self.lines.info(line)


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every log of this process through the allow-list to `stream` (standard error).

    `level`: debug, info, warning or error. May be called again; the last call counts.
    """
    lines = Lines(stream or sys.stderr)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *_LAST],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    _take_over(ForeignHandler(lines), level)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _take_over(handler: ForeignHandler, level: str) -> None:
    """Make `handler` the only one of the standard library's loggers.

    Without their sentences the libraries' everyday lines say nothing: they begin at warning.
    """
    handler.setLevel(logging.DEBUG if level == "debug" else max(logging.WARNING, getattr(logging, level.upper())))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in list(root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # A record that cannot be written must not be told on standard error with its arguments.
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)


def observe_twisted() -> None:
    """Route Twisted's own log the same way; call it once, in the process that runs Daphne."""
    from twisted.logger import STDLibLogObserver, globalLogPublisher  # noqa: PLC0415  # only the server loads Twisted

    globalLogPublisher.addObserver(STDLibLogObserver("twisted"))  # type: ignore[arg-type]  # Twisted does so itself


def _uncaught(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().error("uncaught", exc_info=error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    structlog.get_logger().error("uncaught_in_thread", exc_info=args.exc_value)


def _unraisable(args: Any) -> None:
    structlog.get_logger().error("unraisable", exc_info=args.exc_value)


class AccessLog:
    """Daphne's action logger: method, name of the route, status, size and time; never the path."""

    EVENTS: Mapping[str, str] = {
        "connecting": "socket_asked",
        "rejected": "socket_refused",
        "connected": "socket_opened",
        "disconnected": "socket_closed",
    }

    def __call__(self, protocol: str, action: str, details: Mapping[str, Any]) -> None:
        """Write one line for `action` of `protocol` ("http" | "websocket"), with Daphne's details."""
        log = structlog.get_logger()
        if protocol == "http" and action == "complete":
            write = log.debug if details.get("path") in PROBES else log.info
            write(
                "http_request",
                method=details.get("method"),
                route=route_name(details.get("path", "")),
                status=details.get("status"),
                size=details.get("size"),
                milliseconds=round(1000 * float(details.get("time_taken", 0))),
            )
        elif protocol == "websocket" and action in self.EVENTS:
            log.info(self.EVENTS[action])


def route_name(path: str) -> str:
    """The name of the route that a path leads to, or "none": an address may hold ids and searches."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415  # the log stands before Django does

    try:
        return resolve(path.partition("?")[0]).view_name.replace(":", ".") or "none"
    except Resolver404:
        return "none"
