"""Vectors in coordinates: what is false of vectors is refuted, what is true of them never is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sympy import Abs, And, Eq, Max, Rational, Symbol

from proofs_check.falsify import find_counterexample
from proofs_check.interpretations.direct import direct_models
from proofs_check.witnesses.coordinates import Coordinates
from proofs_check.witnesses.spectra import singular_values
from theory.formulas import forall, free_symbols
from theory.statement import Hypothesis, Quantity, Statement
from theory.terms import (
    Adjoint,
    Apply,
    FrobeniusNorm,
    Gradient,
    Inner,
    InRange,
    Norm,
    OperatorNorm,
    SigmaMin,
    function_of,
    operator,
    real,
    real_function,
    vector,
    vector_function,
)

u, v, w = vector("u"), vector("v"), vector("w")
A, B = operator("A"), operator("B")
a = real("a")


def state(claim: Any, *given: Any) -> Statement:
    """Return a statement about whatever its formulas mention."""
    symbols = set().union(*(free_symbols(formula) for formula in (claim, *given)))
    quantities = tuple(Quantity(s, "a quantity") for s in sorted(symbols, key=str))
    hypotheses = tuple(Hypothesis(f"h{i}", f) for i, f in enumerate(given))
    return Statement("a test", quantities, hypotheses, {"c": claim}, ())


FALSE: dict[str, Statement] = {
    "Cauchy-Schwarz the wrong way round, true in one dimension": state(
        Norm(v) * Norm(w) <= Abs(Inner(v, w))),
    "operators commute, true in one dimension": state(
        Eq(Apply(A, Apply(B, v)), Apply(B, Apply(A, v)), evaluate=False)),
    "every operator is self-adjoint, true in one dimension": state(
        Eq(Inner(Apply(A, v), w), Inner(v, Apply(A, w)), evaluate=False)),
    "orthogonal vectors add up to no more than the longer, true in one dimension": state(
        Norm(v + w) <= Max(Norm(v), Norm(w)), Eq(Inner(v, w), 0)),
    "the smallest singular value of a matrix with a kernel": state(
        SigmaMin(A) * Norm(v) <= Norm(Apply(A, v))),
    "the same of the adjoint with the norm": state(
        Norm(Adjoint(A, v)) >= OperatorNorm(A) * Norm(v)),
    "unit vectors at an acute angle are near": state(
        Norm(v - w) <= 1, Eq(Norm(v), 1), Eq(Norm(w), 1), Inner(v, w) >= 0),
    "the norm is the largest singular value, not the Frobenius norm": state(
        FrobeniusNorm(A) <= OperatorNorm(A)),
    "everything lies in the range": state(InRange(A, v), SigmaMin(A) >= 0),
    "three unit vectors are not all at right angles, true in a plane": state(
        Inner(v, w) ** 2 + Inner(v, u) ** 2 + Inner(w, u) ** 2 >= Rational(1, 2),
        Eq(Norm(v), 1), Eq(Norm(w), 1), Eq(Norm(u), 1)),
    "an operator bounded at all vectors has this square": state(
        OperatorNorm(A) ** 2 <= a, forall(v, Norm(v) <= 1, Norm(Apply(A, v)) <= a), a <= 2),
}  # fmt: skip

TRUE: dict[str, Statement] = {
    "Cauchy-Schwarz": state(Abs(Inner(v, w)) <= Norm(v) * Norm(w)),
    "triangle": state(Norm(v + w) <= Norm(v) + Norm(w)),
    "parallelogram": state(
        Eq(Norm(v + w) ** 2 + Norm(v - w) ** 2, 2 * Norm(v) ** 2 + 2 * Norm(w) ** 2,
           evaluate=False)),
    "operator norm": state(Norm(Apply(A, v)) <= OperatorNorm(A) * Norm(v)),
    "smallest singular value, of the adjoint": state(
        SigmaMin(A) * Norm(v) <= Norm(Adjoint(A, v))),
    "adjoint": state(Eq(Inner(Apply(A, v), w), Inner(v, Adjoint(A, w)), evaluate=False)),
    "norms of operators": state(
        And(OperatorNorm(A) <= FrobeniusNorm(A), SigmaMin(A) <= OperatorNorm(A))),
    "a surjection reaches everything": state(InRange(A, v), SigmaMin(A) > 0),
    "Pythagoras": state(Norm(v + w) ** 2 >= Norm(v) ** 2 + Norm(w) ** 2, Eq(Inner(v, w), 0)),
    "Weyl": state(SigmaMin(A + B) >= SigmaMin(A) - OperatorNorm(B)),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_false_lemma_about_vectors_is_refuted(name: str) -> None:
    assert find_counterexample(FALSE[name]) is not None


@pytest.mark.parametrize("name", TRUE)
def test_a_true_lemma_about_vectors_is_not(name: str) -> None:
    assert find_counterexample(TRUE[name]) is None


def test_spaces_have_dimensions_of_their_own() -> None:
    """One space for ⟨v, Av⟩, two for ‖Av‖: only there A may be a row or a column."""
    shapes = {
        name: {np.shape(m.coordinates.operators[A]) for m in direct_models(statement)}
        for name, statement in {
            "one": state(Inner(v, Apply(A, v)) >= 0), "two": state(Norm(Apply(A, v)) >= 0),
        }.items()
    }  # fmt: skip
    assert shapes["one"] == {(1, 1), (2, 2), (3, 3)}
    assert shapes["two"] == {(1, 1), (1, 2), (2, 1), (2, 2), (3, 3)}


def test_functions_of_vectors_are_explicit_in_every_direct_model() -> None:
    L, p, F = real_function("L"), vector_function("p"), real_function("F")
    for formula in (
        Gradient(function_of(v, L(v)), function_of(v, p(v))),
        L(v) >= 0,
        Norm(p(a)) >= 0,
    ):
        functions = (Quantity(L, "a loss"), Quantity(p, "a map"), Quantity(F, "a function"))
        known = (Quantity(v, "a vector"), Quantity(a, "a number"), *functions)
        statement = Statement("a test", known, (Hypothesis("h", formula),), {"c": a >= 0}, ())
        models = direct_models(statement)
        assert {"constants", "quadratic"} <= {m.name.partition(",")[0] for m in models}
        for model in models:
            explicit = {*model.values, *model.coordinates.functions}
            assert explicit == {L, p, F}


def test_functions_of_operators_have_no_coordinates() -> None:
    F, A = real_function("F"), operator("A")
    known = (Quantity(F, "a function"), Quantity(A, "an operator"))
    assert direct_models(Statement("a test", known, (), {"c": F(A) >= 0}, ())) == ()


@pytest.mark.parametrize("seed", range(6))
def test_singular_values_are_those_of_the_matrix(seed: int) -> None:
    """σ_min(A) = inf ‖Aᵀz‖ is 0 for a column of two: the kernel of Aᵀ is not trivial."""
    rng = np.random.default_rng(seed)
    shape = [(2, 2), (1, 2), (2, 1)][seed % 3]
    matrix = rng.integers(-5, 6, shape)
    rows = tuple(tuple(map(Rational, row)) for row in matrix.tolist())
    reading = Coordinates({}, {A: rows})
    largest = float(reading.read(OperatorNorm(A)))
    smallest = float(reading.read(SigmaMin(A)))
    exact = np.linalg.svd(matrix.astype(float), compute_uv=False)
    assert largest == pytest.approx(exact[0])
    assert smallest == pytest.approx(0 if shape == (2, 1) else exact[-1], abs=1e-12)
    assert float(reading.read(FrobeniusNorm(A))) == pytest.approx(np.linalg.norm(matrix))


def test_singular_values_need_no_nested_roots() -> None:
    p, q = singular_values(((Rational(3), Rational(0)), (Rational(0), Rational(-4))))
    assert (p, q) == (4, 3)


@pytest.mark.parametrize(
    ("rows", "vector_", "inside"),
    [
        (((1, 0), (0, 1)), (3, 4), True), (((1, 2), (2, 4)), (1, 2), True),
        (((1, 2), (2, 4)), (1, 1), False), (((0, 0), (0, 0)), (0, 0), True),
        (((0, 0), (0, 0)), (0, 1), False), (((2,), (1,)), (4, 2), True),
        (((2,), (1,)), (4, 1), False), (((0, 3),), (5,), True), (((0, 0),), (5,), False),
    ],
)  # fmt: skip
def test_the_range_of_a_matrix(rows: Any, vector_: Any, inside: bool) -> None:
    exact = tuple(tuple(map(Rational, row)) for row in rows)
    reading = Coordinates({v: tuple(map(Rational, vector_))}, {A: exact})
    found = reading.read(InRange(A, v))
    assert bool(found.doit() if found.args else found) is inside


def test_a_vector_keeps_out_of_the_way_of_numbers() -> None:
    """A number called v_1 is not the first coordinate of v."""
    number = Symbol("v_1")
    claim = number**2 * Norm(v) <= Norm(v) + number**4 * Norm(v)
    assert find_counterexample(state(claim)) is None
    models = [m for m in direct_models(state(claim)) if len(m.coordinates.vectors[v]) == 2]
    assert all(number not in m.coordinates.vectors[v] for m in models)
