"""The Huber loss: Σ of ½s² up to |s| = δ and δ(|s| − δ/2) beyond, s = v_i − y_i.

G(s) = min(2s, δ²), and μ(r) = min(1, δ²/(2r)) (THEORY section 2).
"""

from sympy import And, Eq, Expr, Integer, Min, Piecewise, Rational, log, sqrt

from theory.formulas import forall
from theory.settings.flow import L, v, x
from theory.statement import Mutant, Quantity
from theory.statements._closed_forms import ClosedForm
from theory.steps import polynomial
from theory.terms import real

delta = real("delta")


def gain(s: Expr) -> Expr:
    """Return G(s) = ρ'(ρ⁻¹(s))²."""
    return Min(2 * s, delta**2)


RHO = Piecewise((x**2 / 2, x <= delta), (delta * (x - delta / 2), True))
SLOPE = Min(x, delta)
EDGE = delta**2 / 2
BEYOND = -x / delta**2 + (1 - log(EDGE)) / 2
LOSS = ClosedForm(
    rho=RHO,
    slope=SLOPE,
    gain=gain,
    psi=Piecewise((sqrt(2 * x), x <= EDGE), (x / delta + delta / 2, True)),
    primitive=Piecewise((-log(x) / 2, x <= EDGE), (BEYOND, True)),
    text="½s² for s ≤ δ, δ(s − δ/2) beyond",
    parameters=(Quantity(delta, "where the loss turns from quadratic to linear", delta > 0),),
    parts=(
        ("_quadratic", And(x > 0, x <= EDGE), sqrt(2 * x), -log(x) / 2, ()),
        ("_linear", x >= EDGE, x / delta + delta / 2, BEYOND, ("delta",)),
    ),
)
STEPS = (
    polynomial("positive", forall(x, x >= 0, RHO >= 0), "delta"),
    polynomial("squared_slope", forall(x, x >= 0, Eq(gain(RHO), SLOPE**2)), "delta"),
    polynomial("gain_positive", forall(x, x > 0, gain(x) > 0), "delta"),
    *LOSS.ending(("delta",), modulus=()),
)

STATEMENT = LOSS.statement(
    "Huber loss: its desingularizing function, and μ(r) = min(1, δ²/(2r))",
    STEPS,
    instance=LOSS.instance({delta: Integer(2)}),
    models=LOSS.models(
        Piecewise((Rational(1, 2), delta >= 1), (delta * (1 - delta / 2), True)),
        {delta: (Rational(1, 2), Rational(2))},
        {delta: Rational(3, 5)},
    ),
    mutants=LOSS.mutants(
        Mutant(
            "ψ(s) = √(2s), as for the squared distance",
            {"inequality": LOSS.inequality(sqrt(2 * L(v)))},
        )
    ),
)
