"""Finite sums and finitely many integers in a model, and derivatives of explicit functions."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    And,
    Eq,
    Ge,
    Gt,
    Implies,
    Le,
    Lt,
    Max,
    Ne,
    Rational,
    Sum,
    exp,
    log,
    oo,
    sqrt,
    true,
)

from proofs_check.interpretations.derivatives import differentiated
from proofs_check.interpretations.finite import written_out
from theory.formulas import forall
from theory.terms import IsInteger, derivative, real, real_function

i, j, t, x = real("i j t x")
F = real_function("F")


def rel(head: Any, left: Any, right: Any) -> Any:
    return head(left, right, evaluate=False)


def _range(low: Any, high: Any) -> Any:
    return And(IsInteger(i), rel(Ge, i, low), rel(Le, i, high))


def test_a_claim_for_finitely_many_integers_is_one_claim_each() -> None:
    found = list(written_out(forall(i, _range(1, 3), rel(Le, i * t, 1))))
    assert found == [rel(Le, n * t, 1) for n in (1, 2, 3)]


def test_ends_are_rounded_to_integers_inside() -> None:
    half = Rational(1, 2)
    assert len(list(written_out(forall(i, _range(half, 2 + half), rel(Le, i, t))))) == 2
    strict = And(IsInteger(i), rel(Lt, 1, i), rel(Lt, i, 4))
    assert list(written_out(forall(i, strict, rel(Le, i, t)))) == [rel(Le, n, t) for n in (2, 3)]
    assert list(written_out(forall(i, _range(2, 1), rel(Le, i, t)))) == []


def test_other_variables_and_conditions_stay() -> None:
    made = forall((i, x), And(_range(1, 2), rel(Ge, x, i)), rel(Le, i, x))
    assert list(written_out(made)) == [forall(x, rel(Ge, x, n), rel(Le, n, x)) for n in (1, 2)]
    closed = forall(i, And(_range(2, 2), rel(Ge, t, i)), rel(Le, i, t))
    assert list(written_out(closed)) == [Implies(rel(Ge, t, 2), rel(Le, 2, t), evaluate=False)]


def test_what_is_no_finite_range_of_integers_is_left() -> None:
    body = rel(Le, i, t)
    for domain in (
        And(rel(Ge, i, 1), rel(Le, i, 3)),
        And(IsInteger(i), rel(Ge, i, 1)),
        And(IsInteger(i), rel(Le, i, 3)),
        _range(1, t),
        _range(1, oo),
        _range(1, 1000),
    ):
        assert list(written_out(forall(i, domain, body))) == [forall(i, domain, body)]


def test_sums_are_written_out_also_inside_functions() -> None:
    total = Sum(x**j, (j, 1, 2))
    (found,) = written_out(rel(Eq, derivative(total, x, t), 1))
    assert found == rel(Eq, derivative(x + x**2, x, t), 1)
    triangle = forall(i, _range(1, 2), rel(Eq, Sum(t * j, (j, 1, i)), 0))
    assert list(written_out(triangle)) == [rel(Eq, t, 0), rel(Eq, 3 * t, 0)]


def _at(body: Any, value: Any = 0) -> Any:
    return differentiated(true, rel(Eq, derivative(body, x, t), value))


def test_derivatives_of_explicit_functions_are_evaluated_where_they_exist() -> None:
    assert _at(exp(2 * x)) == (true, rel(Eq, 2 * exp(2 * t), 0))
    for body in (sqrt(x), log(x)):
        given, _ = _at(body)
        assert given == And(rel(Gt, t, 0))
    assert _at(Abs(x))[0] == And(rel(Ne, t, 0))
    assert _at(Max(0, x) ** 2) == (true, rel(Eq, 2 * Max(0, t), 0))


def test_derivatives_without_a_rule_stay() -> None:
    for body in (F(x), x * F(x), Max(0, x), Max(x, 1 - x) ** 2):
        claim = rel(Eq, derivative(body, x, t), 0)
        assert differentiated(true, claim) == (true, claim)
