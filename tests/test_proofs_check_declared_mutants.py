"""Declared mutants: the false are killed, the true survive and fail the verification."""

from __future__ import annotations

import pytest
from attacked_statements import (
    PERCENT,
    a,
    c,
    check_counterexample,
    state,
    x,
    y,
)
from sympy import (
    And,
    true,
)

from proofs_check.falsify import also_fails, find_counterexample
from proofs_check.mutants.declared import mutated, try_mutant
from proofs_check.verdict import Verdict
from proofs_check.verify import verify
from theory.statement import Model, Mutant, Statement, StatementError
from theory.steps import polynomial

DECREASE = y**2 <= (1 - c) * x**2
SHRINKS = y <= (1 - c / 2) * x


def contraction(*mutants: Mutant) -> Statement:
    ranges = {x: x >= 0, y: y >= 0, c: And(c > 0, c <= 1)}
    steps = (
        polynomial("squares", y**2 <= ((1 - c / 2) * x) ** 2, "decrease"),
        polynomial("shrinks", SHRINKS, "squares", "c", "x"),
    )
    return state(SHRINKS, {"decrease": DECREASE}, ranges, steps=steps, mutants=tuple(mutants))


KILLED = {
    "a conclusion 1% sharper": {"c": y <= (1 - c / 2) * x * (1 - PERCENT)},
    "a hypothesis 1% weaker": {"decrease": y**2 <= (1 - c) * x**2 * (1 + PERCENT)},
    "a hypothesis dropped": {"decrease": None},
    "an inequality reversed": {"c": y >= (1 - c / 2) * x},
}


@pytest.mark.parametrize("name", KILLED)
def test_a_false_mutant_is_refuted_and_its_proof_fails(name: str) -> None:
    mutant = Mutant(name, KILLED[name])
    report = try_mutant(contraction(), mutant)
    assert report.killed, report
    assert report.counterexample is not None
    check_counterexample(mutated(contraction(), mutant), report.counterexample)


def test_a_true_mutant_survives() -> None:
    """A mutant that holds is a finding and does not count as killed."""
    report = try_mutant(contraction(), Mutant("weaker", {"c": y <= x}))
    assert not report.killed
    assert report.verdict is not Verdict.REFUTED
    assert report.counterexample is None


def test_a_mutant_that_the_original_shares_is_not_killed() -> None:
    """The original is false at the very same point: nothing is learnt about its proof."""
    false = state(a >= 0, {}, {a: true}, steps=(polynomial("s", a >= 0),))
    report = try_mutant(false, Mutant("1 lower", {"c": a >= -1}))
    assert report.verdict is Verdict.UNDECIDED
    assert "original" in report.reason


def test_a_mutant_of_nothing_is_an_error() -> None:
    with pytest.raises(StatementError, match="which"):
        mutated(contraction(), Mutant("typo", {"decreases": None}))


def test_a_surviving_mutant_fails_the_verification() -> None:
    good, bad = Mutant("sharper", KILLED["a conclusion 1% sharper"]), Mutant("true", {"c": y <= x})
    (killed,) = verify([contraction(good)])
    assert killed.verdict is Verdict.PROVED
    assert killed.succeeds
    (survived,) = verify([contraction(good, bad)])
    assert survived.verdict is Verdict.PROVED
    assert not survived.succeeds


def test_an_instance_is_a_model_and_its_point() -> None:
    """Elsewhere the same numbers say something else: there the original is false."""
    plain, reversed_sign = (Model(str(v), {y: v}, {x: (1, 2)}, {x: 1}) for v in (x, -x))
    statement = state(y >= 0, {}, {x: x > 0, y: true}, models=(plain, reversed_sign))
    false = mutated(statement, Mutant("doubled", {"c": y >= 2 * x}))
    found = find_counterexample(false, models=(plain,))
    assert found is not None
    assert not also_fails(statement, found[1], plain)
    assert also_fails(statement, found[1], reversed_sign)
    assert also_fails(statement, found[1])
    assert also_fails(false, found[1], plain)
