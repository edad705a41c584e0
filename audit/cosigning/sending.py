"""Sending a request to a witness over HTTP: no redirect, no proxy, a small answer, and never for long. Pure."""

import http.client
import socket
import threading
from contextlib import closing, suppress
from urllib.parse import urlsplit

from audit.cosigning.asking import Reply, Trouble

PATIENCE = 2.0  # seconds for connecting, and between two pieces of the answer
LONGEST = 10.0  # seconds for all of it
_LARGEST = 64 * 1024
_HEADERS = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "casustafel", "Connection": "close"}


def send(url: str, body: bytes) -> Reply:
    """POST to `<url>/add-checkpoint`. Raises Trouble("witness_unreachable"), Trouble("witness_bad_answer")."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    # A server that sends a byte now and then would hold the thread, and with it the alarm, for ever.
    cut = threading.Timer(LONGEST, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        with closing(connection):
            connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body, _HEADERS)
            answer = connection.getresponse()
            found = answer.read(_LARGEST + 1)
            if len(found) > _LARGEST or answer.length:  # too much, or cut off
                raise Trouble("witness_bad_answer")
            return Reply(answer.status, found)
    except OSError:
        raise Trouble("witness_unreachable") from None
    except (http.client.HTTPException, ValueError):
        raise Trouble("witness_bad_answer") from None
    finally:
        cut.cancel()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):  # it may be closed, or not connected yet
        connection.sock.shutdown(socket.SHUT_RDWR)
