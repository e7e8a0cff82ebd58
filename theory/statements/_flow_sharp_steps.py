"""The proof of ``flow_sharp``, in the order of its argument.

The energy w + σ_A(σ₀s − Λs²/2) does not grow while the path stays in the ball; its smaller root
bounds the length of the path; first exit keeps the path inside; and what is left of the
conditioning drives the misfit below the envelope.
"""

from sympy import And, Eq, Implies, Min, Or, Piecewise, Rational, sqrt

from theory.formulas import forall
from theory.setting import *  # noqa: F403
from theory.statement import Definition, Hypothesis, Quantity, Source, Statement, at
from theory.steps import algebra, calculus, cite, gram, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    InRange,
    Inner,
    Norm,
    SigmaMin,
    derivative,
    function_of,
    real,
    real_function,
    vector,
)

s, U, U_1, W, T_0 = (real_function(n) for n in ("s", "U", "U'", "W", "T_0"))
theta_inf = vector("theta_infinity")
rho_star, level, epsilon = real("rho_star level epsilon")

speed = Norm(theta_dot(t))
slack = a + b * w(t)
travel_bound = 2 * (w_0 - w(t)) / (sigma_A * sigma_0 + sqrt(slack))
work = sigma_A * (sigma_0 * s(t) - Lambda * s(t) ** 2 / 2)
energy = psi(loss) + work
energy_rate = -psi_1(loss) * speed**2 + sigma_A * (sigma_0 - Lambda * s(t)) * speed

HALF = Rational(1, 2)
STARTED = t >= 0
ALIVE = And(t >= 0, loss > 0)
INSIDE = And(t >= 0, s(t) <= rho, loss > 0)
SLACK = And(t >= 0, loss > 0, slack > 0)
SINCE = And(0 <= tau, tau <= t)

DISSIPATION = (
    cite("chain_rule", "chain_rule", "H_smooth", "GF",
         ell=L, G=grad_L, g=g, J=J, A=A, p=theta, p_dot=theta_dot, y=y),
    gram("dissipation", forall(t, STARTED, Eq(Inner(theta_dot(t), pullback), -(speed**2))), "GF"),
    polynomial("loss_derivative", forall(t, STARTED, Eq(derivative(loss, t), -(speed**2))),
               "chain_rule", "dissipation"),
    cite("loss_monotone", "nonincreasing", "loss_derivative", over=(tau, t), given=SINCE,
         F=function_of(t, loss), f=function_of(t, -(speed**2)), a=tau, b=t),
    polynomial("below_r_0", forall(t, STARTED, loss < r_0),
               at("loss_monotone", {tau: 0}), "H_start"),
)

LENGTH = (
    cite("velocity_continuous", "continuous_pullback", "H_smooth", "GF",
         ell=L, G=grad_L, g=g, J=J, A=A, p=theta, p_dot=theta_dot, y=y),
    cite("length", "length", "GF", "velocity_continuous", p=theta, p_dot=theta_dot, S=s),
    polynomial("length_monotone", forall((tau, t), SINCE, s(tau) <= s(t)),
               at("length.chord", {real("x_1"): tau, real("x_2"): t})),
    polynomial("distance", forall(t, STARTED, Norm(theta(t) - theta_0) <= s(t)),
               at("length.chord", {real("x_1"): 0, real("x_2"): t}), "length.start", "GF_start"),
)

CONDITIONING = (
    cite("output_in_range", "range", over=(t,), given=STARTED, M=A, v=g(theta(t))),
    polynomial("gradient_in_range", forall(t, STARTED, InRange(A, gradient)),
               "output_in_range", "GF", at("H_range", {v: y(t)})),
    polynomial("operator_lower", forall(t, STARTED, Norm(Adjoint(A, gradient)) >= sigma_A * Norm(gradient)),
               "gradient_in_range", at("H_sigma_A", {zeta: gradient})),
    cite("jacobian_lower", "sigma_min", over=(t,), given=STARTED, M=J(theta(t)), z=Adjoint(A, gradient)),
    gram("speed_is_pullback", forall(t, STARTED, Eq(speed, Norm(pullback))), "GF"),
    polynomial("speed_lower", forall(t, STARTED, speed >= SigmaMin(J(theta(t))) * sigma_A * Norm(gradient)),
               "speed_is_pullback", "jacobian_lower", "operator_lower"),
    cite("weyl", "weyl", over=(t,), given=STARTED, M=J(theta(t)), N=J(theta_0)),
    polynomial("conditioning_left",
               forall(t, And(t >= 0, s(t) <= rho), SigmaMin(J(theta(t))) >= sigma_0 - Lambda * s(t)),
               "weyl", at("H_Lip0", {vartheta: theta(t)}), "distance", "H_sigma_0", "Lambda"),
)

