"""`./test`: all stages in order, then a summary that names loudly what was left out."""

import sys
from collections.abc import Sequence

from tests import stages

STAGES: dict[str, stages.Stage] = {
    "style and types": stages.style,
    "front end": stages.island,
    "suite on SQLite": stages.sqlite,
    "suite on PostgreSQL": stages.on_postgres,
    "browser": stages.browser,
}
CHOICES = {
    "fast": ["style and types", "suite on SQLite"],
    "style": ["style and types"],
    "island": ["front end"],
    "sqlite": ["suite on SQLite"],
    "pg": ["suite on PostgreSQL"],
    "browser": ["browser"],
}


def main(args: Sequence[str]) -> int:
    """Run the chosen stages; 0 if nothing failed. What is no choice goes to pytest."""
    chosen = list(STAGES)
    if args and args[0] in CHOICES:
        chosen, args = CHOICES[args[0]], args[1:]
    with stages.stopped_politely():
        results = [stages.run(name, STAGES[name], args) for name in chosen]
    return summary(results)


def summary(results: Sequence[stages.Result]) -> int:
    """Print times and counts of each stage, then everything that was left out, then one last line."""
    stages.say("\n── summary")
    for result in results:
        counts = f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped"
        stages.say(f"   {result.name:<22} {result.seconds:6.1f} s   {counts}")
    left_out = sorted({f"{result.name}: {what}" for result in results for what in result.left_out})
    if left_out:
        stages.say("\n!! NOT RUN HERE:")
        for what in left_out:
            stages.say(f"!!   {what}")
    passed, failed, skipped = (
        sum(getattr(result, key) for result in results) for key in ("passed", "failed", "skipped")
    )
    stages.say("")
    stages.say(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
