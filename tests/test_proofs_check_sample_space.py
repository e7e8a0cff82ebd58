"""Probabilities and expectations in a model: explicit where they have a form, open where not."""

import pytest
from sympy import Abs, Eq, Function, Integer, Min, Rational, Symbol, exp, simplify, symbols, sympify

from numerics.rigorous.balls import evaluate
from proofs_check.interpretations.sample_space import explicit, law_holds, speaks_of_chance
from theory.formulas import forall, substitute
from theory.probability import (
    OMEGA,
    GaussianVector,
    Independent,
    IndependentOf,
    IndependentPairs,
    InSpace,
    Prob,
    expectation,
    family,
    probability,
    random,
)
from theory.statement import NORMAL
from theory.terms import IsInteger

a, b, c, i, p = symbols("a b c i p")
COIN = ((Integer(1), p), (Integer(0), 1 - p))
HALF = Rational(1, 2)


def value(term, law, **at):
    """Return a closed probability or expectation as a number."""
    (formula,) = explicit(Eq(term, c, evaluate=False), law)
    return substitute(formula.lhs, {Symbol(k): sympify(v) for k, v in at.items()})


def number(term, law, **at):
    return float(evaluate(value(term, law, **at), {}).mid())


def test_probabilities_on_a_finite_space_add_weights():
    term = probability(OMEGA >= HALF)
    assert abs(number(term, COIN, p=Rational(1, 3)) - 1 / 3) < 1e-15
    assert number(probability(OMEGA >= 2), COIN, p=Rational(1, 3)) == 0
    assert abs(number(probability(OMEGA <= 0), COIN, p=Rational(1, 3)) - 2 / 3) < 1e-15


def test_expectations_on_a_finite_space():
    assert simplify(value(expectation((OMEGA + 1) ** 2), COIN) - (1 + 3 * p)) == 0


@pytest.mark.parametrize(
    ("margin", "expected"),
    [
        (OMEGA, 0.5),
        (2 * OMEGA - 2, 0.15865525393145707),
        (Abs(OMEGA) - 1, 0.31731050786291415),
        (3 * Abs(2 * OMEGA + 1) - 6, 0.37534473999484497),
        (1 - Abs(OMEGA), 0.6826894921370859),
        (6 - 3 * Abs(2 * OMEGA + 1), 0.624655260005155),
        (-1 - Abs(OMEGA), 0.0),
        (-Abs(OMEGA), 0.0),
        (Min(Integer(1), OMEGA), 0.5),
        (Min(Integer(-1), OMEGA), 0.0),
        (Integer(2) - OMEGA + OMEGA, 1.0),
    ],
)
def test_normal_probabilities(margin, expected):
    assert abs(number(Prob(random(margin)), NORMAL) - expected) < 1e-8


def test_a_constant_inside_a_normal_event():
    """A slope that is 0 at the parameters makes the event certain or impossible."""
    term = probability(Abs(a * OMEGA + 2) >= 1)
    assert number(term, NORMAL, a=0) == 1
    assert number(probability(Abs(a * OMEGA + 2) >= 3), NORMAL, a=0) == 0
    assert 0 < number(probability(Abs(a * OMEGA + 2) >= 3), NORMAL, a=1) < 1
    assert number(probability(Abs(a * OMEGA + 2) <= 2), NORMAL, a=0) == 1
    assert number(probability(Abs(a * OMEGA + 2) <= 1), NORMAL, a=0) == 0
    assert number(probability(Abs(a * OMEGA) <= 0), NORMAL, a=0) == 1
    assert 0 < number(probability(Abs(a * OMEGA + 2) <= 1), NORMAL, a=1) < 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [(OMEGA**4, 3), (OMEGA**3, 0), ((OMEGA + 2) ** 2, 5), (exp(2 * OMEGA), exp(2))],
)
def test_normal_expectations(body, expected):
    assert simplify(value(expectation(body), NORMAL) - expected) == 0


@pytest.mark.parametrize(
    "term",
    [
        probability(OMEGA**2 >= 1),
        probability(Abs(OMEGA) - OMEGA >= 0),
        probability(a - OMEGA * Abs(OMEGA) >= 0),
        expectation(Abs(OMEGA)),
        expectation(Function("f")(OMEGA)),
    ],
    ids=str,
)
def test_what_has_no_form_is_left_to_the_engines(term):
    formula = term <= c
    assert explicit(formula, NORMAL) == [formula]
    assert speaks_of_chance(formula)


def test_a_claim_for_all_sample_points_is_one_for_each():
    claims = explicit(forall(OMEGA, OMEGA >= 0, a >= OMEGA**2), COIN)
    assert len(claims) == 2
    kept = explicit(forall(OMEGA, OMEGA >= 0, a >= OMEGA**2), NORMAL)
    assert kept == [forall(OMEGA, OMEGA >= 0, a >= OMEGA**2)]


def decided(formula, law=COIN):
    (answer,) = explicit(formula, law)
    return answer


def test_declared_laws_are_decided_by_sufficient_conditions():
    varying, fixed = family(OMEGA, i), family(Integer(3), i)
    assert decided(Independent(varying, 1)) == True  # noqa: E712
    assert decided(Independent(varying, 2)) == False  # noqa: E712
    assert decided(Independent(fixed, 7)) == True  # noqa: E712
    assert decided(IndependentPairs(varying, fixed, 1)) == True  # noqa: E712
    assert decided(IndependentPairs(varying, varying, 1)) == False  # noqa: E712
    assert decided(IndependentOf(random(OMEGA), random(Integer(1)))) == True  # noqa: E712
    assert decided(IndependentOf(random(OMEGA), random(OMEGA))) == False  # noqa: E712
    assert decided(InSpace(a, 1)) == True  # noqa: E712
    assert decided(InSpace(a, 2)) == False  # noqa: E712
    assert decided(IsInteger(Integer(2))) == True  # noqa: E712
    assert decided(IsInteger(HALF)) == False  # noqa: E712


def test_only_the_sample_point_itself_is_normal():
    assert decided(GaussianVector(random(OMEGA)), NORMAL) == True  # noqa: E712
    assert decided(GaussianVector(random(2 * OMEGA)), NORMAL) == False  # noqa: E712
    assert decided(GaussianVector(random(OMEGA)), COIN) == False  # noqa: E712


def test_weights_have_to_be_a_law():
    assert law_holds(()) == True  # noqa: E712
    assert law_holds(((Integer(0), HALF), (Integer(1), HALF))) == True  # noqa: E712
    assert law_holds(((Integer(0), HALF), (Integer(1), Integer(1)))) == False  # noqa: E712
    assert law_holds(((Integer(0), Integer(2)), (Integer(1), Integer(-1)))) == False  # noqa: E712


def test_what_has_no_sample_point_does_not_speak_of_chance():
    assert not speaks_of_chance(a <= b)
    assert not speaks_of_chance(forall(a, a >= 0, a <= b))
    assert speaks_of_chance(forall(OMEGA, a >= 0, a <= b))
