"""The separable p-th power L(v) = (1/p) Σ|v_i − y_i|^p, p > 1 (THEORY section 2).

ψ(s) = (ps)^{1/p} for p ≤ 2, attained with one coordinate off; ψ(s) = m^{(p−2)/(2p)} (ps)^{1/p} for
p ≥ 2, attained with all coordinates equally off.
"""

from sympy import Abs, And, Eq, Expr, Integer, Piecewise, Rational, sqrt
from sympy import Lambda as Map
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, forall
from theory.settings.flow import L, grad_L, v, x
from theory.statement import Bound, Finding, Hypothesis, Mutant, Quantity, Source, Statement, at
from theory.statements._separable import (
    H_GRADIENT,
    H_SEPARABLE,
    H_ZERO,
    OBJECTS,
    all_off,
    centre,
    in_space,
    m,
    one_off,
    rho,
    rho_1,
    z,
)
from theory.steps import algebra, ball, calculus, cite, lemma, polynomial
from theory.terms import Norm, derivative, function_of, real

p, t = real("p t")
MORE = Rational(101, 100)
HALF = Rational(1, 2)

SMALL, LARGE = p <= 2, p >= 2
FACTOR = m ** (HALF - 1 / p)


def power(s: Expr) -> Expr:
    """Return G(s) = (ps)^{2−2/p} for s > 0."""
    return (p * s) ** (2 - 2 / p)


def ratio(s: Expr) -> Expr:
    """Return G(s)/s."""
    return power(s) / s


def slope(s: Expr) -> Expr:
    """Return (ps)^{1/p−1}, the derivative of (ps)^{1/p}."""
    return (p * s) ** (1 / p - 1)


def _inequality(case: Boolean, factor: Expr) -> ForAll:
    domain = And(L(v) > 0, case)
    return forall(v, domain, factor * slope(L(v)) * Norm(grad_L(v)) >= 1)


GAIN = function_of(x, Piecewise((power(x), x > 0), (0, True)))
TANGENT = function_of(x, (2 - 2 / p) * ratio(x))
falling = (1 - 2 / p) * power(x) / x**2
gap = power(t) - TANGENT(z) * t
gap_slope = (2 - 2 / p) * (ratio(t) - ratio(z))

ORDERED, REVERSED = And(x > 0, x <= z), And(z > 0, z <= x)
BEFORE, AFTER = And(t > 0, t <= z), And(z > 0, z <= t)
GAP_SLOPE = forall((t, z), And(t > 0, z > 0), Eq(derivative(gap, t), gap_slope))
GAP_TURNED = forall((t, z), And(t > 0, z > 0), Eq(derivative(-gap, t), -gap_slope))
APPLIED = {"rho'": rho_1, "G": GAIN}

SMALL_P, LARGE_P = _inequality(SMALL, Integer(1)), _inequality(LARGE, FACTOR)
PSI = forall(x, x > 0, Eq(derivative((p * x) ** (1 / p), x), slope(x)))

PROFILE = (
    polynomial("positive", forall(x, x >= 0, rho(x) >= 0), "H_power", "H_zero", "p"),
    algebra("powers", forall(x, x > 0, Eq((x**p) ** (2 - 2 / p), (x ** (p - 1)) ** 2)), "p"),
    polynomial("squared_slope", forall(x, x >= 0, Eq(GAIN(rho(x)), rho_1(x) ** 2)),
               "powers", "H_power", "H_zero", "p"),
    calculus("ratio_slope", forall(x, x > 0, Eq(derivative(ratio(x), x), falling)), "p"),
)  # fmt: skip

UP_TO_TWO = (
    polynomial("ratio_falls", forall(x, And(x > 0, SMALL), falling <= 0), "p"),
    cite("compared", "nonincreasing", "ratio_slope", "ratio_falls", "p",
         over=(x, z), given=And(ORDERED, SMALL),
         F=function_of(x, ratio(x)), f=function_of(x, falling), a=x, b=z),
    polynomial("ratio", forall((x, z), And(ORDERED, SMALL), GAIN(z) * x <= GAIN(x) * z),
               "compared", "p"),
    lemma("gain", "kl_separable.gain", "positive", "squared_slope", "ratio", "H_separable",
          "H_gradient", "H_zero", "m", "p", over=(t,), given=And(t > 0, SMALL), r_0=t, **APPLIED),
    polynomial("small_p", SMALL_P, at("gain", {t: L(v) + 1}), "p"),
)  # fmt: skip

