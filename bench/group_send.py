"""The peer: plain Channels under Daphne, one group, `group_send` of a prebuilt text, no database.

Run as `python -m bench.group_send PORT FILE`.
"""

import sys
from pathlib import Path
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from daphne.server import Server
from django.conf import settings

GROUP = "room"


class Echo(AsyncWebsocketConsumer):
    """Sends the same text to everybody at any frame."""

    text = ""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()  # type: ignore[no-untyped-call]  # Channels has no types

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send(GROUP, {"type": "event.push", "text": self.text})

    async def event_push(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])  # type: ignore[no-untyped-call]

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)


def main(port: int, payload: str) -> None:
    """Serve until killed."""
    layer = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    settings.configure(INSTALLED_APPS=["channels"], CHANNEL_LAYERS={"default": layer}, DATABASES={})
    django.setup()
    Echo.text = payload
    application = ProtocolTypeRouter({"websocket": Echo.as_asgi()})  # type: ignore[no-untyped-call]
    endpoints = [f"tcp:port={port}:interface=127.0.0.1"]
    Server(application, endpoints=endpoints).run()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_text())
