"""The Polyak–Łojasiewicz inequality as a Kurdyka–Łojasiewicz inequality (THEORY section 2).

½‖∇L‖² ≥ μL gives the desingularizing function ψ(s) = √(2s/μ), attained by the squared loss.
"""

from collections.abc import Mapping
from typing import Any

from sympy import Eq, Integer, Rational, Symbol, log, sqrt
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.instances import Instance, coordinates, mapping
from theory.settings.flow import L, grad_L, v, x, z
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement
from theory.steps import calculus, polynomial
from theory.terms import Continuous, Norm, derivative, function_of, real

mu, centre = real("mu centre")

desingularizer = sqrt(2 * x / mu)
slope = 1 / sqrt(2 * mu * x)
primitive = -log(x) / (2 * mu)
steepness = Norm(grad_L(v))
ALIVE = L(v) > 0

DERIVATIVE = forall(x, x > 0, Eq(derivative(desingularizer, x), slope))
INCREASING = forall(x, x > 0, slope > 0)
CONTINUOUS = forall(z, z >= 0, Continuous(function_of(x, desingularizer), 0, z))
INEQUALITY = forall(v, ALIVE, slope.subs(x, L(v)) * steepness >= 1)
PRIMITIVE = forall(x, x > 0, Eq(derivative(primitive, x), -(slope**2)))

STEPS = (
    calculus("slope", DERIVATIVE, "mu"),
    polynomial("slope_positive", INCREASING, "mu"),
    calculus("continuity", CONTINUOUS, "mu"),
    polynomial("inequality", INEQUALITY, "H_PL", "mu"),
    calculus("primitive", PRIMITIVE, "mu"),
)


def _inequality(factor: Rational) -> ForAll:
    return forall(v, ALIVE, factor * slope.subs(x, L(v)) * steepness >= 1)


def _quadratic(name: str, excess: Rational, witness: Mapping[Symbol, Any]) -> Model:
    """Return the loss ½k(v − c)² with μ = excess · k."""
    curvature = mu / excess
    return Model(
        name,
        {
            mu: mu,
            L: Map(x, curvature * (x - centre) ** 2 / 2),
            grad_L: Map(x, curvature * (x - centre)),
        },
        {mu: (Rational(1, 4), Integer(4)), centre: (Integer(-2), Integer(2))},
        witness,
    )


QUADRATIC = _quadratic(
    "quadratic loss in one dimension",
    Integer(1),
    {mu: Rational(3, 2), centre: Rational(2, 5)},
)
FLATTER = _quadratic("quadratic loss, 1% flatter than μ", Rational(101, 100), {})

entries = coordinates("v", 3)
INSTANCE = Instance(
    "quadratic loss of curvatures 1, 2 and 5",
    {
        mu: 1,
        L: mapping(entries, (entries[0] ** 2 + 2 * entries[1] ** 2 + 5 * entries[2] ** 2) / 2),
        grad_L: mapping(entries, (entries[0], 2 * entries[1], 5 * entries[2])),
    },
)

STATEMENT = Statement(
    title="Polyak–Łojasiewicz inequality: the desingularizing function √(2s/μ)",
    source=Source("sharp", (), "2"),
    quantities=(
        Quantity(mu, "Polyak–Łojasiewicz constant", mu > 0),
        Quantity(L, "loss"),
        Quantity(grad_L, "gradient of the loss"),
    ),
    hypotheses=(
        Hypothesis(
            "H_PL",
            forall(v, ALIVE, steepness**2 / 2 >= mu * L(v)),
            "Polyak–Łojasiewicz inequality ½‖∇L‖² ≥ μL",
        ),
    ),
    conclusions={
        "slope": DERIVATIVE,
        "slope_positive": INCREASING,
        "continuity": CONTINUOUS,
        "inequality": INEQUALITY,
        "primitive": PRIMITIVE,
    },
    steps=STEPS,
    bounds=(
        Bound("psi", desingularizer, "desingularizing function ψ(s)", "value"),
        Bound("primitive", primitive, "Ψ, a primitive of −(ψ')²", "value"),
    ),
    instance=INSTANCE,
    models=(QUADRATIC, FLATTER),
    mutants=(
        Mutant("ψ 1% smaller", {"inequality": _inequality(Rational(99, 100))}),
        Mutant(
            "factor ½ of the squared gradient enlarged by 1%",
            {"H_PL": forall(v, ALIVE, Rational(101, 200) * steepness**2 >= mu * L(v))},
            "inequality",
        ),
        Mutant(
            "constant μ reduced by 1% in the hypothesis",
            {"H_PL": forall(v, ALIVE, steepness**2 / 2 >= Rational(99, 100) * mu * L(v))},
            "inequality",
        ),
        Mutant(
            "ψ(s) = √(s/μ), the factor 2 forgotten",
            {"inequality": forall(v, ALIVE, steepness / (2 * sqrt(mu * L(v))) >= 1)},
        ),
    ),
)
