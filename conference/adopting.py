"""Putting a covenant in place: the operator's step, after all parties have approved the file."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conference import clock, startup, store
from conference.covenant.diff import diff
from conference.covenant.file import parse
from conference.covenant.trouble import CovenantError
from conference.trouble import StartRefused

if TYPE_CHECKING:
    from conference.covenant.shape import Covenant

YES = frozenset({"y", "yes", "j", "ja"})


def adopt(file: Path, *, yes: bool, as_json: bool) -> int:
    """Put a covenant on this store's shelf, after showing what it changes; returns the exit status.

    It rules from the day in the file, once every party of class P and Q stands in `approved_by`.
    Raises StartRefused: the covenant's own codes, "file_unreadable", "confirmation_missing",
    "not_confirmed", "log_unavailable"; "no_store" and KeyTrouble as every command on a store.
    """
    startup.prepare()
    store.open_here()
    from conference.covenant import shelf  # noqa: PLC0415  models load after Django's set-up

    text = _read(file)
    new = _parsed(text)
    before = shelf.active(clock.now())
    changes = diff(before, new) if before else None
    if not as_json:
        _tell(new, before, changes)
    _confirm(yes=yes, as_json=as_json)
    _adopt(text)
    after = shelf.active(clock.now())
    if as_json:
        print(json.dumps(_answer(new, after, changes), ensure_ascii=False))
    else:
        print(_outcome(new, after))
    return 0


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StartRefused("file_unreadable", f"Cannot read {file}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise StartRefused("not_utf8", f"{file} is no UTF-8 text.") from None


def _parsed(text: str) -> "Covenant":
    try:
        return parse(text)
    except CovenantError as error:
        raise StartRefused(error.code, f"Nothing was adopted. {error}") from None


def _confirm(*, yes: bool, as_json: bool) -> None:
    if yes:
        return
    if as_json or not sys.stdin.isatty():
        raise StartRefused("confirmation_missing", "Nothing was adopted. Look at the changes, then say --yes.")
    if input("Adopt this covenant? [y/N] ").strip().casefold() not in YES:
        raise StartRefused("not_confirmed", "Nothing was adopted.")


def _adopt(text: str) -> None:
    from audit.record import LogUnavailable  # noqa: PLC0415  models load after Django's set-up
    from conference.covenant import shelf  # noqa: PLC0415

    try:
        shelf.adopt(text, by=None, origin="cli")
    except CovenantError as error:
        raise StartRefused(error.code, f"Nothing was adopted. {error}") from None
    except LogUnavailable:
        raise StartRefused("log_unavailable", "Nothing was adopted: the log cannot be written now.") from None


def _missing(covenant: "Covenant") -> list[str]:
    return [party for party in covenant.voters if party not in covenant.approved_by]


def _unchecked(covenant: "Covenant") -> list[str]:
    return [party.id for party in covenant.parties.values() if party.check and not party.checked]


def _rules_now(covenant: "Covenant", active: "Covenant | None") -> bool:
    return active is not None and (active.id, active.version) == (covenant.id, covenant.version)


def _answer(new: "Covenant", active: "Covenant | None", changes: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": new.id,
        "version": new.version,
        "active": _rules_now(new, active),
        "valid_from": new.valid_from.isoformat() if new.valid_from else None,
        "not_approved": _missing(new),
        "not_checked": _unchecked(new),
        "changes": changes,
    }


def _tell(new: "Covenant", before: "Covenant | None", changes: dict[str, Any] | None) -> None:
    if before is None or changes is None:
        print(f"No covenant is in force. {new.id} {new.version} would be the first.")
        return
    print(f"In force: {before.id} {before.version}. In the file: {new.id} {new.version}.")
    if changes["same"]:
        print("The two say the same.")
    for cell in changes["cells"]:
        print(f"  {cell['party']}/{cell['category']}/{cell['phase']}: {cell['old']} -> {cell['new']}")
    for fact in changes["facts"]:
        print(f"  {fact['place']}: {fact['old']} -> {fact['new']}")


def _outcome(new: "Covenant", active: "Covenant | None") -> str:
    lines = [f"Adopted: {new.id} {new.version}."]
    if _missing(new):
        lines.append(f"It rules nothing yet: not approved by {', '.join(_missing(new))}.")
    elif _rules_now(new, active):
        lines.append("It is in force now.")
    elif new.valid_from and new.valid_from > clock.today():
        lines.append(f"It is in force from {new.valid_from.isoformat()}.")
    else:
        lines.append("It is not in force: look at valid_from and valid_until.")
    if _unchecked(new):
        lines.append(f"These parties read nothing until their check is confirmed: {', '.join(_unchecked(new))}.")
    return "\n".join(lines)
