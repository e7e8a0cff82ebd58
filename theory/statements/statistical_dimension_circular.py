"""Projection onto a circular cone, as its statistical dimension uses it (THEORY section 5).

In the plane of the axis e and of z = (a, b), b ≥ 0, the cone is {(x, y) : x ≥ κ√(x² + y²)} with
κ = cos α and σ = sin α. Where z lies outside, bκ ≥ aσ, and t = aκ + bσ ≥ 0, its projection is
p = t(κ, σ): p lies in the cone, z − p is orthogonal to p and in the polar cone, which characterises
it (Moreau). Where z lies outside and t ≤ 0, z is in the polar cone and the projection is 0. With
a = r cos θ and b = r sin θ the length t is r cos(θ − α): the integrand of δ(T).
"""

from collections.abc import Mapping
from typing import Any

from sympy import And, Eq, Integer, Rational, Symbol, cos, sin, sqrt, true

from theory.cones import alpha, theta
from theory.formulas import forall
from theory.statement import Hypothesis, Model, Mutant, Quantity, Source, Statement
from theory.steps import algebra, polynomial
from theory.terms import real

kappa, sigma, a, b, x, y, r = real("kappa sigma a b x y r")

t = a * kappa + b * sigma
INSIDE = x >= kappa * sqrt(x**2 + y**2)
BEYOND = And(b >= 0, b * kappa >= a * sigma)
OUTSIDE = And(BEYOND, t >= 0)

MEMBER = forall((a, b), OUTSIDE, t * kappa >= kappa * sqrt((t * kappa) ** 2 + (t * sigma) ** 2))
ORTHOGONAL = forall((a, b), true, Eq((a - t * kappa) * t * kappa + (b - t * sigma) * t * sigma, 0))
OPTIMAL = forall((a, b, x, y), And(OUTSIDE, INSIDE), (a - t * kappa) * x + (b - t * sigma) * y <= 0)
POLAR = forall((a, b, x, y), And(BEYOND, t <= 0, INSIDE), a * x + b * y <= 0)
LENGTH = forall((a, b), true, Eq((t * kappa) ** 2 + (t * sigma) ** 2, t**2))
ANGLE = forall(
    (theta, alpha, r),
    true,
    Eq(r * cos(theta) * cos(alpha) + r * sin(theta) * sin(alpha), r * cos(theta - alpha)),
)

STEPS = (
    polynomial("length", LENGTH, "H_angle"),
    polynomial("member", MEMBER, "length"),
    polynomial("orthogonal", ORTHOGONAL, "H_angle"),
    polynomial("below_rim", forall((x, y), INSIDE, kappa * y <= sigma * x), "H_angle", "H_acute"),
    polynomial("rest", forall((a, b), true, And(
        Eq(a - t * kappa, -sigma * (b * kappa - a * sigma)),
        Eq(b - t * sigma, kappa * (b * kappa - a * sigma)))), "H_angle"),
    polynomial("optimal", OPTIMAL, "rest", "below_rim"),
    polynomial("polar", POLAR, "H_angle", "H_acute"),
    algebra("angle", ANGLE),
)  # fmt: skip

angle = real("angle")
MORE = Rational(101, 100)


def _plane(name: str, width: Any, witness: Mapping[Symbol, Any]) -> Model:
    """Return an angle by the tangent of its half, and a sine that may be off."""
    return Model(
        name,
        {
            kappa: (1 - angle**2) / (1 + angle**2),
            sigma: width * 2 * angle / (1 + angle**2),
        },
        {angle: (Rational(1, 10), Rational(9, 10))},
        witness,
    )


MODELS = (
    _plane("an angle", Integer(1), {angle: Rational(1, 3)}),
    _plane("an angle, its sine 1% too large", MORE, {}),
    Model(
        "an angle beyond a right one",
        {kappa: (angle**2 - 1) / (1 + angle**2), sigma: 2 * angle / (1 + angle**2)},
        {angle: (Rational(1, 10), Rational(9, 10))},
    ),
)

STATEMENT = Statement(
    title="Projection onto a circular cone",
    source=Source("published", ("amelunxen2014",), "5"),
    quantities=(
        Quantity(kappa, "cosine of the cone's angle α"),
        Quantity(sigma, "sine of the cone's angle α"),
    ),
    hypotheses=(
        Hypothesis("H_angle", Eq(kappa**2 + sigma**2, 1), "κ = cos α and σ = sin α"),
        Hypothesis("H_acute", And(kappa >= 0, sigma >= 0), "0 ≤ α ≤ π/2"),
    ),
    conclusions={
        "member": MEMBER,
        "orthogonal": ORTHOGONAL,
        "optimal": OPTIMAL,
        "polar": POLAR,
        "length": LENGTH,
        "angle": ANGLE,
    },
    steps=STEPS,
    models=MODELS,
    mutants=(
        Mutant("the sine too large", {"H_angle": None}, "orthogonal"),
        Mutant("an angle beyond a right one", {"H_acute": None}, "optimal"),
        Mutant(
            "the whole left half-plane is polar",
            {"polar": forall((a, b, x, y), And(b >= 0, a <= 0, INSIDE), a * x + b * y <= 0)},
        ),
        Mutant(
            "projection 1% too long",
            {"length": forall((a, b), true, Eq((t * kappa) ** 2 + (t * sigma) ** 2, MORE * t**2))},
        ),
    ),
)
