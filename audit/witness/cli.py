"""`casustafel audit witness`: its arguments."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_arguments(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add the command `witness`; what it parses has `run`."""
    parser = commands.add_parser("witness", help="run an independent witness, on a machine of somebody else")
    parser.add_argument("--state", metavar="FOLDER", type=Path, required=True, help="where its key and memory are")
    parser.add_argument(
        "--log",
        metavar="VKEY_FILE",
        type=Path,
        action="append",
        default=[],
        help="a log that it knows, by its log.vkey; the next years of the same store are known with it; repeatable",
    )
    parser.add_argument("--name", help="name of its key, given at the first start (default: this machine's name)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8787, help="port to listen on; 0 takes a free one (default 8787)")
    parser.add_argument("--request", metavar="FILE", type=Path, help="answer this request file, without a network")
    parser.add_argument("--answer", metavar="FILE", type=Path, help="where the answer to --request goes")
    parser.add_argument("--json", action="store_true", help="print address and key as JSON once it accepts connections")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Run the witness until SIGTERM, or answer one request file. Raises Refused."""
    from audit.witness import program  # noqa: PLC0415  only the witness itself loads what it is made of

    return program.main(args)
