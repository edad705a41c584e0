"""Finding somebody by the reference that a party has for her: its pseudonym of her, whole.

Fifty bits that nobody guesses. Whoever of the party sees the case is shown it, and it stands in what the party
takes out: it proves no more than that. It finds her where nothing may be shown of her case, for the one thing that
shows nothing and only ends sharing: taking consent back.
"""

from uuid import UUID

from conference.cases.models import Subject
from conference.vault.pseudonyms import Misread, pseudonym, read_aloud

__all__ = ["Misread", "find", "read_aloud"]


def find(party: str, reference: str) -> tuple[UUID, UUID] | None:
    """Return case and subject of a party's reference; None when it names nobody. Linear in all subjects."""
    rows = Subject.objects.values_list("case", "id").order_by("case", "id")
    return next(((case, subject) for case, subject in rows if pseudonym(party, case, subject) == reference), None)
