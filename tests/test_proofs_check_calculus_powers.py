"""Powers that have a derivative where their base has none, and what a given derivative owes."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Eq, Max, Ne, Rational

from proofs_check.engines.calculus import decide
from proofs_check.verdict import Goal, Verdict
from theory.terms import Inner, Norm, derivative, real, real_function, vector_function

t, c = real("t c")
v, v_dot = vector_function("v"), vector_function("v_dot")
F, f, h = real_function("F"), real_function("f"), real_function("h")


def equal(left: Any, right: Any) -> Any:
    return Eq(left, right, evaluate=False)


VELOCITY = {"velocity": equal(derivative(v(t), t), v_dot(t))}
ALONG = Inner(v_dot(t), v(t))
PROVED = {
    "squared length": (equal(derivative(Norm(v(t)) ** 2, t), 2 * ALONG), VELOCITY),
    "cubed length": (equal(derivative(Norm(v(t)) ** 3, t), 3 * Norm(v(t)) * ALONG), VELOCITY),
    "squared positive part": (equal(derivative(Max(0, t) ** 2, t), 2 * Max(0, t)), {}),
    "at the kink": (equal(derivative(Max(0, t) ** 2, t, 0), 0), {}),
    "cubed positive part": (
        equal(derivative(Max(0, c - 2 * t) ** 3, t), -6 * Max(0, c - 2 * t) ** 2),
        {},
    ),
}


@pytest.mark.parametrize("name", PROVED)
def test_smooth_powers_are_differentiated(name: str) -> None:
    claim, premises = PROVED[name]
    outcome = decide(Goal(claim, premises))
    assert outcome.proved, outcome
    assert outcome.needed == set(premises)


OPEN = {
    "the length itself": (equal(derivative(Norm(v(t)), t), ALONG / Norm(v(t))), VELOCITY),
    "half the slope of the square": (equal(derivative(Norm(v(t)) ** 2, t), ALONG), VELOCITY),
    "squared length of an unknown curve": (equal(derivative(Norm(v(t)) ** 2, t), 2 * ALONG), {}),
    "the positive part itself": (equal(derivative(Max(0, t), t, 0), 0), {}),
    "a root of the positive part": (
        equal(derivative(Max(0, t) ** Rational(1, 2), t, 0), 0), {}
    ),
    "a power that grows too slowly": (
        equal(derivative(Max(0, t) ** Rational(3, 2), t, 0), 1), {}
    ),
    "an inverse power": (equal(derivative(Max(0, t) ** -2, t), -2 * Max(0, t) ** -3), {}),
    "a wrong factor": (equal(derivative(Max(0, t) ** 2, t), Max(0, t)), {}),
    "the greater of two functions": (
        equal(derivative(Max(t, 1 - t) ** 2, t), 2 * Max(t, 1 - t)), {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_powers_that_are_not_smooth_are_not_proved(name: str) -> None:
    claim, premises = OPEN[name]
    assert decide(Goal(claim, premises), 4).verdict is not Verdict.PROVED


def test_a_derivative_with_a_denominator_owes_it_even_where_it_cancels() -> None:
    claim = equal(derivative(F(h(t)), t), c)
    premises = {
        "outer": equal(derivative(F(t), t, h(t)), 1 / f(h(t))),
        "inner": equal(derivative(h(t), t), c * f(h(t))),
    }
    assert not decide(Goal(claim, premises), 4).proved
    full = premises | {"apart": Ne(f(h(t)), 0)}
    assert decide(Goal(claim, full)).needed == set(full)
