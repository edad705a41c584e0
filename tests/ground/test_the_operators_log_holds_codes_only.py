"""The operators' log: an allow-list that nothing passes but ids, codes and numbers."""

import io
import json
import logging
import subprocess
import sys
import threading
import uuid
import warnings
from pathlib import Path

import pytest
import structlog
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import Logger as TwistedLogger
from twisted.logger import globalLogPublisher

from conference import logging as operators_log
from tests.ground.conftest import Lines

ROOT = Path(__file__).resolve().parent.parent.parent
CANARY = "Fatima-de-Vries-c4n4ry"
HOSTILE = [
    CANARY,
    f'line one\r\n{{"event":"forged"}} {CANARY}',
    f"\x1b[2J\x1b[31m{CANARY}\x07",
    f"\u202e{CANARY}\u2028next",
    f"${{jndi:ldap://x/{CANARY}}}",
    f"%s %d {CANARY}",
    f"{{0.__class__}}{CANARY}",
    "A" * 100_000 + CANARY,
    f"\x00{CANARY}\ud800",
]
log = structlog.get_logger()


def text(lines: Lines) -> str:
    return "\n".join(json.dumps(line) for line in lines())


def test_a_line_is_one_json_object_with_time_and_level(operators_lines: Lines) -> None:
    log.info("server_started", port=8000, pid=12)
    (line,) = operators_lines()
    assert line.pop("time").endswith("Z")
    assert line == {"event": "server_started", "level": "info", "port": 8000, "pid": 12}


def test_an_unknown_key_is_dropped(operators_lines: Lines) -> None:
    log.info("item_viewed", name=CANARY, username=CANARY, path="/cases/1", text="x", count=3)
    (line,) = operators_lines()
    assert set(line) == {"event", "level", "time", "count"}


@pytest.mark.parametrize("key", sorted(operators_log.TEXTS))
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_under_a_known_key_must_look_like_a_code(operators_lines: Lines, key: str, hostile: str) -> None:
    if key in {"time", "level"}:
        return  # set by the log itself, after the caller
    if key == "event":
        log.warning(hostile)
    else:
        log.warning("said", **{key: hostile})
    assert CANARY not in text(operators_lines)
    assert len(operators_lines()) == 1
    assert operators_lines()[0][key] == "?"


@given(st.text(), st.sampled_from(sorted(operators_log.TEXTS)))
def test_whatever_passes_is_plain_and_short(value: str, key: str) -> None:
    kept = operators_log.allow_listed(None, "info", {key: value})[key]
    assert kept == "?" or (kept == value and value.isascii() and value.isprintable() and len(value) <= 130)


@pytest.mark.parametrize("value", ["123456782", CANARY, float("nan"), float("inf"), None, [1], {"a": CANARY}])
def test_a_number_must_be_one(operators_lines: Lines, value: object) -> None:
    log.info("counted", count=value)
    assert operators_lines()[0]["count"] == "?"


@pytest.mark.parametrize("key", ["case", "actor", "session", "conference"])
def test_an_id_is_a_uuid_and_no_bsn_or_telephone_number(operators_lines: Lines, key: str) -> None:
    good = uuid.uuid4()
    for value in [good, "123456782", "0612345678", "2008-03-01", "20080301"]:
        log.info("said", **{key: value})
    assert [line[key] for line in operators_lines()] == [str(good), "?", "?", "?", "?"]


class Talkative:
    """An object that would tell everything."""

    def __repr__(self) -> str:
        return CANARY


def test_objects_do_not_speak_for_themselves(operators_lines: Lines) -> None:
    log.info("said", code=Talkative(), act={"name": CANARY}, logger=ValueError(CANARY))
    assert CANARY not in text(operators_lines)


def open_case(name: str) -> None:
    raise LookupError(f"no case of {name}")


