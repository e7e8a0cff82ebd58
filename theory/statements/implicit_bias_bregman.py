"""Which solution the flow finds: the one nearest to its start (THEORY section 3b).

The dual variables F(h_i), F' = 1/φ', move in ran Gᵀ, G = k^{−1/2}AV: every combination of them that
G does not see is conserved. So a limit that fits the data is, of all points of the box that do, the
one of least Bregman divergence from the start.
"""

from collections.abc import Mapping
from typing import Any

from sympy import Eq, Expr, Integer, Rational, Symbol, exp, log, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall, substitute
from theory.instances import Instance, by_index, mapping
from theory.settings.flow import grad_L, t, v, x
from theory.settings.mirror import (
    H_F,
    H_OMEGA,
    H_SLOPE,
    POTENTIALS,
    F,
    Omega,
    column,
    divergence,
    dual_speed,
    output_of_box,
    speed,
)
from theory.settings.network import (
    H_PHI,
    PHI,
    PHI_1,
    WIDTH,
    V,
    W,
    each_neuron,
    i,
    j,
    k,
    over_neurons,
    partial_sums,
    phi,
)
from theory.settings.network_flow import (
    FLOW_QUANTITIES,
    FROM_START,
    INPUT,
    OUTPUT,
    at_all_times,
    gradient,
    inner_flow,
    pre,
    pre_start,
    sums_at_all_times,
)
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.statements._hidden_convex_flow import DUAL_RATE, FLOW
from theory.steps import calculus, cite, claims_of, induction, lemma, polynomial
from theory.terms import Inner, derivative, function_of, real, real_function, vector
from theory.witnesses.network import EXPONENTIAL, MIRROR_FLOW, MIRROR_NEURONS, scale

h_inf, h_other, c = (real_function(name) for name in ("h_infinity", "h_other", "c"))
s_inf, y_inf = vector("s_infinity"), vector("y_infinity")
low, aim = real("low aim")

dual = over_neurons(c(i) * F(pre))
moved = -speed / sqrt(k) * Inner(column, s_inf)
turn = moved * (phi(h_other(i)) - phi(h_inf(i)))
to_other, to_limit = divergence(pre_start, h_other(i)), divergence(pre_start, h_inf(i))

H_UNSEEN = Hypothesis(
    "H_unseen",
    forall(v, true, Eq(over_neurons(c(i) * Inner(column, v)), 0)),
    "G does not see the combination c",
)
H_LIMIT = Hypothesis(
    "H_limit",
    each_neuron(Eq(F(h_inf(i)), F(pre_start) + moved)),
    "the dual path of reduction_dual has the limit s_∞, and the hidden values have that of it",
)
H_FITS = output_of_box("H_fits", y_inf, h_inf(i), "the limit has the output y_∞")
H_ALSO_FITS = output_of_box("H_also_fits", y_inf, h_other(i), "so has another point of the box")

CONSERVED = at_all_times(Eq(dual, substitute(dual, {t: Integer(0)})))
NEAREST = over_neurons(to_other) >= over_neurons(to_limit)


STEPS = (
    FLOW,
    DUAL_RATE,
    induction("rate_sums",
              sums_at_all_times(Eq(derivative(over_neurons(c(i) * F(pre), j), t),
                                   over_neurons(c(i) * dual_speed, j))),
              at("dual_rate", {i: j}), "k"),
    induction("speed_sums",
              sums_at_all_times(
                  Eq(over_neurons(c(i) * dual_speed, j),
                     -speed / sqrt(k) * over_neurons(c(i) * Inner(column, gradient), j))),
              "k"),
    polynomial("dual_still", at_all_times(Eq(derivative(dual, t), 0)), at("rate_sums", {j: k}),
               at("speed_sums", {j: k}), at("H_unseen", {v: gradient}), "k"),
    cite("not_above", "nonincreasing", at("dual_still", {t: x}), over=(t,), given=FROM_START,
         F=function_of(t, dual), f=function_of(t, Integer(0)), a=0, b=t),
    calculus("dual_back", at_all_times(Eq(derivative(-dual, t), 0)), "dual_still"),
    cite("not_below", "nonincreasing", at("dual_back", {t: x}), over=(t,), given=FROM_START,
         F=function_of(t, -dual), f=function_of(t, Integer(0)), a=0, b=t),
    polynomial("conserved", CONSERVED, "not_above", "not_below"),
    lemma("divergence", "flow_hidden_convex.divergence", "H_phi", "H_slope", "H_F", "H_Omega"),
    polynomial("pythagoras", each_neuron(to_other >= to_limit + turn),
               at("divergence", {low: h_inf(i), aim: h_other(i)}), "H_limit", "k"),
    induction("nearest_sums",
              partial_sums(over_neurons(to_other, j)
                           >= over_neurons(to_limit, j) + over_neurons(turn, j)),
              at("pythagoras", {i: j}), "k"),
    induction("turn_sums",
              partial_sums(Eq(over_neurons(turn, j),
                              -speed * (over_neurons(phi(h_other(i)) * Inner(column, s_inf)
                                                     / sqrt(k), j)
                                        - over_neurons(phi(h_inf(i)) * Inner(column, s_inf)
                                                       / sqrt(k), j)))),
              "k"),
    polynomial("nearest", NEAREST, at("nearest_sums", {j: k}), at("turn_sums", {j: k}),
               at("H_fits", {v: s_inf}), at("H_also_fits", {v: s_inf}), "k"),
)  # fmt: skip
claims = claims_of(STEPS)

