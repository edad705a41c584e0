"""The decision list on paper: PDF/UA-1, tagged, set by typst from a fixed template. Pure."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agenda.exports.dates import clock_time, count, day, period, short_day
from agenda.exports.lists import Action, CasePart, Consented, Decision, DecisionList, Marking, Part
from agenda.exports.machine import control_number, fingerprint, grouped, made_line
from agenda.exports.typeset import typeset
from agenda.exports.words import DUTCH, Words

TEMPLATE = Path(__file__).with_name("decision_list.typ")

_TEMPLATE_WORDS = (
    *("lang", "title", "page", "decisions", "actions", "what", "who", "due", "state"),
    *("rules_heading", "rules", "register_case", "register_whom", "register_kind", "register_until"),
)


def as_pdf(decisions: DecisionList, marking: Marking, words: Words = DUTCH) -> bytes:
    """Return the list as PDF/UA-1. `words` gives the language of the fixed words; PdfError."""
    return typeset(TEMPLATE, _document(decisions, marking, words), marking.made_at)


def _document(decisions: DecisionList, marking: Marking, words: Words) -> dict[str, Any]:
    party = decisions.for_party.name
    number = control_number(fingerprint(decisions))
    subtitle = f"{decisions.title}, {period(words, decisions.starts, decisions.ends)}"
    return {
        "words": {name: getattr(words, name) for name in _TEMPLATE_WORDS},
        "document_title": f"{words.title} {subtitle}",
        "subtitle": subtitle,
        "confidential": words.confidential.format(party=party),
        "facts": _facts(decisions, words),
        "parts": [_part(part, words) for part in decisions.parts if part.decisions or part.actions],
        "made": made_line(decisions, marking, words),
        "control": f"{words.control_number} {number}",
        "register": _register(decisions, words),
    }


def _register(decisions: DecisionList, words: Words) -> dict[str, Any] | None:
    """The register's state for this receiver, at the end of the list; None for a list without cases."""
    register, party = decisions.register, decisions.for_party.name
    if register is None:
        return None
    rule = words.register_rule.format(day=day(words, register.at), time=clock_time(words, register.at))
    return {
        "title": words.register.format(party=party),
        "rule": rule if register.lines else words.register_nothing.format(party=party),
        "code": f"{words.register_code} {grouped(register.code)}",
        "lines": [_consented(line, words) for line in register.lines],
    }


def _consented(line: Consented, words: Words) -> dict[str, Any]:
    return {
        "case": line.case,
        "parts": list(_parts((line.subject,), set())),
        "kind": line.category.name,
        "state": words.consent_states.get(line.state, line.state),
        "until": day(words, line.until) if line.until else "",
    }


def _facts(decisions: DecisionList, words: Words) -> list[tuple[str, str]]:
    return [
        (words.chair, decisions.chair),
        (words.receiver, decisions.for_party.name),
        (words.covenant, decisions.covenant),
        (words.in_this_list, _counts(decisions, words)),
    ]


def _counts(decisions: DecisionList, words: Words) -> str:
    found, agreed = len(list(decisions.decisions)), len(list(decisions.actions))
    if not found and not agreed:
        return words.nothing
    parts = [part for part in decisions.parts if part.decisions or part.actions]
    counts = words.counts.format(
        decisions=count(found, words.decision),
        actions=count(agreed, words.action),
        cases=count(sum(part.code_name is not None for part in parts), words.case),
    )
    return f"{counts} {words.pseudonyms.format(party=decisions.for_party.name)}"


def _part(part: CasePart, words: Words) -> dict[str, Any]:
    seen: set[str] = set()
    header = [
        f"{word}{value}"
        for word, value in ((f"{words.purpose}: ", part.purpose), (f"{words.phase} ", part.phase))
        if value
    ]
    return {
        "title": part.code_name or words.general,
        "header": " · ".join(header) or None,
        "decisions": [_decision(one, seen, words) for one in part.decisions],
        "actions": [_action(one, seen, words) for one in part.actions],
    }


def _decision(decision: Decision, seen: set[str], words: Words) -> dict[str, Any]:
    return {
        "parts": list(_parts(decision.text, seen)),
        "about": " · ".join(_about(decision, words)),
        "dissent": [
            {"by": words.objection.format(party=one.party.name), "reason": one.reason} for one in decision.dissent
        ],
    }


def _about(decision: Decision, words: Words) -> Iterator[str]:
    if decision.status == "adopted" and decision.adopted_at is not None:
        yield words.adopted.format(time=clock_time(words, decision.adopted_at))
    else:
        yield words.proposed
    yield decision.category.name
    if decision.category.basis:
        yield f"{words.ground}: {decision.category.basis}"


def _action(action: Action, seen: set[str], words: Words) -> dict[str, Any]:
    return {
        "parts": list(_parts(action.text, seen)),
        "owner": action.owner.name,
        "due": short_day(words, action.due),
        "state": words.states[action.status],
    }


def _parts(text: tuple[Part, ...], seen: set[str]) -> Iterator[dict[str, Any]]:
    """Yield what is printed: handle and pseudonym stand at the first mention in a case."""
    for part in text:
        if isinstance(part, str):
            yield {"text": part}
            continue
        first = part.handle not in seen
        seen.add(part.handle)
        beside = f"{part.handle}, {part.pseudonym}" if part.name else part.pseudonym
        yield {
            "who": part.name or part.handle,
            "named": part.name is not None,
            "pseudonym": beside if first else None,
        }