def test_an_exception_is_its_type_and_its_place_and_never_its_message(operators_lines: Lines) -> None:
    try:
        open_case(CANARY)
    except LookupError:
        log.exception("failed")
        logging.getLogger("django.request").exception("Internal Server Error: /cases/%s", CANARY)
    ours, theirs = operators_lines()
    assert CANARY not in text(operators_lines)
    for line in (ours, theirs):
        assert line["error"] == "LookupError"
        assert line["place_own"].startswith("ground/test_the_operators_log_holds_codes_only.py:")
    assert ours["event"] == "failed"
    assert theirs["event"] == "foreign"
    assert theirs["logger"] == "django.request"


def test_a_chained_exception_tells_no_message_of_its_cause(operators_lines: Lines) -> None:
    try:
        try:
            open_case(CANARY)
        except LookupError as error:
            raise RuntimeError(CANARY) from error
    except RuntimeError as error:
        log.exception("failed", exc_info=error)
    assert CANARY not in text(operators_lines)
    assert operators_lines()[0]["error"] == "RuntimeError"


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_a_library_may_say_anything_and_only_who_spoke_is_kept(operators_lines: Lines, hostile: str) -> None:
    for name in ["daphne.server", "daphne.http_protocol", "django.request", "django.db.backends", "asyncio", "x.y"]:
        logger = logging.getLogger(name)
        logger.debug("GET %s?token=%s", hostile, hostile)
        logger.warning(hostile, extra={"request": hostile, "status_code": 404})
        logger.error("%d", hostile)
    assert CANARY not in text(operators_lines)
    assert {line["event"] for line in operators_lines()} == {"foreign"}
    assert len(operators_lines()) == 6 * 3
    assert operators_lines()[1]["status"] == 404


def test_a_logger_with_a_strange_name_is_not_quoted(operators_lines: Lines) -> None:
    logging.getLogger(f"x {CANARY}").warning("x")
    assert operators_lines()[0]["logger"] == "?"


def test_handlers_that_libraries_brought_are_taken_away(
    operators_lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    stubborn = logging.getLogger("stubborn")
    stubborn.addHandler(logging.StreamHandler(sys.stderr))
    stubborn.propagate = False
    root_before = logging.getLogger().handlers[0]
    assert isinstance(root_before, operators_log.ForeignHandler)
    operators_log._take_over(root_before, "debug")
    stubborn.error(CANARY)
    assert CANARY not in capsys.readouterr().err
    assert operators_lines()[-1]["logger"] == "stubborn"


def test_warnings_go_the_same_way(operators_lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(CANARY, UserWarning, stacklevel=1)
    assert CANARY not in text(operators_lines)


def test_twisted_speaks_through_the_same_list(operators_lines: Lines) -> None:
    before = list(globalLogPublisher._observers)
    operators_log.observe_twisted()
    try:
        TwistedLogger(namespace="twisted.web").error("request {path}", path=CANARY)
        try:
            open_case(CANARY)
        except LookupError:
            TwistedLogger(namespace="twisted.internet").failure("Unhandled error {who}", who=CANARY)
    finally:
        for observer in set(globalLogPublisher._observers) - set(before):
            globalLogPublisher.removeObserver(observer)
    assert CANARY not in text(operators_lines)
    assert operators_lines()[-1]["error"] == "LookupError"


def test_an_uncaught_exception_is_logged_without_its_message(operators_lines: Lines) -> None:
    try:
        open_case(CANARY)
    except LookupError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=open_case, args=(CANARY,))
    thread.start()
    thread.join()
    assert [line["event"] for line in operators_lines()] == ["uncaught", "uncaught_in_thread"]
    assert CANARY not in text(operators_lines)


def test_a_signal_may_log_while_a_line_is_being_written(tmp_path: Path) -> None:
    code = (
        "import logging, os, signal, sys, threading, time\n"
        "from conference import logging as log\n"
        "log.configure('debug')\n"
        "signal.signal(signal.SIGUSR1, lambda *_: logging.getLogger('twisted').info('stopping'))\n"
        "def knock():\n"
        "    for _ in range(2000): os.kill(os.getpid(), signal.SIGUSR1); time.sleep(0.0001)\n"
        "thread = threading.Thread(target=knock); thread.start()\n"
        "while thread.is_alive(): logging.getLogger('daphne').info('x')\n"
    )
    said = tmp_path / "said"
    with said.open("wb") as stream:
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stderr=stream, timeout=60, check=False)
    assert done.returncode == 0
    loggers = {json.loads(line)["logger"] for line in said.read_text().splitlines()}
    assert loggers == {"twisted", "daphne"}


