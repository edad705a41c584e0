"""The decision list for machines: JSON, CSV, and the hash that all formats share. Pure."""

import csv
import hashlib
import io
import json
import unicodedata
from typing import Any

from agenda.exports.dates import clock_time, day
from agenda.exports.lists import (
    Action,
    CasePart,
    Consented,
    Decision,
    DecisionList,
    Dissent,
    Marking,
    Register,
    plain,
)
from agenda.exports.words import DUTCH, Words

COLUMNS = ("kind", "case", "text", "category", "status", "dissent", "owner", "due")

# A cell that begins so can be run as a formula by a spreadsheet (OWASP CSV injection,
# ASVS 1.2.10); the full-width forms are read as the ASCII ones by some of them.
_LEADS = frozenset("=+-@\t\r\n\0＝＋－＠﹢﹣﹦﹫−")


def content(decisions: DecisionList) -> dict[str, Any]:
    """Return the list as JSON values, without marking: the shape that the hash is of."""
    return {
        "for": decisions.for_party.id,
        "conference": {
            "title": decisions.title,
            "starts": decisions.starts.isoformat(),
            "chair": decisions.chair,
            "covenant": decisions.covenant,
        },
        "decisions": [_decision(part, one) for part, one in decisions.decisions],
        "actions": [_action(part, one) for part, one in decisions.actions],
        "left_out": None,  # what is left out is never told in a file
    }


def fingerprint(decisions: DecisionList) -> str:
    """Return SHA-256 over the list's canonical JSON (RFC 8785), 64 hex digits."""
    # Only strings, null, lists and ASCII keys occur, for which this is RFC 8785.
    canonical = json.dumps(content(decisions), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def control_number(sha256: str) -> str:
    """Return the first 16 hex digits in groups of four, to be read aloud."""
    return grouped(sha256[:16])


def grouped(code: str) -> str:
    """Return a code in groups of four, to be read aloud."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def as_json(decisions: DecisionList, marking: Marking) -> bytes:
    """Return the list as a JSON document (UTF-8); the marking stands in `conference`."""
    document = content(decisions)
    sha256 = fingerprint(decisions)
    document["conference"]["marking"] = {
        "confidential_for": decisions.for_party.id,
        "made_at": marking.made_at.isoformat(),
        "made_by": marking.made_by,
        "sha256": sha256,
        "control_number": control_number(sha256),
        "register": _register(decisions.register),
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _register(register: Register | None) -> dict[str, Any] | None:
    """The register's state for this receiver; within the marking, for the hash is of the decisions alone."""
    if register is None:
        return None
    return {
        "at": register.at.isoformat(),
        "code": grouped(register.code),
        "lines": [_consented(line) for line in register.lines],
    }


def _consented(line: Consented) -> dict[str, str | None]:
    return {
        "case": line.case,
        "subject": plain((line.subject,)),
        "category": line.category.id,
        "state": line.state,
        "until": line.until.isoformat() if line.until else None,
    }


def as_csv(decisions: DecisionList, marking: Marking, words: Words = DUTCH) -> bytes:
    """Return the list as RFC 4180 CSV: UTF-8 with BOM, semicolons, every cell quoted.

    One row per decision and action; then one of kind `register` per line about the receiver: who,
    its state, and as `due` its last day. A last row of kind `marking` carries receiver, time, control
    number and register code. No cell can be run as a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(decisions, marking, words):
        writer.writerow([inert(row.get(column) or "") for column in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def inert(cell: str) -> str:
    """Return the cell so that no spreadsheet reads it as a formula: a lead gets a ' before it."""
    return f"'{cell}" if _leads(cell) else cell


def _leads(cell: str) -> bool:
    """Tell whether a formula lead stands first, or first after spaces and invisible signs."""
    for sign in cell:
        if sign in _LEADS:
            return True
        if not (sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")):
            return False
    return False


def _rows(decisions: DecisionList, marking: Marking, words: Words) -> list[dict[str, str | None]]:
    rows = [{"kind": "decision", **_flat(_decision(*pair))} for pair in decisions.decisions]
    rows += [{"kind": "action", **_flat(_action(*pair))} for pair in decisions.actions]
    rows += [{"kind": "register", **_told(line)} for line in (decisions.register.lines if decisions.register else ())]
    rows.append({"kind": "marking", "text": _marking(decisions, marking, words)})
    return rows


def _told(line: Consented) -> dict[str, str | None]:
    told = _consented(line)
    return {**told, "text": told["subject"], "status": told["state"], "due": told["until"]}


def made_line(decisions: DecisionList, marking: Marking, words: Words) -> str:
    """Return "Gemaakt op 23 november 2026 om 14.52 uur door V. Oorzitter voor Kwintes."."""
    return words.made.format(
        day=day(words, marking.made_at),
        time=clock_time(words, marking.made_at),
        by=marking.made_by,
        party=decisions.for_party.name,
    )


def _marking(decisions: DecisionList, marking: Marking, words: Words) -> str:
    confidential = words.confidential.format(party=decisions.for_party.name)
    made = made_line(decisions, marking, words)
    number = control_number(fingerprint(decisions))
    code = f". {words.register_code} {grouped(decisions.register.code)}" if decisions.register else ""
    return f"{confidential}. {made} {words.control_number} {number}{code}"


def _flat(row: dict[str, Any]) -> dict[str, str | None]:
    dissent = [f"{one['party']}: {one['reason']}" for one in row.pop("dissent", [])]
    return {**row, "dissent": " | ".join(dissent)}


def _decision(part: CasePart, decision: Decision) -> dict[str, Any]:
    return {
        "case": part.code_name,
        "text": plain(decision.text),
        "category": decision.category.id,
        "status": decision.status,
        "dissent": [_dissent(one) for one in decision.dissent],
    }


def _dissent(dissent: Dissent) -> dict[str, str]:
    return {"party": dissent.party.id, "reason": dissent.reason}


def _action(part: CasePart, action: Action) -> dict[str, Any]:
    return {
        "case": part.code_name,
        "text": plain(action.text),
        "owner": action.owner.id,
        "due": action.due.isoformat(),
        "status": action.status,
        "category": action.category.id,
    }
