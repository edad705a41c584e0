"""Lays the environment of a test run before Django's settings are read: an own data folder."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from django.conf import settings

PREFIX = "CASUSTAFEL_"


def lay() -> Path:
    """Point every setting at a fresh folder and return it; only DATABASE_URL is taken over.

    The folder is removed when the process ends.
    """
    if "conference.settings" in sys.modules:
        raise RuntimeError("Django's settings were read before the test folder stood; unset DJANGO_SETTINGS_MODULE.")
    for name in [name for name in os.environ if name.startswith(PREFIX) and name != f"{PREFIX}DATABASE_URL"]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="casustafel-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[f"{PREFIX}DATA"] = str(folder / "data")
    os.environ[f"{PREFIX}KEYS"] = str(folder / "keys")
    (folder / "data").mkdir()
    return folder


def read_settings() -> None:
    """Let Django read its settings now; the variable that names them is for no child process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    settings._setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]
