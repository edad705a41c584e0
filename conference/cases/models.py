"""What a case keeps: its header (sealed), who is involved, its subjects and its items."""

from uuid import uuid4

from django.db import models


class Case(models.Model):
    """A case. `sealed`: code name, purpose, municipality and form of exploitation.

    `purpose_ref`: an opaque reference of the purpose's text, equal for equal texts
    within the case; register and log speak of the purpose by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    track = models.CharField(max_length=10)  # wgs | hulp | signaal
    phase = models.CharField(max_length=20)
    referrer = models.CharField(max_length=60)  # the party that supplied the header
    purpose_ref = models.UUIDField()
    covenant = models.CharField(max_length=80, blank=True)  # version at opening: a record only
    opened_at = models.DateTimeField()
    loaded = models.BooleanField(default=False)  # taken over from elsewhere, not referred here
    sealed = models.BinaryField()


class Involvement(models.Model):
    """A party that is involved in a case; ended when `until` is set."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="involvements")
    party = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party"], condition=models.Q(until__isnull=True), name="involved_once"
            )
        ]


class Subject(models.Model):
    """A betrokkene. `number`: of the spoken handle ("betrokkene 1"), never reused in the case."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="subjects")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10)  # victim | circle | suspect
    registered_by = models.CharField(max_length=60)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="handle_once")]


class Item(models.Model):
    """One piece of content that a party brought. `sealed`: text and the supplier's own ground.

    `mentions`: the subjects named in the text. `only_for` null means no such condition.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True)
    supplier = models.CharField(max_length=60)
    category = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)  # feit | oordeel
    status = models.CharField(max_length=10)  # draft | released | withdrawn
    only_for = models.JSONField(null=True)
    not_for = models.JSONField(default=list)
    mentions = models.JSONField(default=list)
    author = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["written_at", "id"]


class OpenAction(models.Model):
    """An open action item of this case and the party that owns it (rules 12 and 12b)."""

    action = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="open_actions")
    party = models.CharField(max_length=60)
