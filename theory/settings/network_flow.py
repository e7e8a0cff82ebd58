"""The gradient flow of the two-layer network, neuron by neuron (THEORY section 6).

By ``two_layer_gram`` the components of θ̇ = −JᵀAᵀ∇L(y) are −k^{−1/2}φ'(h_i)⟨V_i, Aᵀ∇L(y)⟩u for the
inner and −k^{−1/2}φ(h_i)Aᵀ∇L(y) for the outer weights of neuron i, where h_i = ⟨W_i, u⟩.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, Expr, Integer, Symbol, sqrt

from theory.formulas import ForAll, forall
from theory.settings.flow import A, grad_L, t, y
from theory.settings.network import (
    NEURON,
    V,
    W,
    each_neuron,
    i,
    j,
    k,
    over_neurons,
    partial_sums,
    phi,
    phi_1,
    u,
    z,
)
from theory.statement import Definition, Hypothesis, Quantity, Step, Use, at
from theory.steps import calculus, cite, gram, induction, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    Norm,
    VectorSymbol,
    derivative,
    function_of,
    vector,
    vector_function,
)

v: VectorSymbol = vector("v")
g = vector_function("g")

FROM_START = t >= 0
gradient = grad_L(y(t))
pulled_back = Adjoint(A, gradient)
pre, pre_start = Inner(W(i, t), u), Inner(W(i, 0), u)

FLOW_QUANTITIES = (
    Quantity(A, "forward operator"),
    Quantity(grad_L, "gradient of the loss"),
    Quantity(g, "output of the network along the flow"),
)
INPUT = Quantity(u, "input of the network", Norm(u) > 0)
OUTPUT = Definition(y(t), Apply(A, g(t)), "measured output along the flow")


def at_all_times(claim: Any, *others: Symbol) -> ForAll:
    """Return that a claim holds at every time from the start on."""
    return forall((t, *others), FROM_START, claim)


def neuron_at_all_times(claim: Any, *others: Symbol) -> ForAll:
    """Return that a claim holds for each neuron at every time from the start on."""
    return each_neuron(claim, t, *others, given=FROM_START)


def sums_at_all_times(claim: Any, *others: Symbol) -> ForAll:
    """Return that a claim holds for the sum over the first j neurons, for each j, at all times."""
    return partial_sums(claim, t, *others, given=FROM_START)


def inner_flow(column: Expr) -> Hypothesis:
    """Return the gradient flow of the inner weights; ``column`` is the neuron's outer weight."""
    speed = -phi_1(pre) * Inner(column, pulled_back) / sqrt(k)
    return Hypothesis(
        "GF_W",
        neuron_at_all_times(Eq(derivative(W(i, t), t), speed * u)),
        "the inner weights follow the gradient flow",
    )


GF_V = Hypothesis(
    "GF_V",
    neuron_at_all_times(Eq(derivative(V(i, t), t), -phi(pre) / sqrt(k) * pulled_back)),
    "the outer weights follow the gradient flow",
)


def network(column: Expr) -> Hypothesis:
    """Return that g is the network's output, said by its inner products with all vectors."""
    value = over_neurons(phi(pre) * Inner(column, z) / sqrt(k))
    return Hypothesis(
        "H_network",
        at_all_times(Eq(Inner(g(t), z), value), z),
        "the output of the network is k^{−1/2} Σ φ(h_i) V_i",
    )


# What a neuron's inner weights have beside a multiple of the input never changes.
_aside = Inner(W(i, t), z) - pre * Inner(u, z) / Norm(u) ** 2
moved = (pre - pre_start) / Norm(u) ** 2 * u
WEIGHTS = neuron_at_all_times(Eq(W(i, t), W(i, 0) + moved))


