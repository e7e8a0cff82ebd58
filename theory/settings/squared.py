"""What the statements about the squared loss assume of ψ (THEORY section 2, kl_radial)."""

from sympy import And, Eq, sqrt

from theory.formulas import forall
from theory.settings.flow import psi, psi_1, x
from theory.statement import Hypothesis

H_SQUARED = Hypothesis(
    "H_squared",
    forall(x, x > 0, And(Eq(psi(x), sqrt(2 * x)), Eq(psi_1(x), 1 / sqrt(2 * x)))),
    "the loss is the squared one: ψ(s) = √(2s)",
)
