"""Notice and summary as PDF/UA-1. What stands in them was decided, and its reading logged, before it came here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agenda.exports.typeset import typeset
from conference.covenant.days import day_of
from conference.covenant.shape import Covenant
from consent.notices import NOTICE_ID, Text, control_number, text, text_hash
from consent.states import PERMITTING, State
from frontend.categories import place
from frontend.notices import wording
from frontend.notices.pictograms import GROUPS, SECTIONS, mirrored
from frontend.notices.wording import DUTCH, Parts

HERE = Path(__file__).parent
NOTICE, SUMMARY = HERE / "notice.typ", HERE / "summary.typ"

_MOMENT = timedelta(microseconds=1)  # before the end, which is exclusive
_LISTED = frozenset({"rights"})  # sections that are points, not a story
_BY_HAND = "call"  # the section that ends with lines to write on


@dataclass(frozen=True, slots=True)
class Line:
    """What holds for one organisation and category; `ends` is exclusive, None without an end.

    `purpose`: its own, where that is not the case's. `method` and `interpreter`: as in `Chosen`, where not every
    line was answered in one way.
    """

    party: str
    category: str
    state: State
    ends: datetime | None
    purpose: str = ""
    method: str | None = None
    interpreter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a summary is of. No name of hers is in it.

    `handle` and `code_name` are how she and her case are called aloud. `receipt`: the number by which the register
    knows it; `method`: mondeling | schriftelijk; `interpreter`: a number in a register, "" without one; both as they
    hold for every line. None: not known, or not so for all, and not told.
    """

    handle: str
    code_name: str
    purpose: str
    lines: Sequence[Line]
    covenant: Covenant | None = field(default=None, repr=False)
    receipt: str | None = None
    method: str | None = None
    interpreter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What must be said on every page: that nobody checked this language yet, that it is an example."""

    draft: bool
    sample: bool = False


def notice_pdf(language: str, made_at: datetime, marks: Marks) -> bytes:
    """Return the notice in a language. Raises KeyError for an unknown one, PdfError."""
    own = text(language)
    by_hand = [wording.own(one, language) for one in own.notice.by_hand.values()]
    document = _frame(own, own.notice.title, marks) | {
        "lead": wording.own(own.notice.lead, language),
        "sections": [
            {
                "heading": wording.own(section.heading, language),
                "icon": mirrored(SECTIONS[name], own.direction),
                "text": [wording.own(one, language) for one in section.text],
                "points": name in _LISTED,
                "by-hand": by_hand if name == _BY_HAND else [],
            }
            for name, section in own.notice.sections.items()
        ],
    }
    return typeset(NOTICE, document, made_at)


def summary_pdf(language: str, chosen: Chosen, made_at: datetime, marks: Marks) -> bytes:
    """Return the summary in a language, with the Dutch beside it. Raises KeyError for an unknown one, PdfError."""
    return typeset(SUMMARY, summary_document(language, chosen, made_at, marks), made_at)


def summary_document(language: str, chosen: Chosen, made_at: datetime, marks: Marks) -> dict[str, Any]:
    """Return all that the summary says, in the order in which it is set."""
    own, dutch = text(language), text(DUTCH)
    words, beside = own.summary, dutch.summary
    return _frame(own, words.title, marks) | {
        "unsafe": _both(own, words.unsafe, beside.unsafe),
        "facts": list(_facts(own, chosen, made_at)),
        "columns": _both(own, own.autonym, dutch.frame["dutch"]),
        "groups": list(_groups(own, dutch, chosen)),
        "nothing": _both(own, words.nothing, beside.nothing),
        "phone": mirrored("phone", own.direction),
        "after-heading": wording.own(words.after_heading, language),
        "after": [
            _both(own, one, other)
            for one, other in zip((words.ages, *words.after), (beside.ages, *beside.after), strict=True)
        ],
    }


def _frame(own: Text, title: str, marks: Marks) -> dict[str, Any]:
    number = control_number(text_hash(own.language))
    control = wording.filled(own.frame["control"], own.language, {"number": wording.figures(number)})
    return {
        "lang": own.language,
        "direction": own.direction,
        "title": title,
        "marks": [_mark(own, name) for name, set_ in (("draft", marks.draft), ("sample", marks.sample)) if set_],
        "alert": mirrored("alert-triangle", own.direction),
        "page": own.frame["page"],
        "footer": [*wording.figures(f"{NOTICE_ID} {own.version} {own.language}"), *wording.own(" · ", "nl"), *control],
    }


def _mark(own: Text, name: str) -> list[Parts]:
    """A mark in her language, and in Dutch for who hands it over."""
    said = [wording.own(own.frame[name], own.language)]
    return said if own.language == DUTCH else [*said, wording.dutch(text(DUTCH).frame[name], own.language)]


def _both(own: Text, said: str, dutch: str) -> dict[str, Any]:
    return {"own": wording.own(said, own.language), "dutch": dutch}


def _facts(own: Text, chosen: Chosen, made_at: datetime) -> Iterator[tuple[Parts, Parts]]:
    words, language = own.summary, own.language

    def fact(name: str, said: Parts) -> tuple[Parts, Parts]:
        return wording.own(name, language), said

    yield fact(words.for_whom, wording.dutch(f"{chosen.handle}, {chosen.code_name}", language, apart=True))
    if chosen.receipt is not None:
        yield fact(words.receipt, wording.figures(chosen.receipt))
    if chosen.purpose:
        yield fact(words.purpose, wording.dutch(chosen.purpose, language, apart=True))
    for name, said in _how(own, chosen.method, chosen.interpreter):
        yield fact(name, said)
    yield fact(words.made, wording.own(own.day(day_of(made_at)), language))


def _groups(own: Text, dutch: Text, chosen: Chosen) -> Iterator[dict[str, Any]]:
    """Yield what is allowed, what is not, what is put off and what has ended, each with its sentences."""
    ordered = sorted(chosen.lines, key=lambda line: (place(line.category), line.party))
    for name, icon in GROUPS.items():
        lines = [line for line in ordered if _group(line.state) == name]
        if lines:
            yield {
                "heading": _both(own, own.summary.headings[name], dutch.summary.headings[name]),
                "icon": mirrored(icon, own.direction),
                "lines": [
                    {
                        "own": _answer(own, line, chosen.covenant),
                        "dutch": wording.plain(_answer(dutch, line, chosen.covenant)),
                    }
                    for line in lines
                ],
            }


_GROUP = {
    State.REFUSED: "refused",
    State.INVALID: "refused",
    State.WITHDRAWN: "ended",
    State.EXPIRED: "ended",
}


def _group(state: State) -> str:
    return "allowed" if state in PERMITTING else _GROUP.get(state, "later")


_SENTENCE = {
    State.REFUSED: "refused",
    State.INVALID: "invalid",
    State.WITHDRAWN: "withdrawn",
    State.EXPIRED: "expired",
}


def _answer(own: Text, line: Line, covenant: Covenant | None) -> Parts:
    """Return one line's sentence, and after it what is this line's alone: its purpose, and how she chose."""
    words, parts = own.summary, sentence(own, line, covenant)
    told = [(words.purpose, wording.dutch(line.purpose, own.language))] if line.purpose else []
    for name, said in (*told, *_how(own, line.method, line.interpreter)):
        parts += [*wording.own(f" {name}: ", own.language), *said, *wording.own(".", own.language)]
    return parts


def _how(own: Text, method: str | None, interpreter: str | None) -> Iterator[tuple[str, Parts]]:
    """Yield how she chose and with which interpreter, each with its name; what is not known is not there."""
    words, language = own.summary, own.language
    if method in words.methods:
        yield words.how, wording.own(words.methods[str(method)], language)
    if interpreter is not None:
        with_one = wording.dutch(interpreter, language, apart=True)
        yield words.interpreter, with_one if interpreter else wording.own(words.no_interpreter, language)


def sentence(own: Text, line: Line, covenant: Covenant | None) -> Parts:
    """Return one line of the register as a sentence to her."""
    name = _SENTENCE.get(line.state, "later")
    words = {
        "party": wording.party(own, line.party, covenant),
        "topic": wording.topic(own, line.category, covenant),
    }
    if line.state in PERMITTING:
        name = "allowed" if line.ends else "allowed_open"
    if line.state in PERMITTING and line.ends:
        words["day"] = wording.own(own.day(day_of(line.ends - _MOMENT)), own.language)
    return wording.filled(own.summary.sentences[name], own.language, words)
