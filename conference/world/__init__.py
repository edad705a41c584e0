"""Worlds: a whole store as one JSON file, for demonstrations, trials and tests."""

from conference.world.load import load
from conference.world.shape import World, WorldError, parse

__all__ = ["World", "WorldError", "load", "parse"]
