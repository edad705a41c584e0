"""Wake-ups: "something changed in this scope", never content. Pure.

The front door connects the hub (and, with PostgreSQL, NOTIFY) as listeners.
"""

from collections.abc import Callable

Listener = Callable[[str], None]

_listeners: list[Listener] = []


def connect(listener: Listener) -> None:
    """Call `listener(scope)` at every wake-up of this process, on the waker's thread."""
    _listeners.append(listener)


def disconnect(listener: Listener) -> None:
    """Stop calling `listener`; one that is not connected is ignored."""
    if listener in _listeners:
        _listeners.remove(listener)


def up(scope: str) -> None:
    """Wake all listeners for `scope` ("people", "covenant", "case:<id>", "conference:<id>").

    Call it after commit. A wake-up may be lost: every pump also looks once a second.
    """
    for listener in tuple(_listeners):
        listener(scope)
