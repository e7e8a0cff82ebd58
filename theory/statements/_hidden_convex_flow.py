"""What the statements on hidden convexity share: the target, and how fast things move towards it.

With V fixed and φ' > 0 the Bregman divergence to a target and the loss have explicit derivatives
along the flow (THEORY section 3b).
"""

from sympy import Eq, Expr, Lambda, sqrt, true

from theory.formulas import forall
from theory.settings.flow import L, grad_L, t, v, x, y, zeta
from theory.settings.mirror import F, Omega, column, divergence, dual_speed, output_of_box, speed
from theory.settings.network import V, i, j, k, over_neurons, phi, phi_1
from theory.settings.network_flow import (
    at_all_times,
    gradient,
    hidden_slope,
    neuron_at_all_times,
    pre,
    sums_at_all_times,
)
from theory.statement import Hypothesis, at
from theory.steps import calculus, cite, induction, lemma, polynomial
from theory.terms import Inner, derivative, real_function, vector, vector_function

h_star = real_function("h_star")
y_star, y_dot = vector("y_star"), vector_function("y_dot")

wanted = phi(h_star(i))


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
FLOW = lemma("flow", "reduction_hidden.flow", "GF_W", "k")
DUAL_RATE = calculus(
    "dual_rate", neuron_at_all_times(Eq(derivative(F(pre), t), dual_speed)), "flow",
    at("H_F", {x: pre}), at("H_slope", {x: pre}), "k",
)  # fmt: skip
RATE = (
    FLOW,
    lemma("output", "reduction_hidden.output", "H_network", "y", "k"),
    DUAL_RATE,
    calculus("primitive_rate",
             neuron_at_all_times(Eq(derivative(Omega(pre), t), phi(pre) * dual_speed)), "flow",
             at("H_Omega", {x: pre}), at("H_slope", {x: pre}), "k"),
    induction("rate_sums",
              sums_at_all_times(
                  Eq(derivative(over_neurons(apart, j), t), over_neurons(term_rate, j))),
              at("dual_rate", {i: j}), at("primitive_rate", {i: j}), "k"),
    induction("difference_sums",
              sums_at_all_times(
                  Eq(over_neurons(term_rate, j),
                     -speed * (over_neurons(phi(pre) * Inner(column, gradient) / sqrt(k), j)
                               - over_neurons(wanted * Inner(column, gradient) / sqrt(k), j)))),
              "k"),
)  # fmt: skip
spread = over_neurons(apart)
turned = phi_1(pre) ** 2 * Inner(column, gradient) * Inner(column, v) / k
turned_square = phi_1(pre) ** 2 * Inner(column, gradient) ** 2 / k
velocity = -speed * over_neurons(turned)
MOVES = (
    calculus("output_term",
             neuron_at_all_times(Eq(derivative(phi(pre), t), phi_1(pre) * hidden_rate)), "flow",
             at("H_phi", {x: pre}), "k"),
    induction("output_sums",
              sums_at_all_times(
                  Eq(derivative(over_neurons(phi(pre) * Inner(column, v) / sqrt(k), j), t),
                     -speed * over_neurons(turned, j)), v),
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
)  # fmt: skip
