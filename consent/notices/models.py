"""Who read a translation against the Dutch: appended, never changed."""

from uuid import uuid4

from django.db import models


class NoticeReview(models.Model):
    """Somebody read this language's texts, exactly these, and found them right.

    `sha256`: of the notice; `words_sha256`: of all that is shown or said beside it; 64 hex each.
    `sealed`: a `reviews.Reviewer` as JSON, under the store's own key.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    language = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    words_sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        app_label = "consent"
        managed = False
