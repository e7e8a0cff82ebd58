"""The two-layer network that the statements of THEORY section 6 share.

k neurons with inner weights W(i) and outer weights V(i), i = 1, …, k, and an input u. The output is
g = k^{−1/2} Σ φ(⟨W(i), u⟩) V(i); it is written through its inner products with vectors z, so that
sums over neurons are sums of numbers and no dimension is named.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, Expr, Sum, Symbol, sqrt, true

from theory.formulas import ForAll, forall
from theory.statement import Definition, Hypothesis, Quantity
from theory.terms import (
    Inner,
    IsInteger,
    Norm,
    VectorSymbol,
    derivative,
    real,
    real_function,
    vector,
    vector_function,
)

# Neurons, and how many of them a partial sum has.
i, j, k = real("i j k")
x, x_1 = real("x x_1")
B_1, B_2, V_max, u_norm, Lambda = real("B_1 B_2 V_max u_norm Lambda")
u: VectorSymbol = vector("u")
z: VectorSymbol = vector("z")
W, V = vector_function("W"), vector_function("V")
phi, phi_1 = real_function("phi"), real_function("phi'")

NEURON = And(IsInteger(i), i >= 1, i <= k)
FIRST_NEURONS = And(IsInteger(j), j >= 1, j <= k)

WIDTH = Quantity(k, "width, the number of neurons", And(IsInteger(k), k >= 1), "width")
INPUT = Quantity(u, "input of the network")
TEST = Quantity(z, "any vector of the output space")
PHI = Quantity(phi, "activation function")
PHI_1 = Quantity(phi_1, "derivative of the activation function")
LARGEST_COLUMN = Quantity(V_max, "bound on the norms of the outer weights", V_max >= 0)
SLOPE_BOUND = Quantity(B_1, "bound on |φ'|", B_1 >= 0)
CURVATURE_BOUND = Quantity(B_2, "Lipschitz constant of φ'", B_2 >= 0)
INPUT_NORM = Definition(u_norm, Norm(u), "norm of the input")

H_PHI = Hypothesis(
    "H_phi",
    forall(x, true, Eq(derivative(phi(x), x), phi_1(x))),
    "φ is differentiable with derivative φ'",
)
H_B_1 = Hypothesis("H_B_1", forall(x, true, abs(phi_1(x)) <= B_1), "|φ'| ≤ B₁")
H_B_2 = Hypothesis(
    "H_B_2",
    forall((x, x_1), true, abs(phi_1(x) - phi_1(x_1)) <= B_2 * abs(x - x_1)),
    "φ' is Lipschitz with constant B₂",
)


def over_neurons(term: Any, count: Any = k) -> Sum:
    """Return Σ_{i=1}^{count} term, a sum over the first neurons."""
    return Sum(term, (i, 1, count))


def each_neuron(claim: Any, *others: Symbol, given: Any = true) -> ForAll:
    """Return that a claim about neuron i holds for each neuron, and for all the others given."""
    return forall((i, *others), And(NEURON, given), claim)


def partial_sums(claim: Any, *others: Symbol, given: Any = true) -> ForAll:
    """Return that a claim holds for the sum over the first j neurons, for each j up to k."""
    return forall((j, *others), And(FIRST_NEURONS, given), claim)


def hidden_row(weights: Expr, column: Expr) -> Expr:
    """Return the component of Jᵀz that belongs to a neuron's inner weights."""
    return phi_1(Inner(weights, u)) * Inner(column, z) / sqrt(k) * u


def output_row(weights: Expr) -> Expr:
    """Return the component of Jᵀz that belongs to a neuron's outer weights."""
    return phi(Inner(weights, u)) / sqrt(k) * z
