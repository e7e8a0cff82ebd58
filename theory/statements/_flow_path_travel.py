"""The proof of ``flow_path``, second part: how far the parameters travel.

The smaller root of the energy bounds the length of the path; first exit keeps the path inside, also
past the time where the loss reaches zero.
"""

from sympy import And, Eq, Implies, Piecewise, sqrt

from theory.formulas import forall
from theory.settings.flow import (
    L,
    Lambda,
    grad_L,
    loss,
    psi_1,
    q,
    rho,
    rho_star,
    sigma_0,
    sigma_A,
    t,
    tau,
    theta,
    v,
    w,
    w_0,
    x,
    y,
)
from theory.statement import Definition, at
from theory.statements._flow_path_energy import (
    ALIVE,
    HALF,
    SINCE,
    STARTED,
    s,
    slack,
    speed,
    theta_inf,
    work,
    work_rate,
)
from theory.steps import algebra, calculus, cite, gram, lemma, polynomial
from theory.terms import derivative, function_of, real

level = real("level")
LEVEL = Definition(
    level, Piecewise((rho_star, q < HALF), (sigma_0 / Lambda, True)), "first-exit level"
)
SLACK = And(ALIVE, slack > 0)
AT_MOST = And(t >= 0, q <= HALF)
ALIVE_AT_MOST = And(ALIVE, q <= HALF)
DEAD = And(t >= 0, Eq(loss, 0))

travel_bound = 2 * (w_0 - w(t)) / (sigma_A * sigma_0 + sqrt(slack))
ROOT = (
    algebra(
        "slack_identity",
        forall(
            t, STARTED, Eq(slack, sigma_A**2 * sigma_0**2 - 2 * Lambda * sigma_A * (w_0 - w(t)))
        ),
        "a", "b", "q", "sigma_A", "sigma_0",
    ),
    polynomial(
        "radius_identity",
        Implies(q <= HALF, Eq(Lambda * rho_star, sigma_0 * (1 - sqrt(1 - 2 * q)))), "rho_star",
        "q", "sigma_0",
    ),
    polynomial(
        "level_in_ball", And(level <= rho, Lambda * level <= sigma_0), "level", "radius_identity",
        "H_radius", "sigma_0", "Lambda",
    ),
    polynomial(
        "margin_identity",
        forall(t, SLACK, Eq(Lambda * travel_bound, sigma_0 - sqrt(slack) / sigma_A)),
        "slack_identity", "sigma_A", "sigma_0",
    ),
    polynomial(
        "slack_positive", forall(t, ALIVE_AT_MOST, slack > 0), "a", "b", "q", "misfit_positive",
        "sigma_A", "sigma_0", "Lambda",
    ),
    polynomial(
        "slack_at_least_rate",
        forall(t, ALIVE_AT_MOST, sqrt(slack) >= sigma_A * sigma_0 * sqrt(1 - 2 * q)), "a",
        "b", "misfit_positive", "sigma_A", "Lambda",
    ),
    polynomial(
        "gap_small", forall(t, ALIVE_AT_MOST, travel_bound < rho_star), "rho_star",
        "slack_positive", "slack_at_least_rate", "misfit_positive", "misfit_below_start",
        "sigma_A", "sigma_0",
    ),
    polynomial(
        "gap_large", forall(t, And(SLACK, q >= HALF), travel_bound < sigma_0 / Lambda),
        "margin_identity", "q", "Lambda", "sigma_A", "sigma_0",
    ),
    polynomial(
        "gap", forall(t, SLACK, travel_bound < level), "level", "gap_small", "gap_large",
        "sigma_A", "sigma_0",
    ),
    polynomial(
        "work_left",
        forall((tau, t), And(SINCE, loss > 0, s(tau) <= rho), work.subs(t, tau) <= w_0 - w(t)),
        at("energy_alive", {t: tau}), "misfit_monotone", "loss_monotone",
    ),
    polynomial(
        "root",
        forall((tau, t), And(SINCE, loss > 0, slack > 0, s(tau) <= level), s(tau) <= travel_bound),
        "work_left", "level_in_ball", "margin_identity", "slack_identity", "sigma_A", "Lambda",
    ),
)  # fmt: skip

