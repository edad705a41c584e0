"""What the server serves: pages over HTTP, and the live room over sockets."""

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from agenda.consumers import RoomConsumer  # noqa: E402  # the rooms' models need Django first
from agenda.wakeups import connect  # noqa: E402

connect()

# No path router: every socket path goes through the one door, so that all refusals are equal.
room = RoomConsumer.as_asgi()  # type: ignore[no-untyped-call]  # Channels has no types
application = ProtocolTypeRouter({"http": pages, "websocket": room})  # type: ignore[no-untyped-call]
