"""The proof of ``recovery_lazy``.

N = I − ΠA annihilates G₀Aᵀ, so that along the flow Nx moves only by what the Jacobian turns:
Nẋ = N(J − J₀)θ̇ − NJ₀(J − J₀)ᵀAᵀ∇L. The first part is at most ‖N‖Λs‖θ̇‖; in the second, NJ₀ is J₀
after an orthogonal projection, and ‖Aᵀ∇L‖ ≤ ‖θ̇‖/(σ₀ − Λs).
"""

from sympy import And, Eq, Expr, Implies, log, sqrt, true

from theory.formulas import forall
from theory.settings.data import e, noise, x_bar, y_obs
from theory.settings.flow import (
    A,
    J,
    Lambda,
    g,
    gradient,
    pullback,
    q,
    rho,
    rho_star,
    sigma_0,
    t,
    theta,
    theta_0,
    theta_dot,
    v,
    vartheta,
    w,
    x,
    y,
    zeta,
)
from theory.statement import at
from theory.statements._recovery_lazy_projection import (
    ALGEBRA,
    N,
    Pi,
    amplification,
    deficit,
    kappa,
    kappa_J,
    leak,
    s,
    size,
    start,
    tame,
    unseen,
)
from theory.steps import ball, calculus, cite, gram, lemma, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Norm,
    OperatorNorm,
    derivative,
    function_of,
)

turn = J(theta(t)) - start
seen = Adjoint(A, gradient)
speed = Norm(theta_dot(t))
left = sigma_0 - Lambda * s(t)
STARTED = t >= 0


FLOW = (
    "sigma_A", "sigma_0", "Lambda", "GF", "y", "GF_start", "H_smooth", "H_min", "H_KL", "H_psi",
    "H_psi_zero", "H_psi_continuous", "H_start", "H_range", "H_sigma_A", "H_sigma_0", "H_Lip0",
    "H_radius", "w_0", "w", "q", "rho_star",
)  # fmt: skip
PATH = (
    lemma("travel_below", "flow_sharp.travel", *FLOW),
    lemma("speed", "flow_sharp.speed", "GF", "y", "H_smooth"),
    lemma("no_length", "flow_sharp.start", "GF", "y", "H_smooth"),
    lemma("distance", "flow_sharp.distance", "GF", "y", "GF_start", "H_smooth"),
    polynomial("travel", forall(t, STARTED, s(t) <= rho_star), "travel_below", "H_threshold"),
    polynomial("radius_identity", Eq(Lambda * rho_star, sigma_0 * deficit), "rho_star", "q",
               "deficit", "sigma_0", "H_threshold"),
    polynomial("left", forall(t, STARTED, And(left >= sigma_0 * sqrt(1 - 2 * q), left > 0)),
               "travel", "radius_identity", "deficit", "H_threshold", "Lambda", "sigma_0"),
    polynomial("in_ball", forall(t, STARTED, Norm(theta(t) - theta_0) <= rho),
               "distance", "travel", "H_radius", "radius_identity", "deficit", "Lambda",
               "sigma_0", "H_threshold"),
    polynomial("turned", forall(t, STARTED, OperatorNorm(turn) <= Lambda * s(t)),
               "in_ball", "distance", at("H_Lip0", {vartheta: theta(t)}), "Lambda"),
    lemma("conditioning", "gradient_lower.conditioning", "H_sigma_0", "H_Lip0"),
    cite("jacobian_lower", "sigma_min", over=(t,), given=STARTED, M=J(theta(t)), z=seen),
    gram("speed_is_pullback", forall(t, STARTED, Eq(speed, Norm(pullback))), "GF"),
    polynomial("seen_bound", forall(t, STARTED, left * Norm(seen) <= speed),
               "speed_is_pullback", "jacobian_lower", at("conditioning", {vartheta: theta(t)}),
               "in_ball", "distance", "Lambda"),
)  # fmt: skip
moved = Apply(N, g(theta(t)))
velocity = Apply(N, Apply(J(theta(t)), theta_dot(t)))
turned_path = Apply(N, Apply(turn, theta_dot(t)))
turned_back = Apply(N, Apply(start, Adjoint(turn, seen)))
DRIFT = (
    cite("signal_rate", "chain_rule_map", "H_smooth", "GF", g=g, J=J, p=theta, p_dot=theta_dot),
    calculus("moved_rate", forall(t, STARTED, Eq(derivative(moved, t), velocity)),
             "signal_rate"),
    gram("velocity_split", forall(t, STARTED, Eq(velocity, turned_path - turned_back)), "GF",
         at("annihilates", {zeta: gradient})),
    gram("triangle",
         forall((v, zeta), true, Norm(v - zeta) <= Norm(v) + Norm(zeta))),
    cite("path_outer", "operator_norm", over=(t,), M=N, v=Apply(turn, theta_dot(t))),
    cite("path_inner", "operator_norm", over=(t,), M=turn, v=theta_dot(t)),
    cite("back_inner", "operator_norm_adjoint", over=(t,), M=turn, z=seen),
    polynomial("path_part",
               forall(t, STARTED,
                      Norm(turned_path) <= leak * Lambda * s(t) * speed),
               "path_outer", "path_inner", "turned", "H_leak"),
    polynomial("back_part",
               forall(t, STARTED,
                      Norm(turned_back) <= tame * size * Lambda * s(t) * Norm(seen)),
               at("oblique", {zeta: Adjoint(turn, seen)}), "back_inner", "turned", "shares",
               "sigma_0"),
    polynomial("velocity_bound",
               forall(t, STARTED,
                      Norm(velocity) <= leak * Lambda * s(t) * speed
                      + tame * size * Lambda * s(t) * Norm(seen)),
               "velocity_split", at("triangle", {v: turned_path, zeta: turned_back}),
               "path_part", "back_part"),
    polynomial("length_positive", forall(t, STARTED, s(t) >= 0), "distance"),
)  # fmt: skip


