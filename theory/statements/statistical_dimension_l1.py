"""The bound of the ℓ₁ descent cone in closed form (THEORY section 5).

For s entries of n that are not 0, E dist²(g, τ∂‖·‖₁) = s(1 + τ²) + (n − s)E(|g| − τ)₊², and
E(|g| − τ)₊² = √(2/π)∫_τ^∞(u − τ)²e^{−u²/2}du. The integrand has a primitive in closed form
(*primitive*), whose value at τ gives the closed form of the bound (*height*); the bound is a
strictly convex function of τ (*convex*), so that the sign of its derivative tells on which side
the minimum is: this is what the certified minimisation uses.
"""

from sympy import And, Eq, Expr, Rational, erfc, exp, pi, sqrt, true

from theory.cones import L1_BOUND, n, s, tau
from theory.formulas import forall, substitute
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement
from theory.steps import algebra, ball, calculus, polynomial
from theory.terms import derivative, real

u = real("u")


def _tail(place: Expr) -> Expr:
    """Return √(2/π)e^{−x²/2}, twice the normal density."""
    return sqrt(2 / pi) * exp(-(place**2) / 2)


above = erfc(tau / sqrt(2))
height = L1_BOUND.args[0](tau)
primitive = -(1 + tau**2) * erfc(u / sqrt(2)) - (u - 2 * tau) * _tail(u)
slope = 2 * s * tau - 2 * (n - s) * (_tail(tau) - tau * above)
curvature = 2 * s + 2 * (n - s) * above

PRIMITIVE = forall((u, tau), true, Eq(derivative(primitive, u), (u - tau) ** 2 * _tail(u)))
HEIGHT = forall(
    tau,
    true,
    Eq(height, s * (1 + tau**2) - (n - s) * substitute(primitive, {u: tau}), evaluate=False),
)
SLOPE = forall(tau, true, Eq(derivative(height, tau), slope))
CURVATURE = forall(tau, true, Eq(derivative(slope, tau), curvature))
CONVEX = forall(tau, tau >= 0, curvature > 0)

STEPS = (
    calculus("primitive", PRIMITIVE),
    algebra("height", HEIGHT),
    calculus("slope", SLOPE),
    calculus("curvature", CURVATURE),
    ball("tail_positive", forall(tau, tau >= 0, above >= 0)),
    polynomial("convex", CONVEX, "tail_positive", "H_sparse"),
)

MORE = Rational(101, 100)
MODEL = Model(
    "numbers",
    {n: n, s: s},
    {n: (Rational(2), Rational(50)), s: (Rational(1), Rational(20))},
    {n: Rational(20), s: Rational(3)},
)

STATEMENT = Statement(
    title="The bound of the ℓ₁ descent cone: closed form and convexity",
    source=Source("published", ("amelunxen2014",), "5"),
    quantities=(Quantity(n, "dimension of the space"), Quantity(s, "entries that are not 0")),
    hypotheses=(Hypothesis("H_sparse", And(s >= 1, s <= n), "1 ≤ s ≤ n"),),
    conclusions={
        "primitive": PRIMITIVE,
        "height": HEIGHT,
        "slope": SLOPE,
        "curvature": CURVATURE,
        "convex": CONVEX,
    },
    steps=STEPS,
    bounds=(Bound("height", height, "statistical dimension", condition=tau >= 0),),
    models=(MODEL,),
    mutants=(
        Mutant(
            "integrand 1% larger",
            {
                "primitive": forall(
                    (u, tau), true, Eq(derivative(primitive, u), MORE * (u - tau) ** 2 * _tail(u))
                )
            },
        ),
        Mutant(
            "closed form with τ² for 1 + τ²",
            {
                "height": forall(
                    tau,
                    true,
                    Eq(height, s * (1 + tau**2) + (n - s) * (tau**2 * above - tau * _tail(tau))),
                )
            },
        ),
        Mutant(
            "curvature without the tail",
            {"curvature": forall(tau, true, Eq(derivative(slope, tau), 2 * s))},
        ),
        Mutant("curvature above 2n", {"convex": forall(tau, tau >= 0, curvature > 2 * n)}),
    ),
)
