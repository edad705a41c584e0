"""Who may do what in a meeting: pure yes/no with a reason. Roles only; rights on content are the gate's."""

LEADING_ROLES = frozenset({"chair", "process_coordinator"})

LEADING = frozenset(
    {
        "agenda_item.add",
        "agenda_item.move",
        "agenda_item.start",
        "agenda_item.close",
        "decision.propose",
        "decision.adopt",
        "action.add",
        "door.send_out",
        "door.admit",
    }
)
TAKING_PART = frozenset(
    {"minutes.write", "decision.dissent", "action.done", "item.prepare", "item.release", "item.withdraw"}
)
REGISTERING = frozenset({"consent.withdraw"})


def leads(party: str, roles: tuple[str, ...], process_party: str | None) -> bool:
    """Say whether somebody leads the meeting: chair or process coordinator, of the process party."""
    return party == process_party and bool(LEADING_ROLES.intersection(roles))


def refusal(command: str, party: str, roles: tuple[str, ...], process_party: str | None) -> str | None:
    """Return why this role may not give this command at all ("role_party"), or None."""
    if command in LEADING:
        return None if leads(party, roles, process_party) else "role_party"
    if command in REGISTERING:
        return None if "care_coordinator" in roles else "role_party"
    return None


def can(party: str, roles: tuple[str, ...], process_party: str | None) -> tuple[str, ...]:
    """Return all commands that this role may give, in a fixed order."""
    every = sorted(LEADING | TAKING_PART | REGISTERING)
    return tuple(command for command in every if refusal(command, party, roles, process_party) is None)


def may_export(leading: bool, own: str, receiver: str) -> bool:  # noqa: FBT001  a fact about the role
    """Say whether a decision list may be made for a party: by who leads for any, else for the own."""
    return leading or own == receiver


# --- at the desk: what is done on pages, outside any meeting ---------------------------

PLANNING = frozenset({"party.involve", "party.end", "conference.plan", "conference.change_people"})
DESK = PLANNING | {"case.open", "case.change_phase", "exception.record"}


def desk_refusal(
    command: str, party: str, roles: tuple[str, ...], process_party: str | None, party_class: str | None
) -> str | None:
    """Return why somebody may not give a command of the desk ("role_party" | "covenant_inactive"), or None.

    A case is referred by a party of class P (WGS 2.31-1); the process party's chair and coordinator
    plan; the coordinator alone moves a case on; an exception is recorded by her or a care coordinator.
    """
    if process_party is None:
        return "covenant_inactive"
    coordinates = party == process_party and "process_coordinator" in roles
    allowed = {
        "case.open": party_class == "P",
        "case.change_phase": coordinates,
        "exception.record": coordinates or "care_coordinator" in roles,
    }.get(command, command in PLANNING and leads(party, roles, process_party))
    return None if allowed else "role_party"


def desk(party: str, roles: tuple[str, ...], process_party: str | None, party_class: str | None) -> frozenset[str]:
    """Return all commands of the desk that somebody may give."""
    return frozenset(one for one in DESK if desk_refusal(one, party, roles, process_party, party_class) is None)
