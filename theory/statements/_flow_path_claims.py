"""What ``flow_path`` claims, how it is proved, and the mutants it shares with ``flow_sharp``."""

from sympy import And, Eq, Implies, Rational

from theory.formulas import forall, with_body
from theory.settings.flow import (
    GAIN,
    RADIUS,
    L,
    Lambda,
    a,
    q,
    rho_star,
    sigma_A,
    t,
    tau,
    theta,
    theta_dot,
    y,
)
from theory.statement import Mutant
from theory.statements import (
    _flow_path_decay,
    _flow_path_energy,
    _flow_path_envelope,
    _flow_path_travel,
)
from theory.statements._flow_path_energy import HALF, s, theta_inf
from theory.statements._flow_path_travel import AT_MOST
from theory.steps import claims_of
from theory.terms import ConvergesTo, Norm, derivative, function_of

STEPS = (
    *_flow_path_energy.STEPS,
    *_flow_path_travel.STEPS,
    *_flow_path_decay.STEPS,
    *_flow_path_envelope.STEPS,
)
claims = claims_of(STEPS)
# What facts and lemmas conclude is computed by the checker; the theorem says it in its own words.
VANISHING = ConvergesTo(function_of(t, L(y(t))), 0)
claims |= {
    "start": Eq(s(0), 0),
    "speed": forall(t, t >= 0, Eq(derivative(s(t), t), Norm(theta_dot(t)))),
    "descent": forall((tau, t), And(tau >= 0, tau <= t), L(y(t)) <= L(y(tau))),
    "travel": forall(t, AT_MOST, s(t) <= rho_star),
    "vanishing": Implies(q <= HALF, VANISHING),
    "convergence": Implies(q <= HALF, ConvergesTo(function_of(t, theta(t)), theta_inf)),
}
CONCLUSIONS = {
    name: claims[name]
    for name in (
        "descent", "start", "speed", "distance", "energy", "travel", "rate", "level_reached",
        "vanishing", "convergence", "tail", "tail_critical", "envelope", "envelope_equation",
    )
}  # fmt: skip

THRESHOLD = Mutant(
    "threshold 1/2 raised to 0.51 in the zero-loss claim",
    {"vanishing": Implies(q < Rational(51, 100), VANISHING)},
)
SHRUNK = Mutant("ρ* shrunk by 1%", {"rho_star": Rational(99, 100) * RADIUS.value}, "travel")
FASTER = Mutant(
    "rate 1% faster",
    {"rate": with_body(claims["rate"], lambda c: c.lhs >= c.rhs + a * t / 100)},
)
STEEPER = Mutant("envelope with b enlarged by 1%", {"b": Rational(101, 100) * GAIN.value},
                 "envelope")  # fmt: skip
LIGHTER = Mutant(
    "energy with 1% less weight on the second order",
    {
        "energy": with_body(
            claims["energy"], lambda c: c.lhs + sigma_A * Lambda * s(t) ** 2 / 200 <= c.rhs
        )
    },
)
