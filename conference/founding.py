"""Making stores: for real use (`init`), from a world (`seed`); and a demo person's code."""

import json
import sys
import time
from pathlib import Path

from conference import config, startup, store
from conference.trouble import StartRefused


def init(*, as_json: bool) -> int:
    """Make a data folder for real use; print the recovery key and the first administrator's invitation once."""
    startup.prepare()
    recovery = store.found()
    link = _found_people()
    settings_file = _write_settings()
    if as_json:
        print(json.dumps({"recovery_key": recovery, "invitation": link, "settings": str(settings_file)}))
        return 0
    print(
        "A store was made.\n\n"
        f"Recovery key (shown once; print it, keep it in a safe, never beside a backup):\n  {recovery}\n\n"
        f"First administrator (one use, 72 hours), after `casustafel serve`:\n  {link}\n\n"
        "Covenant: only an example that nobody has approved, so nobody sees a case yet. Put your own in place:\n"
        "  casustafel covenant adopt FILE\n\n"
        f"Settings, each with its meaning:\n  {settings_file}"
    )
    return 0


def seed(file: Path, *, as_json: bool) -> int:
    """Load a world into an empty store; a folder without any store becomes one.

    The recovery key of a store that is new is printed once; with `--json` on standard error.
    """
    startup.prepare()
    source = read_world(file)
    recovery = store.open_here(may_found=True)
    if recovery:
        # Before the loading, which can be refused: the store and its keys are there by now. With --json
        # standard output holds one document and nothing else.
        where = sys.stderr if as_json else sys.stdout
        print(f"Recovery key (shown once; keep it in a safe):\n  {recovery}", file=where, flush=True)
    ids = load_world(source)
    if as_json:
        print(json.dumps(ids))
        return 0
    print("Loaded: " + ", ".join(f"{len(found)} {kind}" for kind, found in ids.items() if found))
    return 0


def read_world(file: Path) -> bytes:
    """Read a world's file. Raises StartRefused("file_unreadable")."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise StartRefused("file_unreadable", f"Cannot read {file}: {error.strerror}.") from None


def load_world(source: bytes) -> dict[str, dict[str, str]]:
    """Load a world into the open store. Raises StartRefused with the world's code."""
    from conference import world  # noqa: PLC0415  after Django is set up

    try:
        return world.load(world.parse(source))
    except world.WorldError as error:
        raise StartRefused(error.code, error.message) from None


def code(user: str, *, as_json: bool) -> int:
    """Print the current second-factor code of a demo person; refuses any store that is no demo."""
    from conference.demo.place import use_demo_folder  # noqa: PLC0415  chooses the folder before settings load

    use_demo_folder()
    startup.prepare()
    store.open_here()
    from conference.accounts import factors  # noqa: PLC0415  after Django is set up
    from conference.accounts.models import Person, TotpDevice  # noqa: PLC0415

    person = Person.objects.filter(username=user).first()
    device = TotpDevice.objects.filter(user=person, confirmed=True).first() if person else None
    if device is None:
        raise StartRefused("unknown_user", "The demo has nobody by that name; `casustafel demo` prints who there is.")
    now = time.time()
    found = factors.current_code(device.secret, now)
    left = 30 - int(now) % 30
    print(json.dumps({"code": found, "seconds": left}) if as_json else found)
    return 0


def _found_people() -> str:
    """Put the example covenant on the shelf as a concept, invite the first administrator."""
    from conference.accounts.first import invite_first_administrator  # noqa: PLC0415  after Django is set up
    from conference.covenant import example, shelf  # noqa: PLC0415

    covenant = shelf.adopt(example.concept(), by=None, origin="cli")
    process = next(party.id for party in covenant.parties.values() if party.process)
    return invite_first_administrator(process)


def _write_settings() -> Path:
    """Write every setting, commented out, with its meaning and default."""
    from django.conf import settings  # noqa: PLC0415  after Django is set up

    file: Path = settings.CONFIG.data_folder / "casustafel.env"
    file.write_text(config.env_file(), encoding="utf-8")
    return file
