"""The proof of ``flow_hidden_convex``.

With F' = 1/φ' and Ω' = φ/φ' the Bregman divergence from z = φ(h) to z* = φ(h*) is the sum over the
neurons of φ(h*)(F(h*) − F(h)) − (Ω(h*) − Ω(h)). Along the flow it falls at the rate
‖u‖²⟨∇L(y), y − y*⟩, which convexity bounds from below; and the loss does not increase.
"""

from typing import Any

from sympy import And, Eq, Expr, Implies, Lambda, Symbol, sqrt, true

from theory.formulas import forall, substitute
from theory.network_flow import (
    FROM_START,
    at_all_times,
    gradient,
    hidden_slope,
    neuron_at_all_times,
    pre,
)
from theory.network_setting import (
    V,
    i,
    j,
    k,
    over_neurons,
    partial_sums,
    phi,
    phi_1,
    u_norm,
)
from theory.setting import L, grad_L, t, tau, v, x, y, zeta
from theory.setting_mirror import F, Omega, column, divergence, dual_speed, output_of_box, speed
from theory.statement import Hypothesis, at
from theory.steps import calculus, cite, gram, induction, lemma, polynomial
from theory.terms import (
    Inner,
    derivative,
    function_of,
    real,
    real_function,
    vector,
    vector_function,
)

h_star = real_function("h_star")
y_star, y_dot = vector("y_star"), vector_function("y_dot")
D_0, low, high, aim, epsilon = real("D_0 low high aim epsilon")

wanted = phi(h_star(i))


def sums(term: Any, *others: Symbol) -> Any:
    return partial_sums(term, *others, given=FROM_START)


def _of_time_and(term: Expr) -> Lambda:
    return Lambda((t, v), term)


H_TARGET = output_of_box(
    "H_target", y_star, h_star(i), "y* = k^{−1/2} Σ φ(h*_i) A V_i is an output of the box"
)
H_CONVEX = Hypothesis(
    "H_convex",
    forall((v, zeta), true, L(zeta) >= L(v) + Inner(grad_L(v), zeta - v)),
    "the loss is convex",
)

apart = divergence(pre, h_star(i))
term_rate = (phi(pre) - wanted) * dual_speed
hidden_rate = hidden_slope(V(i))
NETWORK = ("GF_W", "H_network", "y", "k", "u")
RATE = (
    lemma("flow", "reduction_hidden.flow", "GF_W", "k"),
    lemma("output", "reduction_hidden.output", "H_network", "y", "k"),
    calculus("dual_rate", neuron_at_all_times(Eq(derivative(F(pre), t), dual_speed)), "flow",
             at("H_F", {x: pre}), at("H_slope", {x: pre}), "k"),
    calculus("primitive_rate",
             neuron_at_all_times(Eq(derivative(Omega(pre), t), phi(pre) * dual_speed)), "flow",
             at("H_Omega", {x: pre}), at("H_slope", {x: pre}), "k"),
    induction("rate_sums",
              sums(Eq(derivative(over_neurons(apart, j), t), over_neurons(term_rate, j)), t),
              at("dual_rate", {i: j}), at("primitive_rate", {i: j}), "k"),
    induction("difference_sums",
              sums(Eq(over_neurons(term_rate, j),
                      -speed * (over_neurons(phi(pre) * Inner(column, gradient) / sqrt(k), j)
                                - over_neurons(wanted * Inner(column, gradient) / sqrt(k), j))),
                   t),
              "k"),
)  # fmt: skip
spread = over_neurons(apart)
gap = L(y(t)) - L(y_star)
FALL = (
    gram("rate_total",
         at_all_times(Eq(over_neurons(term_rate), -speed * Inner(y(t) - y_star, gradient))),
         at("difference_sums", {j: k}), at("output", {v: gradient}),
         at("H_target", {v: gradient}), "k"),
    gram("convex", at_all_times(gap <= Inner(y(t) - y_star, gradient)),
         at("H_convex", {v: y(t), zeta: y_star})),
    polynomial("mirror",
               at_all_times(Eq(derivative(spread, t),
                               -speed * Inner(y(t) - y_star, gradient))),
               at("rate_sums", {j: k}), "rate_total", "k"),
    polynomial("falls",
               at_all_times(speed * gap - speed * Inner(y(t) - y_star, gradient) <= 0), "convex"),
)  # fmt: skip
turned = phi_1(pre) ** 2 * Inner(column, gradient) * Inner(column, v) / k
turned_square = phi_1(pre) ** 2 * Inner(column, gradient) ** 2 / k
velocity = -speed * over_neurons(turned)
LOSS = (
    calculus("output_term",
             neuron_at_all_times(Eq(derivative(phi(pre), t), phi_1(pre) * hidden_rate)), "flow",
             at("H_phi", {x: pre}), "k"),
    induction("output_sums",
              sums(Eq(derivative(over_neurons(phi(pre) * Inner(column, v) / sqrt(k), j), t),
                      -speed * over_neurons(turned, j)), t, v),
              at("output_term", {i: j}), "k"),
    polynomial("output_rate",
               at_all_times(Eq(derivative(over_neurons(phi(pre) * Inner(column, v) / sqrt(k)), t),
                               velocity), v),
               at("output_sums", {j: k}), "k"),
    cite("output_moves", "componentwise", "output", "output_rate", p=y,
         S=_of_time_and(over_neurons(phi(pre) * Inner(column, v) / sqrt(k))),
         B=_of_time_and(velocity), p_dot=y_dot),
    cite("loss_rate", "chain_rule_along", "H_smooth", "output_moves.velocity", ell=L, G=grad_L,
         p=y, p_dot=y_dot),
    induction("squares", sums(over_neurons(turned_square, j) >= 0, t), "k"),
    polynomial("loss_falls", at_all_times(Inner(gradient, y_dot(t)) <= 0),
               at("output_moves.components", {x: t, v: gradient}), at("squares", {j: k}), "k"),
    cite("descent", "nonincreasing", at("loss_rate", {x: x}), at("loss_falls", {t: x}),
         over=(tau, t), given=And(tau >= 0, tau <= t), F=function_of(t, L(y(t))),
         f=function_of(t, Inner(gradient, y_dot(t))), a=tau, b=t),
)  # fmt: skip


