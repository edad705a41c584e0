"""Pages are opened by people of the tiny world, each in a browser of her own."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.frontend.visiting import Region, half_way_in, log_in, region_of
from tests.world import own_clock, quick_passwords

__all__ = ["own_clock", "quick_passwords"]

Visit = Callable[[str], Client]


@pytest.fixture
def region(transactional_db: None, quick_passwords: None, own_clock: None) -> Region:
    """The tiny world, loaded, with an administrator in it."""
    return region_of()


@pytest.fixture
def visit(region: Region) -> Visit:
    """Return a browser in which somebody is logged in with both factors; "stranger" and "half" are not."""

    def open_for(name: str) -> Client:
        if name == "stranger":
            return Client()
        return half_way_in("vz") if name == "half" else log_in(region, name)

    return open_for


@pytest.fixture
def here(region: Region) -> str:
    """The address of the telephone page of the first betrokkene."""
    return f"/cases/{region.id('cases', 'c1')}/consent/{region.id('subjects', 's1')}/"
