"""Entries ±D and uniform entries on [−D, D] are sub-Gaussian (THEORY section 7).

Their exponential moments are cosh(Dt) and sinh(Dt)/(Dt): the variance proxies are D² and D²/3, so 1
for D = 1 and for D = √3. The first since log cosh t ≤ t²/2; the second since sinh(u)exp(−u²/6)/u
decreases from its limit 1 at 0.
"""

from sympy import And, Eq, Expr, Integer, Min, Rational, cosh, exp, log, sinh, true

from theory.formulas import ForAll, forall
from theory.settings.initial import AT_LEAST_ONE
from theory.statement import Bound, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import ball, calculus, cite, polynomial
from theory.terms import derivative, function_of, real

t, u, a, b, x, D = real("t u a b x D")


def _ratio(point: Expr) -> Expr:
    return sinh(point) * exp(-(point**2) / 6) / point


SLOPE = -exp(-(u**2) / 6) / u**2 * ((u**2 / 3 + 1) * sinh(u) - u * cosh(u))
NEAR = Min(1, u, (_ratio(u) - 1) / 2)


def _rademacher(proxy: Expr) -> ForAll:
    return forall(t, true, cosh(D * t) <= exp(proxy * t**2 / 2))


def _uniform(proxy: Expr) -> ForAll:
    return forall(t, t > 0, sinh(D * t) <= D * t * exp(proxy * t**2 / 2))


RADEMACHER, UNIFORM = _rademacher(D**2), _uniform(D**2 / 3)
INTERVAL = And(0 < a, a <= b)

STEPS = (
    ball("log_cosh", forall(t, true, t**2 / 2 - log(cosh(t)) >= 0)),
    AT_LEAST_ONE,
    polynomial(
        "cosh_bound",
        forall(t, true, cosh(t) <= exp(t**2 / 2)),
        "log_cosh",
        at("at_least_one", {x: t**2 / 2 - log(cosh(t))}),
    ),
    ball("bracket", forall(u, u >= 0, (u**2 / 3 + 1) * sinh(u) - u * cosh(u) >= 0)),
    calculus("slope", forall(u, u > 0, Eq(derivative(_ratio(u), u), SLOPE))),
    polynomial("slope_sign", forall(u, u > 0, SLOPE <= 0), "bracket"),
    cite(
        "decreases",
        "nonincreasing",
        "slope",
        "slope_sign",
        over=(a, b),
        given=INTERVAL,
        F=function_of(u, _ratio(u)),
        f=function_of(u, SLOPE),
        a=a,
        b=b,
    ),
    ball("near_zero", forall(a, And(a > 0, a <= 1), a * (1 + a) - sinh(a) >= 0)),
    ball("below_one", forall(x, x >= 0, And(exp(-x) > 0, exp(-x) <= 1))),
    polynomial(
        "start",
        forall(a, And(a > 0, a <= 1), _ratio(a) <= 1 + a),
        "near_zero",
        at("below_one", {x: a**2 / 6}),
    ),
    polynomial(
        "limit",
        forall(u, u > 0, _ratio(u) <= 1),
        at("decreases", {a: NEAR, b: u}),
        at("start", {a: NEAR}),
    ),
    polynomial("sinh_bound", forall(u, u > 0, sinh(u) <= u * exp(u**2 / 6)), "limit"),
    polynomial("rademacher", RADEMACHER, at("cosh_bound", {t: D * t})),
    polynomial("uniform", UNIFORM, at("sinh_bound", {u: D * t}), "D"),
)

STATEMENT = Statement(
    title="Entries of two values and uniform entries are sub-Gaussian",
    source=Source("sharp", (), "7"),
    quantities=(Quantity(D, "bound of the entries", D > 0),),
    hypotheses=(),
    conclusions={"rademacher": RADEMACHER, "uniform": UNIFORM},
    steps=STEPS,
    bounds=(
        Bound("rademacher", D**2, "variance proxy of entries ±D, equally likely", "value"),
        Bound("uniform", D**2 / 3, "variance proxy of entries uniform on [−D, D]", "value"),
    ),
    models=(Model("a bound", {}, {D: (Rational(1, 10), Integer(10))}, {D: Rational(3, 2)}),),
    mutants=(
        Mutant("proxy 1% smaller", {"rademacher": _rademacher(Rational(99, 100) * D**2)}),
        Mutant("uniform proxy 1% smaller", {"uniform": _uniform(Rational(33, 100) * D**2)}),
        Mutant("half the range squared in place of the variance", {"uniform": _uniform(D**2 / 4)}),
    ),
)
