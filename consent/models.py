"""The register: lines, conversations, facts, evidence and exceptions, appended and never changed.

No key to any other room. Made by the migrations and not managed afterwards: the database itself refuses every
change. Only what is no part of the register is managed: drafts, which go when they are recorded, and tasks.
"""

from uuid import uuid4

from django.db import models

from consent.notices.models import NoticeReview
from consent.versions import RightsVersion

__all__ = [
    "ConsentDraft",
    "ConsentEvidence",
    "ConsentLine",
    "ConsentTalk",
    "ExceptionLine",
    "NoticeReview",
    "RegisterTask",
    "RightsVersion",
    "SubjectFact",
]


class ConsentLine(models.Model):
    """One event on a line (subject, party, category, purpose); the last one recorded counts.

    `purpose`: the opaque reference of the case's purpose. `ends` is the first moment
    at which it no longer holds. `talk`: the conversation in which it was said, if it was said in one.
    `review_on`: the day by which she is asked whether it still is what she wants. `covenant_row`: version
    and cell that asked for it. `sealed`: what is told of this one line, as JSON.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    party = models.CharField(max_length=60)
    category = models.CharField(max_length=10)
    purpose = models.UUIDField()
    state = models.CharField(max_length=20)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    sealed = models.BinaryField()
    talk = models.UUIDField(null=True)
    review_on = models.DateField(null=True)
    covenant_row = models.CharField(max_length=160, null=True)  # noqa: DJ001  added to rows that never change

    class Meta:
        managed = False
        indexes = [models.Index(fields=["subject", "party", "category"], name="consent_line")]


class ExceptionLine(models.Model):
    """A recorded exception: a code of its own law, a decider, a reason (sealed), an end."""

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    party = models.CharField(max_length=60)
    category = models.CharField(max_length=10)
    code = models.PositiveSmallIntegerField()
    decider = models.UUIDField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        managed = False


class ConsentTalk(models.Model):
    """One conversation about consent: what was explained, by which text, and how she answered.

    `notice`, `notice_version`, `language` (BCP 47) and `notice_sha256` (64 hex) name the exact text; empty
    where none was read. `evidence`: the sealed document that belongs to it. `sealed`: a `talk.Talk` as JSON.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    notice = models.CharField(max_length=60, blank=True)
    notice_version = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=20, blank=True)
    notice_sha256 = models.CharField(max_length=64, blank=True)
    evidence = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        managed = False


class SubjectFact(models.Model):
    """What the register must know of a victim beside her lines; of a kind the last one recorded counts.

    `kind`: contact | representative | reflection. `sealed`: the struct of that kind in `facts`, as JSON.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    kind = models.CharField(max_length=20)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        managed = False


class ConsentEvidence(models.Model):
    """A document that proves what was said: a signed form, a mandate. `size` in bytes, of the plain document.

    `sha256`: 64 hex, of the plain document, so that paper and register can be compared after the key is gone.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    kind = models.CharField(max_length=10)  # pdf | png | jpeg
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        managed = False


class ConsentDraft(models.Model):
    """What somebody typed in a conversation that is not recorded yet: her own, sealed, gone once it is recorded."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.UUIDField()
    subject = models.UUIDField()
    person = models.UUIDField()
    saved_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "subject", "person"], name="consent_draft_once")]


class RegisterTask(models.Model):
    """Something that must be told because the register changed (AVG 19) or was done without (exceptions).

    `kind`: tell_receiver | tell_person. `cause`: the line or exception that made it. `due`: its last day.
    `sealed`: how it was told, or why not, once it is done.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    kind = models.CharField(max_length=20)
    party = models.CharField(max_length=60)
    category = models.CharField(max_length=10)
    cause = models.UUIDField()
    made_at = models.DateTimeField()
    due = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "cause"], name="register_task_once")]
