"""What can be wrong with a key or a seal, by name."""


class KeyTrouble(Exception):
    """A key or a sealed value cannot be used; `code` is stable, the message holds no secret.

    Codes: `key_missing`, `key_wrong`, `key_unreadable`, `key_exposed` (others may read the
    file), `key_destroyed`, `keys_exist`, `seal_broken`.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