ENERGY = (
    polynomial("kl_along", forall(t, ALIVE, psi_1(loss) * Norm(gradient) >= 1),
               at("H_KL", {v: y(t)}), "below_r_0"),
    polynomial("psi_slope", forall(t, ALIVE, psi_1(loss) > 0), at("H_psi", {x: loss}), "below_r_0"),
    polynomial("slope", forall(t, INSIDE, psi_1(loss) * speed >= sigma_A * (sigma_0 - Lambda * s(t))),
               "speed_lower", "conditioning_left", "kl_along", "sigma_A"),
    polynomial("energy_sign", forall(t, INSIDE, energy_rate <= 0), "slope"),
    calculus("misfit_derivative",
             forall(t, ALIVE, Eq(derivative(psi(loss), t), -psi_1(loss) * speed**2)),
             "loss_derivative", at("H_psi", {x: loss}), "below_r_0"),
    calculus("energy_derivative", forall(t, ALIVE, Eq(derivative(energy, t), energy_rate)),
             "misfit_derivative", "length.speed"),
    cite("energy_decreases", "nonincreasing",
         "energy_derivative", "energy_sign", "length_monotone", "loss_monotone",
         over=(t,), given=INSIDE, F=function_of(t, energy), f=function_of(t, energy_rate), a=0, b=t),
    polynomial("energy_alive", forall(t, INSIDE, w(t) + work <= w_0),
               "energy_decreases", "length.start", "w", "w_0"),
)


ROOT = (
    cite("misfit_monotone", "nonincreasing", "misfit_derivative", "loss_monotone", "psi_slope",
         over=(tau, t), given=And(SINCE, loss > 0),
         F=function_of(t, psi(loss)), f=function_of(t, -psi_1(loss) * speed**2), a=tau, b=t),
    polynomial("misfit_below_start", forall(t, ALIVE, w(t) <= w_0),
               at("misfit_monotone", {tau: 0}), "w", "w_0"),
    cite("psi_increases_from_zero", "increasing", "H_psi_continuous", "H_psi",
         over=(x,), given=And(x > 0, x < r_0), F=psi, f=psi_1, a=0, b=x),
    polynomial("start_nonnegative", w_0 >= 0, at("psi_increases_from_zero", {x: L(y(0))}),
               "H_psi_zero", "H_start", at("H_min", {v: y(0)}), "w_0"),
    polynomial("misfit_positive", forall(t, ALIVE, w(t) > 0),
               at("psi_increases_from_zero", {x: loss}), "below_r_0", "H_psi_zero", "w"),
    algebra("slack_identity",
            forall(t, STARTED, Eq(slack, sigma_A**2 * sigma_0**2 - 2 * Lambda * sigma_A * (w_0 - w(t)))),
            "a", "b", "q", "sigma_A", "sigma_0"),
    polynomial("radius_identity", Implies(q < HALF, Eq(Lambda * rho_star, sigma_0 * (1 - sqrt(1 - 2 * q)))),
               "rho_star", "q", "sigma_0"),
    polynomial("level_in_ball", And(level <= rho, Lambda * level <= sigma_0),
               "level", "radius_identity", "H_radius", "sigma_0", "Lambda"),
    polynomial("margin_identity",
               forall(t, SLACK, Eq(Lambda * travel_bound, sigma_0 - sqrt(slack) / sigma_A)),
               "slack_identity", "sigma_A", "sigma_0"),
    polynomial("slack_at_least_rate",
               forall(t, And(SLACK, q < HALF), sqrt(slack) >= sigma_A * sigma_0 * sqrt(1 - 2 * q)),
               "a", "b", "misfit_positive", "sigma_0", "Lambda"),
    polynomial("slack_positive", forall(t, And(ALIVE, q < HALF), slack > 0),
               "a", "b", "misfit_positive", "sigma_A", "sigma_0", "Lambda"),
    polynomial("gap_small", forall(t, And(SLACK, q < HALF), travel_bound < rho_star),
               "rho_star", "slack_at_least_rate", "misfit_positive", "misfit_below_start",
               "sigma_A", "sigma_0"),
    polynomial("gap_large", forall(t, And(SLACK, q >= HALF), travel_bound < sigma_0 / Lambda),
               "margin_identity", "q", "Lambda", "sigma_A", "sigma_0"),
    polynomial("gap", forall(t, SLACK, travel_bound < level), "level", "gap_small", "gap_large",
               "sigma_A", "sigma_0"),
    polynomial("work_left",
               forall((tau, t), And(SINCE, loss > 0, s(tau) <= rho), work.subs(t, tau) <= w_0 - w(t)),
               at("energy_alive", {t: tau}), "misfit_monotone", "loss_monotone", "w", at("w", {t: tau})),
    polynomial("root",
               forall((tau, t), And(SINCE, loss > 0, slack > 0, s(tau) <= level), s(tau) <= travel_bound),
               "work_left", "level_in_ball", "margin_identity", "slack_identity", "sigma_A", "Lambda"),
)


