"""The conic singular value is a Lipschitz function of the operator (THEORY section 5).

|λ_min(A;T) − λ_min(B;T)| ≤ ‖A − B‖ on every set T, in every dimension.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sympy import Abs, Expr, Integer, Min, Rational, Symbol
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, coordinates, mapping
from theory.settings.cones import (
    CONE,
    H_APPROACHED,
    H_LOWER,
    NEAR,
    OPERATOR,
    VALUE,
    A,
    B,
    approached,
    bounded_below,
    chi,
    epsilon,
    lam,
    lam_1,
    near,
    near_1,
    z,
)
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import cite, gram, polynomial
from theory.terms import Apply, Norm, OperatorNorm, real

distance = OperatorNorm(A - B)
SMALL = epsilon > 0
above, below = (lam_1 - lam - distance) / 2, (lam - lam_1 - distance) / 2
CLOSE = Abs(lam - lam_1) <= distance

STEPS = (
    cite("change", "operator_norm", over=(epsilon,), given=SMALL, M=A - B, v=near(epsilon)),
    cite("change_1", "operator_norm", over=(epsilon,), given=SMALL, M=A - B, v=near_1(epsilon)),
    gram("triangle", forall(epsilon, SMALL, Norm(Apply(B, near(epsilon)))
                            <= Norm(Apply(A, near(epsilon))) + distance),
         "change", "H_approached"),
    gram("triangle_1", forall(epsilon, SMALL, Norm(Apply(A, near_1(epsilon)))
                              <= Norm(Apply(B, near_1(epsilon))) + distance),
         "change_1", "H_approached_1"),
    polynomial("above", forall(epsilon, SMALL, lam_1 <= lam + distance + epsilon),
               "triangle", "H_approached", at("H_lower_1", {z: near(epsilon)})),
    polynomial("below", forall(epsilon, SMALL, lam <= lam_1 + distance + epsilon),
               "triangle_1", "H_approached_1", at("H_lower", {z: near_1(epsilon)})),
    polynomial("close", CLOSE, at("above", {epsilon: above}), at("below", {epsilon: below})),
)  # fmt: skip

first, second = real("first second")
LESS = Rational(99, 100)


def _line(name: str, level: Expr, witness: Mapping[Symbol, Any] = MappingProxyType({})) -> Model:
    """Return two numbers on T = [0, ∞), with λ_min(A;T) a multiple of its true value."""
    return Model(
        name,
        {
            A: first,
            B: second,
            chi: Map(z, z),
            near: Map(epsilon, Integer(1)),
            near_1: Map(epsilon, Integer(1)),
            lam: level * Abs(first),
            lam_1: Abs(second),
        },
        {first: (Rational(1, 2), Integer(4)), second: (Rational(-4), Integer(4))},
        witness,
    )


MODELS = (
    _line("two numbers", Integer(1), {first: Rational(3, 2), second: Rational(-4, 5)}),
    _line("two numbers, λ too small", Rational(1, 4)),
    _line("two numbers, λ too large", Integer(2)),
)

z_1, z_2, z_3 = entries = coordinates("z", 3)
INSTANCE = Instance(
    "two operators on the orthant, m = 2, n = 3",
    {
        A: ((3, 4, 0), (0, 0, 1)),
        B: ((2, 3, 0), (0, 0, 3)),
        chi: mapping(entries, Min(z_1, z_2, z_3)),
        near: mapping(epsilon, (0, 0, 1)),
        near_1: mapping(epsilon, (1, 0, 0)),
        lam: 1,
        lam_1: 2,
    },
)

STATEMENT = Statement(
    title="The conic singular value moves by at most the norm of the change",
    source=Source("sharp", (), "5"),
    quantities=(
        OPERATOR,
        Quantity(B, "another operator"),
        CONE,
        NEAR,
        Quantity(near_1, "unit vectors of T at which ‖Bz‖ comes close to λ'"),
        VALUE,
        Quantity(lam_1, "λ_min(B;T)"),
    ),
    hypotheses=(
        H_LOWER,
        H_APPROACHED,
        Hypothesis(
            "H_lower_1",
            bounded_below(lam_1, Apply(B, z), chi(z) >= 0),
            "‖Bz‖ is at least λ' on T",
        ),
        Hypothesis(
            "H_approached_1",
            approached(
                lam_1, Apply(B, near_1(epsilon)), chi(near_1(epsilon)) >= 0, near_1(epsilon)
            ),
            "no larger number will do",
        ),
    ),
    conclusions={"close": CLOSE},
    steps=STEPS,
    bounds=(Bound("change", distance, "change of λ_min from A to B"),),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("bound 1% smaller", {"close": Abs(lam - lam_1) <= LESS * distance}),
        Mutant("λ need not be approached", {"H_approached": None}, "close"),
        Mutant("λ need not be a lower bound", {"H_lower": None}, "close"),
        Mutant(
            "λ a lower bound of 2‖Az‖ only",
            {"H_lower": bounded_below(lam, 2 * Apply(A, z), chi(z) >= 0)},
            "close",
        ),
    ),
)
