"""Two invented conferences: one today, at a round time soon, and one two weeks later."""

from datetime import date, datetime, time, timedelta
from typing import Any

from conference.clock import AMSTERDAM
from conference.demo.people import AT_TABLE

_QUARTER = 15  # minutes


def conferences(now: datetime) -> list[dict[str, Any]]:
    """Return both; `now` is aware. The chair's party supplies what they record."""
    today = now.astimezone(AMSTERDAM).date()
    later = datetime.combine(today + timedelta(days=14), time(10), AMSTERDAM)
    return [
        _conference("o1", "Casusoverleg mensenhandel", soon(now), _today(today)),
        _conference("o2", "Casusoverleg mensenhandel", later, _two_weeks_on(today)),
    ]


def soon(now: datetime) -> datetime:
    """Return the next quarter of an hour, or the last one when the day ends before it."""
    local = now.astimezone(AMSTERDAM).replace(second=0, microsecond=0)
    last = local - timedelta(minutes=local.minute % _QUARTER)
    following = last + timedelta(minutes=_QUARTER)
    return following if following.date() == local.date() else last


def _conference(key: str, title: str, starts: datetime, agenda: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": key,
        "title": title,
        "starts": starts.isoformat(),
        "chair": "u-voorzitter",
        "people": list(AT_TABLE),
        "agenda": agenda,
    }


def _today(today: date) -> list[dict[str, Any]]:
    return [
        _point("a1", None, "Opening", 5, notes=[_said("n1", "Iedereen stelt zich kort voor.")]),
        _point("a2", "c1", "Veiligheid en opvang", 20, **_bank_cards(today)),
        _point("a3", "c3", "Plek en begeleiding", 15, **_shelter(today)),
        _point("a4", "c4", "Signaal over wonen en werk", 15, **_barn(today)),
    ]


def _bank_cards(today: date) -> dict[str, Any]:
    return {
        "notes": [_said("n2", "{subject:s1} wil rust en een eigen telefoon. Veiligheid is nu het eerste doel.")],
        "decisions": [
            _decision(
                "d1",
                "De opvang van {subject:s1} loopt twee weken door.",
                status="adopted",
                dissent=[{"party": "kwintes", "reason": "Twee weken is te kort om tot rust te komen."}],
            ),
            _decision("d2", "De politie hoort {subject:s1} pas na een gesprek met een advocaat."),
            _decision(
                "d3",
                "De begeleider van Kwintes gaat met {subject:s1} mee naar de advocaat.",
                category="hlp",
                status="adopted",
            ),
            _decision(
                "d4",
                "De politie vertelt de uitkomst van het bankonderzoek eerst aan {subject:s1}.",
                category="pol",
                status="adopted",
            ),
        ],
        "actions": [
            _action("t1", "Opvang bellen over verlenging", "zorgcoordinator", today, 1),
            _action("t2", "Veiligheidsplan bijwerken", "veilig_thuis", today, 7),
            _action("t3", "Afspraak met advocaat begeleiden", "kwintes", today, 7),
        ],
    }


def _shelter(today: date) -> dict[str, Any]:
    return {
        "decisions": [_decision("d5", "We zoeken samen een woning voor {subject:s5}.")],
        "actions": [_action("t4", "Woningcorporatie bellen", "leger_des_heils", today, 10)],
    }


def _barn(today: date) -> dict[str, Any]:
    return {
        "decisions": [_decision("d6", "We praten eerst met {subject:s6}, daarna met het bedrijf.")],
        "actions": [_action("t5", "Gesprek met een tolk voorbereiden", "ketenregisseur", today, 5)],
    }


def _two_weeks_on(today: date) -> list[dict[str, Any]]:
    aftercare = [_action("t6", "Na een half jaar vragen hoe het gaat", "kwintes", today, 60)]
    return [
        _point("a5", "c2", "Wie weet wat", 20),
        _point("a6", "c5", "Nieuw signaal", 10),
        _point("a7", "c6", "Nazorg", 10, actions=aftercare),
    ]


# --- the small parts --------------------------------------------------------------


def _point(key: str, case: str | None, title: str, minutes: int, **recorded: Any) -> dict[str, Any]:
    point = {"id": key, "case": case, "title": title, "minutes": minutes}
    return {**point, "notes": [], "decisions": [], "actions": [], **recorded}


def _said(key: str, text: str) -> dict[str, Any]:
    return {"id": key, "text": text, "category": "prc"}


def _decision(
    key: str, text: str, *, category: str = "prc", status: str = "proposed", **recorded: Any
) -> dict[str, Any]:
    return {"id": key, "text": text, "category": category, "status": status, **recorded}


def _action(key: str, text: str, owner: str, today: date, days: int) -> dict[str, Any]:
    due = str(today + timedelta(days=days))
    return {"id": key, "text": text, "owner": owner, "due": due, "category": "prc"}
