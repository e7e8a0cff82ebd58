"""A larger cone has a smaller conic singular value (THEORY section 5).

T ⊂ T' gives λ_min(A;T) ≥ λ_min(A;T'). Of the first value only that it is approached is needed, of
the second only that it is a lower bound; the cones may be any sets.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sympy import Expr, Integer, Min, Rational, Symbol
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, coordinates, mapping
from theory.settings.cones import (
    CONE,
    H_APPROACHED,
    NEAR,
    OPERATOR,
    VALUE,
    A,
    approached,
    bounded_below,
    chi,
    chi_1,
    epsilon,
    lam,
    lam_1,
    near,
    z,
)
from theory.statement import Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import polynomial
from theory.terms import Apply, Norm, real

image = Norm(Apply(A, near(epsilon)))
gap = (lam_1 - lam) / 2

STEPS = (
    polynomial("on_larger", forall(epsilon, epsilon > 0, image >= lam_1),
               "H_approached", at("H_inside", {z: near(epsilon)}),
               at("H_lower_1", {z: near(epsilon)})),
    polynomial("monotone", lam >= lam_1,
               at("H_approached", {epsilon: gap}), at("on_larger", {epsilon: gap})),
)  # fmt: skip

slope, share = real("slope share")
MORE = Rational(101, 100)


def _ray(name: str, level: Expr, witness: Mapping[Symbol, Any] = MappingProxyType({})) -> Model:
    """Return T = [0, ∞) inside T' = R, with λ a multiple of its true value."""
    return Model(
        name,
        {
            A: slope,
            chi: Map(z, z),
            chi_1: Map(z, z**2),
            near: Map(epsilon, Integer(1)),
            lam: level * slope,
            lam_1: share * slope,
        },
        {slope: (Rational(1, 2), Integer(4)), share: (Rational(1, 2), Integer(1))},
        witness,
    )


MODELS = (
    _ray("a half-line inside the line", Integer(1), {slope: Rational(3, 2), share: Rational(4, 5)}),
    _ray("a half-line inside the line, λ 1% too small", 1 / MORE),
    _ray("a half-line inside the line, λ far too small", Rational(1, 4)),
)

# λ is attained at (3, 0, 4)/5, where the smaller cone ends, and λ₁ at (1, 0, 0).
z_1, z_2, z_3 = entries = coordinates("z", 3)
INSTANCE = Instance(
    "a part of a quadrant, m = 2, n = 3",
    {
        A: ((1, 1, 0), (0, 0, Rational(35, 16))),
        chi: mapping(entries, Min(z_1, z_2, 3 * z_3 - 4 * z_1 - 4 * z_2)),
        chi_1: mapping(entries, Min(z_1, z_2)),
        near: mapping(epsilon, (Rational(3, 5), 0, Rational(4, 5))),
        lam: Rational(37, 20),
        lam_1: 1,
    },
)

STATEMENT = Statement(
    title="A larger cone has a smaller conic singular value",
    source=Source("sharp", (), "5"),
    quantities=(
        OPERATOR,
        CONE,
        Quantity(chi_1, "function that is not negative on the larger cone T' only"),
        NEAR,
        VALUE,
        Quantity(lam_1, "λ_min(A;T')"),
    ),
    hypotheses=(
        Hypothesis("H_inside", forall(z, chi(z) >= 0, chi_1(z) >= 0), "T is a subset of T'"),
        H_APPROACHED,
        Hypothesis(
            "H_lower_1",
            bounded_below(lam_1, Apply(A, z), chi_1(z) >= 0),
            "‖Az‖ is at least λ' on T'",
        ),
    ),
    conclusions={"monotone": lam >= lam_1},
    steps=STEPS,
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("bound 1% larger", {"monotone": lam >= MORE * lam_1}),
        Mutant(
            "λ exceeded by 1% on T",
            {
                "H_approached": approached(
                    MORE * lam, Apply(A, near(epsilon)), chi(near(epsilon)) >= 0, near(epsilon)
                )
            },
            "monotone",
        ),
        Mutant("λ need not be approached", {"H_approached": None}, "monotone"),
    ),
)
