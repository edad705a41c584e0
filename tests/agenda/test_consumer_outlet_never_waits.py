"""The way out of a socket: in order, at once where the server takes it, else from a task."""

import asyncio
from typing import Any

from agenda.outlet import SocketOutlet


def _texts(sent: list[dict[str, Any]]) -> list[Any]:
    return [message.get("text", message.get("code")) for message in sent]


async def test_a_server_that_takes_frames_gets_them_before_send_returns() -> None:
    sent: list[dict[str, Any]] = []

    async def take(message: dict[str, Any]) -> None:
        sent.append(message)

    outlet = SocketOutlet(take)
    outlet.send("een")
    outlet.send("twee")
    outlet.close(4401)
    assert sent == [
        {"type": "websocket.send", "text": "een"},
        {"type": "websocket.send", "text": "twee"},
        {"type": "websocket.close", "code": 4401},
    ]


async def test_a_server_that_makes_us_wait_gets_them_in_order_and_nobody_else_waits() -> None:
    sent: list[dict[str, Any]] = []
    ready = asyncio.Event()

    async def slowly(message: dict[str, Any]) -> None:
        await ready.wait()
        await asyncio.sleep(0)
        sent.append(message)

    outlet = SocketOutlet(slowly)
    for number in range(5):
        outlet.send(str(number))
    outlet.close(4408)
    assert sent == []
    ready.set()
    await asyncio.sleep(0.05)
    assert _texts(sent) == ["0", "1", "2", "3", "4", 4408]


async def test_nothing_leaves_after_the_close_and_it_closes_once() -> None:
    sent: list[dict[str, Any]] = []

    async def take(message: dict[str, Any]) -> None:
        sent.append(message)

    outlet = SocketOutlet(take)
    outlet.close(4400)
    outlet.close(4401)
    outlet.send("te laat")
    assert _texts(sent) == [4400]


async def test_a_server_that_refuses_at_once_or_later_ends_the_outlet_quietly() -> None:
    async def gone(message: dict[str, Any]) -> None:
        raise ConnectionError

    async def gone_later(message: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        raise ConnectionError

    for send in (gone, gone_later):
        outlet = SocketOutlet(send)
        outlet.send("een")
        outlet.send("twee")
        await asyncio.sleep(0.02)
        assert outlet.closed


async def test_what_waited_when_the_connection_went_is_given_up() -> None:
    sent: list[dict[str, Any]] = []
    ready = asyncio.Event()

    async def slowly(message: dict[str, Any]) -> None:
        await ready.wait()
        sent.append(message)

    outlet = SocketOutlet(slowly)
    outlet.send("een")
    outlet.send("twee")
    outlet.drop()
    ready.set()
    await asyncio.sleep(0.02)
    assert _texts(sent) == ["een"]