EXIT = (
    cite("length_continuous", "differentiable_is_continuous", "length.speed",
         over=(t,), given=STARTED, F=s, f=function_of(t, speed), a=0, b=t),
    cite("length_continuous_between", "differentiable_is_continuous", "length.speed",
         over=(tau, t), given=SINCE, F=s, f=function_of(t, speed), a=tau, b=t),
    cite("barrier", "barrier", "length_continuous", "length.start", "misfit_below_start", "gap", "root",
         "sigma_A", "sigma_0",
         over=(t,), given=SLACK, F=s, a=0, b=t, c=travel_bound, d=level),
    polynomial("travelled", forall(t, SLACK, s(t) <= travel_bound), at("barrier", {x: t}),
               "sigma_A", "sigma_0"),
    polynomial("margin", forall(t, SLACK, sigma_A * (sigma_0 - Lambda * s(t)) >= sqrt(slack)),
               "travelled", "margin_identity", "sigma_A", "Lambda"),
    polynomial("slope_left", forall(t, SLACK, psi_1(loss) * speed >= sqrt(slack)),
               "slope", "margin", "travelled", "gap", "level_in_ball"),
    polynomial("travelled_alive", forall(t, And(ALIVE, q < HALF), s(t) <= rho_star),
               "travelled", "gap_small", "slack_positive"),
)

DEAD = And(t >= 0, Eq(loss, 0))
END = T_0(t)
STOP = (
    cite("loss_continuous", "differentiable_is_continuous", "loss_derivative",
         over=(t,), given=STARTED, F=function_of(t, loss), f=function_of(t, -(speed**2)), a=0, b=t),
    cite("hit", "first_zero", "loss_continuous", at("H_min", {v: y(0)}),
         over=(t,), given=DEAD, F=function_of(t, loss), a=0, b=t, T=END),
    cite("gradient_dead", "fermat", "H_smooth", "H_min",
         over=(t,), given=DEAD, ell=L, G=grad_L, z=y(t)),
    gram("speed_dead", forall(t, DEAD, Eq(speed, 0)), "GF", "gradient_dead"),
    polynomial("dead_since", forall((x, t), And(DEAD, END <= x, x <= t), Eq(L(y(x)), 0)),
               "hit.at", at("loss_monotone", {tau: END, t: x}), at("H_min", {v: y(x)})),
    cite("stands_still", "nonincreasing", "length.speed", "speed_dead", "dead_since", "hit.at",
         over=(t,), given=DEAD, F=s, f=function_of(t, speed), a=END, b=t),
    cite("travelled_to_end", "limit_of_inequality", at("length_continuous", {t: END}), "hit.before", "hit.at",
         "travelled_alive",
         over=(t,), given=And(DEAD, END > 0, q < HALF), F=s, a=0, b=END, c=rho_star),
    polynomial("travelled_dead", forall(t, And(DEAD, q < HALF), s(t) <= rho_star),
               "travelled_to_end", "stands_still", "hit.at", "length.start", "rho_star",
               "start_nonnegative", "sigma_A", "sigma_0"),
)

