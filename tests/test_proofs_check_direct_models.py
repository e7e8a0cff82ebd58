"""Models read off a statement: unknown functions, of vectors too, and names that are taken."""

from __future__ import annotations

from typing import Any

import pytest

from proofs_check.falsify import find_counterexample
from proofs_check.interpretations.direct import direct_models
from proofs_check.searching.attacks import falsify
from proofs_check.searching.budget import Budget
from proofs_check.searching.hunting import Hunt
from proofs_check.verdict import Verdict
from proofs_check.witnesses.concrete import decide_concrete
from theory.authoring import (
    Abs,
    And,
    Definition,
    Eq,
    Gradient,
    Hypothesis,
    Inner,
    Jacobian,
    Lambda,
    Model,
    Norm,
    OperatorNorm,
    Quantity,
    Rational,
    Statement,
    derivative,
    exp,
    forall,
    function_of,
    operator_function,
    real,
    real_function,
    sqrt,
    true,
    vector,
    vector_function,
)

a, c, lam, mu, t, x, y, F_0 = real("a c lambda mu t x y F_0")
v, w = vector("v"), vector("w")
F, G, L, f = (real_function(name) for name in ("F", "G", "L", "f"))
g, S, T, z = (vector_function(name) for name in ("g", "S", "T", "z"))
J = operator_function("J")
MOST, SECONDS = 5, 0.5  # how many models a true lemma is held against, and for how long


def state(claim: Any, given: Any, *known: Any, **more: Any) -> Statement:
    quantities = (Quantity(q, "given", range) for q, range in _ranged(known))
    hypotheses = tuple(Hypothesis(f"h{i}", formula) for i, formula in enumerate(given))
    return Statement("a test", tuple(quantities), hypotheses, {"c": claim}, (), **more)


def _ranged(known: Any) -> list[tuple[Any, Any]]:
    return [q if isinstance(q, tuple) else (q, true) for q in known]


# --- lemmas about functions --------------------------------------------------------------------

BOTH = (v, w)


def _lipschitz(function: Any, constant: Any) -> Any:
    return forall(BOTH, true, Norm(function(v) - function(w)) <= constant * Norm(v - w))


GRADIENT = Gradient(function_of(v, L(v)), function_of(v, g(v)))
JACOBIAN = Jacobian(function_of(v, S(v)), function_of(v, J(v)))
BOUNDED = forall(v, true, OperatorNorm(J(v)) <= lam)
LOSS = forall(v, true, L(v) >= 0)
PL = forall(v, true, Norm(g(v)) ** 2 >= 2 * mu * L(v))
SLOPE = forall(x, true, Eq(derivative(F(x), x), f(x)))
LIP_F = forall((x, y), true, Abs(f(x) - f(y)) <= lam * Abs(x - y))
DECAY = forall(t, t >= 0, derivative(F(t), t) <= -mu * F(t))
SPEED = forall(t, t >= 0, Norm(derivative(z(t), t)) <= c)
MONOTONE = forall(BOTH, true, Inner(T(v) - T(w), v - w) >= 0)
RATE, BOUND, SIZE = (mu, mu > 0), (lam, lam >= 0), (c, c >= 0)
QUADRATIC = f(x) * (y - x)

# What is assumed, of what, what is true of it, and what is not.
LEMMAS: dict[str, Any] = {
    "a composition of Lipschitz maps": (
        (_lipschitz(T, lam), _lipschitz(S, mu)), (T, S, BOUND, (mu, mu >= 0)),
        forall(BOTH, true, Norm(T(S(v)) - T(S(w))) <= lam * mu * Norm(v - w)),
        forall(BOTH, true, Norm(T(S(v)) - T(S(w))) <= (lam + mu) * Norm(v - w))),
    "a map that expands nothing": (
        (_lipschitz(T, 1),), (T,),
        forall(v, true, Norm(T(v)) <= Norm(T(0 * v)) + Norm(v)),
        forall(v, true, Norm(T(v)) <= Norm(v))),
    "the descent lemma": (
        (GRADIENT, _lipschitz(g, lam)), (L, g, BOUND),
        forall(BOTH, true, L(w) <= L(v) + Inner(g(v), w - v) + lam / 2 * Norm(w - v) ** 2),
        forall(BOTH, true, L(w) <= L(v) + Inner(g(v), w - v) + lam / 4 * Norm(w - v) ** 2)),
    "Polyak and Łojasiewicz": (
        (GRADIENT, PL, LOSS), (L, g, RATE),
        forall(v, true, Norm(g(v)) ** 2 >= mu * L(v)),
        forall(v, true, Norm(g(v)) ** 2 >= 4 * mu * L(v))),
    "a bounded Jacobian": (
        (JACOBIAN, BOUNDED), (S, J, BOUND),
        forall(BOTH, true, Norm(S(v) - S(w)) <= lam * Norm(v - w)),
        forall(BOTH, true, Norm(S(v) - S(w)) <= lam * Norm(v - w) / 2)),
    "a monotone map": (
        (MONOTONE,), (T,), forall(v, true, Inner(T(v) - T(0 * v), v) >= 0),
        forall(BOTH, true, Norm(T(v) - T(w)) >= Norm(v - w))),
    "the length of a curve": (
        (SPEED,), (z, SIZE), forall(t, t >= 0, Norm(z(t) - z(0)) <= c * t),
        forall(t, t >= 0, Norm(z(t) - z(0)) <= c * t / 2)),
    "a loss need not be convex": (
        (LOSS,), (L,), forall(BOTH, true, L((v + w) / 2) >= 0),
        forall(BOTH, true, L((v + w) / 2) <= (L(v) + L(w)) / 2)),
    "a quadratic of a derivative": (
        (SLOPE, LIP_F), (F, f, BOUND),
        forall((x, y), true, F(y) <= F(x) + QUADRATIC + lam / 2 * (y - x) ** 2),
        forall((x, y), true, F(y) <= F(x) + QUADRATIC + lam / 4 * (y - x) ** 2)),
    "a derivative that is bounded above": (
        (DECAY,), (F, RATE), forall(t, t >= 0, F(t) <= F(0) * exp(-mu * t)),
        forall(t, t >= 0, F(t) <= F(0) * exp(-2 * mu * t))),
}  # fmt: skip


