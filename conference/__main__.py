"""The console: `casustafel COMMAND` (the same as `python -m conference`).

Exit status: 0 done or holds, 1 a check found something wrong, 2 refused or misused.
With `--json` an error is {"error": "<stable_code>", "message": "..."}.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, NoReturn, cast

from audit import cli as audit_cli
from audit.trouble import Refused
from conference.config import ConfigError
from conference.covenant import cli as covenant_cli
from conference.crypto import KeyTrouble
from conference.trouble import StartRefused

REFUSED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = sys.argv[1:] if argv is None else list(argv)
    _Parser.as_json = "--json" in given
    args = _parser().parse_args(given)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except (StartRefused, ConfigError, KeyTrouble, Refused) as trouble:
        return refuse(trouble.code, str(trouble), as_json=getattr(args, "json", False))


def refuse(code: str, message: str, *, as_json: bool) -> int:
    """Say why not, and return the exit status for it."""
    if as_json:
        print(json.dumps({"error": code, "message": message}))
    else:
        print(f"casustafel: {message} ({code})", file=sys.stderr)
    return REFUSED


class _Parser(argparse.ArgumentParser):
    """Says a misuse as JSON too, when --json stands anywhere in the command."""

    as_json: ClassVar[bool] = False

    def error(self, message: str) -> NoReturn:
        if _Parser.as_json:
            print(json.dumps({"error": "misuse", "message": message}))
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="casustafel", description="The live, privacy-preserving case conference.")
    commands = cast("Any", parser.add_subparsers(required=True, metavar="COMMAND"))
    adopt = _command(
        covenant_cli.add_arguments(commands), "adopt", _adopt, "put an approved covenant in place in this store"
    )
    adopt.add_argument("file", metavar="FILE", type=Path)
    adopt.add_argument("--yes", action="store_true", help="do not ask")
    audit_cli.add_arguments(commands, _open_store)
    _serve_arguments(commands.add_parser("serve", help="serve a store that was made with init, demo or seed"))
    demo = commands.add_parser("demo", help="an invented region on this machine, to try everything")
    _serve_arguments(demo)
    demo.set_defaults(run=_demo)
    _command(commands, "init", _init, "make a store for real use; prints the recovery key once")
    seed = _command(commands, "seed", _seed, "load a world into an empty store")
    seed.add_argument("file", type=Path)
    code = _command(commands, "code", _code, "the current second-factor code of a demo person")
    code.add_argument("user")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text)
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.set_defaults(run=run)
    return parser


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="default: CASUSTAFEL_HOST")
    parser.add_argument("--port", type=int, help="0 takes a free one; default: CASUSTAFEL_PORT")
    parser.add_argument("--json", action="store_true", help="print the address as JSON once it accepts connections")
    parser.set_defaults(run=_serve)


# Each command imports what it needs when it runs: `covenant check` must work where there
# is neither a store nor a key, and Django may be set up only after the folders are known.


def _open_store() -> None:
    from conference import startup, store  # noqa: PLC0415

    startup.prepare()
    store.open_here()


def _serve(args: argparse.Namespace) -> int:
    from conference.serving import serve  # noqa: PLC0415

    return serve(args.host, args.port, as_json=args.json)


def _demo(args: argparse.Namespace) -> int:
    from conference.demo.start import demo  # noqa: PLC0415

    return demo(args.host, args.port, as_json=args.json)


def _init(args: argparse.Namespace) -> int:
    from conference.founding import init  # noqa: PLC0415

    return init(as_json=args.json)


def _adopt(args: argparse.Namespace) -> int:
    from conference.adopting import adopt  # noqa: PLC0415

    return adopt(args.file, yes=args.yes, as_json=args.json)


def _seed(args: argparse.Namespace) -> int:
    from conference.founding import seed  # noqa: PLC0415

    return seed(args.file, as_json=args.json)


def _code(args: argparse.Namespace) -> int:
    from conference.founding import code  # noqa: PLC0415

    return code(args.user, as_json=args.json)


if __name__ == "__main__":
    sys.exit(main())
