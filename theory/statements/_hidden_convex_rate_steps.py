"""The proof of hidden_convex_rate (THEORY section 3b).

The Bregman divergence to a minimiser in the box does not increase, so no neuron leaves the part of
the line where its own divergence is at most the initial one. There φ' is bounded below, hence so is
the tangent kernel, and the loss decays at least as fast as the inequality of Polyak and Łojasiewicz
says.
"""

from sympy import And, Eq, Implies, exp, true

from theory.formulas import forall, substitute
from theory.settings.flow import L, grad_L, t, tau, v, x, y
from theory.settings.mirror import column, divergence, speed
from theory.settings.network import NEURON, i, j, k, over_neurons, phi_1
from theory.settings.network_flow import (
    FROM_START,
    at_all_times,
    gradient,
    neuron_at_all_times,
    pre,
    sums_at_all_times,
)
from theory.statement import Hypothesis, at
from theory.statements._hidden_convex_flow import (
    MOVES,
    RATE,
    apart,
    h_star,
    spread,
    turned_square,
    y_dot,
    y_star,
)
from theory.steps import calculus, cite, induction, lemma, polynomial
from theory.terms import Inner, IsInteger, Norm, derivative, function_of, real, real_function

beta = real_function("beta")
i_1, mu, lam, D_0, decay = real("i_1 mu lambda_0 D_0 gamma")

gap, first_gap = L(y(t)) - L(y_star), L(y(0)) - L(y_star)
steady = beta(i) ** 2 * Inner(column, v) ** 2 / k
H_LEAST = Hypothesis("H_least", forall(v, true, L(v) >= L(y_star)), "y* minimises the loss")
H_LEVEL = Hypothesis(
    "H_level",
    forall((i, x), And(NEURON, divergence(x, h_star(i)) <= D_0),
           And(beta(i) >= 0, phi_1(x) >= beta(i))),
    "φ' ≥ β_i wherever neuron i alone is within the initial divergence of its target",
)  # fmt: skip
H_KERNEL = Hypothesis(
    "H_kernel", forall(v, true, over_neurons(steady) >= lam * Norm(v) ** 2),
    "Σ β_i² (AV_i)(AV_i)ᵀ/k ⪰ λ",
)  # fmt: skip
H_PL = Hypothesis(
    "H_PL",
    forall(v, L(v) <= L(y(0)), Norm(grad_L(v)) ** 2 >= 2 * mu * (L(v) - L(y_star))),
    "Polyak–Łojasiewicz inequality with constant μ, up to the initial loss",
)
KEPT = ("flow", "output")

one = substitute(apart, {i: i_1})  # a neuron whose divergence the index i counts
CONFINED = (
    lemma("mirror", "flow_hidden_convex.mirror", "GF_W", "H_network", "H_slope", "H_F", "H_Omega",
          "H_target", "k", "y"),
    lemma("falls", "flow_hidden_convex.falls", "H_convex"),
    lemma("descent", "flow_hidden_convex.descent", "GF_W", "H_network", "H_phi", "H_smooth", "k",
          "y"),
    lemma("positive", "flow_hidden_convex.divergence", "H_phi", "H_slope", "H_F", "H_Omega"),
    polynomial("towards", at_all_times(-speed * Inner(y(t) - y_star, gradient) <= 0), "falls",
               at("H_least", {v: y(t)})),
    cite("confined", "nonincreasing", at("mirror", {t: x}), at("towards", {t: x}), over=(t,),
         given=FROM_START, F=function_of(t, spread),
         f=function_of(t, -speed * Inner(y(t) - y_star, gradient)), a=0, b=t),
    induction("sum_positive", sums_at_all_times(over_neurons(apart, j) >= 0),
              at("positive", {real("low"): substitute(pre, {i: j}), real("aim"): h_star(j)})),
    induction("single", sums_at_all_times(
              Implies(And(IsInteger(i_1), i_1 >= 1, i_1 <= j), one <= over_neurons(apart, j)),
              i_1),
              at("positive", {real("low"): substitute(pre, {i: j}), real("aim"): h_star(j)}),
              "sum_positive"),
    polynomial("steep", neuron_at_all_times(And(beta(i) >= 0, phi_1(pre) >= beta(i))),
               at("single", {j: k, i_1: i}), "confined", "D_0", at("H_level", {x: pre}), "k"),
)  # fmt: skip
rate = 2 * mu * lam * speed
DECAY = (
    polynomial("steeper", neuron_at_all_times(substitute(steady, {v: gradient}) <= turned_square),
               "steep", "k"),
    induction("kernel", sums_at_all_times(over_neurons(substitute(steady, {v: gradient}), j)
              <= over_neurons(turned_square, j)), at("steeper", {i: j}), "k"),
    polynomial("slope", at_all_times(
               Inner(gradient, y_dot(t)) <= -speed * lam * Norm(gradient) ** 2),
               at("output_moves.components", {x: t, v: gradient}), at("kernel", {j: k}),
               at("H_kernel", {v: gradient}), "k"),
    polynomial("decays", at_all_times(Inner(gradient, y_dot(t)) + rate * gap <= 0), "slope",
               at("H_PL", {v: y(t)}), at("descent", {tau: 0}), "lambda_0"),
    calculus("weighted_rate", at_all_times(Eq(
             derivative(exp(rate * t) * gap, t),
             exp(rate * t) * (Inner(gradient, y_dot(t)) + rate * gap))), at("loss_rate", {x: t})),
    polynomial("weighted_falls", at_all_times(
               exp(rate * t) * (Inner(gradient, y_dot(t)) + rate * gap) <= 0), "decays"),
    cite("weighted", "nonincreasing", at("weighted_rate", {t: x}), at("weighted_falls", {t: x}),
         over=(t,), given=FROM_START, F=function_of(t, exp(rate * t) * gap),
         f=function_of(t, exp(rate * t) * (Inner(gradient, y_dot(t)) + rate * gap)), a=0, b=t),
    polynomial("loss", at_all_times(gap <= first_gap * exp(-rate * t)), "weighted"),
)  # fmt: skip
STEPS = (*(step for step in RATE if step.name in KEPT), *MOVES, *CONFINED, *DECAY)
