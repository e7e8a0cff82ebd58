"""The Kurdyka–Łojasiewicz inequality bounds the distance to the minimisers (THEORY section 2).

A gradient curve from v has a length of at most ψ(L(v)) and converges to a minimiser. Nothing asks
the loss to be convex.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sympy import And, Eq, Integer, Rational, Symbol, sqrt
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.instances import Instance, coordinates, dot, mapping
from theory.settings.flow import (
    DESINGULARIZER,
    H_KL,
    H_MIN,
    H_PSI_1_CONTINUOUS,
    R_0,
    L,
    grad_L,
    psi,
    psi_1,
    r_0,
    t,
    tau,
    v,
    x,
    z,
)
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import calculus, cite, gram, lemma, polynomial
from theory.terms import (
    Gradient,
    Inner,
    Norm,
    derivative,
    function_of,
    real,
    real_function,
    vector,
    vector_function,
)

v_0, v_inf = vector("v_0"), vector("v_infinity")
gamma = vector_function("gamma")
s, M = real_function("s"), real_function("M")
epsilon = real("epsilon")

start = L(v_0)
loss, gradient = L(gamma(t)), grad_L(gamma(t))
speed = Norm(gradient)
VELOCITY = function_of(t, -gradient)

STARTED = t >= 0
ALIVE = And(t >= 0, loss > 0)
DEAD = And(t >= 0, Eq(loss, 0))
SINCE = And(tau >= 0, tau <= t)

MINIMISER = Eq(L(v_inf), 0)
DISTANCE = Norm(v_inf - v_0) <= psi(start)

CURVE = (
    cite("curve", "gradient_curve", "H_smooth", "H_min", ell=L, G=grad_L, z=v_0, c=0, p=gamma),
    cite("chain_rule", "chain_rule_along", "H_smooth", "curve.velocity",
         ell=L, G=grad_L, p=gamma, p_dot=VELOCITY),
    gram("dissipation", forall(t, STARTED, Eq(Inner(gradient, -gradient), -(speed**2)))),
    polynomial("loss_derivative", forall(t, STARTED, Eq(derivative(loss, t), -(speed**2))),
               "chain_rule", "dissipation"),
    cite("loss_monotone", "nonincreasing", "loss_derivative", over=(tau, t), given=SINCE,
         F=function_of(t, loss), f=function_of(t, -(speed**2)), a=tau, b=t),
    polynomial("below_start", forall(t, STARTED, loss <= start),
               at("loss_monotone", {tau: 0}), "curve.start"),
    cite("velocity_continuous", "continuous_along", "H_smooth", "curve.velocity",
         ell=L, G=grad_L, p=gamma, p_dot=VELOCITY, c=-1),
    cite("length", "length", "curve.velocity", "velocity_continuous",
         p=gamma, p_dot=VELOCITY, S=s),
)  # fmt: skip

LENGTH = (
    polynomial("kl_along", forall(t, ALIVE, psi_1(loss) * speed >= 1),
               at("H_KL", {v: gamma(t)}), "below_start", "H_start"),
    calculus("misfit_derivative",
             forall(t, ALIVE, Eq(derivative(psi(loss) + s(t), t), -psi_1(loss) * speed**2 + speed)),
             "loss_derivative", "length.speed", at("H_psi", {x: loss}), "below_start", "H_start"),
    polynomial("misfit_sign", forall(t, ALIVE, -psi_1(loss) * speed**2 + speed <= 0), "kl_along"),
    cite("misfit_decreases", "nonincreasing", "misfit_derivative", "misfit_sign", "loss_monotone",
         over=(t,), given=ALIVE, F=function_of(t, psi(loss) + s(t)),
         f=function_of(t, -psi_1(loss) * speed**2 + speed), a=0, b=t),
    lemma("psi_positive", "desingularizer_increases.positive", "H_psi", "H_psi_continuous",
          "H_psi_zero"),
    polynomial("travelled_alive", forall(t, ALIVE, s(t) <= psi(start)),
               "misfit_decreases", "curve.start", "length.start", at("psi_positive", {x: loss}),
               "below_start", "H_start"),
    polynomial("misfit_nonnegative", psi(start) >= 0, at("psi_positive", {x: start}), "H_start",
               "H_psi_zero", at("H_min", {v: v_0})),
)  # fmt: skip

STOP = (
    cite("gradient_dead", "fermat", "H_smooth", "H_min",
         over=(t,), given=DEAD, ell=L, G=grad_L, z=gamma(t)),
    gram("speed_dead", forall(t, DEAD, Eq(speed, 0)), "gradient_dead"),
    lemma("travelled", "bound_past_zero.bounded", "loss_derivative", "speed_dead", "length.speed",
          "travelled_alive", at("H_min", {v: gamma(x)}), "length.start", "misfit_nonnegative",
          over=(t,), given=STARTED, a=0, b=t, c=psi(start), F=function_of(t, loss), G=s,
          **{"F'": function_of(t, -(speed**2)), "G'": function_of(t, speed)}),
)  # fmt: skip

LIMIT = (
    cite("convergence", "finite_length", "length.chord", "travelled",
         p=gamma, S=s, c=psi(start), limit=v_inf),
    cite("within", "limit_within", "convergence", "travelled", "length.start",
         at("length.chord", {real("x_1"): 0, real("x_2"): x}),
         p=gamma, a=0, c=psi(start), limit=v_inf),
    gram("distance", DISTANCE, "within", "curve.start"),
)  # fmt: skip

SMALL = And(epsilon > 0, epsilon <= start)
ABOVE = And(t >= 0, epsilon > 0, epsilon < loss)
settled = M(epsilon) * psi(start) + 1
VANISH = (
    cite("slope_bounded", "bounded_above", at("H_psi'_continuous", {x: epsilon, z: start}),
         "H_start",
         over=(epsilon,), given=SMALL, F=psi_1, a=epsilon, b=start, c=M(epsilon)),
    polynomial("speed_bounded_below",
               forall((t, epsilon, x), And(ABOVE, x >= 0, x <= t),
                      1 - M(epsilon) * Norm(grad_L(gamma(x))) <= 0),
               at("kl_along", {t: x}), at("slope_bounded", {x: L(gamma(x))}),
               at("loss_monotone", {tau: x}), at("below_start", {t: x})),
    calculus("clock",
             forall((t, epsilon), STARTED,
                    Eq(derivative(t - M(epsilon) * s(t), t), 1 - M(epsilon) * speed)),
             "length.speed"),
    cite("paced", "nonincreasing", "clock", "speed_bounded_below",
         over=(t, epsilon), given=ABOVE, F=function_of(t, t - M(epsilon) * s(t)),
         f=function_of(t, 1 - M(epsilon) * speed), a=0, b=t),
    polynomial("bound_positive", forall((t, epsilon), ABOVE, M(epsilon) > 0),
               at("speed_bounded_below", {x: t})),
    polynomial("small_in_time",
               forall((t, epsilon), And(t >= 0, epsilon > 0, t >= settled), loss <= epsilon),
               "paced", "bound_positive", "length.start", "travelled"),
    cite("vanishing", "tends_to_zero", "small_in_time", at("H_min", {v: gamma(x)}),
         F=function_of(t, loss), S=function_of(epsilon, settled), c=1),
    cite("minimiser", "value_at_limit", "H_smooth", "convergence", "vanishing",
         ell=L, G=grad_L, p=gamma, z=v_inf, c=0),
)  # fmt: skip

STEPS = (*CURVE, *LENGTH, *STOP, *LIMIT, *VANISH)

centre, point = real("centre point")
ONE, ZERO = Rational(1), Rational(0)


def _squared(
    name: str,
    stretch: Rational = ONE,
    slope: Rational = ONE,
    shift: Rational = ZERO,
    witness: Mapping[Symbol, Any] = MappingProxyType({}),
) -> Model:
    """Return ½(v − c)² with ψ(s) = stretch √(2s) − shift and ψ'(s) = slope/√(2s)."""
    return Model(
        name,
        {
            r_0: Integer(20),
            L: Map(x, (x - centre) ** 2 / 2),
            grad_L: Map(x, x - centre),
            psi: Map(x, stretch * sqrt(2 * x) - shift),
            psi_1: Map(x, slope / sqrt(2 * x)),
            v_0: point,
            v_inf: centre,
        },
        {centre: (Integer(-2), Integer(2)), point: (Integer(-2), Integer(2))},
        witness,
    )


