"""The tiny world for these tests."""

from tests.world import own_clock, quick_passwords, table

__all__ = ["own_clock", "quick_passwords", "table"]