REACHED = And(DEAD, END > 0, s(t) <= rho)
ENERGY_KEPT = (
    calculus("work_continuous", forall(t, STARTED, Continuous(function_of(t, work), 0, t)),
             "length_continuous"),
    cite("work_to_end", "limit_of_inequality",
         at("work_continuous", {t: END}), "hit.before", "hit.at", "energy_alive", "misfit_positive",
         at("length_monotone", {tau: x, t: t}),
         over=(t,), given=REACHED, F=function_of(t, work), a=0, b=END, c=w_0),
    polynomial("energy_dead", forall(t, And(DEAD, s(t) <= rho), w(t) + work <= w_0),
               "work_to_end", "stands_still", "hit.at", at("length_monotone", {tau: END}),
               "length.start", "start_nonnegative", "H_psi_zero", "w"),
    polynomial("energy", forall(t, And(t >= 0, s(t) <= rho), w(t) + work <= w_0),
               "energy_alive", "energy_dead", at("H_min", {v: y(t)})),
)

SMALL = And(t >= 0, q < HALF)
TRAVEL = (
    polynomial("travel", forall(t, SMALL, s(t) <= rho_star),
               "travelled_alive", "travelled_dead", at("H_min", {v: y(t)})),
    polynomial("radius_in_ball", Implies(q < HALF, rho_star <= rho),
               "H_radius", "radius_identity", "Lambda", "sigma_0"),
    polynomial("conditioning",
               forall(t, SMALL, SigmaMin(J(theta(t))) >= sigma_0 * sqrt(1 - 2 * q)),
               "travel", "radius_in_ball", "conditioning_left", "radius_identity", "Lambda"),
    cite("convergence", "finite_length", "length.chord", "travel",
         given=q < HALF, p=theta, S=s, c=rho_star, limit=theta_inf),
)

psi_rate = psi_1(loss) ** 2 * speed**2
RATE = (
    polynomial("rate_at", forall(t, And(ALIVE, q < HALF), psi_rate >= a),
               "slope_left", "misfit_positive", "b", "sigma_A", "Lambda"),
    calculus("primitive_derivative",
             forall(t, ALIVE, Eq(derivative(a * t - Psi(loss), t), a - psi_rate)),
             "loss_derivative", at("H_Psi", {x: loss}), "below_r_0"),
    cite("rate_integrated", "nonincreasing", "primitive_derivative", "rate_at", "loss_monotone",
         over=(t,), given=And(ALIVE, q < HALF),
         F=function_of(t, a * t - Psi(loss)), f=function_of(t, a - psi_rate), a=0, b=t),
    polynomial("rate", forall(t, And(ALIVE, q < HALF), Psi(loss) >= Psi(L(y(0))) + a * t),
               "rate_integrated"),
)

tail_bound = 2 * w(t) / (sqrt(slack) + sqrt(a))
LATER = And(0 <= t, t <= x, q < HALF)
LATER_ALIVE = And(LATER, L(y(x)) > 0)
TAIL = (
    polynomial("rate_positive", Implies(q < HALF, And(a > 0, Eq(sqrt(a), sigma_A * sigma_0 * sqrt(1 - 2 * q)))),
               "a", "sigma_A", "sigma_0"),
    polynomial("inside_alive", forall(t, And(ALIVE, q < HALF), s(t) <= rho),
               "travelled_alive", "radius_in_ball"),
    cite("energy_between", "nonincreasing",
         "energy_derivative", "energy_sign", "inside_alive", "loss_monotone",
         over=(t, x), given=LATER_ALIVE,
         F=function_of(t, energy), f=function_of(t, energy_rate), a=t, b=x),
    polynomial("margin_rate", forall(t, And(ALIVE, q < HALF), sigma_A * (sigma_0 - Lambda * s(t)) >= sqrt(a)),
               "margin", "slack_positive", "slack_at_least_rate", "rate_positive"),
    polynomial("remaining_alive",
               forall((t, x), LATER_ALIVE, (s(x) - s(t)) * (sqrt(slack) + sqrt(a)) <= 2 * w(t)),
               "energy_between", "margin", at("margin_rate", {t: x}), at("length_monotone", {tau: t, t: x}),
               "slack_positive", at("loss_monotone", {tau: t, t: x}), at("misfit_positive", {t: x}), "w", at("w", {t: x}),
               "rate_positive"),
)

