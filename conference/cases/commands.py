"""The only writers of cases, subjects and items; the register about them: `registering`.

Each runs in its caller's transaction, which also holds the audit entry. Refusals are
CaseRefusal with a stable code.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

import msgspec

from conference.cases.mentions import PATTERN, mentioned
from conference.cases.models import Case, Involvement, Item, OpenAction, Subject
from conference.cases.rights import CASE_TABLE, Header
from conference.covenant import facts
from conference.covenant.file import Covenant
from conference.covenant.rules import may_supply
from conference.crypto import ring
from conference.vault import codenames, identities, keys
from consent.versions import raise_version

ITEM_TABLE = "cases_item"
BARRED = {"id": ("name", "birth_date", "address", "phone"), "bsn": ("bsn",), "adr": ("address", "phone")}


class CaseRefusal(Exception):
    """A write that a case does not take; `code` is stable and tells no content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to open; the first of `parties` refers it and supplies its header."""

    track: str
    phase: str
    purpose: str
    parties: Sequence[str]
    municipality: str = ""
    form: str = ""
    code_name: str | None = None
    referrer: str | None = None  # None: the first of `parties`
    loaded: bool = False


def open_case(new: NewCase, *, covenant: str, at: datetime) -> Case:
    """Open a case with a data key and a code name of its own. Raises CaseRefusal("no_parties")."""
    referrer = new.referrer or next(iter(new.parties), None)
    if referrer is None:
        raise CaseRefusal("no_parties")
    case = Case(id=uuid4(), track=new.track, phase=new.phase, referrer=referrer, covenant=covenant, opened_at=at)
    sealer = keys.create(case.id, first_processed=at)
    header = Header(codenames.give(new.code_name), new.purpose, new.municipality, new.form)
    case.purpose_ref = purpose_reference(case.id, new.purpose)
    case.loaded = new.loaded
    case.sealed = sealer.seal(CASE_TABLE, case.id, "sealed", msgspec.json.encode(header))
    case.save(force_insert=True)
    for party in dict.fromkeys(new.parties):
        Involvement.objects.create(case=case, party=party, since=at)
    raise_version(f"case:{case.id}")
    return case


def hold_cases(cases: Collection[UUID]) -> None:
    """Lock these cases' rows until the transaction ends: what is read of them after this stays so."""
    list(Case.objects.select_for_update().filter(id__in=cases).order_by("id").values_list("id", flat=True))


def purpose_reference(case: UUID, purpose: str) -> UUID:
    """Return the opaque reference of a purpose within a case.

    Equal for equal texts to the letter, and not to be computed without the root key.
    """
    key = ring().derive("zvh/v1/purpose", str(case))
    return UUID(bytes=hmac.digest(key, purpose.encode(), sha256)[:16], version=4)


def involve(case: Case, party: str, *, at: datetime) -> None:
    """Let a party take part in a case; one that already does stays as it is."""
    Involvement.objects.get_or_create(case=case, party=party, until=None, defaults={"since": at})
    raise_version(f"case:{case.id}")


def end_involvement(case: Case, party: str, *, at: datetime) -> None:
    """End a party's part in a case; from this commit on it sees nothing of it."""
    Involvement.objects.filter(case=case, party=party, until=None).update(until=at)
    raise_version(f"case:{case.id}")


def change_phase(case: Case, phase: str) -> None:
    """Move a case to another phase."""
    Case.objects.filter(id=case.id).update(phase=phase)
    raise_version(f"case:{case.id}")


def register_subject(
    case: Case, *, role: str, registered_by: str, identity: Mapping[str, str], protected: bool = False
) -> Subject:
    """Register a betrokkene with her identity data, each kind under its own category.

    `identity`: any of name, birth_date (ISO), bsn, address, phone. A protected address
    or telephone is kept as category `adr`. The caller has checked `may_supply`.
    """
    number = Subject.objects.filter(case=case).count() + 1
    subject = Subject.objects.create(case=case, number=number, role=role, registered_by=registered_by)
    for category, values in split_identity(identity, protected=protected).items():
        identities.store(case.id, subject.id, category, values)
    raise_version(f"case:{case.id}")
    return subject


