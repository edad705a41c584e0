"""A zip that is made while it is sent: no file on disk, and of each entry only its own bytes in memory. Pure.

Stored, not compressed, and without times: the same files give the same bytes, and so the same check number.
"""

from collections.abc import Iterable, Iterator
from zipfile import ZIP_STORED, ZipFile, ZipInfo

PIECE = 65_536  # bytes that are sent together
_ORDINARY = 0o100600 << 16  # a file of its owner


class _Waiting:
    """Keeps what was written until it is taken; knows no way back, so the zip needs none."""

    def __init__(self) -> None:
        self.bytes = bytearray()

    def write(self, data: bytes, /) -> int:
        self.bytes += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        found = bytes(self.bytes)
        self.bytes.clear()
        return found


def zipped(files: Iterable[tuple[str, bytes]], folder: str) -> Iterator[bytes]:
    """Yield the zip of files (name, content), all in one folder."""
    waiting = _Waiting()
    with ZipFile(waiting, "w", ZIP_STORED) as archive:
        for name, content in files:
            info = ZipInfo(f"{folder}/{name}")  # its own time is 1 January 1980, the first that a zip knows
            info.external_attr = _ORDINARY
            archive.writestr(info, content)
            if len(waiting.bytes) >= PIECE:
                yield waiting.taken()
    yield waiting.taken()
