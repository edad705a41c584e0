"""The officer's desk measured: `python -m bench.desk [--entries 5000000] [--postgres] [--rounds 40] [--json FILE]`.

Makes a log of so many entries, lets the integrator take it in, and asks every question through the page
itself: session, purpose, the entry of the reading, lines, totals, choices, drawing, template.
"""

import argparse
import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import django

from tests import environment, postgres, programs


def main() -> None:
    """Measure and print; ends with 1 when a question takes longer than it may."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--entries", type=int, default=5_000_000)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with _engine(wanted=options.postgres):
        environment.lay()
        environment.read_settings()
        django.setup()
        from bench.desk import asking, filling  # noqa: PLC0415  Django stands only now

        made = filling.fill(options.entries)
        figures = asking.measure(made, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(asking.table(figures))
    raise SystemExit(not asking.within(figures))


@contextlib.contextmanager
def _engine(*, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    found = programs.postgres()
    if found is None:
        raise SystemExit("No PostgreSQL found.")
    with postgres.serving(found) as url:
        os.environ["CASUSTAFEL_DATABASE_URL"] = url
        yield


if __name__ == "__main__":
    main()
