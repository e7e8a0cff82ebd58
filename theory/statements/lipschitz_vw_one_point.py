"""One-point Lipschitz constant of the Jacobian, both layers trained (THEORY section 6).

(J(θ) − J(θ₀))ᵀz has, for each neuron, an inner component, split as (V − V₀)φ'(h) +
V₀(φ'(h) − φ'(h₀)), and an outer one, φ(h) − φ(h₀). Their sizes are those of the 2 × 2 matrix
[[c, e], [e, 0]] applied to how far the neuron's two weights moved, with c = B₂V_max‖u‖² and
e = B₁‖u‖; the constant is its largest singular value over √k. V_max bounds the columns of V at θ₀
only: no radius enters.
"""

from typing import Any

from sympy import Abs, And, Eq, Integer, Max, Rational, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, by_index
from theory.settings.network import (
    B_1,
    B_2,
    CURVATURE_BOUND,
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
    Lambda,
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
    partial_sums,
    phi,
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
from theory.steps import calculus, cite, gram, induction, polynomial
from theory.terms import Inner, Norm, derivative, function_of, real, vector_function

W_0, V_0 = vector_function("W_0"), vector_function("V_0")
c, e, p, q, r = real("c e p q r")

pre, pre_0 = Inner(W(i), u), Inner(W_0(i), u)
inner_move, outer_move = Norm(W(i) - W_0(i)), Norm(V(i) - V_0(i))
inner_change = Norm(hidden_row(W(i), V(i)) - hidden_row(W_0(i), V_0(i)))
outer_change = Norm(output_row(W(i)) - output_row(W_0(i)))
slope, value = phi_1(pre) - phi_1(pre_0), phi(pre) - phi(pre_0)
pull, pull_0 = Inner(V(i), z), Inner(V_0(i), z)
entry = phi_1(pre) * pull - phi_1(pre_0) * pull_0


def _change(count: Any = k) -> Any:
    return over_neurons(inner_change**2 + outer_change**2, count)


def _move(count: Any = k) -> Any:
    return over_neurons(inner_move**2 + outer_move**2, count)


H_V = Hypothesis(
    "H_V",
    each_neuron(Norm(V_0(i)) <= V_max),
    "no column of V is longer than V_max at initialisation",
)
CONSTANT = (c + sqrt(c**2 + 4 * e**2)) / (2 * sqrt(k))
LIPSCHITZ = sqrt(_change()) <= Lambda * sqrt(_move()) * Norm(z)

ORDERED = x <= x_1
MEAN_VALUE = (
    calculus("rise", forall(x, true, Eq(derivative(phi(x) - B_1 * x, x), phi_1(x) - B_1)), "H_phi"),
    calculus("fall", forall(x, true, Eq(derivative(-phi(x) - B_1 * x, x), -phi_1(x) - B_1)),
             "H_phi"),
    cite("above", "nonincreasing", "rise", "H_B_1", over=(x, x_1), given=ORDERED,
         F=function_of(x, phi(x) - B_1 * x), f=function_of(x, phi_1(x) - B_1), a=x, b=x_1),
    cite("below", "nonincreasing", "fall", "H_B_1", over=(x, x_1), given=ORDERED,
         F=function_of(x, -phi(x) - B_1 * x), f=function_of(x, -phi_1(x) - B_1), a=x, b=x_1),
    polynomial("mean_value", forall((x, x_1), true, Abs(phi(x) - phi(x_1)) <= B_1 * Abs(x - x_1)),
               at("above", {x: x, x_1: x_1}), at("above", {x: x_1, x_1: x}),
               at("below", {x: x, x_1: x_1}), at("below", {x: x_1, x_1: x})),
)  # fmt: skip

NEURON_STEPS = (
    gram("input", each_neuron(Abs(pre - pre_0) <= u_norm * inner_move), "u_norm"),
    polynomial("slope", each_neuron(Abs(slope) <= B_2 * u_norm * inner_move),
               at("H_B_2", {x: pre, x_1: pre_0}), "input", "B_2"),
    polynomial("value", each_neuron(Abs(value) <= e * inner_move),
               at("mean_value", {x: pre, x_1: pre_0}), "input", "B_1", "e"),
    gram("test_moves", each_neuron(Abs(pull - pull_0) <= outer_move * Norm(z))),
    gram("test", each_neuron(Abs(pull_0) <= V_max * Norm(z)), "H_V"),
    polynomial("outer_part", each_neuron(Abs(phi_1(pre) * (pull - pull_0)) * u_norm
                                         <= e * outer_move * Norm(z)),
               "test_moves", at("H_B_1", {x: pre}), "e", "u_norm"),
    polynomial("product", each_neuron(Abs(slope * pull_0)
                                      <= B_2 * u_norm * inner_move * V_max * Norm(z)),
               "slope", "test"),
    polynomial("inner_part", each_neuron(Abs(slope * pull_0) * u_norm
                                         <= c * inner_move * Norm(z)),
               "product", "c", "u_norm"),
    polynomial("split", each_neuron(Abs(entry) * u_norm
                                    <= (c * inner_move + e * outer_move) * Norm(z)),
               "outer_part", "inner_part", "u_norm"),
    gram("inner_size", each_neuron(Eq(sqrt(k) * inner_change, Abs(entry) * u_norm)), "k", "u_norm"),
    gram("outer_size", each_neuron(Eq(sqrt(k) * outer_change, Abs(value) * Norm(z))), "k"),
)  # fmt: skip

MATRIX = (c * p + e * r) ** 2 + (e * p) ** 2
STEPS = (
    *MEAN_VALUE,
    *NEURON_STEPS,
    polynomial("curvature", c >= 0, "c", "B_2", "V_max"),
    polynomial("singular", And(Lambda >= 0, sqrt(k) * Lambda >= c,
                               Eq(k * Lambda**2, c * sqrt(k) * Lambda + e**2)), "Lambda", "k"),
    polynomial("matrix", forall((p, r), true, MATRIX <= k * Lambda**2 * (p**2 + r**2)),
               "singular", "curvature"),
    polynomial("scaled", forall((p, r, q), true,
                                MATRIX * q**2 <= k * Lambda**2 * (p**2 + r**2) * q**2), "matrix"),
    polynomial("inner", each_neuron(
        k * inner_change**2 <= ((c * inner_move + e * outer_move) * Norm(z)) ** 2),
        "inner_size", "split", "k"),
    polynomial("outer", each_neuron(k * outer_change**2 <= (e * inner_move * Norm(z)) ** 2),
        "outer_size", "value", "k"),
    polynomial("neuron", each_neuron(
        inner_change**2 + outer_change**2
        <= Lambda**2 * Norm(z) ** 2 * (inner_move**2 + outer_move**2)),
        "inner", "outer", "k", at("scaled", {p: inner_move, r: outer_move, q: Norm(z)})),
    induction("sums", partial_sums(And(_change(j) <= Lambda**2 * Norm(z) ** 2 * _move(j),
                                       _change(j) >= 0, _move(j) >= 0)),
              at("neuron", {i: j})),
    polynomial("lipschitz", LIPSCHITZ, at("sums", {j: k}), "singular", "k"),
)  # fmt: skip

# φ' is a tent of height 1. Three neurons; the last one climbs the last ``step`` to its top while
# its outer weight grows by ``growth`` times that: at c = 3/2, e = 1 half the step is the worst.
step, growth, largest, column, scale = real("step growth largest column scale")
TENT: dict[Any, Any] = {
    phi: Map(x, (Max(0, x + 1) ** 2 - 2 * Max(0, x) ** 2 + Max(0, x - 1) ** 2) / 2),
    phi_1: Map(x, Max(0, x + 1) - 2 * Max(0, x) + Max(0, x - 1)),
    B_1: Integer(1),
    B_2: Integer(1),
}
SMALL_STEPS = (step, tuple(Rational(1, 10**n) for n in (1, 3, 5, 7)))
MODEL = Model(
    "φ' a tent, one neuron moves",
    {
        k: Integer(3),
        **TENT,
        u: scale,
        W_0: Map(i, 3 - i - step * (i - 1) * (i - 2) / 2),
        W: Map(i, 3 - i),
        V_0: Map(i, column * i / 3),
        V: Map(i, column * i / 3 + growth * step * (i - 1) * (i - 2) / 2),
        V_max: largest,
        z: Integer(1),
    },
    {
        step: (Rational(1, 1000), Rational(1, 2)),
        growth: (Rational(1, 10), Integer(2)),
        scale: (Rational(1, 2), Integer(2)),
        column: (Rational(1, 2), Integer(2)),
        largest: (Rational(1, 2), Integer(4)),
    },
    {
        step: Rational(1, 4),
        growth: Rational(1, 2),
        scale: Integer(1),
        column: Rational(3, 2),
        largest: Rational(3, 2),
    },
    limit=SMALL_STEPS,
)

INSTANCE = Instance(
    "two neurons, d = 2, n = 3",
    {
        **TENT,
        k: 2,
        u: (Rational(3, 5), Rational(4, 5)),
        z: (1, 2, -1),
        V_max: 3,
        W_0: by_index((0, 0), (1, 0)),
        W: by_index((Rational(1, 4), Rational(1, 2)), (1, -1)),
        V_0: by_index((1, 2, 2), (0, 1, -1)),
        V: by_index((1, 2, 1), (2, 0, 1)),
    },
)

STATEMENT = Statement(
    title="One-point Lipschitz constant of the two-layer Jacobian, both layers trained",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron"),
        Quantity(W_0, "inner weights of each neuron at initialisation"),
        Quantity(V, "outer weights of each neuron"),
        Quantity(V_0, "outer weights of each neuron at initialisation"),
        INPUT,
        TEST,
        PHI,
        PHI_1,
        SLOPE_BOUND,
        CURVATURE_BOUND,
        LARGEST_COLUMN,
    ),
    hypotheses=(
        H_PHI,
        H_B_1,
        H_B_2,
        H_V,
    ),
    definitions=(
        INPUT_NORM,
        Definition(c, B_2 * V_max * u_norm**2, "size of φ'' V₀: c = B₂V_max‖u‖²"),
        Definition(e, B_1 * u_norm, "size of φ': e = B₁‖u‖"),
        Definition(Lambda, CONSTANT, "Λ = (c + √(c² + 4e²))/(2√k)"),
    ),
    conclusions={"lipschitz": LIPSCHITZ},
    steps=STEPS,
    bounds=(
        Bound("Lambda", CONSTANT, "one-point Lipschitz constant of the Jacobian, both layers"),
    ),
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant("Λ 1% smaller", {"Lambda": Rational(99, 100) * CONSTANT}),
        Mutant(
            "3 in place of 4 under the root",
            {"Lambda": (c + sqrt(c**2 + 3 * e**2)) / (2 * sqrt(k))},
        ),
        Mutant("the constant of V fixed", {"Lambda": c / sqrt(k)}),
        Mutant(
            "V_max bounds the columns on average only",
            {"H_V": over_neurons(Norm(V_0(i)) ** 2) <= k * V_max**2},
        ),
    ),
)