FROM_TWO = (
    calculus("ratio_turned", forall(x, x > 0, Eq(derivative(-ratio(x), x), -falling)), "p"),
    cite("compared_rising", "nonincreasing", "ratio_turned",
         over=(x, z), given=And(ORDERED, LARGE),
         F=function_of(x, -ratio(x)), f=function_of(x, -falling), a=x, b=z),
    calculus("gap_slope", GAP_SLOPE, "p"),
    polynomial("before", forall((t, z), And(BEFORE, LARGE), gap_slope <= 0),
               at("compared_rising", {x: t, z: z})),
    polynomial("after", forall((t, z), And(AFTER, LARGE), -gap_slope <= 0),
               at("compared_rising", {x: z, z: t})),
    cite("left", "nonincreasing", "gap_slope", "before", over=(x, z), given=And(ORDERED, LARGE),
         F=function_of(t, gap), f=function_of(t, gap_slope), a=x, b=z),
    calculus("gap_turned", GAP_TURNED, "p"),
    cite("right", "nonincreasing", "gap_turned", "after", over=(x, z), given=And(REVERSED, LARGE),
         F=function_of(t, -gap), f=function_of(t, -gap_slope), a=z, b=x),
    polynomial("tangent",
               forall((x, z), And(x >= 0, z > 0, LARGE),
                      GAIN(x) >= GAIN(z) + TANGENT(z) * (x - z)),
               "left", "right"),
    lemma("jensen", "kl_separable_convex.jensen", "positive", "squared_slope", "tangent",
          "H_separable", "H_gradient", "m", given=LARGE, k=TANGENT, **APPLIED),
    algebra("mean", forall(x, x > 0, Eq(power(x / m), power(x) * m ** (2 / p - 2))), "p", "m"),
    polynomial("large_p", LARGE_P, "jensen", at("mean", {x: L(v)}), "m"),
)  # fmt: skip

# The gradient at A x, x = 1, for A = (1, 1/2)ᵀ and y = 0 is (1, 2^{1−p}): off ran A unless p = 2.
OFF_RANGE = (
    ball("off_range_below", forall(t, And(t > 1, t < 2), HALF ** (t - 1) > HALF)),
    ball("off_range_above", forall(t, t > 2, HALF ** (t - 1) < HALF)),
)

CUBIC = {
    p: Integer(3),
    rho: Map(x, x**3 / 3),
    rho_1: Map(x, x**2),
    L: Map(x, 2 * Abs(x - centre) ** 3 / 3),
    grad_L: Map(x, sqrt(2) * Abs(x - centre) * (x - centre)),
}
SLOWER = {
    p: Rational(3, 2),
    rho: Map(x, 2 * x ** Rational(3, 2) / 3),
    rho_1: Map(x, sqrt(x)),
    L: Map(x, 2 * Abs(x - centre) ** Rational(3, 2) / 3),
    grad_L: Map(x, sqrt(Abs(x - centre))),
}

STATEMENT = Statement(
    title="Separable p-th powers: the desingularizing function C (ps)^{1/p}",
    source=Source("sharp", (), "2"),
    quantities=(*OBJECTS, Quantity(p, "exponent of the loss", p > 1)),
    hypotheses=(
        H_SEPARABLE,
        H_GRADIENT,
        H_ZERO,
        Hypothesis(
            "H_power",
            forall(x, x > 0, And(Eq(rho(x), x**p / p), Eq(rho_1(x), x ** (p - 1)))),
            "ρ(s) = s^p/p for s > 0",
        ),
    ),
    conclusions={"small_p": SMALL_P, "large_p": LARGE_P, "psi": PSI},
    steps=(*PROFILE, *UP_TO_TWO, *FROM_TWO, calculus("psi", PSI, "p"), *OFF_RANGE),
    bounds=(
        Bound("psi_small_p", (p * x) ** (1 / p), "ψ(s)", "value", of=("small_p",)),
        Bound("psi_large_p", FACTOR * (p * x) ** (1 / p), "ψ(s)", "value", of=("large_p",)),
    ),
    instance=in_space("p = 3, m = 3", x**3 / 3, x**2, {rho: CUBIC[rho], rho_1: CUBIC[rho_1], p: 3}),
    models=(
        all_off("p = 3, both coordinates equally off", CUBIC, {}, {}),
        one_off("p = 3/2, one coordinate off", SLOWER, {}, {}),
    ),
    findings=(
        Finding(
            "separable_powers_leave_the_range",
            "Even for y in ran A, ∇L does not keep ran A unless p = 2: for A = (1, 1/2)ᵀ and y = 0 "
            "the gradient at A·1 is (1, 2^{1−p}), and 2^{1−p} = 1/2 for p = 2 only.",
            steps=("off_range_below", "off_range_above"),
        ),
    ),
    mutants=(
        Mutant("ψ' 1% smaller, p ≤ 2", {"small_p": _inequality(SMALL, 1 / MORE)}),
        Mutant("ψ' 1% smaller, p ≥ 2", {"large_p": _inequality(LARGE, FACTOR / MORE)}),
        Mutant("no factor for p ≥ 2", {"large_p": _inequality(LARGE, Integer(1))}),
        Mutant("the factor for p ≤ 2 too", {"small_p": _inequality(SMALL, FACTOR)}),
        Mutant(
            "ψ(s) = (ps)^{1/p}/p^{1/p}, the factor p forgotten",
            {
                "small_p": forall(
                    v, And(L(v) > 0, SMALL), L(v) ** (1 / p - 1) * Norm(grad_L(v)) >= p
                )
            },
        ),
    ),
)
