"""Vectors of any dimension: proved through inner products, refuted by explicit vectors."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Eq, Ge, Gt, Implies, Le, Lt, Ne, Rational, sqrt

from proofs_check.engines.gram import decide
from proofs_check.engines.vector_terms import inner_key, linear_form, realize
from proofs_check.verdict import Goal, Verdict
from theory.expressions import parse_expression
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    Norm,
    derivative,
    operator,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

a, b, c, d = (vector(name) for name in "abcd")
A, J = operator("A"), operator("J")
s, t, k = real("s t k")
x = vector_function("x")
loss = real_function("L")


def rel(head: Any, left: Any, right: Any) -> Any:
    return head(left, right, evaluate=False)


FLOW = rel(Eq, c, -Adjoint(J, Adjoint(A, b)))
PROVED = {
    "Cauchy–Schwarz": (rel(Le, Inner(a, b), Norm(a) * Norm(b)), {}),
    "reverse triangle": (rel(Le, Abs(Norm(a) - Norm(b)), Norm(a - b)), {}),
    "triangle through a point": (rel(Le, Norm(a - c), Norm(a - b) + Norm(b - c)), {}),
    "triangle of three": (rel(Le, Norm(a + b + c), Norm(a) + Norm(b) + Norm(c)), {}),
    "parallelogram": (
        rel(Eq, Norm(a + b) ** 2 + Norm(a - b) ** 2, 2 * Norm(a) ** 2 + 2 * Norm(b) ** 2),
        {},
    ),
    "homogeneity": (rel(Eq, Norm(s * a), Abs(s) * Norm(a)), {}),
    "convexity": (
        rel(Le, Norm(t * a + (1 - t) * b), t * Norm(a) + (1 - t) * Norm(b)),
        {"low": rel(Ge, t, 0), "high": rel(Le, t, 1)},
    ),
    "definite": (rel(Eq, a, b), {"p": rel(Eq, Norm(a - b), 0)}),
    "transitive": (rel(Eq, a, c), {"p": rel(Eq, a, b), "q": rel(Eq, b, c)}),
    "not zero": (rel(Gt, Norm(a), 0), {"p": rel(Ne, a, 0)}),
    "adjoint": (rel(Eq, Inner(Apply(A, a), b), Inner(a, Adjoint(A, b))), {}),
    "linear image": (rel(Eq, Norm(Apply(A, a) - Apply(A, b)), 0), {"p": rel(Eq, a, b)}),
    "linear in the operator": (
        rel(Eq, Apply(A - 2 * J, a), Apply(A, a) - 2 * Apply(J, a)),
        {},
    ),
    "dissipation": (rel(Eq, Inner(b, Apply(A, Apply(J, c))), -(Norm(c) ** 2)), {"flow": FLOW}),
    "speed": (rel(Eq, Norm(c), Norm(Adjoint(J, Adjoint(A, b)))), {"flow": FLOW}),
    "congruence of vector functions": (
        rel(Eq, Inner(x(s), a), Inner(x(t), a)),
        {"p": rel(Eq, s, t)},
    ),
    "congruence of functions of vectors": (rel(Eq, loss(a), loss(b + c)), {"p": rel(Eq, a, b + c)}),
    "angle of three": (
        rel(Ge, Inner(a, c), Rational(1, 2)),
        {
            "unit": rel(Eq, Norm(a), 1) & rel(Eq, Norm(b), 1) & rel(Eq, Norm(c), 1),
            "ab": rel(Ge, Inner(a, b), Rational(9, 10)),
            "bc": rel(Ge, Inner(b, c), Rational(9, 10)),
        },
    ),
    "error bound": (
        rel(Le, Norm(a), (k + s) / t),
        {
            "t": rel(Gt, t, 0),
            "cone": rel(Le, t * Norm(a), Norm(b)),
            "split": rel(Eq, b, c + d),
            "c": rel(Le, Norm(c), k),
            "d": rel(Le, Norm(d), s),
        },
    ),
    "under an antecedent": (
        Implies(rel(Eq, a, b), rel(Eq, Inner(a, c), Inner(b, c)), evaluate=False),
        {},
    ),
    "a derivative that a premise gives": (
        rel(Eq, Norm(derivative(x(t), t)), Norm(a)),
        {"d": rel(Eq, derivative(x(t), t), -a)},
    ),
}


@pytest.mark.parametrize("name", PROVED)
def test_what_holds_in_every_dimension_is_proved(name: str) -> None:
    claim, premises = PROVED[name]
    outcome = decide(Goal(claim, {**premises, "idle": rel(Gt, real("unrelated"), 0)}))
    assert outcome.verdict is Verdict.PROVED, outcome
    assert outcome.needed == set(premises)


REFUTED = {
    "Cauchy–Schwarz with a smaller constant": rel(
        Le, Inner(a, b), Rational(99, 100) * Norm(a) * Norm(b)
    ),
    "Pythagoras without a right angle": rel(Eq, Norm(a + b) ** 2, Norm(a) ** 2 + Norm(b) ** 2),
    "strict triangle": rel(Lt, Norm(a + b), Norm(a) + Norm(b)),
    "two vectors are parallel": rel(Eq, Inner(a, b) ** 2, Norm(a) ** 2 * Norm(b) ** 2),
    "some inner products are not mentioned": rel(
        Lt, 2 * Inner(a, b + c - a), Norm(s * c) + Norm(2 * a + c)
    ),
    "angles are transitive": Implies(
        rel(Gt, Inner(a, b), 0) & rel(Gt, Inner(b, c), 0), rel(Gt, Inner(a, c), 0), evaluate=False
    ),
}


def _coordinates(text: str) -> list[Any]:
    return [_number(entry) for entry in text[1:-1].split(", ") if entry]


def _number(text: str) -> Any:
    return parse_expression(text, ())


@pytest.mark.parametrize("name", REFUTED)
def test_what_is_false_is_refuted_by_vectors_with_those_inner_products(name: str) -> None:
    outcome = decide(Goal(REFUTED[name]))
    assert outcome.verdict is Verdict.REFUTED, outcome
    left, right = (_coordinates(outcome.witness[v]) for v in "ab")
    product = sum(p * q for p, q in zip(left, right, strict=True))
    assert (product - _number(outcome.witness["<a, b>"])).equals(0)
    assert (sqrt(sum(p**2 for p in left)) - _number(outcome.witness["norm(a)"])).equals(0)


OPEN = {
    "the adjoint is not the operator": (rel(Eq, Inner(Apply(A, a), b), Inner(a, Apply(A, b))), {}),
    "equal norms do not make equal vectors": (
        rel(Eq, Apply(A, a), Apply(A, b)),
        {"p": rel(Eq, Norm(a), Norm(b))},
    ),
    "operators need not be injective": (rel(Eq, a, b), {"p": rel(Eq, Apply(A, a), Apply(A, b))}),
    "no bound on an operator": (rel(Le, Norm(Apply(A, a)), k * Norm(a)), {"k": rel(Gt, k, 0)}),
    "functions of vectors": (rel(Eq, a, b), {"p": rel(Eq, loss(a), loss(b))}),
    "operator-valued functions": (
        rel(Eq, Apply(operator_function("M")(s), a), Apply(operator_function("M")(t), a)),
        {},
    ),
    "division by a norm": (rel(Eq, Norm(a / Norm(a)), 1), {}),
    "division by a scalar": (rel(Eq, a / s, b / s), {"p": rel(Eq, a, b)}),
    "no derivative": (rel(Ge, Norm(derivative(x(t), t)), 0), {}),
    "contradictory vectors": (
        rel(Eq, a, c),
        {"p": rel(Gt, Inner(a, b), Norm(a) * Norm(b)), "idle": rel(Eq, c, d)},
    ),
    "malformed": (rel(Eq, a, s), {}),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_does_not_follow_is_not_decided(name: str) -> None:
    claim, premises = OPEN[name]
    assert decide(Goal(claim, premises), 3.0).verdict is Verdict.UNDECIDED


def test_a_contradiction_between_vectors_is_named() -> None:
    claim, premises = OPEN["contradictory vectors"]
    assert decide(Goal(claim, premises)).reason == "contradictory premises: p"


def test_a_linear_form_collects_coefficients_of_atoms() -> None:
    form = linear_form(2 * Apply(A, a - s * b) + 3 * Apply(A, b) - Apply(A, 2 * a))
    assert form == {Apply(A, b): 3 - 2 * s}


def test_moving_an_operator_across_gives_the_same_key() -> None:
    image = Apply(A, Apply(J, a))
    assert inner_key(image, b) == inner_key(a, Adjoint(J, Adjoint(A, b)))
    assert inner_key(image, b) == inner_key(Adjoint(A, b), Apply(J, a))
    assert inner_key(image, b) != inner_key(a, Apply(J, Apply(A, b)))


def test_only_positive_semidefinite_matrices_are_realized() -> None:
    half = Rational(1, 2)
    vectors = realize([[Rational(1), half], [half, Rational(1)]])
    assert vectors == [["1", "0"], ["1/2", "sqrt(3)/2"]]
    assert realize([[Rational(0), half], [half, Rational(1)]]) is None
    assert realize([[Rational(1), Rational(2)], [Rational(2), Rational(1)]]) is None
