"""The proof of ``descent_finite_length``.

Within one step, at the point θ(n) − x∇f(θ(n)), the loss keeps below its value at θ(n): it falls at
first, and where it first came back the descent lemma says otherwise. Concavity of ψ turns the
descent into length, and the quadratic σ₀s − Λs²/2 keeps the length below its smaller root.
"""

from typing import Any

from sympy import And, Eq, Expr, Implies, Integer, sqrt, true

from theory.formulas import forall, substitute
from theory.settings.descent import (
    STEP_COUNT,
    L_f,
    beta,
    gamma,
    n,
    q_gamma,
    rho_gamma,
    s,
    spent,
)
from theory.settings.flow import (
    A,
    J,
    L,
    Lambda,
    g,
    grad_L,
    psi,
    psi_1,
    pulled_back,
    r_0,
    rho,
    sigma_0,
    sigma_A,
    t,
    theta,
    theta_0,
    v,
    vartheta,
    w,
    w_0,
    x,
    y,
    z,
    zeta,
)
from theory.statement import at
from theory.steps import calculus, cite, gram, induction, lemma, polynomial
from theory.terms import Apply, Inner, Norm, SigmaMin, derivative, function_of, real_function

T_0 = real_function("T_0")

slope = pulled_back(theta(n))
steep = Norm(slope)
here = L(y(n))
left = sigma_0 - Lambda * s(n)
partial = theta(n) - x * slope
along = L(Apply(A, g(partial)))
rate = Inner(pulled_back(partial), -slope)
fallen = (x - L_f * x**2 / 2) * steep**2
STATE = And(here <= L(y(0)), w(n) + beta * spent <= w_0, s(n) <= rho_gamma)
HELD = And(STEP_COUNT, STATE)
ALIVE = And(HELD, here > 0)
REACHED = And(ALIVE, x >= 0, x <= gamma, s(n) + x * steep <= rho)
AHEAD = And(REACHED, x > 0)


def _to(formula: Any, place: Expr) -> Any:
    return substitute(formula, {x: place})


