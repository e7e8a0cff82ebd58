"""The Jacobian of the two-layer network and its Gram matrices (THEORY section 6).

Along every differentiable curve of parameters the output changes by what the rows X_i = k^{−1/2}
φ'(h_i)⟨V_i, z⟩u and Y_i = k^{−1/2}φ(h_i)z of Jᵀz say, which makes J the Jacobian. Their squared
lengths add up to the quadratic forms of J_W J_Wᵀ, J_V J_Vᵀ and JJᵀ at z. The second is a multiple
of the identity, so that with both layers trained the smallest eigenvalue of JJᵀ is that of
J_W J_Wᵀ plus ‖φ(h)‖²/k, exactly.
"""

from typing import Any

from sympy import Eq, Integer, Rational, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall, substitute
from theory.instances import Instance, by_index, mapping
from theory.settings.flow import t
from theory.settings.network import (
    H_PHI,
    INPUT,
    PHI,
    PHI_1,
    WIDTH,
    V,
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
    x,
    z,
)
from theory.statement import Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import calculus, gram, induction, polynomial
from theory.terms import Inner, Norm, derivative, real, real_function, vector_function

W_dot, V_dot, weakest = vector_function("W_dot"), vector_function("V_dot"), vector_function("z_1")
mu = real_function("mu")

pre, pull = Inner(W(i, t), u), Inner(V(i, t), z)
inner_row, outer_row = hidden_row(W(i, t), V(i, t)), output_row(W(i, t))
contribution = phi(pre) * pull / sqrt(k)
motion = Inner(W_dot(i, t), inner_row) + Inner(V_dot(i, t), outer_row)
activity = over_neurons(phi(pre) ** 2) / k


def _rows(count: Any = k) -> Any:
    return over_neurons(Norm(inner_row) ** 2 + Norm(outer_row) ** 2, count)


def _inner(count: Any = k) -> Any:
    return over_neurons(Norm(inner_row) ** 2, count)


def _outer(count: Any = k) -> Any:
    return over_neurons(Norm(outer_row) ** 2, count)


def _inner_form(count: Any = k) -> Any:
    return Norm(u) ** 2 / k * over_neurons(phi_1(pre) ** 2 * pull**2, count)


def _outer_form(count: Any = k) -> Any:
    return over_neurons(phi(pre) ** 2, count) / k * Norm(z) ** 2


def _everywhere(claim: Any) -> Any:
    return forall((t, z), true, claim)


def _moves(change: Any, count: Any = k) -> Any:
    return Eq(derivative(over_neurons(contribution, count), t), over_neurons(change, count))


AT_WEAKEST = substitute(_rows(), {z: weakest(t)})
CONCLUSIONS = {
    "jacobian": _everywhere(_moves(motion)),
    "hidden": _everywhere(Eq(_inner(), _inner_form())),
    "output": _everywhere(Eq(_outer(), _outer_form())),
    "both": _everywhere(Eq(_rows(), _inner() + _outer())),
    "smallest": _everywhere(_rows() >= (mu(t) + activity) * Norm(z) ** 2),
    "attained": forall(t, true, Eq(AT_WEAKEST, mu(t) + activity)),
}

STEPS = (
    calculus("neuron", each_neuron(Eq(derivative(contribution, t), motion), t, z),
             at("H_phi", {x: pre}), "H_curve", "k"),
    induction("moves", partial_sums(_moves(motion, j), t, z), at("neuron", {i: j})),
    polynomial("jacobian", CONCLUSIONS["jacobian"], at("moves", {j: k}), "k"),
    gram("inner_size", each_neuron(
        Eq(Norm(inner_row) ** 2, Norm(u) ** 2 / k * phi_1(pre) ** 2 * pull**2), t, z), "k"),
    gram("outer_size", each_neuron(
        Eq(Norm(outer_row) ** 2, phi(pre) ** 2 / k * Norm(z) ** 2), t, z), "k"),
    induction("inner_sums", partial_sums(Eq(_inner(j), _inner_form(j)), t, z),
              at("inner_size", {i: j}), "k"),
    induction("outer_sums", partial_sums(Eq(_outer(j), _outer_form(j)), t, z),
              at("outer_size", {i: j}), "k"),
    induction("both_sums", partial_sums(Eq(_rows(j), _inner(j) + _outer(j)), t, z)),
    polynomial("hidden", CONCLUSIONS["hidden"], at("inner_sums", {j: k}), "k"),
    polynomial("output", CONCLUSIONS["output"], at("outer_sums", {j: k}), "k"),
    polynomial("both", CONCLUSIONS["both"], at("both_sums", {j: k}), "k"),
    polynomial("smallest", CONCLUSIONS["smallest"], "both", "output", "H_mu", "k"),
    polynomial("attained", CONCLUSIONS["attained"], at("both", {z: weakest(t)}),
               at("output", {z: weakest(t)}), "H_weakest", "k"),
)  # fmt: skip

