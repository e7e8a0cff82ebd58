"""Sample points with independent coordinates: means, laws, and what is not read."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Eq, Integer, Piecewise, Rational, Symbol, cosh, exp, sin, sqrt, true

from proofs_check.interpretations.normal_law import NoReading
from proofs_check.verdict import Verdict
from proofs_check.witnesses.coordinates import Coordinates
from proofs_check.witnesses.instances import Inspection
from proofs_check.witnesses.product_law import ProductLaw
from theory.formulas import forall
from theory.instances import NORMAL, SIGN, Instance, by_index, coordinates, mapping
from theory.probability import (
    OMEGA,
    GaussianVector,
    Independent,
    IndependentOf,
    IndependentPairs,
    InSpace,
    Integrable,
    expectation,
    family,
    random,
)
from theory.statement import Hypothesis, Quantity, Statement
from theory.terms import IsInteger, real, real_function, vector_function

o_1, o_2, o_3, o_4 = point = coordinates("omega", 4)
LAW = (NORMAL, NORMAL, SIGN, SIGN)
i = real("i")
X, Y, h = real_function("X"), real_function("Y"), real_function("h")
G, V = vector_function("G"), vector_function("V")


def inspected(claim: Any, values: dict[Any, Any]) -> Verdict:
    """Return what is decided of a claim about random variables."""
    quantities = tuple(Quantity(f, "a random variable") for f in values)
    made = Statement("a test", quantities, (Hypothesis("claim", claim),), {"c": claim}, ())
    (found,) = Inspection(made, Instance("a test", values, LAW)).decide_hypotheses()
    return found.verdict


MEANS = [
    (o_1, 0), (o_1**2, 1), (o_1**4, 3), (o_1**6, 15), (o_1 * o_2, 0), (o_1**2 * o_2**2, 1),
    (o_3, 0), (o_3**2, 1), (o_3**3 * o_4, 0), (o_3**2 * o_1**4 + 5, 8), ((o_1 + o_3) ** 2, 2),
    (exp(o_1), exp(Rational(1, 2))), (exp(2 * o_3 + o_4), cosh(2) * cosh(1)),
    (exp(o_1 + o_2 + 3), exp(4)), (Abs(o_3 + 2 * o_4), 2), (1 / (2 + o_3), Rational(2, 3)),
    (Piecewise((5, o_3 > 0), (1, True)), 3),
]  # fmt: skip


@pytest.mark.parametrize(("value", "mean"), MEANS, ids=str)
def test_means(value: Any, mean: Any) -> None:
    functions = {X: mapping(point, value)}
    assert inspected(Eq(expectation(X(OMEGA)), mean), functions) is Verdict.PROVED
    assert inspected(Eq(expectation(X(OMEGA)), mean + 1), functions) is not Verdict.PROVED


@pytest.mark.parametrize(
    "value",
    [Abs(o_1), sin(o_1), 1 / o_1, exp(Abs(o_1)), o_1 * exp(o_1), exp(o_1**2), sqrt(o_1)],
    ids=str,
)
def test_other_means_are_not_read(value: Any) -> None:
    made = ProductLaw(LAW, Coordinates(functions={X: mapping(point, value)}).entries)
    with pytest.raises(NoReading):
        made.explicit((), Eq(0, 0, evaluate=False), Eq(expectation(X(OMEGA)), 1, evaluate=False))
    claim = Eq(expectation(X(OMEGA)), 1, evaluate=False)
    assert inspected(claim, {X: mapping(point, value)}) is Verdict.UNDECIDED


def _families(*members: Any) -> dict[Any, Any]:
    return {h: by_index(*(mapping(point, member) for member in members))}


INDEPENDENT = Independent(family(h(i, OMEGA), i), Integer(3))
LAWS: dict[str, tuple[Any, dict[Any, Any], bool]] = {
    "different coordinates": (INDEPENDENT, _families(o_1, o_2 + o_3, o_4), True),
    "a common coordinate": (INDEPENDENT, _families(o_1, o_2, o_1 + o_3), False),
    "copies": (INDEPENDENT, _families(o_1, o_2), False),
    "constants": (INDEPENDENT, _families(1, 2, 3), True),
    "normal": (GaussianVector(random(G(OMEGA))), {G: mapping(point, (o_2, o_1))}, True),
    "a sign is not normal": (GaussianVector(random(G(OMEGA))),
                             {G: mapping(point, (o_1, o_3))}, False),
    "twice the same": (GaussianVector(random(G(OMEGA))), {G: mapping(point, (o_1, o_1))}, False),
    "scaled": (GaussianVector(random(G(OMEGA))), {G: mapping(point, (2 * o_1, o_2))}, False),
    "apart": (IndependentOf(random(X(OMEGA)), random(Y(OMEGA))),
              {X: mapping(point, o_1), Y: mapping(point, o_2 * o_3)}, True),
    "not apart": (IndependentOf(random(X(OMEGA)), random(Y(OMEGA))),
                  {X: mapping(point, o_1 * o_4), Y: mapping(point, o_2 * o_4)}, False),
    "pairs": (IndependentPairs(family(h(i, OMEGA), i), family(V(i, OMEGA), i), Integer(2)),
              {**_families(o_1, o_2),
               V: by_index(mapping(point, (o_3, 1)), mapping(point, (o_4, 2)))}, True),
    "pairs that meet": (
        IndependentPairs(family(h(i, OMEGA), i), family(V(i, OMEGA), i), Integer(2)),
        {**_families(o_1, o_2),
         V: by_index(mapping(point, (o_3, o_1)), mapping(point, (o_4, 2)))}, False),
    "in the plane": (forall(OMEGA, true, InSpace(G(OMEGA), Integer(2))),
                     {G: mapping(point, (o_1, 1))}, True),
    "not in space": (forall(OMEGA, true, InSpace(G(OMEGA), Integer(3))),
                     {G: mapping(point, (o_1, 1))}, False),
    "a length is integrable": (Integrable(random(X(OMEGA))),
                               {X: mapping(point, sqrt(o_1**2 + o_2**2))}, True),
    "a reciprocal need not be": (Integrable(random(X(OMEGA))), {X: mapping(point, 1 / o_1)}, False),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWS)
def test_declared_laws(name: str) -> None:
    claim, functions, holds = LAWS[name]
    verdict = inspected(claim, functions)
    assert (verdict is Verdict.PROVED) is holds


def test_a_claim_at_every_sample_point_knows_what_signs_are() -> None:
    functions = {X: mapping(point, o_3**2 + o_4**4)}
    assert inspected(forall(OMEGA, true, X(OMEGA) <= 2), functions) is Verdict.PROVED
    normal = {X: mapping(point, o_1**2)}
    every = forall(OMEGA, true, X(OMEGA) <= 2)
    assert inspected(every, normal) is not Verdict.PROVED


def test_a_claim_about_every_member_of_a_family() -> None:
    domain = IsInteger(i) & (i >= 1)
    functions = _families(o_1, o_3)
    square = forall(i, domain, Eq(expectation(h(i, OMEGA) ** 2), 1))
    fourth = forall(i, domain, Eq(expectation(h(i, OMEGA) ** 4), 3))
    assert inspected(square, functions) is Verdict.PROVED
    assert inspected(fourth, functions) is not Verdict.PROVED


def test_the_coordinates_have_names_of_their_own() -> None:
    made = ProductLaw(LAW, Coordinates().entries)
    assert not set(made.coordinates) & {Symbol("omega"), *point}