@pytest.mark.parametrize("fault", [OSError("disk full"), ValueError("closed")])
def test_a_log_that_cannot_be_written_stops_nobody(fault: Exception) -> None:
    class Broken(io.StringIO):
        def write(self, _text: str) -> int:
            raise fault

    operators_log.Lines(Broken()).info("x")


def test_the_level_decides_what_is_written(operators_lines: Lines) -> None:
    log.debug("shown")
    logging.getLogger("x").debug("shown")
    assert len(operators_lines()) == 2


@pytest.mark.parametrize(("level", "wanted"), [("info", ["warning"]), ("debug", ["info", "warning"]), ("error", [])])
def test_a_librarys_everyday_lines_are_for_debugging_only(level: str, wanted: list[str]) -> None:
    stream = io.StringIO()
    handler = operators_log.ForeignHandler(operators_log.Lines(stream))
    before = logging.getLogger().handlers[:], logging.getLogger().level
    operators_log._take_over(handler, level)
    try:
        logging.getLogger("daphne.server").info("listening")
        logging.getLogger("daphne.server").warning("odd")
    finally:
        logging.captureWarnings(capture=False)
        logging.raiseExceptions = True
        logging.getLogger().handlers[:], logging.getLogger().level = before
    assert [json.loads(line)["level"] for line in stream.getvalue().splitlines()] == wanted


def test_probes_are_told_when_debugging_only(operators_lines: Lines) -> None:
    operators_log.AccessLog()("http", "complete", details("/readyz"))
    assert [line["level"] for line in operators_lines()] == ["debug"]


def details(path: str, **more: object) -> dict[str, object]:
    return {"client": "10.0.0.1:4711", "path": path, "method": "GET", "status": 200, "size": 12, **more}


def test_daphnes_access_line_has_the_route_and_never_the_path(operators_lines: Lines) -> None:
    access = operators_log.AccessLog()
    access("http", "complete", details(reverse("set_language") + f"?next={CANARY}", time_taken=0.0123))
    access("http", "complete", details(f"/{CANARY}/", time_taken=0))
    assert CANARY not in text(operators_lines)
    assert "10.0.0.1" not in text(operators_lines)
    known, unknown = operators_lines()
    assert (known["route"], known["method"], known["status"], known["milliseconds"]) == ("set_language", "GET", 200, 12)
    assert unknown["route"] == "none"


@pytest.mark.parametrize("path", ["", "?", "//", "/%ff%00", "/\r\nX: y", "/" + "a/" * 5000])
def test_a_strange_path_breaks_no_access_line(operators_lines: Lines, path: str) -> None:
    operators_log.AccessLog()("http", "complete", details(path, method=CANARY, status="x", size=None))
    (line,) = operators_lines()
    assert line["method"] == line["status"] == "?"


@pytest.mark.parametrize("action", ["connecting", "rejected", "connected", "disconnected"])
def test_a_sockets_life_is_told_without_its_address(operators_lines: Lines, action: str) -> None:
    operators_log.AccessLog()("websocket", action, {"path": f"/ws/conferences/{CANARY}/", "client": "10.0.0.1:1"})
    (line,) = operators_lines()
    assert line["event"].startswith("socket_")
    assert set(line) == {"event", "level", "time"}


def test_other_actions_write_nothing(operators_lines: Lines) -> None:
    operators_log.AccessLog()("http", "started", details("/"))
    operators_log.AccessLog()("websocket", "unheard_of", details("/"))
    assert operators_lines() == []
