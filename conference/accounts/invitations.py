"""Links of one use, and the three steps behind them: password, app, recovery codes.

Nothing reaches the account before the app's first code was right. Until then the
link can be opened again (a mail scanner that opens it first burns nothing), but only
the browser that last took step 1 can go on.
"""

import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from audit.record import record, write_lock
from conference import clock
from conference.accounts import factors, passwords, trail
from conference.accounts.models import Invitation, Person, TotpDevice
from conference.accounts.rules import Refused
from conference.accounts.sessions import SLACK, machine_now
from conference.crypto import store_sealer
from consent.versions import raise_version

LIFE = timedelta(hours=72)
SHOWN_FOR = timedelta(hours=1)
WRONG_AT_MOST = 10
TABLE = "accounts_invitation"


@dataclass(frozen=True, slots=True)
class Linking:
    """What step 2 shows: the secret in base32, and the address that opens an app."""

    secret: str
    uri: str


def make(person: Person, purpose: str) -> str:
    """Make the one valid link of a person; returns its token. In the caller's transaction.

    `purpose`: "first" lets her choose a password, "factor" asks for the one that she has.
    """
    now, token = machine_now(), secrets.token_urlsafe(32)
    Invitation.objects.filter(person=person, used_at=None).delete()
    # Codes that nobody confirmed as kept wait an hour for her, sealed, and no longer.
    Invitation.objects.filter(used_at__lte=now - SHOWN_FOR).update(codes_sealed=None)
    Invitation.objects.create(
        person=person, purpose=purpose, token_hash=_hash(token), made_at=now, expires_at=now + LIFE
    )
    return token


def open_link(token: str) -> Invitation | None:
    """Return the invitation of a link, or None when it is unknown, used or older than 72 hours."""
    return _open().filter(token_hash=_hash(token)).first()


def resume(invitation: str | None) -> Invitation | None:
    """Return the invitation that a browser opened, if it can still be used; `invitation`: its id."""
    try:
        wanted = UUID(invitation or "")
    except ValueError:
        return None
    return _open().filter(id=wanted).first()


def take_password(invitation: Invitation, password: str, repeated: str, *, secrecy: bool) -> str:
    """Step 1; returns the claim with which this browser goes on.

    Raises Refused: "password_short" | "password_long" | "password_common" |
    "passwords_differ" | "secrecy_declaration" | "wrong_password" | "link_gone" | "busy".
    """
    person = invitation.person
    if invitation.purpose == "factor":
        _ask_own(invitation, password)
        kept = ""
    else:
        _check_new(person, password, repeated)
        kept = passwords.hashed(password)
    if not secrecy and person.secrecy_on is None:
        raise Refused("secrecy_declaration")
    claim = secrets.token_urlsafe(32)
    with write_lock(), transaction.atomic():
        held = _locked(invitation.id)
        held.password, held.secrecy, held.claim_hash = kept, secrecy, _hash(claim)
        held.save(update_fields=["password", "secrecy", "claim_hash"])
        factors.new_device(held.person_id)
    return claim


def _check_new(person: Person, password: str, repeated: str) -> None:
    code = passwords.refuse_password(password, person.username, person.name)
    if code:
        raise Refused(code)
    if password != repeated:
        raise Refused("passwords_differ")


def _ask_own(invitation: Invitation, password: str) -> None:
    """Ask the password that she has: the administrator who made the link does not know it."""
    held = Invitation.objects.filter(id=invitation.id)
    with write_lock():
        # Counted before it is checked; ten wrong ones and the link is gone, for it came into other hands.
        if not held.filter(wrong__lt=WRONG_AT_MOST).update(wrong=F("wrong") + 1):
            raise Refused("link_gone")
    right, _outdated = passwords.verify(invitation.person, password)
    with write_lock(), transaction.atomic():
        if right:
            held.update(wrong=F("wrong") - 1)
        else:
            record(trail.by_person("enrolment.refused", invitation.person, reason="wrong_password", refused=True))
    if not right:
        raise Refused("wrong_password")