def constant_steps(
    name: str, value: Expr, *uses: str | Use, others: tuple[Symbol, ...] = (), defined: str = ""
) -> tuple[Step, ...]:
    """Return the steps that show a value to be at all times what it is at the start.

    Parameters
    ----------
    name : str
        Of the last step, which claims ``value`` = its value at t = 0 for each neuron.
    value : Expr
        A function of ``t``, the neuron ``i`` and ``others``.
    *uses
        Premises from which its derivative is seen to be zero.
    others : tuple of Symbol
        Variables besides ``t`` and ``i``.
    defined : str
        The premise, if any, that makes the value exist.
    """
    over, given = (i, t, *others), And(NEURON, FROM_START)
    path, back, still = (function_of(t, f) for f in (value, -value, Integer(0)))
    here = {variable: variable for variable in (i, *others)}
    return (
        calculus(f"{name}_slope", neuron_at_all_times(Eq(derivative(value, t), 0), *others), *uses),
        calculus(f"{name}_back", neuron_at_all_times(Eq(derivative(-value, t), 0), *others), *uses),
        cite(f"{name}_above", "nonincreasing", at(f"{name}_slope", here), over=over, given=given,
             F=path, f=still, a=0, b=t),
        cite(f"{name}_below", "nonincreasing", at(f"{name}_back", here), over=over, given=given,
             F=back, f=still, a=0, b=t),
        polynomial(name, neuron_at_all_times(Eq(value, path(0)), *others),
                   f"{name}_above", f"{name}_below", *([defined] if defined else [])),
    )  # fmt: skip


def weight_steps(*flow: str | Use) -> tuple[Step, ...]:
    """Return the proof of ``WEIGHTS`` from the flow of the inner weights."""
    difference = W(i, t) - W(i, 0) - moved
    return (
        *constant_steps("aside", _aside, *flow, "u", "k", others=(z,), defined="u"),
        gram("weights", WEIGHTS, at("aside", {z: difference}), "u"),
    )


def hidden_slope(column: Expr) -> Any:
    """Return the velocity of a neuron's hidden value, in terms of A V."""
    along = Inner(Apply(A, column), gradient)
    return -(Norm(u) ** 2) / sqrt(k) * phi_1(pre) * along


def hidden_flow(velocity: Expr) -> ForAll:
    """Return that a neuron's hidden value moves with this velocity."""
    return neuron_at_all_times(Eq(derivative(pre, t), velocity))


def hidden_steps(name: str, column: Expr, *flow: str) -> tuple[Step, ...]:
    """Return the steps that give the velocity of the hidden values; the last one is ``name``."""
    pulled = -(Norm(u) ** 2) / sqrt(k) * phi_1(pre) * Inner(column, pulled_back)
    return (
        calculus(f"{name}_pulled", hidden_flow(pulled), *flow, "k"),
        gram(name, hidden_flow(hidden_slope(column)), f"{name}_pulled", "k"),
    )  # fmt: skip


def measured_output(column: Expr) -> ForAll:
    """Return that y = k^{−1/2} Σ φ(h_i) A column, said by the inner products with all v."""
    value = over_neurons(phi(pre) * Inner(Apply(A, column), v) / sqrt(k))
    return at_all_times(Eq(Inner(y(t), v), value), v)


def output_steps(column: Expr, written: Expr, *uses: str) -> tuple[Step, ...]:
    """Return the steps to ``measured_output(written)``, the last one of which is "output".

    That the neuron's outer weight, ``column``, can be ``written`` so follows from ``uses``.
    """
    across, measured = Inner(column, Adjoint(A, v)), Inner(Apply(A, written), v)

    def sums(product: Expr, count: Any = k) -> Expr:
        return over_neurons(phi(pre) * product / sqrt(k), count)

    return (
        gram("adjoint", neuron_at_all_times(Eq(across, measured), v), *uses),
        induction("adjoint_sums", sums_at_all_times(Eq(sums(across, j), sums(measured, j)), v),
                  at("adjoint", {i: j}), "k"),
        gram("output", measured_output(written), "y",
             at("H_network", {z: Adjoint(A, v)}),
             at("adjoint_sums", {j: k}), "k"),
    )  # fmt: skip