scale, speed, size = real("scale speed size")
MODEL = Model(
    "φ(x) = x + x²/2, four neurons on a straight path",
    {
        k: Integer(4),
        phi: Map(x, x + x**2 / 2),
        phi_1: Map(x, 1 + x),
        u: scale,
        W: Map((i, t), i + speed * t),
        W_dot: Map((i, t), speed),
        V: Map((i, t), 3 - i * t),
        V_dot: Map((i, t), -i),
        weakest: Map(t, Integer(1)),
        mu: Map(
            t,
            scale**2
            / 4
            * over_neurons((1 + (i + speed * t) * scale) ** 2 * (3 - i * t) ** 2, 4).doit(),
        ),
    },
    {scale: (Rational(1, 2), Integer(2)), speed: (Integer(-2), Integer(2))},
    {scale: Rational(3, 2), speed: Rational(1, 2)},
)

# Orthogonal outer weights, of which only the first keeps its slope φ' = 1: μ = ‖u‖²‖V₁‖²/3.
INSTANCE = Instance(
    "three neurons on a curve, d = 2, n = 3",
    {
        k: 3,
        phi: mapping(x, x + x**2 / 2),
        phi_1: mapping(x, 1 + x),
        u: (1, 2),
        W: by_index(
            mapping(t, (2 * t, -t)),
            mapping(t, (t**2 / 5, 2 * t**2 / 5)),
            mapping(t, (t**2 / 5 + 2, 2 * t**2 / 5 - 1)),
        ),
        W_dot: by_index(
            (2, -1), mapping(t, (2 * t / 5, 4 * t / 5)), mapping(t, (2 * t / 5, 4 * t / 5))
        ),
        V: by_index((1, 2, 2), (2, 1, -2), mapping(t, tuple((1 + t**2) * a for a in (2, -2, 1)))),
        V_dot: by_index((0, 0, 0), (0, 0, 0), mapping(t, (4 * t, -4 * t, 2 * t))),
        weakest: mapping(t, (Rational(1, 3), Rational(2, 3), Rational(2, 3))),
        mu: mapping(t, 15),
    },
)

STATEMENT = Statement(
    title="Jacobian and Gram matrices of the two-layer network",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along a curve"),
        Quantity(W_dot, "velocity of the inner weights"),
        Quantity(V, "outer weights of each neuron along a curve"),
        Quantity(V_dot, "velocity of the outer weights"),
        INPUT,
        PHI,
        PHI_1,
        Quantity(mu, "smallest eigenvalue of J_W J_Wᵀ"),
        Quantity(weakest, "a unit eigenvector for it"),
    ),
    hypotheses=(
        H_PHI,
        Hypothesis(
            "H_curve",
            each_neuron(
                Eq(derivative(W(i, t), t), W_dot(i, t)) & Eq(derivative(V(i, t), t), V_dot(i, t)), t
            ),
            "the parameters run along a differentiable curve",
        ),
        Hypothesis(
            "H_mu",
            _everywhere(_inner() >= mu(t) * Norm(z) ** 2),
            "μ is at most the quadratic form of J_W J_Wᵀ on unit vectors",
        ),
        Hypothesis(
            "H_weakest",
            forall(
                t,
                true,
                Eq(Norm(weakest(t)), 1) & Eq(substitute(_inner(), {z: weakest(t)}), mu(t)),
            ),
            "μ is attained at the unit vector z₁",
        ),
    ),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant(
            "the Gram matrix of the inner layer without ‖u‖²",
            {"hidden": _everywhere(Eq(_inner(), _inner_form() / Norm(u) ** 2))},
        ),
        Mutant(
            "the Gram matrix of the outer layer 1% larger",
            {"output": _everywhere(Eq(_outer(), Rational(101, 100) * _outer_form()))},
        ),
        Mutant(
            "the two layers do not add up by 1%",
            {
                "smallest": _everywhere(
                    _rows() >= (mu(t) + Rational(101, 100) * activity) * Norm(z) ** 2
                )
            },
        ),
        Mutant(
            "V is taken not to move",
            {"jacobian": _everywhere(_moves(Inner(W_dot(i, t), inner_row)))},
        ),
    ),
)
