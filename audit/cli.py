"""`casustafel audit ...`: the commands of the log. Each part of the room adds its own here.

Importing this needs no store, no settings and no Django: a command imports what it needs when it
runs. One that needs the store calls `args.open_store()` first; one that cannot go on raises `Refused`.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

from audit.cosigning import cli as cosigning_cli
from audit.proving import cli as proving_cli
from audit.standards import cli as standards_cli
from audit.witness import cli as witness_cli

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_arguments(commands: "_SubParsersAction[ArgumentParser]", open_store: Callable[[], None]) -> None:
    """Add the command `audit` with its own commands; what they parse has `run` and `open_store`.

    `open_store` makes settings, Django, keys and tables ready: the front door hands it in.
    """
    parser = commands.add_parser("audit", help="prove the log, export it, and run an independent witness")
    parser.set_defaults(open_store=open_store)
    group = parser.add_subparsers(required=True, metavar="COMMAND")
    proving_cli.add_arguments(group)
    witness_cli.add_arguments(group)
    cosigning_cli.add_arguments(group)
    standards_cli.add_arguments(group)
