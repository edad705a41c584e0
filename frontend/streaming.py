"""Answers of any size that are sent piece by piece."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse


class Stream(StreamingHttpResponse):
    """An answer whose pieces are made one at a time.

    Django would read a plain iterator to its end before sending the first byte to an ASGI server.
    """

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Take each piece in the request's own thread, where its database connection lives."""
        pieces = iter(self.streaming_content)  # type: ignore[arg-type]  # a plain iterator: nobody hands in another
        take = sync_to_async(lambda: next(pieces, None))
        while (piece := await take()) is not None:
            yield piece