tilt = (phi(x) - phi(aim)) / phi_1(x)
POSITIVE = (
    calculus("phi_turned", forall(x, true, Eq(derivative(-phi(x), x), -phi_1(x))), "H_phi"),
    cite("phi_rises", "nonincreasing", "phi_turned", "H_slope", over=(low, high),
         given=low <= high, F=function_of(x, -phi(x)), f=function_of(x, -phi_1(x)), a=low, b=high),
    calculus("tilt", forall((x, aim), true, Eq(derivative(divergence(x, aim), x), tilt)), "H_F",
             "H_Omega", "H_slope"),
    calculus("tilt_back", forall((x, aim), true, Eq(derivative(-divergence(x, aim), x), -tilt)),
             "H_F", "H_Omega", "H_slope"),
    polynomial("tilt_sign",
               forall((x, aim), true,
                      And(Implies(x <= aim, tilt <= 0), Implies(x >= aim, tilt >= 0))),
               at("phi_rises", {low: x, high: aim}), at("phi_rises", {low: aim, high: x}),
               "H_slope"),
    cite("divergence_left", "nonincreasing", at("tilt", {x: x, aim: aim}),
         at("tilt_sign", {x: x, aim: aim}), at("H_slope", {x: x}), over=(low, aim),
         given=low <= aim,
         F=function_of(x, divergence(x, aim)), f=function_of(x, tilt), a=low, b=aim),
    cite("divergence_right", "nonincreasing", at("tilt_back", {x: x, aim: aim}),
         at("tilt_sign", {x: x, aim: aim}), at("H_slope", {x: x}), over=(low, aim),
         given=low >= aim,
         F=function_of(x, -divergence(x, aim)), f=function_of(x, -tilt), a=aim, b=low),
    polynomial("divergence_positive", forall((low, aim), true, divergence(low, aim) >= 0),
               "divergence_left", "divergence_right"),
    induction("spread_sums", sums(over_neurons(apart, j) >= 0, t),
              at("divergence_positive", {low: substitute(pre, {i: j}), aim: h_star(j)})),
    polynomial("spread_positive", at_all_times(spread >= 0), at("spread_sums", {j: k}), "k"),
)  # fmt: skip
later = L(y(t)) - L(y_star)
held = substitute(-speed * Inner(y(t) - y_star, gradient), {t: tau})
BOUND = (
    calculus("potential_rate",
             forall((tau, t), tau >= 0,
                    Eq(derivative(substitute(spread, {t: tau}) + speed * tau * later, tau),
                       held + speed * later)),
             at("mirror", {t: tau})),
    cite("potential", "nonincreasing", at("potential_rate", {tau: x, t: t}),
         at("falls", {t: x}), at("descent", {tau: x, t: t}), over=(t,), given=FROM_START,
         F=function_of(tau, substitute(spread, {t: tau}) + speed * tau * later),
         f=function_of(tau, held + speed * later), a=0, b=t),
    polynomial("loss", forall(t, t > 0, later <= D_0 / (u_norm**2 * t)),
               "potential", "spread_positive", "D_0", "u_norm", "u"),
    polynomial("optimal",
               forall((t, epsilon), And(t > 0, epsilon > 0, t >= D_0 / (u_norm**2 * epsilon)),
                      L(y(t)) <= L(y_star) + epsilon),
               "loss"),
)  # fmt: skip
STEPS = (*RATE, *FALL, *LOSS, *POSITIVE, *BOUND)
