"""Two-point Lipschitz constant of the Jacobian on a ball, both layers trained (THEORY section 6).

On the ball of radius ρ around θ₀ no column of V is longer than V_max + ρ; the one-point estimate,
taken at the second of the two points, then holds with V_max + ρ in place of V_max. Only that point
has to lie in the ball.
"""

from typing import Any

from sympy import And, Implies, Integer, Rational, sqrt
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, by_index
from theory.settings.network import (
    B_1,
    B_2,
    CURVATURE_BOUND,
    FIRST_NEURONS,
    H_B_1,
    H_B_2,
    H_PHI,
    INPUT,
    INPUT_NORM,
    LARGEST_COLUMN,
    PHI,
    PHI_1,
    SLOPE_BOUND,
    TEST,
    WIDTH,
    V,
    V_max,
    W,
    each_neuron,
    hidden_row,
    i,
    j,
    k,
    output_row,
    over_neurons,
    u,
    u_norm,
    z,
)
from theory.statement import (
    Bound,
    Definition,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.statements.lipschitz_vw_one_point import (
    CONSTANT,
    H_V,
    SMALL_STEPS,
    TENT,
    V_0,
    W_0,
    c,
    column,
    e,
    growth,
    largest,
    scale,
    step,
)
from theory.statements.lipschitz_vw_one_point import INSTANCE as ONE_POINT_INSTANCE
from theory.steps import gram, induction, lemma, polynomial
from theory.terms import IsInteger, Norm, real, vector_function

W_1, V_1 = vector_function("W_1"), vector_function("V_1")
rho, Lambda_2, m = real("rho Lambda_2 m")


def _squared_distance(first: Any, second: Any, neuron: Any = i) -> Any:
    """Return what one neuron contributes to the squared distance of two parameters."""
    (inner, outer), (other_inner, other_outer) = first, second
    inner_move, outer_move = (
        inner(neuron) - other_inner(neuron),
        outer(neuron) - other_outer(neuron),
    )
    return Norm(inner_move) ** 2 + Norm(outer_move) ** 2


THETA, THETA_0, THETA_1 = (W, V), (W_0, V_0), (W_1, V_1)
change = (
    Norm(hidden_row(W(i), V(i)) - hidden_row(W_1(i), V_1(i))) ** 2
    + Norm(output_row(W(i)) - output_row(W_1(i))) ** 2
)
LIPSCHITZ = sqrt(over_neurons(change)) <= Lambda_2 * sqrt(
    over_neurons(_squared_distance(THETA, THETA_1))
) * Norm(z)

distance = over_neurons(_squared_distance(THETA_1, THETA_0), j)
AMONG_FIRST = And(IsInteger(m), m >= 1, m <= j)
STEPS = (
    induction("single", forall((j, m), FIRST_NEURONS, And(distance >= 0, Implies(
        AMONG_FIRST, _squared_distance(THETA_1, THETA_0, m) <= distance)))),
    polynomial("outer_move", each_neuron(Norm(V_1(i) - V_0(i)) <= rho),
               at("single", {j: k, m: i}), "H_ball_1", "rho", "k"),
    gram("columns", each_neuron(Norm(V_1(i)) <= V_max + rho), "outer_move", "H_V"),
    lemma("lipschitz", "lipschitz_vw_one_point.lipschitz", "columns", "H_phi", "H_B_1", "H_B_2",
          "B_1", "B_2", "V_max", "rho", "k", "u_norm", "c", "e", "Lambda_2",
          W_0=W_1, V_0=V_1, V_max=V_max + rho, Lambda=Lambda_2),
)  # fmt: skip

# φ' is a tent of height 1. Three neurons; the last one starts at its top, with an outer weight that
# is off by ``offset``, and moves down by ``step`` while its outer weight shrinks by ``growth``.
offset = real("offset")
last = (i - 1) * (i - 2) / 2
MODEL = Model(
    "φ' a tent, one neuron moves",
    {
        k: Integer(3),
        **TENT,
        u: scale,
        W_0: Map(i, 3 - i),
        W_1: Map(i, 3 - i),
        W: Map(i, 3 - i - step * last),
        V_0: Map(i, column * i / 3),
        V_1: Map(i, column * i / 3 + offset * last),
        V: Map(i, column * i / 3 + (offset - growth * step) * last),
        V_max: largest,
        z: Integer(1),
    },
    {
        step: (Rational(1, 1000), Rational(1, 2)),
        growth: (Rational(1, 10), Integer(2)),
        offset: (Rational(1, 4), Integer(2)),
        rho: (Rational(1, 4), Integer(2)),
        scale: (Rational(1, 2), Integer(2)),
        column: (Rational(1, 2), Integer(2)),
        largest: (Rational(1, 2), Integer(4)),
    },
    {
        step: Rational(1, 4),
        growth: Rational(1, 2),
        offset: Rational(1, 2),
        rho: Rational(1, 2),
        scale: Integer(1),
        column: Integer(1),
        largest: Integer(1),
    },
    limit=SMALL_STEPS,
)

INSTANCE = Instance(
    ONE_POINT_INSTANCE.name,
    {
        **ONE_POINT_INSTANCE.values,
        rho: 4,
        W_1: by_index((0, -1), (1, 1)),
        V_1: by_index((1, 1, 2), (0, 1, 2)),
    },
)

STATEMENT = Statement(
    title="Lipschitz constant of the two-layer Jacobian on a ball, both layers trained",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron"),
        Quantity(W_1, "inner weights of each neuron at the second point"),
        Quantity(W_0, "inner weights of each neuron at initialisation"),
        Quantity(V, "outer weights of each neuron"),
        Quantity(V_1, "outer weights of each neuron at the second point"),
        Quantity(V_0, "outer weights of each neuron at initialisation"),
        INPUT,
        TEST,
        PHI,
        PHI_1,
        SLOPE_BOUND,
        CURVATURE_BOUND,
        LARGEST_COLUMN,
        Quantity(rho, "radius of the ball around the initial parameters", rho >= 0),
    ),
    hypotheses=(
        H_PHI,
        H_B_1,
        H_B_2,
        H_V,
        Hypothesis(
            "H_ball",
            over_neurons(_squared_distance(THETA, THETA_0)) <= rho**2,
            "the first point lies in the ball of radius ρ",
        ),
        Hypothesis(
            "H_ball_1",
            over_neurons(_squared_distance(THETA_1, THETA_0)) <= rho**2,
            "the second point lies in the ball of radius ρ",
        ),
    ),
    definitions=(
        INPUT_NORM,
        Definition(c, B_2 * (V_max + rho) * u_norm**2, "c = B₂(V_max + ρ)‖u‖²"),
        Definition(e, B_1 * u_norm, "e = B₁‖u‖"),
        Definition(Lambda_2, CONSTANT, "Λ₂ = (c + √(c² + 4e²))/(2√k)"),
    ),
    conclusions={"lipschitz": LIPSCHITZ},
    steps=STEPS,
    bounds=(
        Bound("Lambda_2", CONSTANT, "Lipschitz constant of the Jacobian on the ball, both layers"),
    ),
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant("Λ₂ 1% smaller", {"Lambda_2": Rational(99, 100) * CONSTANT}),
        Mutant("the one-point constant", {"c": B_2 * V_max * u_norm**2}),
        Mutant(
            "3 in place of 4 under the root",
            {"Lambda_2": (c + sqrt(c**2 + 3 * e**2)) / (2 * sqrt(k))},
        ),
        Mutant("neither point lies in the ball", {"H_ball_1": None, "H_ball": None}),
    ),
    findings=(
        Finding(
            "one_point_in_the_ball",
            "Of the two points between which the Jacobian is compared, only one has to lie in the "
            "ball; the other may be anywhere.",
            unused=("H_ball",),
        ),
    ),
)
