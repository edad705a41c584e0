"""What a meeting keeps. Texts are sealed: with the case's key, or the conference's own.

`Change` says that an object changed and never what is in it.
"""

from uuid import uuid4

from django.db import models


class Conference(models.Model):
    """A case conference. `seq`: number of its last change. `sealed`: the title."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    chair = models.UUIDField()
    starts = models.DateTimeField()
    seq = models.BigIntegerField(default=0)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["starts", "id"]


class Seat(models.Model):
    """A person invited to a conference. `entered_at`: her first entry; a reconnect is no entry."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="seats")
    person = models.UUIDField()
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "person"], name="seat_once")]


class SentOut(models.Model):
    """The chair sent this person out of one case of this conference."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="sent_out")
    case = models.UUIDField()
    person = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "case", "person"], name="sent_out_once")]


class AgendaItem(models.Model):
    """A point of the agenda: about a case, or a general point (`case` null)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="agenda")
    case = models.UUIDField(null=True, db_index=True)
    supplier = models.CharField(max_length=60)  # of the title: the party of who wrote it
    position = models.PositiveIntegerField()  # not dense; viewers get an own numbering
    minutes = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, default="planned")  # planned | open | closed
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["position", "id"]


class Note(models.Model):
    """A minutes block, decision or action item: an item too, supplied by the writer's party.

    `status`: released | proposed | adopted | open | done. `owner`, `due`: of actions.
    `about`: the case's item whose content it repeats.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=10)  # minutes | decision | action
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="notes")
    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="notes")
    case = models.UUIDField(null=True, db_index=True)
    category = models.CharField(max_length=10)
    supplier = models.CharField(max_length=60)
    author = models.UUIDField()
    about = models.UUIDField(null=True)
    mentions = models.JSONField(default=list)
    status = models.CharField(max_length=10)
    owner = models.CharField(max_length=60, blank=True)
    due = models.DateField(null=True)
    written_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["written_at", "id"]


class Dissent(models.Model):
    """A party's dissent from a decision; the reason is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    decision = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="dissents")
    party = models.CharField(max_length=60)
    author = models.UUIDField()
    at = models.DateTimeField()
    mentions = models.JSONField(default=list)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["at", "id"]


class Change(models.Model):
    """Change `seq` of a conference touched these objects; no content, ever."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="changes")
    seq = models.BigIntegerField()
    keys = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "seq"], name="change_once")]


class MadeExport(models.Model):
    """A decision list that was made: when, by whom, for whom, as what. `sealed`: its hash and register code."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="exports")
    party = models.CharField(max_length=60)
    form = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    sealed = models.BinaryField()


class Receipt(models.Model):
    """The answer that a command got, so that a repeat gets it again and does nothing.

    No content: a repeated conflict is answered with the object as it stands now.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="receipts")
    person = models.UUIDField()
    command = models.UUIDField()
    code = models.CharField(max_length=40, blank=True)  # empty: done
    key = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "person", "command"], name="answered_once")]


class PresenceRow(models.Model):
    """A socket that is connected to some process; 30 s to live, renewed by its process."""

    socket = models.UUIDField(primary_key=True)
    conference = models.UUIDField(db_index=True)
    person = models.UUIDField()
    state = models.CharField(max_length=10)
    seen_at = models.DateTimeField()


class WorldClock(models.Model):
    """A seeded store's own time: `starts` at the moment of the first serve; one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    starts = models.DateTimeField()
    first_served_at = models.DateTimeField(null=True)
