"""Recording that a translation of the notice was read, by whom, for exactly these words."""

from agenda.commands.turn import Turn
from agenda.refused import Refused
from audit.record import Entry
from conference.crypto import store_sealer
from consent import notices
from consent.notices import Reviewer, ReviewRefusal

REGISTERING = "consent.withdraw"  # who keeps registers says which text may be read to a victim
SEALED = "notices"


def review(turn: Turn, language: str, reviewer: Reviewer, shown: tuple[str, str]) -> None:
    """Record a review; from its commit on this language can be used.

    Refused: "role_party" | "not_found" | "not_a_draft" | "conflict" | "reviewer_missing" | "reviewer_too_long".
    """
    turn.require_role(REGISTERING)
    who = turn.identity
    try:
        row = notices.record_review(
            language, reviewer, shown=shown, by=who.person, at=turn.now, sealer=store_sealer(SEALED)
        )
    except ReviewRefusal as refused:
        raise Refused(refused.code) from None
    turn.entries.append(
        Entry(
            act="notice.reviewed",
            origin=turn.origin,
            actor=who.person,
            party=who.party,
            role=",".join(who.roles) or None,
            session=who.session,
            obj=(f"notice_review:{row.id}",),
            seen=(f"language={language}", f"notice={shown[0]}", f"words={shown[1]}"),
        )
    )
