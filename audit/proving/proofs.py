"""`audit prove` and `audit consistency`: proofs that anybody can check without the log."""

from audit.growth import store
from audit.proving.choosing import choose, cosigned
from audit.tree.errors import TreeError
from audit.tree.proofs import consistency as consistency_of
from audit.tree.proofs import inclusion
from audit.tree.tlog_proof import TlogProof
from audit.trouble import Refused

_DAMAGED = "The log is damaged here and cannot prove it. Run `casustafel audit verify`."


def prove(index: int, year: int | None = None) -> str:
    """Return the proof (C2SP tlog-proof) of the entry at a position, under a cosigned checkpoint where there is one.

    Raises Refused: no_such_entry and those of choosing a log, tile_missing.
    """
    chosen = cosigned(index + 1, year)
    if not 0 <= index < chosen.size:
        raise Refused("no_such_entry", f"Positions go from 0 to {chosen.size - 1}.")
    try:
        path = inclusion(store.nodes(chosen.log.id), index, chosen.size)
    except TreeError as error:
        raise Refused(
            error.code, "The log is damaged here and cannot prove it. Run `casustafel audit verify`."
        ) from None
    return TlogProof(index, tuple(path), chosen.note).raw.decode()


def consistency(old: int, new: int, year: int | None = None) -> list[bytes]:
    """Return the hashes that prove that the log of `new` entries continues that of `old` (RFC 9162 §2.1.4).

    Raises Refused: no_such_size and those of choosing a log, tile_missing.
    """
    chosen = choose(year)
    if not 0 <= old <= new <= chosen.size:
        raise Refused("no_such_size", f"Sizes go from 0 to {chosen.size}, the smaller one first.")
    try:
        return consistency_of(store.nodes(chosen.log.id), old, new)
    except TreeError as error:
        raise Refused(
            error.code, "The log is damaged here and cannot prove it. Run `casustafel audit verify`."
        ) from None
