"""Where the demo's store stands: a folder of its own, so that it can never be a real one."""

import os
from pathlib import Path

from conference.trouble import StartRefused

MARK = "demo.json"
_CHECKOUT = Path(__file__).resolve().parents[2]


def folder() -> Path:
    """Return the demo's folder: as set, else in the checkout, else in the user's data folder."""
    chosen = os.environ.get("CASUSTAFEL_DATA")
    if chosen:
        return Path(chosen).resolve()
    if (_CHECKOUT / "pyproject.toml").exists():
        return _CHECKOUT / "data" / "demo"
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "casustafel" / "demo"


def use_demo_folder() -> Path:
    """Point the settings at the demo's store. Raises StartRefused("not_a_demo")."""
    found = folder()
    if not (found / MARK).exists():
        raise StartRefused("not_a_demo", "There is no demo here. `casustafel code` works for demo people only.")
    os.environ["CASUSTAFEL_DATA"] = str(found)
    return found
