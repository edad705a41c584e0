"""Reading every entry of an export as a leaf: canonical JSON, one object, the keys that a leaf has. Pure.

What a signed tree proves is bytes. That the program wrote them in the one form that everybody reads
alike is a second question, and a slower one; so it is asked only on request.
"""

import json
from collections.abc import Iterator

from audit.canonical import LEAF_KEYS, canonical
from audit.tree.bundles import unpack
from audit.verifying.folder import Export
from audit.verifying.source import width_of
from audit.verifying.verdict import Finding
from audit.verifying.views import TILE


def bad_forms(log: Export) -> Iterator[Finding]:
    """Yield the first entry that is no leaf in canonical form. The bundles must be proven already."""
    for n in range(-(-log.size // TILE)):
        for at, entry in enumerate(unpack(log.bundle(n, width_of(log.size, 0, n)) or b"")):
            if not is_leaf(entry):
                yield Finding("leaf_malformed", n * TILE + at)
                return


def is_leaf(entry: bytes) -> bool:
    """Say whether an entry is a JSON object with exactly the keys of a leaf, in its one canonical form."""
    try:
        told = json.loads(entry)
        return isinstance(told, dict) and told.keys() == LEAF_KEYS and canonical(told) == entry
    except (ValueError, RecursionError):
        return False
