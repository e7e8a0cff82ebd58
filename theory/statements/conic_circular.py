"""On a circular cone the conic singular value is exact, by the S-lemma (THEORY section 5).

T = {z : ⟨z,e⟩ ≥ κ‖z‖} with κ = cos α and 0 < α < π/2. λ_min(A;T)² is the largest ν for which
AᵀA − νI − τ(eeᵀ − κ²I) is positive semidefinite for some τ ≥ 0: every such ν is at most λ²
(*certificate*), and λ² itself is one (*exact*). The S-lemma speaks of both nappes of the cone,
⟨z,e⟩² ≥ κ²‖z‖², which is no loss as ‖Az‖ is even, and asks for a point inside. So the edges are
apart: for α = 0 the cone is the half-line of e (*axis*); for α ≥ π/2 one of z and −z lies in T, and
the value is that of the whole space (*wide*).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sympy import And, Eq, Expr, Integer, Or, Rational, Symbol, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, mapping
from theory.settings.cones import NEAR, OPERATOR, VALUE, A, approached, e, epsilon, lam, near, z
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import cite, gram, polynomial
from theory.terms import Apply, Inner, Norm, real

kappa, nu, tau, tau_1, cosine = real("kappa nu tau tau_1 cosine")

image = Norm(Apply(A, z))
nappes = Inner(z, e) ** 2 - kappa**2 * Norm(z) ** 2
INSIDE = Inner(z, e) >= kappa * Norm(z)
point = near(epsilon)


def _dominates(value: Expr, multiplier: Expr) -> Any:
    """Return that AᵀA − value I − multiplier (eeᵀ − κ²I) is positive semidefinite."""
    return forall(z, true, image**2 - value * Norm(z) ** 2 >= multiplier * nappes)


CERTIFICATE = nu <= lam**2
MULTIPLIER = tau_1 >= 0
EXACT = _dominates(lam**2, tau_1)
AXIS = forall(z, Inner(z, e) >= Norm(z), Eq(image, Norm(z) * Norm(Apply(A, e))))
WIDE = forall(
    (z, cosine),
    cosine <= 0,
    Or(Inner(z, e) >= cosine * Norm(z), Inner(-z, e) >= cosine * Norm(-z)),
)

STEPS = (
    polynomial("positive", lam >= 0, at("H_approached", {epsilon: -lam / 2})),
    gram("at_point", forall(epsilon, epsilon > 0, nu <= (lam + epsilon) ** 2),
         at("H_certificate", {z: point}), "H_approached", "H_multiplier", "kappa"),
    polynomial("certificate", CERTIFICATE, at("at_point", {epsilon: (sqrt(nu) - lam) / 2})),
    gram("even", forall(z, nappes >= 0, image**2 - lam**2 * Norm(z) ** 2 >= 0),
         "H_lower", at("H_lower", {z: -z}), "positive"),
    gram("strict", Inner(e, e) ** 2 - kappa**2 * Norm(e) ** 2 > 0, "H_axis", "kappa"),
    cite("multiplier", "s_lemma", "strict", "even",
         M=A, d=e, a=lam**2, b=kappa**2, x=e, tau=tau_1),
    gram("along", forall(z, Inner(z, e) >= Norm(z), Eq(z, Norm(z) * e)), "H_axis"),
    gram("axis", AXIS, "along"),
    gram("wide", WIDE),
)  # fmt: skip

slope, angle, weight = real("slope angle weight")
LESS = Rational(99, 100)


def _line(
    name: str, level: Expr, value: Expr, witness: Mapping[Symbol, Any] = MappingProxyType({})
) -> Model:
    """Return T = [0, ∞) around e = 1, with λ a multiple of its true value."""
    return Model(
        name,
        {
            A: slope,
            e: Integer(1),
            kappa: angle,
            near: Map(epsilon, Integer(1)),
            lam: level * slope,
            tau: weight,
            nu: value,
            tau_1: Integer(0),
        },
        {
            slope: (Rational(1, 2), Integer(4)),
            angle: (Rational(1, 10), LESS),
            weight: (Rational(-1), Integer(1)),
        },
        witness,
    )


BEST = slope**2 - weight * (1 - angle**2)
POINT = {slope: Rational(3, 2), angle: Rational(4, 5), weight: Rational(1, 2)}
MODELS = (
    _line("a number", Integer(1), BEST, POINT),
    _line("a number, λ 1% too small", LESS, BEST),
)

# With e = (1, 2, 2)/3 and the unit vectors b, b' at right angles to it, A z = (2⟨b, z⟩, ⟨e, z⟩).
INSTANCE = Instance(
    "a cone in space, m = 2, n = 3",
    {
        A: (
            (Rational(4, 3), Rational(2, 3), -Rational(4, 3)),
            (Rational(1, 3), Rational(2, 3), Rational(2, 3)),
        ),
        e: (Rational(1, 3), Rational(2, 3), Rational(2, 3)),
        kappa: Rational(3, 5),
        near: mapping(epsilon, (Rational(11, 15), -Rational(2, 15), Rational(2, 3))),
        lam: Rational(3, 5),
        nu: Rational(9, 25),
        tau: 1,
        tau_1: 1,
    },
)

STATEMENT = Statement(
    title="On a circular cone the conic singular value is exact by the S-lemma",
    source=Source("sharp", (), "5"),
    quantities=(
        OPERATOR,
        Quantity(e, "axis of the cone"),
        Quantity(kappa, "cosine of its angle α", And(kappa > 0, kappa < 1)),
        NEAR,
        VALUE,
        Quantity(nu, "a certified value of λ²"),
        Quantity(tau, "multiplier that certifies it"),
        Quantity(tau_1, "multiplier that certifies λ² itself"),
    ),
    hypotheses=(
        Hypothesis("H_axis", Eq(Norm(e), 1), "e is a unit vector"),
        Hypothesis("H_lower", forall(z, INSIDE, image >= lam * Norm(z)), "‖Az‖ ≥ λ‖z‖ on T"),
        Hypothesis(
            "H_approached",
            approached(lam, Apply(A, point), Inner(point, e) >= kappa * Norm(point), point),
            "no larger number will do",
        ),
        Hypothesis("H_multiplier", tau >= 0, "the multiplier is not negative"),
        Hypothesis("H_certificate", _dominates(nu, tau), "AᵀA − νI − τ(eeᵀ − κ²I) is semidefinite"),
    ),
    conclusions={
        "certificate": CERTIFICATE,
        "multiplier": MULTIPLIER,
        "exact": EXACT,
        "axis": AXIS,
        "wide": WIDE,
    },
    steps=STEPS,
    bounds=(Bound("certified", sqrt(nu), "λ_min(A;T) from a certificate", "lower"),),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("ν 1% above λ²", {"certificate": nu <= LESS * lam**2}),
        Mutant("a multiplier of any sign", {"H_multiplier": None}, "certificate"),
        Mutant("λ need not be approached", {"H_approached": None}, "certificate"),
        Mutant(
            "the half-line 1% longer",
            {
                "axis": forall(
                    z, Inner(z, e) >= LESS * Norm(z), Eq(image, LESS * Norm(z) * Norm(Apply(A, e)))
                )
            },
        ),
    ),
)
