"""Desingularizing functions ψ(s) = c s^α: the three regimes of decay (THEORY section 2)."""

from sympy import And, Eq, Expr, Integer, Ne, Rational, exp, log
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, forall
from theory.settings.flow import tau, x
from theory.statement import Bound, Finding, Model, Mutant, Quantity, Source, Statement
from theory.steps import algebra, calculus, polynomial
from theory.terms import derivative, real

c, alpha, ell, G = real("c alpha ell G")
HALF = Rational(1, 2)

desingularizer = c * x**alpha
slope = c * alpha * x ** (alpha - 1)


def logarithm(factor: Expr) -> Expr:
    """Return Ψ for α = 1/2, with its factor c²/4."""
    return -factor * log(x)


def power(denominator: Expr, exponent: Expr) -> Expr:
    """Return Ψ for α ≠ 1/2, with its denominator 1 − 2α and its exponent 2α − 1."""
    return c**2 * alpha**2 * x**exponent / denominator


def power_inverse(gap: Expr, exponent: Expr) -> Expr:
    """Return Ψ⁻¹ for α ≠ 1/2, with its exponent −1/(1 − 2α)."""
    return (gap * tau / (c**2 * alpha**2)) ** exponent


gap = 1 - 2 * alpha
primitive = power(gap, -gap)
exponential = logarithm(c**2 / 4)
exponential_inverse = exp(-4 * tau / c**2)
inverse = power_inverse(gap, -1 / gap)

POSITIVE = x > 0
SLOW = alpha < HALF
FAST = alpha > HALF

SLOPE = forall(x, POSITIVE, Eq(derivative(desingularizer, x), slope))
INCREASING = forall(x, POSITIVE, slope > 0)
EXPONENTIAL = forall(x, And(POSITIVE, Eq(alpha, HALF)), Eq(derivative(exponential, x), -(slope**2)))
POWER = forall(x, And(POSITIVE, Ne(alpha, HALF)), Eq(derivative(primitive, x), -(slope**2)))
POLYNOMIAL_SIGN = forall(x, And(POSITIVE, SLOW), primitive > 0)
FINITE_TIME_SIGN = forall(x, And(POSITIVE, FAST), -primitive > 0)


def _exponential(candidate: Expr) -> ForAll:
    return forall(tau, Eq(alpha, HALF), Eq(candidate.subs(x, exponential_inverse), tau))


def _power(domain: Boolean, candidate: Expr, level: Expr) -> ForAll:
    return forall(tau, domain, Eq(candidate.subs(x, level), tau))


POLYNOMIAL = And(tau > 0, SLOW)
FINITE_TIME = And(tau < 0, FAST)
EXPONENTIAL_INVERSE = _exponential(exponential)
POLYNOMIAL_INVERSE = _power(POLYNOMIAL, primitive, inverse)
FINITE_TIME_INVERSE = _power(FINITE_TIME, primitive, inverse)

# With a Lipschitz gradient, ‖∇L‖² = G² ≤ 2ℓL, at the level L = x.
LIPSCHITZ = And(POSITIVE, G >= 0, 2 * ell * x >= G**2, slope * G >= 1)

STEPS = (
    calculus("slope", SLOPE),
    polynomial("slope_positive", INCREASING, "c", "alpha"),
    calculus("exponential_primitive", EXPONENTIAL),
    calculus("power_primitive", POWER),
    polynomial("polynomial_sign", POLYNOMIAL_SIGN, "c", "alpha"),
    polynomial("finite_time_sign", FINITE_TIME_SIGN, "c"),
    algebra("exponential_inverse", EXPONENTIAL_INVERSE, "c"),
    algebra("polynomial_inverse", POLYNOMIAL_INVERSE, "c", "alpha"),
    algebra("finite_time_inverse", FINITE_TIME_INVERSE, "c"),
    polynomial("lipschitz_gradient",
               forall((x, G, ell), LIPSCHITZ,
                      2 * ell * c**2 * alpha**2 * x ** (2 * alpha - 1) >= 1)),
)  # fmt: skip


def _model(name: str, low: Rational, high: Rational, witness: Rational) -> Model:
    parameters = {c: (Rational(1, 2), Integer(2)), alpha: (low, high)}
    return Model(name, {c: c, alpha: alpha}, parameters, {c: Rational(3, 2), alpha: witness})


MODELS = (
    _model("polynomial decay", Rational(1, 10), Rational(9, 20), Rational(1, 4)),
    _model("exponential decay", HALF, HALF, HALF),
    _model("finite time", Rational(11, 20), Rational(9, 10), Rational(3, 4)),
)
MORE = Rational(101, 100)

STATEMENT = Statement(
    title="Desingularizing functions c s^α: exponential, polynomial and finite-time decay",
    source=Source("sharp", (), "2"),
    quantities=(
        Quantity(c, "factor of ψ", c > 0),
        Quantity(alpha, "exponent of ψ", And(alpha > 0, alpha < 1)),
    ),
    hypotheses=(),
    conclusions={
        "slope": SLOPE,
        "slope_positive": INCREASING,
        "exponential_primitive": EXPONENTIAL,
        "power_primitive": POWER,
        "exponential_inverse": EXPONENTIAL_INVERSE,
        "polynomial_sign": POLYNOMIAL_SIGN,
        "polynomial_inverse": POLYNOMIAL_INVERSE,
        "finite_time_sign": FINITE_TIME_SIGN,
        "finite_time_inverse": FINITE_TIME_INVERSE,
    },
    steps=STEPS,
    bounds=(
        Bound("psi", desingularizer, "desingularizing function ψ(s)", "value", of=("slope",)),
        Bound("Psi_exponential", exponential, "Ψ(s)", "value", of=("exponential_primitive",)),
        Bound("Psi_power", primitive, "Ψ(s)", "value", of=("power_primitive",)),
        Bound(
            "inverse_exponential",
            exponential_inverse,
            "loss at Ψ = τ",
            "value",
            of=("exponential_inverse",),
        ),
        Bound(
            "inverse_power",
            inverse,
            "loss at Ψ = τ",
            "value",
            of=("polynomial_inverse", "finite_time_inverse"),
        ),
    ),
    models=MODELS,
    mutants=(
        Mutant(
            "c²/4 enlarged by 1%",
            {"exponential_inverse": _exponential(logarithm(MORE * c**2 / 4))},
        ),
        Mutant(
            "denominator 1 − 2α enlarged by 1%",
            {"polynomial_inverse": _power(POLYNOMIAL, power(MORE * gap, -gap), inverse)},
        ),
        Mutant(
            "exponent 2α − 1 enlarged by 1%",
            {"polynomial_inverse": _power(POLYNOMIAL, power(gap, -MORE * gap), inverse)},
        ),
        Mutant(
            "exponent of Ψ⁻¹ enlarged by 1%",
            {
                "finite_time_inverse": _power(
                    FINITE_TIME, primitive, power_inverse(gap, -MORE / gap)
                )
            },
        ),
    ),
    findings=(
        Finding(
            "finite_time_excludes_lipschitz_gradient",
            "Where ‖∇L‖² ≤ 2ℓL, as for an ℓ-Lipschitz gradient, the inequality with ψ(s) = c s^α "
            "needs 2ℓc²α²L^{2α−1} ≥ 1: for α > 1/2 it fails near the minimisers.",
            steps=("lipschitz_gradient",),
        ),
    ),
)
