"""What ``flow_path`` claims, by name."""

from sympy import And, Eq, Implies, Rational, sqrt

from theory.formulas import forall
from theory.setting import L, a, b, q, t, tau, theta, theta_dot, w, y
from theory.statements._flow_path_decay import STEPS
from theory.statements._flow_path_travel import s, theta_inf
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
