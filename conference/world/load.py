"""Loading a world into an empty store: one transaction, through the rooms' own writers.

What is loaded counts as recorded in its own time; the log says that it was loaded.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import DataError, transaction

from agenda import worldclock
from agenda.models import Conference as ConferenceRow
from audit.record import write_lock
from conference import clock
from conference.accounts import commands as accounts
from conference.accounts.models import Person as PersonRow
from conference.accounts.rules import Refused as AccountRefusal
from conference.cases import commands as cases
from conference.cases import registering, rights
from conference.cases.commands import CaseRefusal
from conference.cases.models import Case as CaseRow
from conference.covenant import shelf
from conference.covenant.rules import may_supply
from conference.covenant.trouble import CovenantError
from conference.world import shape
from conference.world.loading import Loading, find, refuse
from conference.world.meetings import load_conference
from conference.world.moments import day, moment
from conference.world.shape import WorldError
from consent.commands import NewException, Weighed
from consent.states import PERMITTING


def load(world: shape.World) -> dict[str, dict[str, str]]:
    """Load a world; return the ids that the product gave, per kind and file id.

    Raises WorldError: "store_not_empty", the covenant's codes, "cannot_supply",
    "track_forbids", "guest_no_account", ... Nothing is kept then.
    """
    starts = moment(world.clock)
    clock.set_offset(starts - datetime.now(UTC))
    try:
        with write_lock(), transaction.atomic():
            return _load(world, starts)
    except (CaseRefusal, AccountRefusal) as refused:
        raise WorldError(refused.code, f"The world cannot be loaded: {refused.code}.") from None
    except CovenantError as error:
        raise WorldError(error.code, f"The covenant is refused at {error.place}: {error.message}") from None
    except DataError:
        raise WorldError("world_malformed", "A name or code in the file is too long, or holds a NUL.") from None


def _load(world: shape.World, starts: datetime) -> dict[str, dict[str, str]]:
    if any(model.objects.exists() for model in (PersonRow, CaseRow, ConferenceRow)) or shelf.versions():
        refuse("store_not_empty", "This store holds data already; a world goes into an empty one.")
    worldclock.keep(starts)
    covenant = shelf.adopt(world.covenant, by=None, origin="seed")
    loading = Loading(covenant, clock.now())
    for person in world.people:
        _person(loading, person)
    for case in world.cases:
        _case(loading, case)
    for conference in world.conferences:
        load_conference(loading, conference)
    return loading.ids()


def _person(loading: Loading, person: shape.Person) -> None:
    party = loading.covenant.parties.get(person.party)
    if party is None:
        refuse("unknown_party", "A person belongs to a party that the covenant does not have.")
    if party.cls in {"D", "Z"}:
        refuse("guest_no_account", "A person of a third party without an account cannot be loaded.")
    trained = day(person.trained_on)
    made = accounts.create_person(
        person.username,
        accounts.Profile(
            name=person.name,
            party=person.party,
            family=person.family,
            roles=tuple(person.roles),
            screened_until=day(person.screened_until),
            trained_on=trained,
        ),
        credentials=accounts.Credentials(
            password=person.password,
            totp_secret=person.totp_secret,
            backup_codes=tuple(person.backup_codes),
            secrecy_on=trained,
        ),
        by=None,
        origin="seed",
    )
    loading.give("people", person.id, made.id)
    loading.party_of[person.id] = person.party


def _case(loading: Loading, case: shape.Case) -> None:
    for party in case.parties:
        if party not in loading.covenant.parties:
            refuse("unknown_party", "A case names a party that the covenant does not have.")
    row = cases.open_case(
        cases.NewCase(
            track=case.track,
            phase=case.phase,
            purpose=case.purpose,
            parties=case.parties,
            municipality=case.municipality,
            form=case.form,
            referrer=None if case.parties else _process_party(loading),
            loaded=True,
        ),
        covenant=loading.covenant.version,
        at=loading.now,
    )
    loading.give("cases", case.id, row.id)
    loading.log("case.opened", party=row.referrer, case=row.id, obj=f"case:{row.id}")
    loading.subjects_of[case.id] = {}
    for subject in case.subjects:
        _subject(loading, case, row, subject)
    for item in case.items:
        _item(loading, case, row, item)
    _register(loading, case, row.id)


def _supplies(loading: Loading, party: str, category: str, track: str) -> None:
    """Whatever phase it was brought in: what is loaded may be older than the case's present phase."""
    code = may_supply(loading.covenant, party, category, track)
    if code is not None:
        refuse(code, f"Something in the file is supplied by a party that may not supply it: {code}.")