LENGTH = (
    cite("length", "partial_sums", f=function_of(n, Norm(theta(n + 1) - theta(n))), S=s),
    gram("step_length",
         forall(n, STEP_COUNT, Eq(Norm(theta(n + 1) - theta(n)), gamma * steep)), "GD", "gamma"),
    gram("distance_start", Eq(Norm(theta(0) - theta_0), 0), "GD_start"),
    gram("distance_next",
         forall(n, STEP_COUNT,
                Norm(theta(n + 1) - theta_0)
                <= Norm(theta(n) - theta_0) + Norm(theta(n + 1) - theta(n)))),
    induction("distance", forall(n, STEP_COUNT, Norm(theta(n) - theta_0) <= s(n)),
              "distance_start", "distance_next", "length.start", "length.next"),
)  # fmt: skip
SLOPE = (
    polynomial("misfit",
               forall(n, ALIVE,
                      And(psi_1(here) > 0, w(n) > 0, psi_1(here) * Norm(grad_L(y(n))) >= 1)),
               at("H_KL", {v: y(n)}), at("H_concave", {x: here, z: 0}), "H_psi_zero",
               "H_start", "w"),
    polynomial("radius_identity",
               Eq(Lambda * rho_gamma, sigma_0 * (1 - sqrt(1 - 2 * q_gamma))),
               "rho_gamma", "q_gamma", "sigma_0", "H_threshold"),
    polynomial("left_positive",
               forall(n, HELD, And(left >= sigma_0 * sqrt(1 - 2 * q_gamma), left > 0)),
               "radius_identity", "Lambda", "sigma_0", "H_threshold"),
    lemma("gradient_lower", "gradient_lower.lower", "sigma_A", "H_range", "H_sigma_A",
          "H_sigma_0", "H_Lip0"),
    polynomial("lower",
               forall(n, HELD, steep >= sigma_A * left * Norm(grad_L(y(n)))),
               at("gradient_lower", {vartheta: theta(n)}), "distance", "H_radius", "y",
               "sigma_A", "Lambda"),
    polynomial("slope", forall(n, ALIVE, psi_1(here) * steep >= sigma_A * left),
               "lower", "misfit"),
    polynomial("steep", forall(n, ALIVE, steep > 0), "slope", "left_positive", "sigma_A"),
)  # fmt: skip
LINE = (
    calculus("line_velocity",
             forall((n, x), x >= 0, Eq(derivative(partial, x), -slope))),
    cite("along_line", "chain_rule", "H_smooth", "line_velocity", over=(n,), ell=L, G=grad_L,
         g=g, J=J, A=A, p=function_of(x, partial), p_dot=function_of(x, -slope),
         y=function_of(x, Apply(A, g(partial)))),
    gram("line_places",
         forall((n, x), x >= 0,
                And(Eq(Norm(partial - theta(n)), x * steep),
                    Norm(partial - theta_0) <= Norm(theta(n) - theta_0) + x * steep))),
    polynomial("change",
               forall((n, x), And(REACHED, along <= here),
                      Norm(pulled_back(partial) - slope) <= L_f * x * steep),
               at("H_L_f", {vartheta: partial, zeta: theta(n)}), "line_places", "distance", "y"),
    gram("cauchy",
         forall((v, zeta), true,
                Inner(v, -zeta) <= -(Norm(zeta) ** 2) + Norm(v - zeta) * Norm(zeta))),
    polynomial("rate",
               forall((n, x), And(REACHED, along <= here),
                      rate + (1 - L_f * x) * steep**2 <= 0),
               at("cauchy", {v: pulled_back(partial), zeta: slope}), "change"),
)  # fmt: skip
RETURN = And(_to(AHEAD, z), _to(along, z) >= here)
END = T_0(n, z)
EVERY_X = (at("excess_rate", {n: n, x: x}), at("rate", {n: n, x: x}))
KEEP = (
    calculus("loss_rate", forall((n, x), x >= 0, Eq(derivative(along - here, x), rate)),
             "along_line"),
    gram("falls_first", forall(n, ALIVE, Inner(slope, -slope) < 0), "steep"),
    polynomial("here", forall(n, STEP_COUNT, Eq(L(Apply(A, g(theta(n)))), here)), "y"),
    gram("origin", forall((n, x), Eq(x, 0), Eq(partial, theta(n)))),
    polynomial("at_start", forall((n, x), And(STEP_COUNT, Eq(x, 0)), Eq(along, here)), "origin",
               "y"),
    cite("return", "first_return", at("loss_rate", {n: n, x: x}), at("falls_first", {n: n}),
         at("here", {n: n}), over=(n, z),
         given=RETURN, F=function_of(x, along - here), f=function_of(x, rate), a=0, b=z, T=END),
    calculus("excess_rate",
             forall((n, x), x >= 0,
                    Eq(derivative(along + fallen, x), rate + (1 - L_f * x) * steep**2)),
             "along_line"),
    polynomial("until_return",
               forall((n, z, x), And(RETURN, x >= 0, x <= END),
                      And(along <= here, x <= gamma, s(n) + x * steep <= rho)),
               "return.at", "return.before", "at_start"),
    cite("excess_at_return", "nonincreasing", *EVERY_X, at("until_return", {n: n, z: z, x: x}),
         at("return.at", {n: n, z: z}),
         over=(n, z), given=RETURN, F=function_of(x, along + fallen),
         f=function_of(x, rate + (1 - L_f * x) * steep**2), a=0, b=END),
    polynomial("below", forall((n, z), _to(AHEAD, z), _to(along, z) < here),
               "return.at", "excess_at_return", "here", "steep", "beta", "H_step"),
    polynomial("not_above", forall((n, x), REACHED, along <= here), at("below", {z: x}),
               "at_start"),
    cite("descends", "nonincreasing", *EVERY_X, at("not_above", {n: n, x: x}), over=(n, z),
         given=_to(REACHED, z), F=function_of(x, along + fallen),
         f=function_of(x, rate + (1 - L_f * x) * steep**2), a=0, b=z),
)  # fmt: skip
kept = 1 - L_f * z / 2
after = _to(along, z)
budget = sigma_0 * rho_gamma - Lambda * rho_gamma**2 / 2
GAIN = (
    polynomial("misfit_nonnegative", forall(v, L(v) < r_0, psi(L(v)) >= 0),
               at("H_concave", {x: L(v), z: 0}), at("H_psi", {x: L(v)}), "H_psi_zero", "H_min"),
    polynomial("kept", forall(z, And(z >= 0, z <= gamma),
                              And(kept >= beta, kept > 0, Implies(z < gamma, kept > beta))),
               "beta", "H_step", "L_f"),
    polynomial("fall", forall((n, z), _to(REACHED, z), after + z * kept * steep**2 <= here),
               "descends", "here"),
    polynomial("concave", forall((n, z), _to(REACHED, z),
                                 psi(after) <= w(n) - psi_1(here) * (here - after)),
               at("H_concave", {x: here, z: after}), at("not_above", {x: z}), "H_start", "w",
               at("H_min", {v: Apply(A, g(_to(partial, z)))})),
    polynomial("gain", forall((n, z), _to(REACHED, z),
                              psi(after) + sigma_A * left * kept * (z * steep) <= w(n)),
               "concave", "fall", "misfit", "slope", "kept"),
    polynomial("budget", Eq(w_0, beta * sigma_A * budget),
               "rho_gamma", "q_gamma", "sigma_A", "sigma_0", "H_step", "H_threshold"),
    polynomial("short", forall(n, ALIVE, s(n) < rho_gamma),
               "budget", "misfit"),
    polynomial("room", forall((n, z), _to(REACHED, z),
                              left * kept * (z * steep) <= left * beta * (rho_gamma - s(n))),
               "gain", "budget", at("misfit_nonnegative", {v: Apply(A, g(_to(partial, z)))}),
               at("not_above", {x: z}), "H_start", "H_step", "sigma_A", "Lambda"),
    polynomial("within", forall((n, z), _to(REACHED, z),
                                And(s(n) + z * steep <= rho_gamma,
                                    Implies(And(z > 0, z < gamma),
                                            s(n) + z * steep < rho_gamma))),
               "room", "left_positive", "kept", "steep"),
    polynomial("whole", forall(n, ALIVE, s(n) + gamma * steep <= rho),
               at("within", {z: (rho - s(n)) / steep}), "short", "H_radius"),
)  # fmt: skip
next_spent = substitute(spent, {n: n + 1})
NEXT = substitute(STATE, {n: n + 1})
STEP = (
    polynomial("step_point", forall(n, STEP_COUNT, Eq(L(y(n + 1)),
                                                      L(Apply(A, g(_to(partial, gamma)))))),
               "GD", at("y", {t: n + 1})),
    polynomial("next_length", forall(n, STEP_COUNT, Eq(s(n + 1), s(n) + gamma * steep)),
               "length.next", "step_length"),
    polynomial("descent_alive",
               forall(n, ALIVE, L(y(n + 1)) <= here - beta * gamma * steep**2),
               at("fall", {z: gamma}), "whole", "step_point", "beta", "gamma"),
    polynomial("energy_alive", forall(n, ALIVE, w(n + 1) + beta * next_spent <= w_0),
               at("gain", {z: gamma}), "whole", "step_point", at("w", {t: n + 1}), "next_length",
               "beta", "gamma", "H_step", "sigma_A", "Lambda"),
    polynomial("travel_alive", forall(n, ALIVE, s(n + 1) <= rho_gamma),
               at("within", {z: gamma}), "whole", "next_length"),
    cite("gradient_dead", "fermat", "H_smooth", "H_min", "y", over=(n,), given=Eq(here, 0),
         ell=L, G=grad_L, z=Apply(A, g(theta(n)))),
    gram("stands_still",
         forall(n, And(STEP_COUNT, Eq(here, 0)), And(Eq(steep, 0), Eq(theta(n + 1), theta(n)))),
         "GD", "gradient_dead"),
    polynomial("next_dead", forall(n, And(HELD, Eq(here, 0)), And(NEXT, Eq(L(y(n + 1)), here))),
               "stands_still", "y", at("y", {t: n + 1}), "next_length", "w", at("w", {t: n + 1})),
    polynomial("next_state",
               forall(n, HELD, And(NEXT, L(y(n + 1)) <= here - beta * gamma * steep**2)),
               "descent_alive", "energy_alive", "travel_alive", "next_dead", "stands_still",
               "H_step", "gamma", at("H_min", {v: y(n)})),
    polynomial("start_state", substitute(STATE, {n: Integer(0)}),
               "length.start", "w_0", at("w", {t: 0}), at("misfit_nonnegative", {v: y(0)}),
               "H_start", "rho_gamma", "sigma_A", "sigma_0", "H_step", "H_threshold"),
    induction("state", forall(n, STEP_COUNT, STATE), "start_state", "next_state"),
)  # fmt: skip
STILL = And(STEP_COUNT, x >= 0, x <= gamma)
LAST = (
    polynomial("travel", forall(n, STEP_COUNT, s(n) <= rho_gamma), "state"),
    polynomial("energy", forall(n, STEP_COUNT, w(n) + beta * spent <= w_0), "state"),
    polynomial("descent",
               forall(n, STEP_COUNT, L(y(n + 1)) <= here - beta * gamma * steep**2),
               "state", "next_state"),
    polynomial("lower_everywhere",
               forall(n, STEP_COUNT, steep >= sigma_A * left * Norm(grad_L(y(n)))),
               "state", "lower"),
    lemma("conditioning_ball", "gradient_lower.conditioning", "H_sigma_0", "H_Lip0"),
    polynomial("conditioning",
               forall(n, STEP_COUNT,
                      SigmaMin(J(theta(n))) >= sigma_0 * sqrt(1 - 2 * q_gamma)),
               at("conditioning_ball", {vartheta: theta(n)}), "distance", "H_radius",
               "left_positive", "state", "Lambda", "H_threshold"),
    gram("segment_dead", forall((n, x), And(STILL, Eq(here, 0)), Eq(partial, theta(n))),
         "gradient_dead"),
    polynomial("segment",
               forall((n, x), STILL,
                      And(Norm(partial - theta_0) <= rho, along <= here)),
               "state", "distance", "line_places", "whole", "not_above", "segment_dead",
               "stands_still", "y",
               "H_radius", at("H_min", {v: y(n)})),
)  # fmt: skip
STEPS = (*LENGTH, *SLOPE, *LINE, *KEEP, *GAIN, *STEP, *LAST)