END_X = T_0(x)
LATER_DEAD = And(LATER, Eq(L(y(x)), 0))
remaining = s(t) + tail_bound
REST = (
    polynomial("later_alive", forall((t, x), LATER_ALIVE, s(x) <= remaining),
               "remaining_alive", "slack_positive", "rate_positive", at("loss_monotone", {tau: t, t: x})),
    polynomial("misfit_nonnegative", forall(t, STARTED, And(w(t) >= 0, Implies(q < HALF, slack > 0))),
               "misfit_positive", at("H_min", {v: y(t)}), "H_psi_zero", "w", "slack_positive",
               "rate_positive"),
    cite("later_to_end", "limit_of_inequality",
         at("length_continuous_between", {tau: t, t: END_X}), at("hit.before", {t: x}), at("hit.at", {t: x}), "later_alive",
         "misfit_nonnegative", "rate_positive",
         over=(t, x), given=And(LATER_DEAD, t < END_X), F=s, a=t, b=END_X, c=remaining),
    polynomial("later_dead", forall((t, x), LATER_DEAD, s(x) <= remaining),
               "later_to_end", at("stands_still", {t: x}), at("hit.at", {t: x}),
               at("length_monotone", {tau: END_X, t: t}), "misfit_nonnegative", "rate_positive"),
    polynomial("remaining_length", forall((t, x), LATER, s(x) <= remaining),
               "later_alive", "later_dead", at("H_min", {v: y(x)}), "misfit_nonnegative", "rate_positive"),
    cite("tail", "limit_within", "convergence", "remaining_length", "misfit_nonnegative", "rate_positive", at("length.chord", {real("x_1"): t, real("x_2"): x}),
         over=(t,), given=SMALL, p=theta, a=t, c=tail_bound, limit=theta_inf),
)

EPS = And(t >= 0, q < HALF, epsilon > 0, epsilon < loss)
ZERO = (
    calculus("primitive_falls", forall(x, And(x > 0, x < r_0), Eq(derivative(-Psi(x), x), psi_1(x) ** 2)), "H_Psi"),
    cite("primitive_continuous", "differentiable_is_continuous", "primitive_falls",
         over=(tau, x), given=And(0 < tau, tau <= x, x < r_0),
         F=function_of(x, -Psi(x)), f=function_of(x, psi_1(x) ** 2), a=tau, b=x),
    cite("primitive_decreases", "increasing", "primitive_falls", "primitive_continuous", "H_psi",
         over=(tau, x), given=And(0 < tau, tau < x, x < r_0),
         F=function_of(x, -Psi(x)), f=function_of(x, psi_1(x) ** 2), a=tau, b=x),
    polynomial("zero_loss",
               forall((t, epsilon), And(t >= 0, q < HALF, epsilon > 0, epsilon < r_0,
                      a * t >= Psi(epsilon) - Psi(L(y(0)))), loss <= epsilon),
               "rate", at("primitive_decreases", {tau: epsilon, x: loss}), "below_r_0"),
)

stopping = (Psi(epsilon) - Psi(L(y(0)))) / a
VANISH = (
    polynomial("small_in_time",
               forall((t, epsilon), And(t >= 0, q < HALF, epsilon > 0, epsilon < r_0, t >= stopping),
                      loss <= epsilon), "zero_loss", "rate_positive"),
    cite("vanishing", "tends_to_zero", "small_in_time", at("H_min", {v: y(x)}), "r_0",
         given=q < HALF, F=function_of(t, loss), S=function_of(epsilon, stopping), c=r_0),
)

