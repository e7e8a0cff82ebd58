"""The envelope of the squared loss in closed form (THEORY section 3, flow_sharp (c) and (e)).

Ẇ = −(a + bW)W, W(0) = w₀ has the solution w₀/(e^{at} + b w₀ (e^{at} − 1)/a), and w₀/(1 + b w₀ t)
at a = 0. It decays like e^{−at} for a > 0; for a < 0 it decreases to −a/b and no further.
"""

from sympy import And, Eq, Expr, Implies, Integer, Ne, Piecewise, Rational, exp, true

from theory.formulas import forall
from theory.settings.flow import a, b, t, tau, w_0, x
from theory.statement import (
    Bound,
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import algebra, ball, calculus, cite, polynomial
from theory.terms import ConvergesTo, derivative, function_of, real, real_function

W = real_function("W")
level = real("level")


def envelope(rate: Expr, gain: Expr) -> Expr:
    """Return the closed form for a rate a ≠ 0 and a gain b."""
    return w_0 / (exp(rate * t) + gain * w_0 * (exp(rate * t) - 1) / rate)


def _slope(value: Expr) -> Expr:
    return -(a + b * value) * value


def _definition(regular: Expr, at_zero: Expr) -> Expr:
    return Piecewise((at_zero, Eq(a, 0)), (regular, True))


growth = exp(a * t)
denominator = growth + b * w_0 * (growth - 1) / a
closed = envelope(a, b)
critical = w_0 / (1 + b * w_0 * t)
limit = -a / b
excess = w_0 - limit
settled = -excess / (a * level)

STARTED = t >= 0
RISING = And(t >= 0, a > 0)
FADING = And(t >= 0, a < 0)
REGULAR = And(t >= 0, Ne(a, 0))
CRITICAL = And(t >= 0, Eq(a, 0))
SINCE = And(tau >= 0, tau <= t)

EQUATION = forall(t, REGULAR, Eq(derivative(closed, t), _slope(closed)))
CRITICAL_EQUATION = forall(t, CRITICAL, Eq(derivative(critical, t), _slope(critical)))
DENOMINATOR = forall(t, REGULAR, denominator > 0)
START = Eq(W(0), w_0)
POSITIVE = forall(t, STARTED, And(W(t) > 0, a + b * W(t) > 0))
FIRST_INTEGRAL = forall(t, REGULAR, Eq(W(t) * (a + b * w_0) * growth, w_0 * (a + b * W(t))))
DECREASING = forall((tau, t), SINCE, W(t) <= W(tau))
DECAY = forall(t, RISING, W(t) <= w_0 * exp(-a * t))
ABOVE = forall(t, FADING, W(t) >= limit)
BELOW = forall(t, FADING, W(t) <= limit + excess * growth)
CONVERGENCE = Implies(a < 0, ConvergesTo(function_of(t, W(t) - limit), 0))

STEPS = (
    ball("exponential", forall(x, true, exp(x) >= 1 + x)),
    polynomial("growth_rising", forall(t, RISING, growth >= 1 + a * t),
               at("exponential", {x: a * t})),
    polynomial("growth_fading", forall(t, FADING, growth * (1 - a * t) <= 1),
               at("exponential", {x: -a * t})),
    polynomial("denominator_rising", forall(t, RISING, denominator >= growth),
               "growth_rising", "b", "w_0"),
    polynomial("denominator_fading",
               forall(t, FADING, a * growth + b * w_0 * (growth - 1) <= a),
               "growth_fading", "H_margin"),
    polynomial("denominator", DENOMINATOR,
               "denominator_rising", "denominator_fading"),
    polynomial("critical_denominator", forall(t, STARTED, 1 + b * w_0 * t >= 1), "b", "w_0"),
    calculus("equation", EQUATION, "denominator"),
    calculus("critical_equation", CRITICAL_EQUATION, "critical_denominator"),
    polynomial("start", START, at("W", {t: 0})),
    polynomial("regular", forall(t, REGULAR, Eq(W(t), closed)), "W", "denominator"),
    polynomial("critical", forall(t, CRITICAL, Eq(W(t), critical)), "W", "critical_denominator"),
    algebra("integral_closed",
            forall(t, REGULAR, Eq(closed * (a + b * w_0) * growth, w_0 * (a + b * closed))),
            "denominator"),
    polynomial("first_integral", FIRST_INTEGRAL, "regular", "integral_closed"),
    polynomial("positive", POSITIVE, "critical", "denominator", "first_integral", "H_margin",
               "w_0"),
    polynomial("decay", DECAY, "regular", "denominator_rising", "w_0"),
    polynomial("above_limit", ABOVE, "positive"),
    polynomial("gain_positive", Implies(a < 0, And(b > 0, excess > 0)), "H_margin", "w_0"),
    polynomial("excess_left", forall(t, FADING, Eq((W(t) - limit) * denominator, excess * growth)),
               "regular", "denominator", "gain_positive"),
    polynomial("below", BELOW, "excess_left", "denominator_fading", "gain_positive"),
    polynomial("growth_small", forall(t, And(FADING, t > 0), growth <= -1 / (a * t)),
               "growth_fading"),
    polynomial("settled",
               forall((t, level), And(FADING, level > 0, t >= settled), W(t) - limit <= level),
               "below", "growth_small", "gain_positive"),
    cite("convergence", "tends_to_zero", "settled", "above_limit", "gain_positive",
         given=a < 0, F=function_of(t, W(t) - limit), S=function_of(level, settled), c=1),
    polynomial("falling", forall(t, REGULAR, _slope(closed) <= 0),
               "positive", "regular", "denominator"),
    cite("regular_decreases", "nonincreasing", "equation", "falling", "denominator",
         over=(tau, t), given=And(SINCE, Ne(a, 0)),
         F=function_of(t, closed), f=function_of(t, _slope(closed)), a=tau, b=t),
    polynomial("decreasing", DECREASING, "regular_decreases", "regular", at("regular", {t: tau}),
               "critical", at("critical", {t: tau}), "b", "w_0"),
)  # fmt: skip

RATES = {w_0: (Rational(1, 2), Integer(2)), b: (Rational(1, 2), Integer(2))}
FADING_MODEL = Model(
    "a rate below zero",
    {w_0: w_0, a: a, b: b},
    RATES | {a: (Integer(-2), Rational(-1, 10))},
    {w_0: Rational(4, 5), b: Rational(3, 2), a: Rational(-1, 2)},
    (t, tuple(map(Integer, (20, 40, 80, 160)))),
)
RISING_MODEL = Model(
    "a rate above zero",
    {w_0: w_0, a: a, b: b},
    RATES | {a: (Rational(1, 10), Integer(2)), b: (Integer(0), Integer(2))},
    {w_0: Rational(4, 5), b: Integer(0), a: Rational(1, 2)},
)

STATEMENT = Statement(
    title="The envelope of the squared loss",
    source=Source("sharp", (), "3"),
    quantities=(
        Quantity(w_0, "initial misfit", w_0 > 0),
        Quantity(a, "rate of the decay; it may be negative"),
        Quantity(b, "gain", b >= 0),
    ),
    hypotheses=(Hypothesis("H_margin", a + b * w_0 > 0, "the misfit decreases at the start"),),
    definitions=(Definition(W(t), _definition(closed, critical), "envelope of the misfit"),),
    conclusions={
        "equation": EQUATION,
        "critical_equation": CRITICAL_EQUATION,
        "denominator": DENOMINATOR,
        "start": START,
        "positive": POSITIVE,
        "first_integral": FIRST_INTEGRAL,
        "decreasing": DECREASING,
        "decay": DECAY,
        "above_limit": ABOVE,
        "below": BELOW,
        "convergence": CONVERGENCE,
    },
    steps=STEPS,
    bounds=(
        Bound("envelope", closed, "misfit at time t", of=("equation",)),
        Bound("envelope_critical", critical, "misfit at time t", of=("critical_equation",)),
        Bound("limit", limit, "level at which the misfit may stall", "value", of=("above_limit",)),
    ),
    models=(FADING_MODEL, RISING_MODEL),
    mutants=(
        Mutant(
            "b enlarged by 1%",
            {"W": _definition(envelope(a, Rational(101, 100) * b), critical)},
            "above_limit",
        ),
        Mutant(
            "a enlarged by 1%",
            {"W": _definition(envelope(Rational(101, 100) * a, b), critical)},
            "first_integral",
        ),
        Mutant(
            "the minus one of e^{at} − 1 forgotten",
            {"W": _definition(w_0 / (growth + b * w_0 * growth / a), critical)},
            "start",
        ),
        Mutant(
            "limit 1% higher",
            {"above_limit": forall(t, FADING, W(t) >= Rational(101, 100) * limit)},
        ),
        Mutant(
            "decay 1% faster",
            {"decay": forall(t, RISING, W(t) <= w_0 * exp(-Rational(101, 100) * a * t))},
        ),
    ),
)
