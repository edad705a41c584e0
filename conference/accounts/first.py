"""The first administrator of a new store: invited from the console, as nobody can log in yet."""

from datetime import timedelta

from conference import clock
from conference.accounts import commands
from conference.accounts.models import Person

USERNAME = "beheerder"


def invite_first_administrator(party: str) -> str:
    """Make the first account of the family `beheer`; return its invitation's path, of one use.

    Screening and training are taken as checked by whoever founds the store, for a
    month: by then the dates must have been entered by a second administrator.
    """
    today = clock.today()
    profile = commands.Profile(
        name=USERNAME,
        party=party,
        family="beheer",
        screened_until=today + timedelta(days=30),
        trained_on=today,
    )
    person: Person = commands.create_person(USERNAME, profile, by=None, origin="cli")
    return f"/invite/{commands.invite(person.id, by=None, origin='cli')}/"
