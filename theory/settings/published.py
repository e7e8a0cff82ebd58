"""What the published theorems assume beyond the common setting (THEORY section 3)."""

from __future__ import annotations

from sympy import And, exp

from theory.formulas import forall
from theory.settings.flow import J, Lambda, sigma_0, sigma_A, t, theta_0, vartheta, w_0
from theory.statement import Bound, Definition, Hypothesis, Quantity
from theory.terms import Norm, OperatorNorm, real, vector

R, R_1 = real("R R'")
varphi = vector("varphi")

stability = sigma_0 / (2 * Lambda)
travel = 2 * w_0 / (sigma_A * sigma_0)
rate = sigma_A**2 * sigma_0**2 / 4

TWO_POINT = Quantity(Lambda, "Lipschitz constant of the Jacobian", Lambda > 0, "lipschitz")
STABILITY = Definition(R, stability, "stability radius R")
TRAVEL = Definition(R_1, travel, "published travel radius R'")
H_LIP2 = Hypothesis(
    "H_Lip2",
    forall(
        (vartheta, varphi),
        And(Norm(vartheta - theta_0) <= R, Norm(varphi - theta_0) <= R),
        OperatorNorm(J(vartheta) - J(varphi)) <= Lambda * Norm(vartheta - varphi),
    ),
    "J is Λ-Lipschitz on the closed ball of radius R",
)
H_THRESHOLD = Hypothesis("H_threshold", R_1 < R, "the published condition R' < R")

CONDITIONING_BOUND = Bound(
    "conditioning",
    sigma_0 / 2,
    "smallest singular value of the Jacobian",
    "lower",
    of=("conditioning",),
)
RATE_BOUND = Bound("rate", rate, "rate of Ψ(L)", "lower", of=("rate",))


def envelope_bound(conclusion: str) -> Bound:
    """Return the bound of the squared loss's misfit, of the conclusion that it comes from."""
    what = "misfit at time t, squared loss"
    return Bound("envelope", w_0 * exp(-rate * t), what, of=(conclusion,))