def linking(invitation: Invitation, claim: str) -> Linking | None:
    """Return what step 2 shows, or None when step 1 was not taken in this browser."""
    if not _claimed(invitation, claim):
        return None
    device = TotpDevice.objects.filter(user_id=invitation.person_id, confirmed=False).first()
    if device is None:
        return None
    secret = factors.base32(device.secret)
    label = f"Casustafel:{invitation.person.username}"
    return Linking(secret, _otpauth(label, secret))


def take_code(invitation: Invitation, claim: str, code: str) -> None:
    """Step 2: the app's first code. From here on the account has its factors and the link is used.

    Raises Refused: "code_wrong" | "code_used" | "link_gone".
    """
    with write_lock(), transaction.atomic():
        held = _locked(invitation.id)
        device = TotpDevice.objects.select_for_update().filter(user_id=held.person_id, confirmed=False).first()
        if device is None or not _claimed(held, claim):
            raise Refused("link_gone")
        wrong = factors.match_device(device, code, time.time())
        if not wrong:
            _enrol(held, device)
    if wrong:
        raise Refused(wrong)


def _enrol(held: Invitation, device: TotpDevice) -> None:
    person = Person.objects.select_for_update().get(id=held.person_id)
    TotpDevice.objects.filter(user=person, confirmed=True).delete()
    TotpDevice.objects.filter(id=device.id).update(confirmed=True)
    codes = factors.new_backup_codes(person.id)
    person.password = held.password or person.password
    if held.secrecy:
        person.secrecy_on = clock.today()
    person.epoch += 1
    person.version += 1
    person.save(update_fields=["password", "secrecy_on", "epoch", "version"])
    held.used_at, held.password = machine_now(), ""
    held.codes_sealed = store_sealer("people").seal(TABLE, held.id, "codes", json.dumps(codes).encode())
    held.save(update_fields=["used_at", "password", "codes_sealed"])
    record(trail.by_person("person.enrolled", person, reason=held.purpose))
    raise_version("people")


def codes_to_keep(invitation: str | None, claim: str) -> list[str]:
    """Return the recovery codes that step 3 shows, until they are confirmed as kept; then nothing."""
    held = _showing(invitation, claim)
    if held is None:
        return []
    opened = store_sealer("people").open(TABLE, held.id, "codes", bytes(held.codes_sealed or b""))
    codes: list[str] = json.loads(opened)
    return codes


def codes_kept(invitation: str | None, claim: str) -> None:
    """Step 3: forget the codes in clear; only their hashes stay."""
    held = _showing(invitation, claim)
    if held is not None:
        with write_lock(), transaction.atomic():
            Invitation.objects.filter(id=held.id).update(codes_sealed=None, claim_hash="")
            record(trail.by_person("person.codes_kept", held.person))


def _showing(invitation: str | None, claim: str) -> Invitation | None:
    try:
        wanted = UUID(invitation or "")
    except ValueError:
        return None
    held = Invitation.objects.select_related("person").filter(
        id=wanted, codes_sealed__isnull=False, used_at__gt=machine_now() - SHOWN_FOR
    )
    found = held.first()
    return found if found and _claimed(found, claim) else None


def _open() -> "QuerySet[Invitation]":
    now = machine_now()
    in_time = Q(expires_at__gt=now, made_at__lte=now + SLACK)
    return Invitation.objects.select_related("person").filter(
        in_time, used_at=None, wrong__lt=WRONG_AT_MOST, person__is_active=True
    )


def _locked(invitation: UUID) -> Invitation:
    held = _open().select_for_update(of=("self",)).filter(id=invitation).first()
    if held is None:
        raise Refused("link_gone")
    return held


def _claimed(invitation: Invitation, claim: str) -> bool:
    return bool(claim) and secrets.compare_digest(invitation.claim_hash, _hash(claim))


def _otpauth(label: str, secret: str) -> str:
    query = urlencode({"secret": secret, "issuer": "Casustafel", "algorithm": "SHA1", "digits": 6, "period": 30})
    return f"otpauth://totp/{quote(label, safe=':')}?{query}"


def _hash(token: str) -> str:
    # 256 random bits: nothing to guess, so a plain hash is enough.
    return hashlib.sha256(token.encode()).hexdigest()
