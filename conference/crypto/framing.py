"""Unambiguous bytes out of several parts: each part carries its length in front."""


def framed(*parts: bytes) -> bytes:
    """Join `parts`, each behind its length (4 bytes, big-endian), so that no two lists collide."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
