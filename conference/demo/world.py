"""The demo's world: an invented region with its covenant, people, cases and conferences."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from conference.clock import AMSTERDAM
from conference.demo.cases import cases
from conference.demo.conferences import conferences
from conference.demo.people import PROCESS, people

COVENANT = Path(__file__).parent.parent / "covenant" / "example.yaml"

# Nobody has confirmed this party's check yet, as happens: it reads nothing until then.
UNCHECKED = "pretty_woman"


def world(now: datetime) -> dict[str, Any]:
    """Return a world as `casustafel seed` reads it, set around `now` (aware).

    Each call makes new second-factor secrets, so that no two stores share one.
    """
    today = now.astimezone(AMSTERDAM).date()
    return {
        "clock": now.isoformat(),
        "covenant": covenant(today),
        "people": people(today),
        "cases": cases(today),
        "conferences": conferences(now),
    }


def covenant(today: date) -> dict[str, Any]:
    """Return the shipped example covenant as if its parties had approved it half a year ago."""
    agreed = today - timedelta(days=180)
    draft: dict[str, Any] = yaml.safe_load(COVENANT.read_text(encoding="utf-8"))
    parties: dict[str, dict[str, Any]] = draft["parties"]
    draft["covenant"] |= {
        "valid_from": str(agreed),
        "approved_by": [name for name, party in parties.items() if party["class"] in ("P", "Q")],
    }
    for name, party in parties.items():
        party |= {
            "postal_address": "Voorbeeldplein 1, 0000 XX Veenstad",
            "contact_point": f"{name.replace('_', '-')}@veenstad.example",
        }
        if "check" in party and name != UNCHECKED:
            party["checked"] = {"by": PROCESS, "on": str(agreed)}
    return draft
