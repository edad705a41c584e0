"""The log measured: `python -m bench.audit [PART ...] [--rounds N] [--leaves N] [--folder DIR] [--json FILE]`.

Parts: writing, processes, proving, verifying; without a name all of them. Limits and candidates take
turns in short rounds, and what counts is the median of their ratios: see README.md.
"""

import argparse
import json
import tempfile
from pathlib import Path

from bench.audit import report, rounds

PARTS = {
    "writing": rounds.writing,
    "processes": rounds.processes,
    "proving": rounds.proving,
    "verifying": rounds.verifying,
}


def main() -> None:
    """Measure the parts and print what was found beside what was asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.audit", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--leaves", type=int, default=1_000_000, help="size of the tree that is proven and verified")
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured; a temporary one without it")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: report.Figures = {}
    with tempfile.TemporaryDirectory(prefix="casustafel-bench-", dir=options.folder) as place:
        for name in options.parts or PARTS:
            figures[name] = PARTS[name](Path(place), options.rounds, options.leaves)
    print(report.table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