def correct_identity(subject: Subject, identity: Mapping[str, str], *, protected: bool) -> None:
    """Put a subject's identity data right, all of it: what is left out is gone. The caller has checked who may."""
    wanted = split_identity(identity, protected=protected)
    for category in BARRED:
        identities.replace(subject.case_id, subject.id, category, wanted.get(category, {}))
    raise_version(f"case:{subject.case_id}")


def split_identity(identity: Mapping[str, str], *, protected: bool) -> dict[str, dict[str, str]]:
    """Return identity data by covenant category; empty values and categories are left out."""
    places = {"name": "id", "birth_date": "id", "bsn": "bsn"}
    hidden = "adr" if protected else "id"
    split: dict[str, dict[str, str]] = {}
    for name, value in identity.items():
        if value:
            split.setdefault(places.get(name, hidden), {})[name] = value
    return split


# --- items ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item that a party brings. `only_for` None: no such condition."""

    case: UUID
    supplier: str
    category: str
    kind: str
    text: str
    basis: str = ""
    subject: UUID | None = None
    status: str = "draft"
    only_for: Sequence[str] | None = None
    not_for: Sequence[str] = field(default_factory=tuple)
    author: UUID | None = None


def check_supply(covenant: Covenant | None, party: str, category: str, fact: facts.Case) -> None:
    """Refuse what a party may not bring now. Raises CaseRefusal(covenant_inactive | cannot_supply | track_forbids)."""
    if covenant is None:
        raise CaseRefusal("covenant_inactive")
    code = may_supply(covenant, party, category, fact.track, fact.phase, open_action_parties=fact.open_action_parties)
    if code is not None:
        raise CaseRefusal(code)


def check_mentions(text: str, subjects: Mapping[UUID, object]) -> tuple[UUID, ...]:
    """Return whom a text mentions; a mention of nobody in this case is CaseRefusal("unknown_subject")."""
    found = mentioned(text)
    if any(subject not in subjects for subject in found):
        raise CaseRefusal("unknown_subject")
    return found


def add_item(new: NewItem, *, subjects: Mapping[UUID, object], at: datetime) -> Item:
    """Keep an item, sealed. Raises CaseRefusal("unknown_subject" | "empty_text")."""
    if not PATTERN.sub("x", new.text).strip():
        raise CaseRefusal("empty_text")
    mentions = check_mentions(new.text, subjects)
    if new.subject is not None and new.subject not in subjects:
        raise CaseRefusal("unknown_subject")
    row = uuid4()
    plain = msgspec.json.encode({"text": new.text, "basis": new.basis})
    return Item.objects.create(
        id=row,
        case_id=new.case,
        subject_id=new.subject,
        supplier=new.supplier,
        category=new.category,
        kind=new.kind,
        status=new.status,
        only_for=list(new.only_for) if new.only_for is not None else None,
        not_for=list(new.not_for),
        mentions=[str(mention) for mention in mentions],
        author=new.author,
        written_at=at,
        released_at=at if new.status == "released" else None,
        sealed=keys.sealer(new.case).seal(ITEM_TABLE, row, "sealed", plain),
    )


def release_item(item: Item, *, at: datetime) -> None:
    """Show a draft to those whom the covenant allows. Raises CaseRefusal("not_a_draft")."""
    if item.status != "draft":
        raise CaseRefusal("not_a_draft")
    item.status = "released"
    item.released_at = at
    item.save(update_fields=["status", "released_at"])


def withdraw_item(item: Item) -> None:
    """Take an item back; from this commit on only its supplier sees it. Raises CaseRefusal("already_withdrawn")."""
    if item.status == "withdrawn":
        raise CaseRefusal("already_withdrawn")
    item.status = "withdrawn"
    item.save(update_fields=["status"])


def track_action(action: UUID, case: UUID, party: str, *, open_now: bool) -> None:
    """Keep who has an open action in a case: in aftercare that party still reads the process."""
    if open_now:
        OpenAction.objects.get_or_create(action=action, defaults={"case_id": case, "party": party})
    else:
        OpenAction.objects.filter(action=action).delete()
    if Case.objects.filter(id=case, phase="nazorg").exists():
        raise_version(f"case:{case}")
