"""Starting the demo: make its store when there is none of today, say who can log in, serve."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from conference import founding, serving, startup, store
from conference.clock import AMSTERDAM
from conference.demo.people import PASSPHRASE, PLAYERS
from conference.demo.place import MARK, folder
from conference.demo.world import world
from conference.trouble import StartRefused


def demo(host: str | None, port: int | None, *, as_json: bool) -> int:
    """Serve an invented region. A demo of an earlier day is made anew, so that its conference is today."""
    place = folder()
    os.environ["CASUSTAFEL_DATA"] = str(place)
    today = datetime.now(AMSTERDAM).date().isoformat()
    _clear_old(place, today)
    startup.prepare()
    if not (place / MARK).exists():
        store.open_here(may_found=True)
        founding.load_world(json.dumps(world(datetime.now(UTC))).encode())
        (place / MARK).write_text(json.dumps({"day": today}), encoding="utf-8")
    return serving.serve(host, port, as_json=as_json, announce=_who())


def _clear_old(place: Path, today: str) -> None:
    """Remove a demo of another day; a folder with anything else than a demo is left alone and refused."""
    mark = place / MARK
    if not place.exists() or not any(place.iterdir()):
        return
    if not mark.exists():
        raise StartRefused("not_a_demo", f"{place} holds something else than a demo. Choose another CASUSTAFEL_DATA.")
    if json.loads(mark.read_text(encoding="utf-8")).get("day") != today:
        shutil.rmtree(place)


def _who() -> str:
    lines = [f"  {player.username:<16} {player.name:<14} {player.party}" for player in PLAYERS]
    return (
        "Een verzonnen regio. Inloggen:\n"
        + "\n".join(lines)
        + f"\nWachtwoord voor iedereen: {PASSPHRASE}\n"
        + "Code voor de tweede stap: casustafel code GEBRUIKER\n"
    )