KL_REGION = And(L(v) > 0, L(v) < r_0)
SHORT = Rational(99, 100)
MODELS = (
    _squared("squared distance", witness={centre: Rational(2, 5), point: Rational(-6, 5)}),
    _squared("squared distance, ψ 1% too small", SHORT, SHORT),
    _squared("squared distance, ψ 1% too small for its derivative", SHORT),
    _squared("squared distance, ψ shifted", shift=Rational(1, 100)),
)


def _desingularizer(factor: Rational) -> ForAll:
    """Return H_psi with a factor at the derivative of ψ."""
    inside = And(x > 0, x < r_0)
    slope = Eq(derivative(psi(x), x), factor * psi_1(x))
    return forall(x, inside, And(slope, psi_1(x) > 0))


entries, target = coordinates("v", 3), (Integer(1), Integer(-2), Rational(1, 2))
off = tuple(a - b for a, b in zip(entries, target, strict=True))
INSTANCE = Instance(
    "squared distance, m = 3",
    {
        L: mapping(entries, dot(off, off) / 2),
        grad_L: mapping(entries, off),
        psi: mapping(x, sqrt(2 * x)),
        psi_1: mapping(x, 1 / sqrt(2 * x)),
        v_0: (2, 0, 0),
        v_inf: target,
        r_0: 5,
    },
)

