"""A store with a region and its log of five years."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from audit.growth import integrator
from audit.record import write_lock
from bench.desk.years import Cast, Leaf, leaves
from conference import clock, crypto, startup
from conference.accounts import commands, factors
from conference.accounts.commands import Credentials, Profile
from conference.accounts.models import Person
from conference.cases.commands import NewCase, open_case
from conference.cases.models import Case, Subject

CASES, PEOPLE = 400, 60
PARTIES = (
    "politie", "zvh_procesregie", "veilig_thuis", "kwintes", "om", "ggd_soa", "gi", "ggz", "rvdk", "moviera",
    "leger_des_heils", "tussenvoorziening", "versa_welzijn", "pretty_woman", "blijfgroep_oranjestad", "cosm",
    "scharlaken_koord", "acm_amsterdam", "comensha", "nla_arbeidsinspectie", "advocatuur", "burgemeester_oov",
    "college_uitvoering",
)  # fmt: skip
PASSWORD, SECRET = "vier paarden eten hooi", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_GROUP = 5_000
_COLUMNS = "leaf, t, act, out, actor, case_id, subject, party"


@dataclass(frozen=True)
class Made:
    """A filled store, somebody of oversight who has logged in, and how fast it went (entries per second)."""

    cast: Cast
    client: Client
    entries: int
    engine: str
    taken: float


def fill(count: int) -> Made:
    """Make the store, write `count` entries and let the integrator take them in."""
    call_command("migrate", verbosity=0)
    ring, _recovery = crypto.KeyRing.create(settings.CONFIG.keys_folder)
    startup.use_keys(ring)
    cast = _cast()
    client = _officer()
    say(f"writing {count} entries")
    for group in _grouped(leaves(cast, count, clock.today())):
        with write_lock(), transaction.atomic():
            _insert(group)
    say("integrating")
    start = time.perf_counter()
    taken = integrator.integrate()
    integrator.sign()
    rate = taken / (time.perf_counter() - start)
    if connection.vendor == "postgresql":  # what autovacuum does in a server that is left alone
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return Made(cast, client, taken, connection.vendor, rate)


def say(what: str) -> None:
    """Tell on standard error how far it is."""
    print(f"{time.strftime('%H:%M:%S')} {what} ...", file=sys.stderr, flush=True)


def _cast() -> Cast:
    people, party = [], {}
    for number in range(PEOPLE):
        person = Person(username=f"p{number}", party=PARTIES[number % len(PARTIES)], family="inhoud")
        person.name = f"V. Erzonnen {number}"
        person.save()
        people.append(person.id)
        party[person.id] = person.party
    cases = [_case() for _ in range(CASES)]
    subjects = {
        case.id: [
            Subject.objects.create(case=case, number=number, role="victim", registered_by="politie").id
            for number in (1, 2)
        ]
        for case in cases
    }
    return Cast([case.id for case in cases], people, party, subjects)


def _case() -> Case:
    new = NewCase(track="wgs", phase="overleg", purpose="verzonnen", parties=["politie"], municipality="Hilversum")
    with write_lock(), transaction.atomic():
        return open_case(new, covenant="1.0", at=timezone.now())


def _officer() -> Client:
    today = clock.today()
    profile = Profile(
        name="F. Gee", party="zvh_procesregie", family="toezicht", roles=(),
        screened_until=today + timedelta(days=100), trained_on=today,
    )  # fmt: skip
    credentials = Credentials(password=PASSWORD, totp_secret=SECRET, backup_codes=(), secrecy_on=today)
    person = commands.create_person(f"fg{uuid4().hex[:6]}", profile, by=None, origin="seed", credentials=credentials)
    client = Client(headers={"host": "localhost"})
    client.post("/login/", {"username": person.username, "password": PASSWORD})
    client.post("/login/code/", {"code": factors.current_code(factors.from_base32(SECRET), time.time())})
    client.get("/log/?purpose=internal_control")
    return client


# --- rows -------------------------------------------------------------------------------


def _grouped(found: Iterable[Leaf]) -> Iterator[list[Leaf]]:
    rows = iter(found)
    while group := list(islice(rows, _GROUP)):
        yield group


def _insert(group: list[Leaf]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY audit_leaf ({_COLUMNS}) FROM STDIN") as copy:
                for row in group:
                    copy.write_row(_values(row))
            return
        cursor.execute("SELECT coalesce(max(id), 0) FROM audit_leaf")
        first = cursor.fetchone()[0] + 1
        cursor.executemany(
            f"INSERT INTO audit_leaf (id, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [(first + number, *_values(row)) for number, row in enumerate(group)],
        )


def _values(row: Leaf) -> tuple[object, ...]:
    ids = (row.actor, row.case, row.subject)
    kept = ids if connection.vendor == "postgresql" else (one.hex if one else None for one in ids)
    return (row.leaf, row.t, row.act, row.out, *kept, row.party)
