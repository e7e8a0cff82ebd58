"""What is found of a statement does not depend on how the work is shared out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs_check import jobs
from proofs_check.reporting.findings import StatementReport
from proofs_check.verdict import Verdict
from proofs_check.verify import verify
from theory.statement import Hypothesis, Mutant, Quantity, Statement
from theory.steps import polynomial
from theory.terms import real

x = real("x")


def _statement(number: int) -> Statement:
    """Return the claim that x >= n + 1 has a larger square; every third one is false."""
    least = number + 1 if number % 3 else -number - 1
    claim = x**2 >= least * x
    return Statement(
        f"number {number}",
        (Quantity(x, "a number"),),
        (Hypothesis("h", x >= least),),
        {"c": claim},
        (polynomial("c", claim, "h"),),
        mutants=(
            Mutant(f"twice {number}", {"c": x**2 >= 2 * (number + 1) * x}),
            Mutant(f"dropped {number}", {"h": None}),
        ),
        id=f"number_{number}",
    )


STATEMENTS = [_statement(number) for number in range(6)]


def _told(report: StatementReport) -> tuple[object, ...]:
    steps = [(s.name, s.outcome.verdict, s.outcome.needed) for s in report.chain.steps]
    return report.statement.id, report.verdict, steps, report.mutants, report.sharpness


@pytest.fixture(scope="module")
def alone() -> list[tuple[object, ...]]:
    return [_told(report) for report in verify(STATEMENTS, jobs=1)]


@pytest.mark.parametrize("few", [1, 100])
def test_workers_find_what_one_process_finds(
    few: int, alone: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole statements to a worker where there are many, single jobs where there are few."""
    monkeypatch.setattr(jobs, "_FEW", few)
    assert [_told(report) for report in verify(STATEMENTS, jobs=2)] == alone
    assert [told[1] for told in alone] == [
        Verdict.PROVED if number % 3 else Verdict.REFUTED for number in range(6)
    ]


def test_the_order_of_the_statements_is_kept() -> None:
    longer = replace(STATEMENTS[1], steps=(*STATEMENTS[1].steps, polynomial("d", x**2 >= 0)))
    reports = verify([STATEMENTS[2], longer, STATEMENTS[4]], jobs=2)
    assert [report.statement.id for report in reports] == ["number_2", "number_1", "number_4"]
    assert [m.name for m in reports[1].mutants] == ["twice 1", "dropped 1"]
