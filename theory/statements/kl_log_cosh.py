"""The log-cosh loss L(v) = Σ log cosh(v_i − y_i): ψ(s) = arccosh(e^s) (THEORY section 2).

G(s) = 1 − e^{−2s}; the constant on the sublevel set {0 < L ≤ r} is μ(r) = (1 − e^{−2r})/(2r).
"""

from sympy import Eq, Expr, Integer, asinh, cosh, exp, log, sqrt, tanh

from theory.formulas import forall
from theory.settings.flow import L, v, x
from theory.statement import Mutant
from theory.statements._closed_forms import MORE, ClosedForm
from theory.steps import algebra, ball


def gain(s: Expr) -> Expr:
    """Return G(s) = ρ'(ρ⁻¹(s))²."""
    return 1 - exp(-2 * s)


LOSS = ClosedForm(
    rho=log(cosh(x)),
    slope=tanh(x),
    gain=gain,
    psi=asinh(sqrt(exp(2 * x) - 1)),
    primitive=-log(exp(2 * x) - 1) / 2,
    text="log cosh s",
)
STEPS = (
    ball("positive", forall(x, x >= 0, log(cosh(x)) >= 0)),
    ball("cosh_positive", forall(x, x >= 0, cosh(x) > 0)),
    algebra("squared_slope", forall(x, x >= 0, Eq(gain(log(cosh(x))), tanh(x) ** 2))),
    ball("gain_positive", forall(x, x > 0, gain(x) > 0)),
    *LOSS.falling_by_slope(((1 + 2 * x) * exp(-2 * x) - 1) / x**2),
    *LOSS.ending(("ratio", "cosh_positive")),
)

STATEMENT = LOSS.statement(
    "log-cosh loss: the desingularizing function arccosh(e^s), and μ(r)",
    STEPS,
    instance=LOSS.instance({}),
    models=LOSS.models(log(cosh(Integer(1))), {}, {}),
    mutants=LOSS.mutants(
        Mutant(
            "G(s) = 1 − e^{−2.02s}",
            {"inequality": LOSS.inequality(sqrt(1 - exp(-2 * MORE * L(v))))},
        )
    ),
)