def _subject(loading: Loading, case: shape.Case, row: CaseRow, subject: shape.Subject) -> None:
    known = subject.identity
    fields = ("name", "birth_date", "bsn", "address", "phone")
    identity = {name: getattr(known, name) for name in fields if getattr(known, name)} if known else {}
    protected = known.protected if known else False
    if "birth_date" in identity:
        day(identity["birth_date"])
    for category in cases.split_identity(identity, protected=protected):
        _supplies(loading, subject.registered_by, category, case.track)
    made = cases.register_subject(
        row, role=subject.role, registered_by=subject.registered_by, identity=identity, protected=protected
    )
    loading.give("subjects", subject.id, made.id)
    loading.subjects_of[case.id][subject.id] = made.id
    loading.log(
        "subject.registered", party=subject.registered_by, case=row.id, subject=made.id, obj=f"subject:{made.id}"
    )


_ITEM_ACTS = {"draft": "item.prepared", "released": "item.released", "withdrawn": "item.withdrawn"}


def _item(loading: Loading, case: shape.Case, row: CaseRow, item: shape.Item) -> None:
    _supplies(loading, item.supplier, item.category, case.track)
    own = loading.subjects_of[case.id]
    subject = find(own, item.subject, "unknown_subject") if item.subject is not None else None
    made = cases.add_item(
        cases.NewItem(
            case=row.id,
            supplier=item.supplier,
            category=item.category,
            kind=item.kind,
            text=loading.resolve(item.text, case.id),
            basis=item.basis,
            subject=subject,
            status=item.status,
            only_for=item.only_for,
            not_for=item.not_for or (),
        ),
        subjects=dict.fromkeys(own.values()),
        at=loading.tick(),
    )
    loading.give("items", item.id, made.id)
    loading.log(_ITEM_ACTS[item.status], party=item.supplier, case=row.id, subject=subject, obj=f"item:{made.id}")


def _register(loading: Loading, case: shape.Case, row: UUID) -> None:
    if not case.consents and not case.exceptions:
        return
    found = rights.load([row])[row]
    own = loading.subjects_of[case.id]
    for line in case.consents:
        if line.party not in loading.covenant.parties:
            refuse("unknown_party", "A consent names a party that the covenant does not have.")
        if line.category not in loading.covenant.categories:
            refuse("unknown_category", "A consent names a category that the covenant does not have.")
        subject = find(own, line.subject, "unknown_subject")
        starts = moment(line.starts) if line.starts else loading.now
        step = registering.ConsentStep(
            subject=subject,
            party=line.party,
            category=line.category,
            state=line.state,
            # Refusal, withdrawal and invalidation count from the moment they are recorded.
            starts=starts if line.state in PERMITTING else min(starts, loading.now),
            ends=moment(line.until, end=True) if line.until else None,
            purpose=cases.purpose_reference(row, line.purpose),
        )
        registering.record_consent(found, step, by=None, at=loading.now, loaded=True)
        loading.log("consent.loaded", party=line.party, case=row, subject=subject, obj=f"subject:{subject}")
    for exception in case.exceptions:
        ends = moment(exception.until, end=True)
        new = NewException(
            case=row,
            subject=find(own, exception.subject, "unknown_subject"),
            party=exception.party,
            category=exception.category,
            code=exception.code,
            decider=find(loading.people, exception.decider, "unknown_person"),
            weighed=Weighed(reason=exception.reason),
            starts=_began(exception, ends, loading),
            ends=ends,
        )
        registering.record_exception(found, loading.covenant, new, by=None, at=loading.now, loaded=True)
        loading.log(
            "exception.recorded", party=exception.party, case=row, subject=new.subject, obj=f"subject:{new.subject}"
        )


def _began(exception: shape.ExceptionLine, ends: datetime, loading: Loading) -> datetime:
    """When an exception began; one that is past and does not say was recorded on its last day."""
    if exception.starts:
        return moment(exception.starts)
    return loading.now if loading.now < ends else ends - timedelta(days=1)


def _process_party(loading: Loading) -> str:
    """A case without parties is the process party's own: it is involved in every case."""
    return next(party.id for party in loading.covenant.parties.values() if party.process)
