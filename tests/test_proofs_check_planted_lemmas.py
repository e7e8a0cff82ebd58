"""Lemmas that nobody proved: false ones are refuted with readable numbers, true ones never.

Each false lemma is its true neighbour with one plausible mistake. Between them they are about
numbers, vectors, matrices, sequences, integrals, flows, integers and probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sympy import Expr

from proofs_check.falsify import all_models, find_counterexample
from proofs_check.searching.attacks import falsify
from theory.authoring import (
    Abs,
    Adjoint,
    And,
    Apply,
    Eq,
    Hypothesis,
    Inner,
    Lambda,
    Max,
    Min,
    Model,
    Norm,
    OperatorNorm,
    Quantity,
    Rational,
    SigmaMin,
    Statement,
    derivative,
    exp,
    forall,
    log,
    operator,
    real,
    real_function,
    true,
    vector,
)
from theory.probability import OMEGA, expectation, probability
from theory.terms import FrobeniusNorm, IsInteger

a, b, c, n, t, x = real("a b c n t x")
v, w = vector("v"), vector("w")
M = operator("M")
f, F, u, X = (real_function(name) for name in ("f", "F", "u", "X"))

# What a lemma is about, its hypotheses, what is true, and what is not.
COIN = Model(
    "a coin of values c and 0", {X: Lambda(t, c * t)}, {c: (0, 10)}, {c: Rational(1)},
    sample=((1, Rational(1, 2)), (0, Rational(1, 2))),
)  # fmt: skip
POSITIVE = {"a": (a, a >= 0), "b": (b, b >= 0)}
NATURAL = And(IsInteger(n), n >= 0)
HALVES = forall(n, NATURAL, u(n + 1) <= u(n) / 2 + 1)
INTEGRAL = {
    "positive": forall(x, x >= 0, f(x) >= 0),
    "slope": forall(x, x >= 0, Eq(derivative(F(x), x), f(x))),
    "start": Eq(F(0), 0),
    "largest": forall(x, x >= 0, f(x) <= b),
}
GRONWALL = {"slope": forall(t, t >= 0, Eq(derivative(f(t), t), c * f(t))), "start": Eq(f(0), 1)}
LEMMAS: Mapping[str, Any] = {
    "a mean of cubes": (
        POSITIVE, {}, (a + b) ** 3 / 4 <= a**3 + b**3, (a + b) ** 3 / 3 <= a**3 + b**3),
    "a logarithm and its second order": (
        {"x": (x, x >= 0)}, {}, log(1 + x) >= x - x**2 / 2, log(1 + x) >= x - x**2 / 3),
    "the larger of two": (
        {"a": (a, true), "b": (b, true)}, {}, Max(a, b) <= Abs(a) + Abs(b) + Min(0, a),
        Max(a, b) <= a + b),
    "the triangle from below": (
        {"v": (v, true), "w": (w, true)}, {}, Norm(v - w) >= Norm(v) - Norm(w),
        Norm(v - w) <= Abs(Norm(v) - Norm(w))),
    "an angle": (
        {"v": (v, true), "w": (w, true)}, {"apart": Inner(v, w) <= 0},
        Norm(v + w) ** 2 <= Norm(v) ** 2 + Norm(w) ** 2, Norm(v + w) <= Max(Norm(v), Norm(w)) / 2),
    "two norms of a matrix": (
        {"M": (M, true)}, {}, OperatorNorm(M) <= FrobeniusNorm(M),
        FrobeniusNorm(M) <= OperatorNorm(M)),
    "the smallest singular value, on which side": (
        {"M": (M, true), "v": (v, true)}, {}, Norm(Adjoint(M, v)) >= SigmaMin(M) * Norm(v),
        Norm(Apply(M, v)) >= SigmaMin(M) * Norm(v)),
    "a sequence that halves": (
        {"u": (u, true)}, {"halves": HALVES}, forall(n, NATURAL, u(n + 1) - 2 <= (u(n) - 2) / 2),
        forall(n, NATURAL, u(n) <= 2)),
    "an integral over a length": (
        {"f": (f, true), "F": (F, true), "b": (b, true)}, INTEGRAL, F(2) <= 2 * b, F(2) <= b),
    "growth at its own rate": (
        {"f": (f, true), "c": (c, And(c >= 0, c <= 1))}, GRONWALL,
        forall(t, t >= 0, f(t) <= exp(t)), forall(t, t >= 0, f(t) <= 1 + t)),
    "a parabola at integers": (
        {"n": (n, IsInteger(n))}, {}, n * (n - 3) >= -2, n * (n - 3) >= -1),
    "Markov's inequality": (
        {"X": (X, true)}, {"positive": forall(OMEGA, true, X(OMEGA) >= 0)},
        probability(X(OMEGA) >= 1) <= expectation(X(OMEGA)),
        probability(X(OMEGA) >= 1) <= expectation(X(OMEGA)) ** 2),
}  # fmt: skip
MOST = 3  # models that a true lemma is held against
LONGEST = 40  # characters of one value of a readable counterexample


def lemma(name: str, claim: Any) -> Statement:
    known, given, *_ = LEMMAS[name]
    quantities = tuple(Quantity(symbol, "given", range) for symbol, range in known.values())
    hypotheses = tuple(Hypothesis(label, formula) for label, formula in given.items())
    models = (COIN,) if name.startswith("Markov") else ()
    return Statement(name, quantities, hypotheses, {"c": claim}, (), models=models)


@pytest.mark.parametrize("name", LEMMAS)
def test_a_false_lemma_is_refuted_by_readable_numbers(name: str) -> None:
    found = falsify(lemma(name, LEMMAS[name][3]), budget=15.0)
    assert found.counterexample is not None
    assert found.seconds < 60  # of processor time: a loaded machine changes nothing
    values = found.counterexample.values
    assert values
    assert max(len(text) for text in values.values()) <= LONGEST
    low, high = map(float, found.counterexample.margin)
    assert low > 0 or high < 0


@pytest.mark.parametrize("name", LEMMAS)
def test_a_true_lemma_is_not_refuted(name: str) -> None:
    statement = lemma(name, LEMMAS[name][2])
    models = all_models(statement)
    assert models
    assert find_counterexample(statement, models=models[:MOST]) is None


def test_the_lemmas_are_of_many_kinds() -> None:
    heads = {type(part) for entry in LEMMAS.values() for part in _parts(entry[3])}
    assert len(LEMMAS) >= 10
    assert {Norm, FrobeniusNorm, SigmaMin, IsInteger, log, Max} <= heads


def _parts(formula: Any) -> set[Expr]:
    pieces = [formula.given, formula.body] if hasattr(formula, "body") else [formula]
    return {part for piece in pieces for part in piece.atoms(Expr) | set(_tree(piece))}


def _tree(term: Any) -> list[Any]:
    return [term, *(part for arg in term.args for part in _tree(arg))]
