"""Sharpness: how near the sides come where all hypotheses hold, and where they are equal."""

from __future__ import annotations

from dataclasses import replace

from attacked_statements import (
    POSITIVE,
    F,
    a,
    b,
    square,
    state,
    x,
)
from sympy import (
    Lambda,
    Rational,
    true,
)

from proofs_check.interpretations.direct import direct_models
from proofs_check.searching.sharpness import best_of, sharpness, sharpnesses
from theory.statement import Model


def test_sharpness_is_measured_where_the_hypotheses_hold() -> None:
    """Every a > 2 has a ratio above 1, and violates a hypothesis on all x."""
    model = Model(
        "parabola", {F: Lambda(x, a * x**2), a: a},
        {a: (Rational(1, 2), Rational(3))}, {a: Rational(1)},
    )  # fmt: skip
    for kept in (model, replace(model, witness={})):
        wide = square(over={F: true, a: a > 0}, models=(kept,))
        found = best_of(wide, "c", wide.models)
        assert found is None or Rational(found.ratio[1]) <= 1


def test_the_ratio_of_negative_sides_is_that_of_their_sizes() -> None:
    """−4 ≤ −2 holds with 2 to spare: the ratio is 1/2, not 2."""
    doubled = state(-4 * a <= -2 * a, {}, POSITIVE)
    found = best_of(doubled, "c", direct_models(doubled))
    assert found is not None
    assert found.ratio == ("0.5", "0.5")
    assert not found.attained


def test_equality_at_an_instance_is_found() -> None:
    young = state(a * b <= a**2 / 2 + b**2 / 2, {}, POSITIVE)
    found = best_of(young, "c", direct_models(young))
    assert found is not None
    assert found.attained
    assert found.instance["a"] == found.instance["b"]


def test_all_bounds_measured_together_are_those_measured_alone() -> None:
    parabola = Model(
        "parabola", {F: Lambda(x, a * x**2), a: a},
        {a: (Rational(1, 2), Rational(1))}, {a: Rational(1, 2)},
    )  # fmt: skip
    wide = square(over={F: true, a: a > 0}, models=(parabola,))
    together = dict(sharpnesses(wide, seed=3))
    assert together == {n: s for n in wide.conclusions if (s := sharpness(wide, n, 3)) is not None}
    assert together
