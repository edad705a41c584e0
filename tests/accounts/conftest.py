"""People to test with: real accounts, real hashes, real codes, a browser that keeps its cookies."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from conference import clock
from conference.accounts import commands, factors, passwords
from conference.accounts.commands import Credentials, Profile
from conference.accounts.models import Person, TotpDevice

PASSWORD = "vier paarden eten hooi"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass
class Somebody:
    """A person with her password and her app."""

    person: Person
    password: str = PASSWORD

    def code(self, ahead: int = 0) -> str:
        """The app's code now, or `ahead` steps from now."""
        return factors.current_code(factors.from_base32(SECRET), time.time() + 30 * ahead)

    def forget_code(self) -> None:
        """Let the app's present code count as unused again: a test cannot wait 30 s at every step."""
        TotpDevice.objects.filter(user=self.person).update(last_t=-1)

    def client(self, address: str = "192.0.2.10", **extra: object) -> Client:
        return Client(REMOTE_ADDR=address, **extra)

    def password_step(self, client: Client, password: str | None = None, **query: str):
        data = {"username": self.person.username, "password": password or self.password, **query}
        return client.post("/login/", data)

    def log_in(self, address: str = "192.0.2.10", client: Client | None = None) -> Client:
        """Log in with both factors and return the browser."""
        client = client or self.client(address)
        self.forget_code()
        assert self.password_step(client).status_code == 302
        answer = client.post("/login/code/", {"code": self.code()})
        assert answer.status_code == 302, answer.content.decode()
        return client


Maker = Callable[..., Somebody]


@pytest.fixture
def make_person(db: None) -> Maker:
    """Make somebody who can log in; `until`, `trained`, `secrecy`: days from today, None for never."""

    def make(
        username: str = "politie",
        *,
        family: str = "inhoud",
        roles: tuple[str, ...] = ("participant",),
        party: str = "politie",
        until: int | None = 100,
        trained: int | None = -10,
        secrecy: int | None = -5,
        backup_codes: tuple[str, ...] = (),
    ) -> Somebody:
        def day(offset: int | None):
            return None if offset is None else clock.today() + timedelta(days=offset)

        profile = Profile(
            name="A. Gent",
            party=party,
            family=family,
            roles=roles if family == "inhoud" else (),
            screened_until=day(until),
            trained_on=day(trained),
        )
        credentials = Credentials(
            password=PASSWORD, totp_secret=SECRET, backup_codes=backup_codes, secrecy_on=day(secrecy)
        )
        person = commands.create_person(username, profile, by=None, origin="seed", credentials=credentials)
        return Somebody(person)

    return make


@pytest.fixture
def somebody(make_person: Maker) -> Somebody:
    return make_person()


@pytest.fixture
def administrator(make_person: Maker) -> Somebody:
    return make_person("beheerder", family="beheer", party="zvh_procesregie")


@pytest.fixture(autouse=True)
def cheap_hashes(settings) -> Iterator[None]:
    """Hash with little work, except where the work is the point (`real_hashes`)."""
    settings.PASSWORD_HASHERS = ["tests.accounts.cheap.CheapHasher"]
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def real_hashes(cheap_hashes: None, settings) -> None:
    settings.PASSWORD_HASHERS = ["conference.accounts.passwords.Argon2idHasher"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def origin(settings) -> str:
    settings.ALLOWED_ORIGINS = ["https://tafel.example:8443"]
    return settings.ALLOWED_ORIGINS[0]
