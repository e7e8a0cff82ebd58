"""Rademacher and uniform entries are sub-Gaussian with variance proxy 1 (THEORY section 7).

Their exponential moments are cosh t, and sinh(u)/u with u = √3 t for the uniform law on [−√3, √3].
The first is at most exp(t²/2) since log cosh is; the second since sinh(u)exp(−u²/6)/u decreases
from its limit 1 at 0.
"""

from sympy import And, Eq, Expr, Min, Rational, cosh, exp, log, sinh, true

from theory.formulas import forall
from theory.statement import Model, Mutant, Source, Statement, at
from theory.steps import ball, calculus, cite, polynomial
from theory.terms import derivative, function_of, real

t, u, a, b, x = real("t u a b x")


def _ratio(point: Expr) -> Expr:
    return sinh(point) * exp(-(point**2) / 6) / point


SLOPE = -exp(-(u**2) / 6) / u**2 * ((u**2 / 3 + 1) * sinh(u) - u * cosh(u))
NEAR = Min(1, u, (_ratio(u) - 1) / 2)
RADEMACHER = forall(t, true, cosh(t) <= exp(t**2 / 2))
UNIFORM = forall(u, u > 0, sinh(u) <= u * exp(u**2 / 6))
INTERVAL = And(0 < a, a <= b)

STEPS = (
    ball("log_cosh", forall(t, true, t**2 / 2 - log(cosh(t)) >= 0)),
    ball("at_least_one", forall(x, x >= 0, exp(x) >= 1)),
    ball("cosh_sign", forall(t, true, cosh(t) >= 1)),
    polynomial("rademacher", RADEMACHER, "log_cosh", "cosh_sign",
               at("at_least_one", {x: t**2 / 2 - log(cosh(t))})),
    ball("bracket", forall(u, u >= 0, (u**2 / 3 + 1) * sinh(u) - u * cosh(u) >= 0)),
    calculus("slope", forall(u, u > 0, Eq(derivative(_ratio(u), u), SLOPE))),
    polynomial("slope_sign", forall(u, u > 0, SLOPE <= 0), "bracket"),
    cite("decreases", "nonincreasing", "slope", "slope_sign", over=(a, b), given=INTERVAL,
         F=function_of(u, _ratio(u)), f=function_of(u, SLOPE), a=a, b=b),
    ball("near_zero", forall(a, And(a > 0, a <= 1), a * (1 + a) - sinh(a) >= 0)),
    ball("below_one", forall(x, x >= 0, And(exp(-x) > 0, exp(-x) <= 1))),
    polynomial("start", forall(a, And(a > 0, a <= 1), _ratio(a) <= 1 + a), "near_zero",
               at("below_one", {x: a**2 / 6})),
    polynomial("limit", forall(u, u > 0, _ratio(u) <= 1), at("decreases", {a: NEAR, b: u}),
               at("start", {a: NEAR})),
    polynomial("uniform", UNIFORM, "limit"),
)  # fmt: skip

STATEMENT = Statement(
    title="Rademacher and uniform entries have variance proxy 1",
    source=Source("sharp", (), "7"),
    quantities=(),
    hypotheses=(),
    conclusions={"rademacher": RADEMACHER, "uniform": UNIFORM},
    steps=STEPS,
    models=(Model("the real line", {}),),
    mutants=(
        Mutant("proxy 1% smaller", {
            "rademacher": forall(t, true, cosh(t) <= exp(Rational(99, 200) * t**2))}),
        Mutant("uniform proxy 1% smaller", {
            "uniform": forall(u, u > 0, sinh(u) <= u * exp(Rational(99, 600) * u**2))}),
        Mutant("uniform law read as bounded by 1", {
            "uniform": forall(u, u > 0, sinh(u) <= u * exp(u**2 / 12))}),
    ),
)  # fmt: skip
