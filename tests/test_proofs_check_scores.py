"""The scores that a search climbs on: each positive exactly where a formula fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sympy import And, Eq, Implies, Max, Ne, Not, Or, Symbol, log, sqrt, true

from proofs_check.searching.search import Box, climb, compiled, scored, violation

a, b = Symbol("a"), Symbol("b")
POINTS = np.random.default_rng(0).uniform(-3, 3, (200, 2))
FORMULAS: list[tuple[Any, Any]] = [
    (And(a <= b, a > 0), lambda p: (p[:, 0] <= p[:, 1]) & (p[:, 0] > 0)),
    (Or(a <= b, a > 0), lambda p: (p[:, 0] <= p[:, 1]) | (p[:, 0] > 0)),
    (And(a < 2, Or(b < 0, a * b < 1)), lambda p: (p[:, 0] < 2) & ((p[:, 1] < 0) | (p.prod(1) < 1))),
    (Implies(a > 0, b > 0), lambda p: (p[:, 0] <= 0) | (p[:, 1] > 0)),
    (And(Not(And(a > 0, b > 0)), a < 1), lambda p: ~((p > 0).all(axis=1)) & (p[:, 0] < 1)),
    (And(Ne(a, b), Max(a, b) >= 1), lambda p: p.max(axis=1) >= 1),
    (Eq(a, b), lambda p: np.zeros(len(p), dtype=bool)),
    (true, lambda p: np.ones(len(p), dtype=bool)),
]


@pytest.mark.parametrize(("formula", "holds"), FORMULAS, ids=[str(f) for f, _ in FORMULAS])
def test_a_formula_is_violated_exactly_where_it_fails(formula: Any, holds: Any) -> None:
    assert ((violation(formula, (a, b))(POINTS) > 0) == ~holds(POINTS)).all()


@pytest.mark.parametrize("first", [sqrt(a) <= 1, log(a) <= 9, 1 / (a - a.subs(a, b)) > 0])
def test_a_relation_without_a_value_does_not_hide_another(first: Any) -> None:
    """Of several relations, one that has no real value counts as not violated."""
    alone, other = violation(first, (a, b)), violation(b <= 0, (a, b))
    both = violation(And(first, b <= 0), (a, b))
    nowhere = np.array([[-1.0, 2.0], [-1.0, -2.0], [-4.0, -4.0]])
    for points in (POINTS, nowhere):
        expected = np.maximum(alone(points), other(points))
        assert np.array_equal(both(points), expected)


def test_undefined_values_are_the_worst() -> None:
    found = compiled(sqrt(a) + log(b), (a, b))(np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, 0.0]]))
    assert found.tolist() == [1.0, -np.inf, -np.inf]


def test_a_climb_stays_where_it_is_allowed() -> None:
    box = Box({a: (-3, 3), b: (-3, 3)})
    score, feasible = compiled(a + b, (a, b)), violation(a**2 + b**2 <= 1, (a, b))
    rng = np.random.default_rng(1)
    start = box.sample(rng, 400)
    points, values = climb(score, feasible, box, rng, start, scored(start, score, feasible))
    assert (feasible(points) <= 0).all()
    assert values[0] == pytest.approx(np.sqrt(2), abs=1e-3)
    assert np.array_equal(values, score(points))
