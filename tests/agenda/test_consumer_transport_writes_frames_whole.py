"""The server's own way of writing a frame: the head to the letter, the bytes in order."""

import pytest
from twisted.internet.tcp import Connection

from conference.transport import head, write


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_the_head_says_the_size_as_rfc_6455_writes_it(size: int, wanted: bytes) -> None:
    assert head(size) == wanted


class Wire(Connection):
    """A connection whose kernel takes `room` bytes; what Twisted would queue is kept apart."""

    def __init__(self, room: int) -> None:
        self._tempDataLen = 0
        self._tempDataBuffer = []
        self.connected = 1
        self.room = room
        self.lost = False
        self.taken = b""
        self.queued = b""

    def writeSomeData(self, data: bytes) -> int | Exception:  # type: ignore[override]  # noqa: N802
        if self.lost:
            return ConnectionError()
        taken = bytes(data[: self.room])
        self.room -= len(taken)
        self.taken += taken
        return len(taken)

    def write(self, data: bytes) -> None:
        self.queued += data
        self._tempDataLen += len(data)


def test_what_the_kernel_takes_leaves_at_once_and_the_rest_in_order() -> None:
    wire = Wire(room=5)
    write(wire, b"abc")
    write(wire, b"defg")
    write(wire, b"hij")
    assert (wire.taken, wire.queued) == (b"abcde", b"fghij")


def test_nothing_overtakes_what_twisted_has_queued() -> None:
    wire = Wire(room=100)
    wire.write(b"first")
    write(wire, b"second")
    assert (wire.taken, wire.queued) == (b"", b"firstsecond")


def test_a_lost_connection_is_left_to_twisted() -> None:
    wire = Wire(room=100)
    wire.lost = True
    write(wire, b"abc")
    assert wire.queued == b"abc"


def test_a_transport_of_another_kind_is_written_as_twisted_does() -> None:
    class Other:
        got = b""

        def write(self, data: bytes) -> None:
            self.got += data

    other = Other()
    write(other, b"abc")
    assert other.got == b"abc"
