"""Lipschitz constant of the Jacobian when the inner layer is trained (THEORY section 6).

With V fixed, (J(θ) − J(θ₀))ᵀz has the components k^{−1/2}(φ'(h_i) − φ'(h_i⁰))⟨V_i, z⟩u. They are
estimated neuron by neuron and summed; as z is any vector, the operator norm is bounded. The two
points are arbitrary: the constant serves as a one-point and as a two-point one, without a radius.
"""

from typing import Any

from sympy import Abs, And, Eq, Integer, Rational, sqrt
from sympy import Lambda as Map

from theory.instances import Instance, by_index, mapping
from theory.settings.network import (
    B_2,
    CURVATURE_BOUND,
    H_B_2,
    INPUT,
    INPUT_NORM,
    LARGEST_COLUMN,
    PHI_1,
    TEST,
    WIDTH,
    Lambda,
    V,
    V_max,
    W,
    each_neuron,
    hidden_row,
    i,
    j,
    k,
    over_neurons,
    partial_sums,
    phi_1,
    u,
    u_norm,
    x,
    x_1,
    z,
)
from theory.statement import (
    Bound,
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import gram, induction, polynomial
from theory.terms import Inner, Norm, real, vector_function

W_0 = vector_function("W_0")
pre, pre_0 = Inner(W(i), u), Inner(W_0(i), u)
move = Norm(W(i) - W_0(i))
change = Norm(hidden_row(W(i), V(i)) - hidden_row(W_0(i), V(i)))
slope = phi_1(pre) - phi_1(pre_0)
pull = Inner(V(i), z)


def _change(count: Any = k) -> Any:
    return over_neurons(change**2, count)


def _move(count: Any = k) -> Any:
    return over_neurons(move**2, count)


H_V = Hypothesis("H_V", each_neuron(Norm(V(i)) <= V_max), "no column of V is longer than V_max")
CONSTANT = B_2 * V_max * u_norm**2 / sqrt(k)
LIPSCHITZ = sqrt(_change()) <= Lambda * sqrt(_move()) * Norm(z)

STEPS = (
    gram("input", each_neuron(Abs(pre - pre_0) <= u_norm * move), "u_norm"),
    polynomial("slope", each_neuron(Abs(slope) <= B_2 * u_norm * move),
               at("H_B_2", {x: pre, x_1: pre_0}), "input", "B_2"),
    gram("test", each_neuron(Abs(pull) <= V_max * Norm(z)), "H_V"),
    gram("size", each_neuron(Eq(change, Abs(slope * pull) * u_norm / sqrt(k))), "k", "u_norm"),
    polynomial("product", each_neuron(Abs(slope * pull) <= B_2 * u_norm * move * V_max * Norm(z)),
               "slope", "test"),
    polynomial("neuron", each_neuron(change <= Lambda * move * Norm(z)),
               "size", "product", "k", "u_norm", "Lambda"),
    polynomial("squared", each_neuron(change**2 <= Lambda**2 * Norm(z) ** 2 * move**2), "neuron"),
    induction("sums", partial_sums(And(_change(j) <= Lambda**2 * Norm(z) ** 2 * _move(j),
                                       _change(j) >= 0, _move(j) >= 0)),
              at("squared", {i: j})),
    polynomial("lipschitz", LIPSCHITZ, at("sums", {j: k}), "k", "Lambda", "B_2", "V_max"),
)  # fmt: skip

# Three neurons, of which the last moves by ``step`` from a point where |φ''| is largest.
step, largest, column, scale = real("step largest column scale")
MODEL = Model(
    "φ = ½log(1 + x²), one neuron moves",
    {
        k: Integer(3),
        phi_1: Map(x, x / (1 + x**2)),
        B_2: Integer(1),
        u: scale,
        W_0: Map(i, 3 - i),
        W: Map(i, 3 - i + step * (i - 1) * (i - 2) / 2),
        V: Map(i, column * i / 3),
        V_max: largest,
        z: Integer(1),
    },
    {
        step: (Rational(1, 1000), Integer(2)),
        scale: (Rational(1, 2), Integer(2)),
        column: (Rational(1, 2), Integer(2)),
        largest: (Rational(1, 2), Integer(4)),
    },
    {step: Rational(1, 2), scale: Rational(3, 2), column: Integer(2), largest: Integer(2)},
    limit=(step, tuple(Rational(1, 10**n) for n in (1, 2, 3, 4))),
)

INSTANCE = Instance(
    "three neurons, d = 2, n = 3",
    {
        k: 3,
        phi_1: mapping(x, x / (1 + x**2)),
        B_2: 1,
        u: (1, 2),
        W_0: by_index((0, 0), (1, 0), (1, 1)),
        W: by_index((Rational(1, 4), Rational(1, 2)), (1, -1), (2, 1)),
        V: by_index((1, 2, 2), (2, 0, 1), (0, 1, -1)),
        V_max: 3,
        z: (1, 2, -1),
    },
)

STATEMENT = Statement(
    title="Lipschitz constant of the two-layer Jacobian, inner layer trained",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron"),
        Quantity(W_0, "inner weights of each neuron at the other point"),
        Quantity(V, "outer weights of each neuron"),
        INPUT,
        TEST,
        PHI_1,
        CURVATURE_BOUND,
        LARGEST_COLUMN,
    ),
    hypotheses=(
        H_B_2,
        H_V,
    ),
    definitions=(
        INPUT_NORM,
        Definition(Lambda, CONSTANT, "Lipschitz constant Λ = ‖u‖²B₂V_max/√k"),
    ),
    conclusions={"lipschitz": LIPSCHITZ},
    steps=STEPS,
    bounds=(Bound("Lambda", CONSTANT, "Lipschitz constant of the Jacobian, V fixed"),),
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant("Λ 1% smaller", {"Lambda": Rational(99, 100) * CONSTANT}),
        Mutant("k in place of √k", {"Lambda": B_2 * V_max * u_norm**2 / k}),
        Mutant("‖u‖ in place of ‖u‖²", {"Lambda": B_2 * V_max * u_norm / sqrt(k)}),
        Mutant(
            "V_max bounds the columns on average only",
            {"H_V": over_neurons(Norm(V(i)) ** 2) <= k * V_max**2},
        ),
    ),
)
