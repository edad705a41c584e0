"""Serving a store: one process under Daphne, stopped cleanly by SIGTERM."""

import json
import os
import socket
import sys
from collections.abc import Callable

from conference import startup, store
from conference.trouble import StartRefused


def serve(host: str | None, port: int | None, *, as_json: bool, announce: str = "") -> int:
    """Serve until SIGTERM or SIGINT. Port 0 takes a free one; None is what the settings say.

    Raises ConfigError and KeyTrouble before anything listens. `announce` is printed for
    people once connections are accepted; with `as_json` one line {"url", "pid"} instead.
    """
    from django.conf import settings  # noqa: PLC0415  settings are complete only after prepare()

    startup.prepare()
    store.open_here()
    store.start_clock()
    listener = _listen(host or settings.CONFIG.host, settings.CONFIG.port if port is None else port)
    url = _use_address(*listener.getsockname()[:2])
    _run(listener, lambda: _ready(url, announce, as_json=as_json))
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartRefused(
            "address_in_use", f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port."
        ) from None
    listener.listen(1024)
    return listener


def _use_address(host: str, port: int) -> str:
    """Tell Django and the sockets' check under which origins this process is reached; return its URL."""
    from django.conf import settings  # noqa: PLC0415  settings are complete only after prepare()

    shown = f"[{host}]" if ":" in host else host
    url = settings.CONFIG.origin or f"http://{shown}:{port}"
    origins = [url]
    if not settings.CONFIG.origin:
        origins += [f"http://{name}:{port}" for name in ("127.0.0.1", "localhost") if name != host]
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, shown]
    settings.ALLOWED_ORIGINS = origins
    return str(url)


def _ready(url: str, announce: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"url": url, "pid": os.getpid()}), flush=True)
    else:
        print(f"{announce}Casustafel luistert op {url} (stop met Ctrl+C)", flush=True)


def _run(listener: socket.socket, ready: Callable[[], None]) -> None:
    from daphne.server import Server  # noqa: PLC0415  installs Twisted's reactor

    from audit import record  # noqa: PLC0415  after Django is set up
    from conference import behind, transport  # noqa: PLC0415
    from conference import logging as operators_log  # noqa: PLC0415
    from conference.asgi import application  # noqa: PLC0415

    operators_log.observe_twisted()
    transport.install()
    server = Server(  # type: ignore[no-untyped-call]  # Daphne has no types
        application,
        endpoints=[f"fd:fileno={listener.fileno()}"],
        ready_callable=ready,
        action_logger=operators_log.AccessLog(),
        websocket_max_message_size=256 * 1024,
        websocket_max_frame_size=256 * 1024,
        websocket_handshake_timeout=10,
        ping_interval=20,
        ping_timeout=30,
        server_name=None,
        verbosity=0,
    )
    threads = behind.threads()
    threads.start()
    try:
        server.run()  # type: ignore[no-untyped-call]  # Daphne has no types
    finally:
        record.stop()
        threads.stop()
        listener.close()
        sys.stdout.flush()
