"""What the front door does before anything is served or signed: folders, logging, Django, keys."""

import os
from pathlib import Path

import django
from django.conf import settings

from audit import signing
from audit.cosigning import witness
from conference import crypto
from conference import logging as operators_log

SETTINGS = "conference.settings"


def prepare() -> None:
    """Read the settings, route all logging through the allow-list, load the rooms, name the log's witness.

    Raises ConfigError. Needs no key: what must sign or open calls `open_keys` afterwards.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    operators_log.configure(settings.CONFIG.log_level)
    django.setup()
    if settings.CONFIG.witness_vkey:
        witness.use(witness.Witness.parse(settings.CONFIG.witness_url, settings.CONFIG.witness_vkey))


def make_folder(folder: Path) -> None:
    """Make a folder of the store that only its owner may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def open_keys() -> crypto.KeyRing:
    """Load the root key, install the ring for this process and derive Django's signing key.

    Raises KeyTrouble; never makes a key.
    """
    ring = crypto.KeyRing.load(settings.CONFIG.keys_folder)
    use_keys(ring)
    return ring


def use_keys(ring: crypto.KeyRing) -> None:
    """Install a loaded ring; Django signs with a key of its own that is derived from it."""
    crypto.install(ring)
    signing.use(crypto.store_sealer("audit"))
    settings.SECRET_KEY = ring.derive("zvh/v1/django").hex() + ring.derive("zvh/v1/django/2").hex()
