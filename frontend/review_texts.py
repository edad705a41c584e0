"""What readers answer and officers note down: sealed with the case that it is about, and gone with it."""

from dataclasses import dataclass
from uuid import UUID

from audit.review import queries
from conference.cases import seals
from conference.cases.labels import unopened
from conference.crypto import KeyTrouble, store_sealer

PURPOSE = "review"


@dataclass(frozen=True, slots=True)
class Texts:
    """Seals each text under the key of its case; what is about no single case, under the store's own."""

    def seal(self, table: str, row: UUID, field: str, plaintext: bytes) -> bytes:
        """Return the blob of a text for its place. Raises KeyTrouble."""
        case = queries.case_of(table, row)
        if case is None or seals.is_destroyed(case):
            return store_sealer(PURPOSE).seal(table, row, field, plaintext)
        return seals.seal_text(case, table, row, field, plaintext)

    def open(self, table: str, row: UUID, field: str, blob: bytes) -> bytes:
        """Return a text; of a case that was destroyed, or does not open, the words that say so."""
        case = queries.case_of(table, row)
        try:
            return store_sealer(PURPOSE).open(table, row, field, blob)
        except KeyTrouble as trouble:
            if case is None:
                return unopened(trouble.code).encode()
        try:
            return seals.open_text(case, table, row, field, blob)
        except KeyTrouble as trouble:
            return unopened(seals.trouble_with(case) or trouble.code).encode()


TEXTS = Texts()
