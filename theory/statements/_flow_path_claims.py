"""What ``flow_path`` claims, of which objects, and the mutants it shares with ``flow_sharp``."""

from sympy import And, Eq, Implies, Rational, sqrt

from theory.formulas import forall, with_body
from theory.setting import (
    GAIN,
    RADIUS,
    L,
    Lambda,
    Psi,
    a,
    b,
    q,
    sigma_A,
    t,
    tau,
    theta,
    theta_dot,
    w,
    y,
)
from theory.statement import Mutant, Quantity
from theory.statements._flow_path_decay import STEPS
from theory.statements._flow_path_travel import U_1, U, s, theta_inf
from theory.steps import claims_of
from theory.terms import ConvergesTo, Norm, derivative, function_of

HALF = Rational(1, 2)
claims = claims_of(STEPS)
# What cited facts conclude is computed by the checker; the theorem says it in its own words.
VANISHING = ConvergesTo(function_of(t, L(y(t))), 0)
claims |= {
    "start": Eq(s(0), 0),
    "speed": forall(t, t >= 0, Eq(derivative(s(t), t), Norm(theta_dot(t)))),
    "descent": forall((tau, t), And(tau >= 0, tau <= t), L(y(t)) <= L(y(tau))),
    "vanishing": Implies(q < HALF, VANISHING),
    "convergence": Implies(q < HALF, ConvergesTo(function_of(t, theta(t)), theta_inf)),
    "tail": forall(
        t,
        And(t >= 0, q < HALF),
        Norm(theta_inf - theta(t)) <= 2 * w(t) / (sqrt(a + b * w(t)) + sqrt(a)),
    ),
}
CONCLUSIONS = {
    name: claims[name]
    for name in (
        "descent", "start", "speed", "distance", "energy", "travel", "rate", "zero_loss",
        "vanishing", "convergence", "tail", "envelope", "envelope_equation",
    )
}  # fmt: skip

PATH_OBJECTS = (
    Quantity(Psi, "primitive of −(ψ')²"),
    Quantity(U, "loss level of the envelope, W = ψ(U)"),
    Quantity(U_1, "derivative of U"),
    Quantity(s, "length of the path up to time t"),
    Quantity(theta_inf, "limit of the parameters"),
)

PATH_MUTANTS = (
    Mutant(
        "threshold 1/2 raised to 0.51 in the zero-loss claim",
        {"vanishing": Implies(q < Rational(51, 100), claims["vanishing"].args[1])},
    ),
    Mutant("ρ* shrunk by 1%", {"rho_star": Rational(99, 100) * RADIUS.value}, "travel"),
    Mutant(
        "rate 1% faster",
        {"rate": with_body(claims["rate"], lambda c: c.lhs >= c.rhs + a * t / 100)},
    ),
    Mutant("envelope with b enlarged by 1%", {"b": Rational(101, 100) * GAIN.value}, "envelope"),
    Mutant(
        "energy with 1% less weight on the second order",
        {
            "energy": with_body(
                claims["energy"], lambda c: c.lhs + sigma_A * Lambda * s(t) ** 2 / 200 <= c.rhs
            )
        },
    ),
)
