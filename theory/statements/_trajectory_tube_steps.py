"""The proof of ``trajectory_tube``.

Taylor's formula with J's Lipschitz constant bounds what the gradient lacks of being monotone; the
residual of the flow falls; and e^{−μt}√(‖θ − θ̃‖² + η²) − dt does not increase, for every η > 0.
"""

from typing import Any

from sympy import And, Eq, Rational, exp, sqrt, true

from theory.formulas import ForAll, forall
from theory.settings.data import y_obs
from theory.settings.descent import grad_f, residual
from theory.settings.flow import A, J, Lambda, g, t, theta, theta_dot, vartheta, x, zeta
from theory.statement import Hypothesis, at
from theory.steps import ball, calculus, cite, gram, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    Norm,
    OperatorNorm,
    derivative,
    function_of,
    real,
    vector_function,
)

E, d, mu, T, R, R_curve, eta = real("E d mu T R R_curve eta")
curve, curve_dot = vector_function("curve"), vector_function("curve_dot")

H_LIP = Hypothesis(
    "H_Lip2",
    forall(
        (vartheta, zeta),
        true,
        OperatorNorm(J(vartheta) - J(zeta)) <= Lambda * Norm(vartheta - zeta),
    ),
    "J is Λ-Lipschitz",
)
STARTED = t >= 0
ON_PIECE = And(t >= 0, t <= T)

apart = Norm(vartheta - zeta)
line = zeta + x * (vartheta - zeta)
ON_LINE = And(x >= 0, x <= 1)
step = vartheta - zeta
bent_path = g(line) - x * Apply(J(zeta), step)
bent_speed = Apply(J(line), step) - Apply(J(zeta), step)
turned = J(line) - J(zeta)
bend = g(vartheta) - g(zeta) - Apply(J(zeta), step)
bend_back = g(zeta) - g(vartheta) - Apply(J(vartheta), zeta - vartheta)
through = Adjoint(A, residual(vartheta))
through_other = Adjoint(A, residual(zeta))
gap = Norm(residual(vartheta) - residual(zeta))


def monotone(share: Any) -> ForAll:
    """Return that the gradient is monotone up to this multiple of Λ‖A‖(‖r‖ + ‖r̃‖)‖θ − θ̃‖²."""
    lost = share * Lambda * OperatorNorm(A)
    lost *= (Norm(residual(vartheta)) + Norm(residual(zeta))) * apart**2
    return forall(
        (vartheta, zeta),
        true,
        Inner(grad_f(vartheta) - grad_f(zeta), step) >= gap**2 - lost,
    )


MONOTONE = monotone(Rational(1, 2))

