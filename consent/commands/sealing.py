"""What the register's writers are handed, and how they refuse."""

from typing import Protocol
from uuid import UUID


class RegisterRefusal(Exception):
    """What the register does not take; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sealer(Protocol):
    """Seals a text to its place; handed by the room that owns the case's key."""

    def seal(self, table: str, row: UUID, field: str, plaintext: bytes) -> bytes: ...


class Opener(Protocol):
    """Opens what such a sealer sealed. Raises KeyTrouble."""

    def open(self, table: str, row: UUID, field: str, blob: bytes) -> bytes: ...
