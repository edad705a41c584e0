"""The witness as a program."""

from argparse import Namespace

from audit.trouble import Refused


def main(args: Namespace) -> int:
    """Run it. Raises Refused."""
    raise Refused("not_ready", "The witness cannot be run yet.")
