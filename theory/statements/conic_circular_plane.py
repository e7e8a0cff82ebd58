"""The circular cone in the plane, where the edge of the S-lemma shows (THEORY section 5).

For A = diag(a, b) and T = {(x, y) : x ≥ κ√(x² + y²)}, 0 ≤ κ ≤ 1, the square of λ_min(A;T) is the
smaller of a² and a²κ² + b²(1 − κ²). A certificate of the S-lemma is a lower bound as long as κ ≥ 0;
for an obtuse angle it speaks of two nappes that leave out a part of T, and is refuted.
"""

from sympy import And, Eq, Integer, Min, Rational, sqrt, true

from theory.formulas import forall
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement
from theory.steps import polynomial
from theory.terms import real

a, b, kappa, nu, tau, x, y = real("a b kappa nu tau x y")

length = sqrt(x**2 + y**2)
image = a**2 * x**2 + b**2 * y**2
INSIDE = x >= kappa * length
rim = a**2 * kappa**2 + b**2 * (1 - kappa**2)
value = Min(a**2, rim)

CERTIFICATE = forall((x, y), INSIDE, image >= nu * (x**2 + y**2))
VALUE = forall((x, y), INSIDE, image >= value * (x**2 + y**2))
RIM = forall((x, y), Eq(x, kappa * length), Eq(image, rim * (x**2 + y**2)))

STEPS = (
    polynomial("square", forall((x, y), INSIDE, x**2 >= kappa**2 * (x**2 + y**2)), "H_acute"),
    polynomial("certificate", CERTIFICATE, "square", "H_certificate", "tau"),
    polynomial("value", VALUE, "square"),
    polynomial("rim", RIM),
)  # fmt: skip

MODEL = Model(
    "two numbers",
    {
        a: a,
        b: b,
        kappa: kappa,
        tau: tau,
        nu: Min(a**2 - tau * (1 - kappa**2), b**2 + tau * kappa**2),
    },
    {
        a: (Rational(1, 2), Integer(4)),
        b: (Rational(1, 2), Integer(4)),
        kappa: (Rational(-9, 10), Rational(9, 10)),
        tau: (Integer(0), Integer(4)),
    },
    {a: Rational(5, 2), b: Rational(3, 2), kappa: Rational(4, 5), tau: Integer(2)},
)
OBTUSE = Model(
    "two numbers, an obtuse angle",
    MODEL.values,
    {
        **MODEL.parameters,
        kappa: (Rational(-9, 10), Rational(-1, 10)),
        tau: (Integer(1), Integer(4)),
    },
)
MORE = Rational(101, 100)

STATEMENT = Statement(
    title="The circular cone in the plane, and the edge of the S-lemma",
    source=Source("sharp", (), "5"),
    quantities=(
        Quantity(a, "stretch along the axis"),
        Quantity(b, "stretch across it"),
        Quantity(kappa, "cosine of the cone's angle", And(kappa >= -1, kappa <= 1)),
        Quantity(tau, "multiplier of a certificate", tau >= 0),
        Quantity(nu, "certified value of λ²"),
    ),
    hypotheses=(
        Hypothesis("H_acute", kappa >= 0, "the angle is at most a right one"),
        Hypothesis(
            "H_certificate",
            forall(
                (x, y),
                true,
                image - nu * (x**2 + y**2) >= tau * (x**2 - kappa**2 * (x**2 + y**2)),
            ),
            "AᵀA − νI − τ(eeᵀ − κ²I) is positive semidefinite",
        ),
    ),
    conclusions={"certificate": CERTIFICATE, "value": VALUE, "rim": RIM},
    steps=STEPS,
    bounds=(Bound("value", sqrt(value), "λ_min(A;T)", "value"),),
    models=(MODEL, OBTUSE),
    mutants=(
        Mutant("the S-lemma at an obtuse angle", {"H_acute": None}, "certificate"),
        Mutant(
            "certified value 1% larger",
            {"certificate": forall((x, y), INSIDE, image >= MORE * nu * (x**2 + y**2))},
        ),
        Mutant(
            "value 1% larger",
            {"value": forall((x, y), INSIDE, image >= MORE * value * (x**2 + y**2))},
        ),
        Mutant(
            "only the rim",
            {"value": forall((x, y), INSIDE, image >= rim * (x**2 + y**2))},
        ),
    ),
)