def curved(length: Expr) -> Expr:
    """Return the bound of ‖N(x(t) − x(0))‖ at a length of the path."""
    straight = leak * Lambda * length**2 / 2
    bend = -length - sigma_0 / Lambda * log(1 - Lambda * length / sigma_0)
    return straight + tame * size * bend


def rational(length: Expr) -> Expr:
    """Return the same without a logarithm, valid at Λ = 0 too."""
    return Lambda * length**2 / 2 * (leak + tame * kappa_J / sqrt(1 - 2 * q))


weight = leak * Lambda * s(t) + tame * size * Lambda * s(t) / left
rational_weight = Lambda * s(t) * (leak + tame * kappa_J / sqrt(1 - 2 * q))
change = Norm(moved - Apply(N, g(theta_0)))
TURNING = And(STARTED, Lambda > 0)
LOGARITHM = (
    polynomial("origin", Eq(Apply(N, g(theta(0))), Apply(N, g(theta_0))), "GF_start"),
    calculus("curved_rate",
             forall(t, TURNING, Eq(derivative(curved(s(t)), t), weight * speed)),
             "speed", "left", "sigma_0"),
    polynomial("curved_majorant", forall(t, TURNING, Norm(velocity) <= weight * speed),
               "velocity_bound", "seen_bound", "left", "shares"),
    cite("curved_change", "mean_value_inequality", at("moved_rate", {t: x}),
         at("curved_rate", {t: x}), at("curved_majorant", {t: x}), at("left", {t: x}),
         over=(t,), given=TURNING,
         p=function_of(t, moved), p_dot=function_of(t, velocity),
         F=function_of(t, curved(s(t))), f=function_of(t, weight * speed), a=0, b=t),
)  # fmt: skip
RATIONAL = (
    calculus("rational_rate",
             forall(t, STARTED, Eq(derivative(rational(s(t)), t), rational_weight * speed)),
             "speed", "H_threshold"),
    polynomial("rational_majorant",
               forall(t, STARTED, Norm(velocity) <= rational_weight * speed),
               "velocity_bound", "seen_bound", "left", "H_threshold", "shares", "sigma_0"),
    cite("rational_change", "mean_value_inequality", at("moved_rate", {t: x}),
         at("rational_rate", {t: x}), at("rational_majorant", {t: x}), "H_threshold",
         over=(t,), given=STARTED,
         p=function_of(t, moved), p_dot=function_of(t, velocity),
         F=function_of(t, rational(s(t))), f=function_of(t, rational_weight * speed), a=0, b=t),
)  # fmt: skip
bend = -deficit - log(1 - deficit)
drift = sigma_0**2 / Lambda * (leak * deficit**2 / 2 + tame * kappa_J * bend)
deviation = sigma_0**2 / Lambda * (deficit**2 / 2 + kappa_J * bend)
drift_rational = rational(rho_star)
FARTHER = And(TURNING, x >= s(t), x <= rho_star)
FARTHEST = (
    polynomial("left_to_the_end",
               forall(x, x <= rho_star,
                      And(sigma_0 - Lambda * x >= sigma_0 * (1 - deficit),
                          sigma_0 - Lambda * x > 0)),
               "radius_identity", "deficit", "H_threshold", "Lambda", "sigma_0"),
    calculus("slope_in_length",
             forall((t, x), FARTHER,
                    Eq(derivative(-curved(x), x),
                       -leak * Lambda * x - tame * size * Lambda * x / (sigma_0 - Lambda * x))),
             "left_to_the_end", "sigma_0"),
    polynomial("bends_up",
               forall((t, x), FARTHER,
                      -leak * Lambda * x - tame * size * Lambda * x / (sigma_0 - Lambda * x)
                      <= 0),
               "left_to_the_end", "length_positive", "shares"),
    cite("farthest", "nonincreasing", at("slope_in_length", {t: t, x: x}),
         at("bends_up", {t: t, x: x}), "travel", over=(t,), given=TURNING,
         F=function_of(x, -curved(x)),
         f=function_of(x, -leak * Lambda * x
                       - tame * size * Lambda * x / (sigma_0 - Lambda * x)),
         a=s(t), b=rho_star),
    ball("logarithm", forall(x, x > 0, log(x) <= x - 1)),
    polynomial("no_drift", Implies(Lambda > 0, curved(s(0)) >= 0),
               "no_length", at("logarithm", {x: 1 - Lambda * s(0) / sigma_0}), "shares",
               "sigma_0"),
    polynomial("whole_drift", Implies(Lambda > 0, Eq(curved(rho_star), drift)),
               "radius_identity", "sigma_0", "deficit", "H_threshold"),
    polynomial("drift", forall(t, TURNING, change <= drift),
               "curved_change", "farthest", "no_drift", "whole_drift", "origin", "deficit",
               "H_threshold"),
    polynomial("drift_leak", forall(t, TURNING, change <= leak * deviation),
               "drift", at("logarithm", {x: 1 - deficit}), "deficit", "H_threshold", "shares"),
    polynomial("drift_rational", forall(t, STARTED, change <= drift_rational),
               "rational_change", "travel", "length_positive", "shares", "Lambda",
               "H_threshold", "origin"),
)  # fmt: skip
passed = Apply(A, g(theta(t)) - x_bar)
missed = Norm(g(theta(t)) - x_bar)
KL = (
    "GF", "y", "H_smooth", "H_min", "H_KL", "H_psi", "H_psi_zero", "H_psi_continuous",
    "H_psi'_continuous", "H_start", "H_argmin", "w",
)  # fmt: skip
ERROR = (
    gram("two_parts",
         forall(zeta, true,
                Norm(zeta) <= Norm(Apply(N, zeta)) + Norm(Apply(Pi, Apply(A, zeta)))),
         "H_N"),
    gram("hidden_part",
         forall((v, zeta, vartheta), true,
                Norm(Apply(N, v - zeta))
                <= Norm(Apply(N, v) - Apply(N, vartheta)) + Norm(Apply(N, zeta - vartheta)))),
    cite("amplified", "operator_norm", over=(t,), M=Pi, v=passed),
    gram("passed_is_residual", forall(t, STARTED, Eq(passed, y(t) - y_obs + noise)), "y",
         "H_data"),
    lemma("residual", "early_stopping.residual", *KL),
    polynomial("error_parts",
               forall(t, STARTED, missed <= unseen + amplification * (e + w(t)) + change),
               at("two_parts", {zeta: g(theta(t)) - x_bar}),
               at("hidden_part", {v: g(theta(t)), zeta: x_bar, vartheta: g(theta_0)}),
               "amplified", "passed_is_residual", at("triangle", {v: y(t) - y_obs, zeta: -noise}),
               "residual", "H_noise", "H_unseen",
               "H_amplification"),
    polynomial("error",
               forall(t, TURNING, missed <= unseen + amplification * (e + w(t)) + drift),
               "error_parts", "drift", "deficit", "H_threshold"),
    polynomial("error_rational",
               forall(t, STARTED,
                      missed <= unseen + amplification * (e + w(t)) + drift_rational),
               "error_parts", "drift_rational", "H_threshold"),
)  # fmt: skip
SHARE = And(x >= 0, x < 1)
theory_bound = (2 * kappa + 1) * (-x - log(1 - x)) - x**2 / 2
COMPARED = (
    ball("curvature", forall(x, SHARE, -x - log(1 - x) - x**2 / 2 >= 0)),
    polynomial("smaller_deviation",
               forall((x, kappa), And(SHARE, kappa >= 1),
                      x**2 / 2 + kappa * (-x - log(1 - x)) <= theory_bound),
               "curvature"),
)  # fmt: skip
STEPS = (*PATH, *ALGEBRA, *DRIFT, *LOGARITHM, *RATIONAL, *FARTHEST, *ERROR, *COMPARED)