# The dual variables are −i√(1+2u²t), the limit −im.
level, tilt = real("level tilt")
share = 1 + tilt * (Rational(5, 2) - i)


def _model(
    name: str, coefficient: Expr, limit: Expr, other: Expr, witness: Mapping[Symbol, Any]
) -> Model:
    """Return the instance with given conserved combination, limit and competitor."""
    return Model(
        name,
        {
            **MIRROR_NEURONS,
            Omega: Map(x, x),
            **MIRROR_FLOW,
            grad_L: Map(x, x),
            c: Map(i, coefficient),
            s_inf: 2 * (level - 1) / scale**2,
            y_inf: 2 / level,
            h_inf: Map(i, log(limit / (i * level))),
            h_other: Map(i, log(other / (i * level))),
        },
        {
            scale: (Integer(1), Integer(1)),
            level: (Integer(2), Integer(4)),
            tilt: (Rational(1, 10), Rational(1, 2)),
        },
        witness,
    )


MODELS = (
    _model(
        "φ = exp, four neurons",
        i - 3,
        Integer(1),
        share,
        {scale: Integer(1), level: Integer(2), tilt: Rational(1, 4)},
    ),
    _model("a combination that G sees", Integer(1), Integer(1), share, {}),
    _model("a limit off ran Gᵀ", i - 3, share, Integer(1), {}),
)

# φ(h∞) = (1/2, 1/4, 1/4, 1/8) and φ(h_other) = (1/4, 3/8, 1/8, 3/16), both seen as (1/2, 1/4).
INSTANCE = Instance(
    "four neurons, m = 2, n = 3, φ = exp",
    {
        **EXPONENTIAL,
        F: mapping(x, -exp(-x)),
        Omega: mapping(x, x),
        c: by_index(-2, 1, 2, -1),
        s_inf: (Rational(2, 5), Rational(4, 5)),
        y_inf: (Rational(1, 2), Rational(1, 4)),
        h_inf: by_index(*(-log(Integer(number)) for number in (2, 4, 4, 8))),
        h_other: by_index(*(log(Rational(*pair)) for pair in ((1, 4), (3, 8), (1, 8), (3, 16)))),
    },
)

STATEMENT = Statement(
    title="Implicit bias: the limit is nearest to the start in Bregman divergence",
    source=Source("sharp", (), "3b"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along the flow"),
        Quantity(V, "outer weights of each neuron"),
        INPUT,
        PHI,
        PHI_1,
        *FLOW_QUANTITIES,
        *POTENTIALS,
        Quantity(c, "coefficients of a combination of the neurons"),
        Quantity(h_inf, "hidden value of each neuron in the limit"),
        Quantity(h_other, "hidden value of each neuron at another point of the box"),
        Quantity(s_inf, "limit of the dual path"),
        Quantity(y_inf, "output in the limit"),
    ),
    hypotheses=(
        inner_flow(V(i)),
        H_PHI,
        H_SLOPE,
        H_F,
        H_OMEGA,
        H_UNSEEN,
        H_LIMIT,
        H_FITS,
        H_ALSO_FITS,
    ),
    definitions=(OUTPUT,),
    conclusions={"conserved": CONSERVED, "nearest": NEAREST},
    steps=STEPS,
    bounds=(Bound("divergence", over_neurons(to_limit), "divergence from the start to the limit"),),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("a combination that G sees", {"H_unseen": None}, "conserved"),
        Mutant("a limit off ran Gᵀ", {"H_limit": None}, "nearest"),
        Mutant(
            "other points 2% farther",
            {"nearest": over_neurons(to_other) >= Rational(51, 50) * over_neurons(to_limit)},
        ),
    ),
)
