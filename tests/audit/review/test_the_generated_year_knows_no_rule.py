"""The year on which the review is measured: made apart from the rules, the same each time, and complete."""

import ast
from pathlib import Path

from bench import review
from bench.review_year import INCIDENTS, MISUSE, generate

SOURCE = Path(__file__).resolve().parents[3] / "bench" / "review_year.py"


def test_the_generator_imports_the_shapes_of_facts_and_nothing_else_of_the_review() -> None:
    imported = {node.module for node in ast.walk(ast.parse(SOURCE.read_text())) if isinstance(node, ast.ImportFrom)} | {
        alias.name
        for node in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert {module for module in imported if module and module.startswith(("audit", "bench"))} == {"audit.review.facts"}


def test_a_year_is_the_same_for_the_same_seed_and_holds_every_kind_of_misuse() -> None:
    one, again, other = generate(1, 0.1), generate(1, 0.1), generate(2, 0.1)
    assert one == again
    assert one.accesses != other.accesses
    planted = {kind: {number for name, number in one.misuse.values() if name == kind} for kind in MISUSE}
    assert {kind: len(numbers) for kind, numbers in planted.items()} == dict.fromkeys(MISUSE, INCIDENTS)
    assert len({access.leaf for access in one.accesses}) == len(one.accesses)


def test_what_was_left_out_of_the_agenda_changes_what_is_known_and_not_what_happened() -> None:
    whole, thin = generate(1), generate(1, 0.2)
    assert whole.accesses == thin.accesses
    cases = [sum(len(meeting.cases) for meeting in year.facts.meetings) for year in (whole, thin)]
    assert 0.7 < cases[1] / cases[0] < 0.9


def test_the_figures_add_up() -> None:
    outcome = review.reviewed(generate(1))
    told = review.summary([outcome])
    assert sum(told["findings"].values()) == len(outcome.findings)  # type: ignore[attr-defined]
    missed = sum(told["missed_because"].values())  # type: ignore[attr-defined]
    assert told["recall_all"] == round(1 - missed / (INCIDENTS * len(MISUSE)), 3)
    assert 0 < outcome.unexplained < outcome.visits
