"""Convergence of the gradient flow with the best possible threshold, radius and envelope.

This project's own statement (THEORY section 3, flow_sharp). The energy w + σ_A(σ₀s − Λs²/2) does
not grow while the path stays in the ball; its smaller root bounds the length of the path; first
exit keeps the path inside; and what is left of the conditioning drives the misfit below the
envelope.
"""

from sympy import And, Eq, Implies, Min, Or, Piecewise, Rational, sqrt

from theory.formulas import forall
from theory.setting import *  # noqa: F403
from theory.statement import Definition, Hypothesis, Quantity, Source, Statement, at
from theory.steps import calculus, cite, gram, polynomial
from theory.terms import (
    Adjoint,
    Apply,
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
               "speed_lower", "conditioning_left", "kl_along", "psi_slope", "sigma_A"),
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

STEPS = (*DISSIPATION, *LENGTH, *CONDITIONING, *ENERGY)

STATEMENT = Statement(
    title="Gradient flow: sharp threshold, radius and envelope",
    source=Source("sharp", (), "3"),
    quantities=(SIGMA_A, SIGMA_0, LAMBDA, RHO, R_0, *FLOW_OBJECTS,
                Quantity(Psi, "primitive of −(ψ')²"), Quantity(s, "length of the path"),
                Quantity(U,"x"), Quantity(theta_inf,"x")),
    definitions=(W_0, MISFIT, Q,
                 Definition(a, sigma_A**2 * sigma_0**2 * (1 - 2 * q), "rate"),
                 Definition(b, 2 * Lambda * sigma_A, "gain"),),
    hypotheses=(GF, GF_START, H_SMOOTH, H_MIN, H_KL, *DESINGULARIZER, H_START, H_RANGE, H_SIGMA_A, H_SIGMA_0, H_LIP0, H_PRIMITIVE),
    conclusions={"energy": forall(t, INSIDE, w(t) + work <= w_0)},
    steps=STEPS,
)