@pytest.mark.parametrize("name", LEMMAS)
def test_a_false_lemma_about_functions_is_refuted(name: str) -> None:
    given, known, _, false = LEMMAS[name]
    found = falsify(state(false, given, *known), budget=30.0).counterexample
    assert found is not None
    assert any("(" in label for label in found.values)
    assert all(len(text) < 40 for text in found.values.values())


@pytest.mark.parametrize("name", LEMMAS)
def test_a_true_lemma_about_functions_is_not(name: str) -> None:
    given, known, good, _ = LEMMAS[name]
    statement = state(good, given, *known)
    for model in direct_models(statement)[:MOST]:
        hunt = Hunt(statement, model, scales=(1,), budget=Budget(SECONDS))
        assert hunt.counterexample("c") is None


# --- what the models are -----------------------------------------------------------------------


def test_a_gradient_has_the_dimension_of_its_variable() -> None:
    for model in direct_models(state(forall(v, true, L(v) >= 0), (GRADIENT,), L, g)):
        slope = model.coordinates.functions[g]
        assert len(slope.variables) == len(slope.expr)
        assert len(model.coordinates.functions[L].variables) == len(slope.variables)


def test_a_jacobian_goes_between_the_spaces_of_its_map() -> None:
    shapes = set()
    for model in direct_models(state(forall(v, true, Norm(S(v)) >= 0), (JACOBIAN,), S, J)):
        rows, values = (model.coordinates.functions[h].expr for h in (J, S))
        assert len(rows) == len(values)
        assert {len(row) for row in rows} == {len(model.coordinates.functions[S].variables)}
        shapes.add((len(rows), len(rows[0])))
    assert {(1, 1), (1, 2), (2, 1)} <= shapes


def test_every_coefficient_is_a_symbol_of_its_own() -> None:
    models = direct_models(state(forall(v, true, L(v) >= F_0), (GRADIENT,), L, g, F, F_0))
    for model in models:
        used: list[Any] = []
        for function in {**model.values, **model.coordinates.functions}.values():
            used += function.expr.free_symbols - set(function.variables)
        assert len(used) == len(set(used))
        assert F_0 not in used
        assert set(used) <= set(model.parameters)


def test_vectors_among_the_values_are_shown_in_one_piece() -> None:
    statement = state(forall(t, t >= 0, Norm(z(t)) <= 1 + 0 * t), (Eq(Inner(v, z(0)), 0),
                      Norm(v) >= 1, Norm(z(0)) >= 2), z, v)  # fmt: skip
    found = falsify(statement, budget=20.0).counterexample
    assert found is not None
    assert found.values["z(t)"].startswith("(")


# --- names that are taken ----------------------------------------------------------------------

INSIDE = And(x >= Rational(3, 5), x <= Rational(7, 10))  # where no hypothesis is tried first


def _above(**more: Any) -> Statement:
    """Return what is true: F is at least F₀ := a² there, so it is at one point of it."""
    claim = F(Rational(13, 20)) >= F_0
    given = (forall(x, INSIDE, F(x) >= F_0),)
    return state(claim, given, F, a, definitions=(Definition(F_0, a**2),), **more)


def test_no_coefficient_bears_the_name_of_what_is_defined() -> None:
    statement = _above()
    for model in direct_models(statement):
        assert F_0 not in model.parameters
    assert find_counterexample(statement, models=direct_models(statement)[:MOST]) is None


def test_a_parameter_that_bears_it_changes_nothing() -> None:
    """A model that varies F₀ as well does not make it something else than a²."""
    careless = Model("m", {F: Lambda(x, a**2 - x)}, {a: (-2, 2), F_0: (-9, 9)})
    assert find_counterexample(_above(models=(careless,))) is None
    clashing = Model("m", {F: Lambda(x, F_0 - x)}, {a: (-2, 2), F_0: (-9, 9)})
    assert find_counterexample(_above(models=(clashing,))) is None


# --- inequalities between derivatives ------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (forall(t, t >= 0, derivative(exp(-t), t) <= 0), Verdict.PROVED),
        (forall(t, t >= 0, derivative(exp(-t), t) <= -exp(-t) / 2), Verdict.PROVED),
        (forall(t, t >= 0, derivative(t**2, t) <= 1), Verdict.REFUTED),
        (derivative(x**2, x, 3) <= 5, Verdict.REFUTED),
        (derivative(x**2, x, 3) <= 6, Verdict.PROVED),
        (forall(t, t > 0, derivative(Abs(t), t) <= 1), Verdict.PROVED),
        (forall(t, true, derivative(Abs(t), t) <= 1), Verdict.UNDECIDED),  # there is none at 0
        (forall(t, t >= 0, derivative(sqrt(t), t) >= 0), Verdict.UNDECIDED),
        (forall(t, t >= 0, derivative(G(t), t) >= 0), Verdict.UNDECIDED),
    ],
)
def test_a_derivative_is_compared_where_it_exists(formula: Any, verdict: Verdict) -> None:
    assert decide_concrete(formula, 3.0).verdict is verdict