EXIT = (
    cite(
        "length_continuous", "differentiable_is_continuous", "length.speed", over=(t,),
        given=STARTED, F=s, f=function_of(t, speed), a=0, b=t,
    ),
    cite(
        "barrier", "barrier", "length_continuous", "length.start", "misfit_below_start", "gap",
        "root", "sigma_A", "sigma_0", over=(t,), given=SLACK, F=s, a=0, b=t, c=travel_bound,
        d=level,
    ),
    polynomial(
        "travelled", forall(t, SLACK, s(t) <= travel_bound), at("barrier", {x: t}), "sigma_A",
        "sigma_0",
    ),
    polynomial(
        "margin", forall(t, SLACK, sigma_A * (sigma_0 - Lambda * s(t)) >= sqrt(slack)),
        "travelled", "margin_identity", "sigma_A", "Lambda",
    ),
    polynomial(
        "slope_left", forall(t, SLACK, psi_1(loss) * speed >= sqrt(slack)), "slope", "margin",
        "travelled", "gap", "level_in_ball",
    ),
    polynomial(
        "travelled_alive", forall(t, ALIVE_AT_MOST, s(t) <= rho_star), "travelled",
        "gap_small", "slack_positive",
    ),
)  # fmt: skip

STOP = (
    cite(
        "gradient_dead", "fermat", "H_smooth", "H_min", over=(t,), given=DEAD, ell=L, G=grad_L,
        z=y(t),
    ),
    gram("speed_dead", forall(t, DEAD, Eq(speed, 0)), "GF", "gradient_dead"),
)  # fmt: skip

# On [τ, t] the loss falls, and where it is zero nothing moves: what bounds G while it is positive,
# and at τ, bounds it at t.
FALLING = {"F": function_of(t, loss), "F'": function_of(t, -(speed**2))}
LENGTH_GROWS = {"G": s, "G'": function_of(t, speed)}
WORK_GROWS = {"G": function_of(t, work), "G'": function_of(t, work_rate)}
ENERGY_KEPT = (
    calculus(
        "work_derivative", forall(t, STARTED, Eq(derivative(work, t), work_rate)), "length.speed"
    ),
    lemma(
        "work_bounded", "bound_past_zero.bounded", "loss_derivative", "speed_dead",
        "work_derivative", "energy_alive", "misfit_positive", at("H_min", {v: y(x)}),
        "length_monotone", "length.start", "start_nonnegative",
        over=(t,), given=And(t >= 0, s(t) <= rho),
        a=0, b=t, c=w_0, **FALLING, **WORK_GROWS,
    ),
    polynomial(
        "energy", forall(t, And(t >= 0, s(t) <= rho), w(t) + work <= w_0), "energy_alive",
        "work_bounded", "H_psi_zero", "w", at("H_min", {v: y(t)}),
    ),
)  # fmt: skip

TRAVEL = (
    lemma(
        "travel", "bound_past_zero.bounded", "loss_derivative", "speed_dead",
        "length.speed", "travelled_alive", at("H_min", {v: y(x)}), "length.start", "rho_star",
        "start_nonnegative", "sigma_A", "sigma_0", over=(t,), given=AT_MOST,
        a=0, b=t, c=rho_star, **FALLING, **LENGTH_GROWS,
    ),
    polynomial(
        "radius_in_ball", Implies(q <= HALF, rho_star <= rho), "H_radius", "radius_identity",
        "Lambda", "sigma_0",
    ),
    cite(
        "convergence", "finite_length", "length.chord", "travel", given=q <= HALF, p=theta, S=s,
        c=rho_star, limit=theta_inf,
    ),
)  # fmt: skip
STEPS = (*ROOT, *EXIT, *STOP, *ENERGY_KEPT, *TRAVEL)
