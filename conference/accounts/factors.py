"""The second factor: a code from an app, or a recovery code; each works once.

RFC 6238 with SHA-1, 6 digits and steps of 30 s. The step before and the one after
the present one are accepted too, for slow hands and phones whose clock is off; a
step at or before the last used one never is. Codes are checked in one transaction
that holds the device's row, so of parallel uses exactly one succeeds.
"""

import base64
import hmac
import re
import secrets
from uuid import UUID

from django_otp.oath import hotp

from conference.accounts.models import BackupCode, TotpDevice
from conference.accounts.sessions import machine_now
from conference.crypto import ring

STEP = 30
DIGITS = 6
TOLERANCE = 1
SECRET_BYTES = 20  # RFC 4226 section 4, R6: 160 bits
BACKUP_CODES = 10
BACKUP_CHARACTERS = 24  # of 5 bits each: 120 bits, so a keyed hash is enough (ASVS 6.5.2)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_LOOKALIKES = str.maketrans("OIL", "011")


def match(person: UUID, code: str, at: float) -> str | None:
    """Use up a code at machine time `at`; None when it was right.

    Otherwise "code_used" (this code has been used: wait for the next), "code_wrong" or
    "factor_missing". In the caller's transaction.
    """
    device = TotpDevice.objects.select_for_update().filter(user_id=person, confirmed=True).first()
    if device is None:
        return "factor_missing"
    verdict = match_device(device, code, at)
    if verdict == "code_wrong" and _use_backup_code(person, code):
        return None
    return verdict


def match_device(device: TotpDevice, code: str, at: float) -> str | None:
    """Use up a code of this locked device; None, "code_used" or "code_wrong"."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        return "code_wrong"
    secret, now = device.secret, int(at) // STEP
    fitting = [step for step in range(now - TOLERANCE, now + TOLERANCE + 1) if _is_code(secret, step, digits)]
    if not fitting:
        return "code_wrong"
    for step in fitting:
        if TotpDevice.objects.filter(id=device.id, last_t__lt=step).update(last_t=step):
            return None
    return "code_used"


def current_code(secret: bytes, at: float) -> str:
    """Return the code of a secret at machine time `at`."""
    return _code(secret, int(at) // STEP)


def _is_code(secret: bytes, step: int, digits: str) -> bool:
    return hmac.compare_digest(_code(secret, step), digits)


def _code(secret: bytes, step: int) -> str:
    number: int = hotp(secret, step, DIGITS)  # type: ignore[no-untyped-call]  # django-otp is untyped
    return f"{number:0{DIGITS}}"


def new_device(person: UUID, secret: bytes | None = None, *, confirmed: bool = False) -> TotpDevice:
    """Replace the person's devices by one; `secret` is made when none is given. In the caller's transaction."""
    TotpDevice.objects.filter(user_id=person, confirmed=confirmed).delete()
    device = TotpDevice(user_id=person, name="app", confirmed=confirmed, made_at=machine_now())
    device.secret = secret or secrets.token_bytes(SECRET_BYTES)
    device.save(force_insert=True)
    return device


def new_backup_codes(person: UUID) -> list[str]:
    """Replace all recovery codes; returns them, to be shown once. In the caller's transaction."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(BACKUP_CHARACTERS)) for _ in range(BACKUP_CODES)]
    set_backup_codes(person, codes)
    return [in_fours(code) for code in codes]


def set_backup_codes(person: UUID, codes: list[str]) -> None:
    """Replace all recovery codes by these; two that read the same are one. In the caller's transaction."""
    BackupCode.objects.filter(person_id=person).delete()
    hashes = {_code_hash(person, code) for code in codes}
    BackupCode.objects.bulk_create([BackupCode(person_id=person, code_hash=code) for code in sorted(hashes)])


def revoke(person: UUID) -> None:
    """Delete all devices and recovery codes. In the caller's transaction."""
    TotpDevice.objects.filter(user_id=person).delete()
    BackupCode.objects.filter(person_id=person).delete()


def base32(secret: bytes) -> str:
    """Return a secret as apps take it: base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def from_base32(text: str) -> bytes:
    """Return the secret of a base32 text; spaces and case do not matter. Raises ValueError."""
    plain = re.sub(r"[\s=-]", "", text).upper()
    return base64.b32decode(plain + "=" * (-len(plain) % 8))


def in_fours(text: str, between: str = "-") -> str:
    """Return a text in groups of four."""
    return between.join(text[i : i + 4] for i in range(0, len(text), 4))


def _use_backup_code(person: UUID, code: str) -> bool:
    rows = BackupCode.objects.filter(person_id=person, code_hash=_code_hash(person, code), used_at=None)
    return rows.update(used_at=machine_now()) == 1


def _code_hash(person: UUID, code: str) -> str:
    plain = re.sub(r"[\s-]", "", code).upper().translate(_LOOKALIKES)
    return hmac.digest(ring().derive("zvh/v1/backup-code", str(person)), plain.encode(), "sha256").hex()
