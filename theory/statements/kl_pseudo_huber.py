"""The pseudo-Huber loss L(v) = Σ δ²(√(1 + ((v_i − y_i)/δ)²) − 1) (THEORY section 2).

With c = 1 + s/δ²: ψ(s) = δ√(c² − 1), G(s) = δ²(c² − 1)/c², and μ(r) = (2 + r/δ²)/(2(1 + r/δ²)²).
"""

from sympy import Eq, Expr, Integer, Rational, log, sqrt

from theory.formulas import forall
from theory.settings.flow import L, v, x
from theory.statement import Mutant, Quantity
from theory.statements._closed_forms import ClosedForm
from theory.steps import polynomial
from theory.terms import real

delta = real("delta")


def _level(s: Expr) -> Expr:
    return 1 + s / delta**2


def gain(s: Expr) -> Expr:
    """Return G(s) = ρ'(ρ⁻¹(s))²."""
    return s * (2 + s / delta**2) / _level(s) ** 2


ROOT = sqrt(1 + x**2 / delta**2)
RHO, SLOPE = delta**2 * (ROOT - 1), x / ROOT
LOSS = ClosedForm(
    rho=RHO,
    slope=SLOPE,
    gain=gain,
    psi=sqrt(x * (2 + x / delta**2)),
    primitive=-_level(x) - log(x / (2 * delta**2 + x)) / 2,
    text="δ²(√(1 + (s/δ)²) − 1)",
    parameters=(Quantity(delta, "where the loss turns from quadratic to linear", delta > 0),),
)
STEPS = (
    polynomial("positive", forall(x, x >= 0, RHO >= 0), "delta"),
    polynomial("squared_slope", forall(x, x >= 0, Eq(gain(RHO), SLOPE**2)), "delta"),
    polynomial("ratio", LOSS.falling, "delta"),
    *LOSS.ending(("ratio", "delta"), ("delta",), ("delta",)),
)

STATEMENT = LOSS.statement(
    "Pseudo-Huber loss: the desingularizing function δ√((1 + s/δ²)² − 1), and μ(r)",
    STEPS,
    instance=LOSS.instance({delta: Integer(2)}),
    models=LOSS.models(
        delta**2 * (sqrt(1 + 1 / delta**2) - 1),
        {delta: (Rational(1, 2), Rational(2))},
        {delta: Rational(3, 2)},
    ),
    mutants=LOSS.mutants(
        Mutant(
            "ψ(s) = √(2s), as for the squared distance",
            {"inequality": LOSS.inequality(sqrt(2 * L(v)))},
        )
    ),
)
