"""The Cauchy loss L(v) = Σ ½ log(1 + (v_i − y_i)²), not convex: ψ(s) = √(e^{2s} − 1).

G(s) = e^{−2s} − e^{−4s}, and μ(r) = (e^{−2r} − e^{−4r})/(2r) (THEORY section 2).
"""

from sympy import Eq, Expr, Rational, exp, log, sqrt

from theory.formulas import forall
from theory.settings.flow import L, v, x
from theory.statement import Mutant
from theory.statements._closed_forms import ClosedForm
from theory.steps import algebra, ball


def gain(s: Expr) -> Expr:
    """Return G(s) = ρ'(ρ⁻¹(s))²."""
    return exp(-2 * s) - exp(-4 * s)


RHO, SLOPE = log(1 + x**2) / 2, x / (1 + x**2)
LOSS = ClosedForm(
    rho=RHO,
    slope=SLOPE,
    gain=gain,
    psi=sqrt(exp(2 * x) - 1),
    primitive=-log(exp(2 * x) - 1) / 2 - exp(2 * x) / 2,
    text="½ log(1 + s²)",
)
STEPS = (
    ball("positive", forall(x, x >= 0, RHO >= 0)),
    algebra("squared_slope", forall(x, x >= 0, Eq(gain(RHO), SLOPE**2))),
    ball("gain_positive", forall(x, x > 0, gain(x) > 0)),
    *LOSS.falling_by_slope(((1 + 4 * x) * exp(-4 * x) - (1 + 2 * x) * exp(-2 * x)) / x**2),
    *LOSS.ending(("ratio",)),
)

STATEMENT = LOSS.statement(
    "Cauchy loss: the desingularizing function √(e^{2s} − 1), and μ(r)",
    STEPS,
    instance=LOSS.instance({}),
    models=LOSS.models(log(2) * Rational(1, 2), {}, {}),
    mutants=LOSS.mutants(
        Mutant(
            "G(s) = 1 − e^{−2s}, as for log-cosh",
            {"inequality": LOSS.inequality(sqrt(1 - exp(-2 * L(v))))},
        )
    ),
)
