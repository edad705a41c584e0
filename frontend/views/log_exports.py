"""Taking the log out, for oversight: a period in the form of a standard, and a whole year with its proof.

What leaves the house holds opaque ids and codes only. The log itself says what each file must hash to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from audit import queries
from audit.growth import store
from audit.marks import EXPORT
from audit.proving import choosing, exporting
from audit.queries import Question, Row
from audit.record import record_durably
from audit.standards.taking import BEGUN, CHECK, DONE, Out
from audit.trouble import Refused
from frontend.attached import attached
from frontend.forms.exports import FORMS, TakingForm
from frontend.officer import Officer, officer
from frontend.streaming import Stream
from frontend.views.log.telling import moment, names
from frontend.zipped import zipped

MISUSED = 400
WHOLE_YEAR = "tlog"
NAMES = (*FORMS, (WHOLE_YEAR, pgettext_lazy("exports", "Year with proof, zip")))
SHOWN = 20
PIECE = 65_536  # bytes of lines that are sent together


@dataclass(frozen=True, slots=True)
class Year:
    """A year of which the log is there; one that is closed never changes again."""

    number: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken out. `check`: its SHA-256 in groups of eight; empty when it was never finished."""

    at: datetime
    by: str
    form: str
    days: list[str]
    check: list[str]


@require_safe
@officer(BEGUN)
def exports(request: HttpRequest, reader: Officer) -> HttpResponse:
    """The page: what can be taken out, and what was."""
    return _page(request, reader, TakingForm(None))


@require_safe
@officer(BEGUN)
def file(request: HttpRequest, reader: Officer) -> HttpResponseBase:
    """The file of a period, sent as it is made."""
    form = TakingForm(request.GET)
    if not form.is_valid():
        return _page(request, reader, form, status=MISUSED)
    taking = form.taking()
    name = f"logboek-{taking.form}-{taking.first}-{taking.last}.jsonl"
    return _sent(reader, taking.out(), _together(taking.lines()), "application/x-ndjson", name)


@require_safe
@officer(BEGUN)
def year(request: HttpRequest, reader: Officer) -> HttpResponseBase:
    """A year's log as the folder that proves itself, zipped while it is sent."""
    wanted = request.GET.get("year", "")
    if wanted not in {one.number for one in _years()}:
        return _page(request, reader, TakingForm(None), no_year=True, status=MISUSED)
    choosing.freshen()
    try:
        chosen = choosing.choose(int(wanted))
    except Refused:
        return _page(request, reader, TakingForm(None), no_year=True, status=MISUSED)
    out = Out((f"form={WHOLE_YEAR}", f"year={wanted}", f"size={chosen.size}"))
    pieces = zipped(exporting.files(chosen), f"logboek-{wanted}")
    return _sent(reader, out, pieces, "application/zip", f"logboek-{wanted}-{chosen.size}.zip")


def _sent(reader: Officer, out: Out, pieces: Iterator[bytes], kind: str, name: str) -> Stream:
    out.begin(reader.entry)
    return attached(Stream(out.entered(pieces, reader.entry), content_type=kind), name)


def _together(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Put lines together, so that each piece is worth sending."""
    waiting = bytearray()
    for line in lines:
        waiting += line
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _page(
    request: HttpRequest, reader: Officer, form: TakingForm, *, no_year: bool = False, status: int = 200
) -> HttpResponse:
    """Show what was taken, and by whom: entered first, also where the page answers a wrong question."""
    record_durably(reader.entry("log.read", seen=("about=exports",)))
    context = {"form": form, "taken": _taken(), "years": _years(), "no_year": no_year}
    return render(request, "log_exports.html", context, status=status)


def _years() -> list[Year]:
    """Return the years that can be taken whole, newest first: not those that were removed."""
    there = (log for log in reversed(store.logs()) if log.removed_at is None and store.checkpoint(log.id))
    return [Year(str(log.year), closed=log.closed_at is not None) for log in there]


# --- what was taken -----------------------------------------------------------------------------


def _taken() -> list[Taken]:
    begun = queries.page(Question(marks=EXPORT, act=BEGUN), size=SHOWN).rows
    actors = {UUID(row.leaf["actor"]) for row in begun if row.leaf["actor"]}
    since = min((row.t for row in begun), default=0)
    # By the file's own key: what the console took out has no actor.
    ended = queries.lines(Question(marks=EXPORT, act=DONE, since=since)) if begun else ()
    done = {obj: row for row in ended for obj in row.leaf["obj"]}
    known = names(actors)
    return [_one(row, done.get(next(iter(row.leaf["obj"]), "")), known) for row in begun]


def _one(row: Row, done: Row | None, known: dict[UUID, str]) -> Taken:
    asked = _pairs(row)
    check = _pairs(done).get(CHECK, "") if done else ""
    return Taken(
        at=moment(row.t),
        by=known.get(UUID(row.leaf["actor"]), "") if row.leaf["actor"] else "",
        form=str(dict(NAMES).get(asked.get("form", ""), asked.get("form", ""))),
        days=[asked[name] for name in ("first", "last", "year") if name in asked],
        check=[check[at : at + 8] for at in range(0, len(check), 8)],
    )


def _pairs(row: Row) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in row.leaf["seen"])
    return {name: value for name, _equals, value in pairs}


urlpatterns = [
    path("log/exports/", exports, name="log_exports"),
    path("log/exports/file", file, name="log_export_file"),
    path("log/exports/year", year, name="log_export_year"),
]
