"""The proof of ``flow_hidden_convex``.

With F' = 1/φ' and Ω' = φ/φ' the Bregman divergence from z = φ(h) to z* = φ(h*) is the sum over the
neurons of φ(h*)(F(h*) − F(h)) − (Ω(h*) − Ω(h)). Along the flow it falls at the rate
‖u‖²⟨∇L(y), y − y*⟩, which convexity bounds from below; and the loss does not increase.
"""

from sympy import And, Eq, Implies, true

from theory.formulas import forall, substitute
from theory.settings.flow import L, t, tau, v, x, y, zeta
from theory.settings.mirror import divergence, speed
from theory.settings.network import i, j, k, over_neurons, phi, phi_1, u_norm
from theory.settings.network_flow import (
    FROM_START,
    at_all_times,
    gradient,
    pre,
    sums_at_all_times,
)
from theory.statement import at
from theory.statements._hidden_convex_flow import (
    MOVES,
    RATE,
    apart,
    h_star,
    spread,
    term_rate,
    turned_square,
    y_dot,
    y_star,
)
from theory.steps import calculus, cite, gram, induction, polynomial
from theory.terms import Inner, derivative, function_of, real

D_0, low, high, aim, epsilon = real("D_0 low high aim epsilon")

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
DESCENT = (
    induction("squares", sums_at_all_times(over_neurons(turned_square, j) >= 0), "k"),
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
    induction("spread_sums", sums_at_all_times(over_neurons(apart, j) >= 0),
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
STEPS = (*RATE, *FALL, *MOVES, *DESCENT, *POSITIVE, *BOUND)