envelope_slack = a + b * psi(U(t))
H_ENVELOPE = Hypothesis(
    "H_envelope",
    forall(t, STARTED, And(
        U(t) > 0, U(t) < r_0, envelope_slack > 0,
        Eq(derivative(U(t), t), U_1(t)), Eq(psi_1(U(t)) ** 2 * U_1(t), -envelope_slack))),
    "W = ψ(U) solves Ẇ = −(a + bW)κ(W), written for the loss level U",
)
H_ENVELOPE_START = Hypothesis("H_envelope_start", Eq(U(0), L(y(0))), "the envelope starts at w₀")
low = Min(loss, U(t))
ENVELOPE = (
    polynomial("envelope_falls", forall(t, STARTED, U_1(t) <= 0), "H_envelope",
               at("H_psi", {x: U(t)})),
    cite("envelope_monotone", "nonincreasing", "H_envelope", "envelope_falls",
         over=(tau, t), given=SINCE, F=U, f=U_1, a=tau, b=t),
    cite("psi_continuous_between", "differentiable_is_continuous", "H_psi",
         over=(tau, x), given=And(0 < tau, tau <= x, x < r_0), F=psi, f=psi_1, a=tau, b=x),
    cite("psi_increases", "increasing", "H_psi", "psi_continuous_between",
         over=(tau, x), given=And(0 < tau, tau < x, x < r_0), F=psi, f=psi_1, a=tau, b=x),
    calculus("numerator_continuous",
             forall((tau, x), And(0 < tau, tau <= x, x < r_0), Continuous(function_of(z, a + b * psi(z)), tau, x)),
             "psi_continuous_between"),
    calculus("denominator_continuous",
             forall((tau, x), And(0 < tau, tau <= x, x < r_0), Continuous(function_of(z, psi_1(z) ** 2), tau, x)),
             at("H_psi'_continuous", {x: tau, z: x})),
    polynomial("envelope_numerator",
               forall((t, x), And(SLACK, low <= x, x < r_0), And(a + b * psi(x) > 0, psi_1(x) > 0)),
               at("psi_increases", {tau: loss}), at("psi_increases", {tau: U(t)}), "H_envelope", "w", "b",
               "sigma_A", "Lambda", at("H_psi", {x: x})),
    polynomial("misfit_falls_enough",
               forall((x, t), And(SLACK, 0 <= x, x <= t), psi_1(L(y(x))) ** 2 * -Norm(theta_dot(x)) ** 2 <= -(a + b * psi(L(y(x))))),
               at("slope_left", {t: x}), at("loss_monotone", {tau: x, t: t}), at("misfit_monotone", {tau: x}), "w", at("w", {t: x})),
    cite("loss_below_envelope", "comparison",
         "H_envelope", "H_envelope_start", "loss_derivative", "misfit_falls_enough", "loss_monotone", "envelope_monotone",
         at("numerator_continuous", {tau: low, x: L(y(0))}), at("denominator_continuous", {tau: low, x: L(y(0))}),
         at("loss_monotone", {tau: 0, t: x}), at("envelope_monotone", {tau: 0, t: x}),
         at("loss_monotone", {tau: 0}), "envelope_numerator", "H_start",
         over=(t,), given=SLACK,
         u=function_of(t, loss), u_1=function_of(t, -speed**2), U=U, U_1=U_1,
         N=function_of(z, a + b * psi(z)), P=function_of(z, psi_1(z) ** 2), T=t, low=low, high=L(y(0))),
    polynomial("envelope", forall(t, STARTED, w(t) <= W(t)),
               "loss_below_envelope", at("psi_increases", {tau: loss, x: U(t)}), at("psi_increases_from_zero", {x: U(t)}),
               "H_envelope", "w", "W", "b", "sigma_A", "Lambda", at("H_min", {v: y(t)})),
    calculus("envelope_equation",
             forall(t, STARTED, Eq(derivative(psi(U(t)), t), -envelope_slack / psi_1(U(t)))),
             "H_envelope", at("H_psi", {x: U(t)})),
)
STEPS = (
    *DISSIPATION, *LENGTH, *CONDITIONING, *ENERGY, *ROOT, *EXIT, *STOP, *ENERGY_KEPT, *TRAVEL, *RATE, *TAIL, *REST,
    *ZERO, *VANISH, *ENVELOPE,
)
