"""What is kept of people: who they are, their factors, invitations, sign-ins and places.

Names and second-factor secrets are sealed; tokens, backup codes, session keys,
addresses and browsers are kept as keyed hashes only.
"""

from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django_otp.models import Device

from conference.accounts.rules import FAMILIES
from conference.crypto import store_sealer

TABLE = "accounts_person"


class Person(AbstractBaseUser):
    """One human with one party and one role family.

    `epoch` rises whenever all her sessions must end; `version` at every change by
    an administrator, so that two of them cannot overwrite each other unseen.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField(max_length=150, unique=True)
    name_sealed = models.BinaryField()
    party = models.CharField(max_length=64)
    family = models.CharField(max_length=10)
    roles = models.JSONField(default=list)
    screened_until = models.DateField(null=True)
    trained_on = models.DateField(null=True)
    secrecy_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    last_login = None  # a SignIn tells when somebody came, in one place

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        app_label = "accounts"
        constraints = [
            models.CheckConstraint(name="person_family", condition=Q(family__in=FAMILIES)),
            models.CheckConstraint(name="person_roles_within_inhoud", condition=Q(family="inhoud") | Q(roles=[])),
        ]

    @property
    def name(self) -> str:
        """The person's name, opened. Raises KeyTrouble("seal_broken")."""
        return store_sealer("people").open(TABLE, self.id, "name", bytes(self.name_sealed)).decode()

    @name.setter
    def name(self, value: str) -> None:
        self.name_sealed = store_sealer("people").seal(TABLE, self.id, "name", value.encode())

    def __str__(self) -> str:
        return str(self.id)


class TotpDevice(Device):
    """An app that shows codes: RFC 6238, SHA-1, 6 digits, 30 s. `last_t`: the last step that was used."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    secret_sealed = models.BinaryField()
    last_t = models.BigIntegerField(default=-1)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "accounts"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(confirmed=True), name="one_confirmed_device"),
        ]

    @property
    def secret(self) -> bytes:
        """The shared secret, opened. Raises KeyTrouble("seal_broken")."""
        return store_sealer("people").open("accounts_totpdevice", self.id, self._field, bytes(self.secret_sealed))

    @secret.setter
    def secret(self, value: bytes) -> None:
        self.secret_sealed = store_sealer("people").seal("accounts_totpdevice", self.id, self._field, value)

    @property
    def _field(self) -> str:
        # The person stands in the seal's place too: a device moved to another person does not open.
        return f"secret:{self.user_id}"

    def verify_token(self, token: str) -> bool:
        """Say no: a code is verified by `factors.verify`, under a lock, and nowhere else."""
        return False


class BackupCode(models.Model):
    """One recovery code of 120 bits, kept as a keyed hash; works once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="backup_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "accounts"
        constraints = [models.UniqueConstraint(fields=["person", "code_hash"], name="backup_code_once")]


class Invitation(models.Model):
    """A link of one use. `purpose`: "first" sets a password, "factor" asks the one that she has.

    What enrolment has so far (`password`, `claim`, the codes to show) waits here
    and reaches the account only when the app's first code was right.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=6)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    claim_hash = models.CharField(max_length=64, default="")
    wrong = models.PositiveSmallIntegerField(default=0)
    password = models.CharField(max_length=128, default="")
    secrecy = models.BooleanField(default=False)
    codes_sealed = models.BinaryField(null=True)

    class Meta:
        app_label = "accounts"
        constraints = [
            models.CheckConstraint(name="invitation_purpose", condition=Q(purpose__in=["first", "factor"])),
        ]


class SignIn(models.Model):
    """One login session, from the right password to its end; times are the machine's.

    `verified_at`: when the second factor was first right (missing: half logged in);
    `factor_at`: when it was last renewed; `epoch`: the person's at the start.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=64, db_index=True)  # keyed hash, never the cookie's value
    epoch = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    factor_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "accounts"
        constraints = [
            models.CheckConstraint(
                name="factor_only_when_verified", condition=Q(factor_at=None) | Q(verified_at__lte=F("factor_at"))
            ),
        ]


class KnownPlace(models.Model):
    """An address or browser from which somebody completed a login: attacks elsewhere cannot lock it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="known_places")
    kind = models.CharField(max_length=7)
    place_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "accounts"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "place_hash"], name="known_place_once"),
            models.CheckConstraint(name="known_place_kind", condition=Q(kind__in=["address", "device"])),
        ]


class Tries(models.Model):
    """The recent tries of one bucket, as seconds since 1970; see throttle.py for the buckets."""

    bucket = models.CharField(primary_key=True, max_length=64)
    at = models.JSONField(default=list)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "accounts"


class Cover(models.Model):
    """Somebody does the work of a colleague who is away, from `since` to `until` (days, both included).

    Moments are of the product's time. It counts from `registered_at` on, until `ended_at` if it was ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    absent = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="covered")
    substitute = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="covers")
    party = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField()
    registered_at = models.DateTimeField()
    registered_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "accounts"
        constraints = [
            models.CheckConstraint(name="cover_forward", condition=Q(since__lte=F("until"))),
            models.CheckConstraint(name="cover_of_another", condition=~Q(absent=F("substitute"))),
        ]