TAYLOR = (
    calculus("line_velocity",
             forall((vartheta, zeta, x), x >= 0, Eq(derivative(line, x), step))),
    cite("along_line", "chain_rule_map", "H_generator", "line_velocity", over=(vartheta, zeta),
         given=true, g=g, J=J, p=function_of(x, line), p_dot=function_of(x, step)),
    calculus("bent_rate",
             forall((vartheta, zeta, x), ON_LINE, Eq(derivative(bent_path, x), bent_speed)),
             "along_line"),
    cite("bent_norm", "operator_norm", over=(vartheta, zeta, x), given=ON_LINE,
         M=turned, v=step),
    gram("line_part",
         forall((vartheta, zeta, x), ON_LINE, Eq(Norm(line - zeta), x * apart))),
    gram("bent_split",
         forall((vartheta, zeta, x), true, Eq(Norm(bent_speed), Norm(Apply(turned, step))))),
    polynomial("bent_speed",
               forall((vartheta, zeta, x), ON_LINE, Norm(bent_speed) <= Lambda * x * apart**2),
               "bent_split", "bent_norm", "line_part", at("H_Lip2", {vartheta: line})),
    calculus("bent_majorant",
             forall((vartheta, zeta, x), ON_LINE,
                    Eq(derivative(Lambda * x**2 / 2 * apart**2, x), Lambda * x * apart**2))),
    cite("taylor", "mean_value_inequality", "bent_rate", "bent_speed", "bent_majorant",
         over=(vartheta, zeta), given=true, p=function_of(x, bent_path),
         p_dot=function_of(x, bent_speed), F=function_of(x, Lambda * x**2 / 2 * apart**2),
         f=function_of(x, Lambda * x * apart**2), a=0, b=1),
)  # fmt: skip
INEQUALITY = (
    gram("expanded",
         forall((vartheta, zeta), true,
                Eq(Inner(grad_f(vartheta) - grad_f(zeta), step),
                   gap**2 + Inner(through, bend_back) + Inner(through_other, bend))),
         "residual", at("residual", {vartheta: zeta})),
    cite("through_norm", "operator_norm_adjoint", over=(vartheta,), given=true, M=A,
         z=residual(vartheta)),
    gram("bent_part",
         forall((vartheta, zeta), true,
                Inner(through_other, bend) >= -Norm(through_other) * Norm(bend))),
    gram("bent_back_part",
         forall((vartheta, zeta), true,
                Inner(through, bend_back) >= -Norm(through) * Norm(bend_back))),
    polynomial("bent_lost",
               forall((vartheta, zeta), true,
                      Inner(through_other, bend)
                      >= -OperatorNorm(A) * Norm(residual(zeta)) * Lambda / 2 * apart**2),
               "bent_part", "taylor", at("through_norm", {vartheta: zeta})),
    polynomial("bent_back_lost",
               forall((vartheta, zeta), true,
                      Inner(through, bend_back)
                      >= -OperatorNorm(A) * Norm(residual(vartheta)) * Lambda / 2 * apart**2),
               "bent_back_part", at("taylor", {vartheta: zeta, zeta: vartheta}), "through_norm"),
    polynomial("monotone", MONOTONE, "expanded", "bent_lost", "bent_back_lost"),
)  # fmt: skip
misfit = Apply(A, g(theta(t))) - y_obs
RESIDUAL_STEPS = (
    cite("output_rate", "chain_rule_map", "H_generator", "GF", g=g, J=J, p=theta,
         p_dot=theta_dot),
    calculus("residual_rate",
             forall(t, STARTED,
                    Eq(derivative(Norm(misfit) ** 2, t),
                       2 * Inner(Apply(A, Apply(J(theta(t)), theta_dot(t))), misfit))),
             "output_rate"),
    gram("residual_slope",
         forall(t, STARTED, 2 * Inner(Apply(A, Apply(J(theta(t)), theta_dot(t))), misfit) <= 0),
         "GF", at("residual", {vartheta: theta(t)})),
    cite("residual_falls", "nonincreasing", at("residual_rate", {t: x}),
         at("residual_slope", {t: x}), over=(t,), given=STARTED,
         F=function_of(t, Norm(misfit) ** 2),
         f=function_of(t, 2 * Inner(Apply(A, Apply(J(theta(t)), theta_dot(t))), misfit)), a=0, b=t),
    gram("residual_norms",
         forall(t, STARTED, Eq(Norm(residual(theta(t))) ** 2, Norm(misfit) ** 2)),
         at("residual", {vartheta: theta(t)})),
    polynomial("residual_bound", forall(t, STARTED, Norm(residual(theta(t))) <= R),
               "residual_falls", "residual_norms", at("residual_norms", {t: 0}), "H_residual"),
)  # fmt: skip
off = theta(t) - curve(t)
apart_at = Norm(off)
lag = curve_dot(t) + grad_f(curve(t))
smoothed = sqrt(apart_at**2 + eta**2)
closing = Inner(theta_dot(t) - curve_dot(t), off)
potential = exp(-mu * t) * smoothed - d * t
potential_rate = exp(-mu * t) * (closing / smoothed - mu * smoothed) - d
tube = exp(mu * t) * (E + d * t)
TUBE = forall(t, ON_PIECE, apart_at <= tube)
WITH_ETA = And(ON_PIECE, eta > 0)

GRONWALL = (
    gram("closing_split",
         forall(t, ON_PIECE,
                closing <= -Inner(grad_f(theta(t)) - grad_f(curve(t)), off) + Norm(lag) * apart_at),
         "GF"),
    polynomial("closing",
               forall(t, ON_PIECE, closing <= mu * apart_at**2 + d * apart_at),
               "closing_split", at("monotone", {vartheta: theta(t), zeta: curve(t)}),
               "residual_bound", "H_curve_residual", "H_defect", "mu", "Lambda"),
    calculus("potential_rate",
             forall((t, eta), WITH_ETA, Eq(derivative(potential, t), potential_rate)),
             "GF", "H_curve"),
    ball("decay", forall(x, x >= 0, And(exp(-x) <= 1, exp(-x) > 0))),
    polynomial("mu_positive", mu >= 0, "mu", "Lambda", "R", "R_curve"),
    polynomial("weight", forall(t, ON_PIECE, And(exp(-mu * t) <= 1, exp(-mu * t) > 0)),
               at("decay", {x: mu * t}), "mu_positive"),
    polynomial("smoothed_slope",
               forall((t, eta), WITH_ETA, closing / smoothed - mu * smoothed <= d),
               "closing", "mu_positive", "d"),
    polynomial("potential_slope", forall((t, eta), WITH_ETA, potential_rate <= 0),
               "smoothed_slope", "weight", "d"),
    cite("potential_falls", "nonincreasing", at("potential_rate", {t: x}),
         at("potential_slope", {t: x}), over=(t, eta), given=WITH_ETA,
         F=function_of(t, potential), f=function_of(t, potential_rate), a=0, b=t),
    polynomial("smoothed_tube",
               forall((t, eta), WITH_ETA, apart_at <= exp(mu * t) * (E + eta + d * t)),
               "potential_falls", "H_near"),
    polynomial("tube", TUBE,
               at("smoothed_tube", {eta: (apart_at - tube) * exp(-mu * t) / 2})),
)  # fmt: skip
STEPS = (*TAYLOR, *INEQUALITY, *RESIDUAL_STEPS, *GRONWALL)
