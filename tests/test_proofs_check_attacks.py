"""Attacks within a budget: all orders of magnitude, short counterexamples, nothing true refuted."""

from __future__ import annotations

from typing import Any

import pytest
from attacked_statements import (
    PAIRS,
    POSITIVE,
    UNIT,
    F,
    a,
    b,
    check_counterexample,
    square,
    state,
    x,
)
from sympy import (
    And,
    Eq,
    Or,
    Rational,
    true,
)

from proofs_check.searching.attacks import PASSES, falsify
from proofs_check.searching.hunting import Hunt
from theory.formulas import forall
from theory.terms import (
    IsInteger,
)

FAR_OUT: dict[str, Any] = {
    "beyond 10^20": (a <= 10**20, POSITIVE, {}),
    "beyond 10^80": (a * b <= 10**80, POSITIVE, {}),
    "below 10^-60": (a >= Rational(1, 10**60), POSITIVE, {}),
    "between two scales": (
        Or(a <= 10**50, b >= Rational(1, 10**30)), POSITIVE, {}),
    "at the end of an interval": (x <= 1 - Rational(1, 10**7), UNIT, {}),
    "at an integer": (a**2 + 1 <= 100, {a: And(a > 0, IsInteger(a))}, {}),
    "on an equation": (a * b <= 3, POSITIVE, {"sum": Eq(a + b, 4)}),
    "on a hyperbola": (a + b <= 10**6, POSITIVE, {"product": Eq(a * b, 1)}),
}  # fmt: skip


@pytest.mark.parametrize("name", FAR_OUT)
def test_an_attack_goes_over_all_orders_of_magnitude(name: str) -> None:
    claim, over, given = FAR_OUT[name]
    found = falsify(state(claim, given, over), budget=20)
    assert found.counterexample is not None
    plain = {s: true if r.has(IsInteger) else r for s, r in over.items()}
    check_counterexample(state(claim, given, plain), found.counterexample)


def test_a_true_statement_withstands_all_passes() -> None:
    for name in ("Young with a weight", "hyperbolic tangent"):
        good, _, given, over = PAIRS[name]
        found = falsify(state(good, given, over), budget=20)
        assert found.counterexample is None
        assert found.passes == len(PASSES)
        assert Rational(found.sharpness["c"].ratio[1]) <= 1
        assert float(found.sharpness["c"].ratio[0]) > 0.99


def test_a_counterexample_is_made_short() -> None:
    _, spoiled, given, over = PAIRS["Young with a weight"]
    found = falsify(state(spoiled, given, over), budget=1).counterexample
    assert found is not None
    assert all(len(value) <= 4 for value in found.values.values())


def test_shrinking_keeps_what_makes_it_a_counterexample() -> None:
    """No shorter number than those below satisfies the hypotheses."""
    narrow = {a: And(a > Rational(1234, 1000), a < Rational(1235, 1000))}
    found = falsify(state(a <= 1, {}, narrow), budget=1).counterexample
    assert found is not None
    assert Rational(1234, 1000) < Rational(found.values["a"]) < Rational(1235, 1000)


def test_a_hunt_draws_points_from_the_model_s_box_only() -> None:
    statement = square(claim=forall(x, x >= 0, F(x) <= x**2))
    hunt = Hunt(statement, statement.models[0])
    (target,) = hunt.targets("c")
    low, high = target.box.ranges[a]
    assert (low, high) == (Rational(1, 2), Rational(2))