STATEMENT = Statement(
    title="Error bound: the distance to the minimisers is at most ψ(L)",
    source=Source("sharp", (), "2"),
    quantities=(
        R_0,
        Quantity(L, "loss"),
        Quantity(grad_L, "gradient of the loss"),
        Quantity(psi, "desingularizing function ψ"),
        Quantity(psi_1, "derivative of ψ"),
        Quantity(v_0, "a point below the level r₀"),
        Quantity(v_inf, "a minimiser near it"),
    ),
    hypotheses=(
        Hypothesis(
            "H_smooth",
            Gradient(function_of(v, L(v)), function_of(v, grad_L(v))),
            "the loss is C¹",
        ),
        H_MIN,
        H_KL,
        *DESINGULARIZER,
        H_PSI_1_CONTINUOUS,
        Hypothesis("H_start", start < r_0, "the loss at the point lies below r₀"),
    ),
    conclusions={"minimiser": MINIMISER, "distance": DISTANCE},
    steps=STEPS,
    bounds=(Bound("distance", psi(start), "distance to the nearest minimiser", of=("distance",)),),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("bound 1% smaller", {"distance": Norm(v_inf - v_0) <= SHORT * psi(start)}),
        Mutant(
            "Kurdyka–Łojasiewicz inequality with 0.99 for 1",
            {"H_KL": forall(v, KL_REGION, psi_1(L(v)) * Norm(grad_L(v)) >= SHORT)},
            "distance",
        ),
        Mutant("ψ' 1% larger than the slope of ψ", {"H_psi": _desingularizer(SHORT)}, "distance"),
        Mutant("ψ(0) = 0 not asked for", {"H_psi_zero": None}, "distance"),
    ),
    characterised={"v_infinity": forall(v, Eq(L(v), 0), Eq(v, v_inf))},
)
