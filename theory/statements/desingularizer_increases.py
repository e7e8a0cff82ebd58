"""A desingularizing function increases from zero (THEORY section 1, H_KL).

What the flow theorems use of ψ(0) = 0, ψ' > 0 and continuity at zero: ψ keeps the order of losses,
from zero on.
"""

from sympy import And, Rational, sqrt
from sympy import Lambda as Map

from theory.formulas import forall
from theory.settings.flow import DESINGULARIZER, R_0, psi, psi_1, r_0, tau, x
from theory.statement import Model, Mutant, Quantity, Source, Statement
from theory.steps import cite, polynomial
from theory.terms import real

scale, shift = real("scale shift")
BELOW = And(x > 0, x < r_0)
BETWEEN = And(tau > 0, tau < x, x < r_0)
ORDERED = And(tau >= 0, tau < x, x < r_0)

STEPS = (
    cite("from_zero", "increasing", "H_psi_continuous", "H_psi",
         over=(x,), given=BELOW, F=psi, f=psi_1, a=0, b=x),
    cite("continuous", "differentiable_is_continuous", "H_psi",
         over=(tau, x), given=BETWEEN, F=psi, f=psi_1, a=tau, b=x),
    cite("later", "increasing", "H_psi", "continuous",
         over=(tau, x), given=BETWEEN, F=psi, f=psi_1, a=tau, b=x),
    polynomial("increases", forall((tau, x), ORDERED, psi(tau) < psi(x)), "from_zero", "later"),
    polynomial("positive", forall(x, BELOW, psi(x) > 0), "from_zero", "H_psi_zero"),
)  # fmt: skip

MODEL = Model(
    "ψ(s) = 2c√s, lowered",
    {r_0: r_0, psi: Map(x, 2 * scale * sqrt(x) - shift), psi_1: Map(x, scale / sqrt(x))},
    {r_0: (Rational(1, 2), 2), scale: (Rational(1, 2), 2), shift: (0, 1)},
    {r_0: Rational(3, 2), scale: Rational(4, 5), shift: 0},
)

STATEMENT = Statement(
    title="A desingularizing function increases from zero",
    source=Source("sharp", (), "1"),
    quantities=(
        R_0,
        Quantity(psi, "desingularizing function ψ"),
        Quantity(psi_1, "derivative of ψ"),
    ),
    hypotheses=DESINGULARIZER,
    conclusions={
        "increases": forall((tau, x), ORDERED, psi(tau) < psi(x)),
        "positive": forall(x, BELOW, psi(x) > 0),
    },
    steps=STEPS,
    models=(MODEL,),
    mutants=(
        Mutant(
            "ψ grows by 1% from any level to a higher one",
            {"increases": forall((tau, x), ORDERED, Rational(101, 100) * psi(tau) < psi(x))},
        ),
        Mutant(
            "ψ at least doubles where the loss does",
            {"increases": forall((tau, x), ORDERED, psi(tau) * x < psi(x) * tau)},
        ),
        Mutant("ψ(0) may be anything", {"H_psi_zero": None}, "positive"),
    ),
)
