"""The mirror flow of a network with fixed outer weights and φ' > 0 (THEORY section 3b).

In z = φ(h) the potential R has R' = F(h), F' = 1/φ'; with Ω' = φ/φ' its Bregman divergence from
φ(h) to φ(h*) is φ(h*)(F(h*) − F(h)) − (Ω(h*) − Ω(h)), summed over the neurons.
"""

from __future__ import annotations

from sympy import Eq, Expr, sqrt, true

from theory.formulas import forall
from theory.settings.flow import A, v, x
from theory.settings.network import V, i, k, over_neurons, phi, phi_1, u
from theory.settings.network_flow import gradient
from theory.statement import Hypothesis, Quantity
from theory.terms import Apply, Inner, Norm, VectorSymbol, derivative, real_function

F, Omega = real_function("F"), real_function("Omega")
column = Apply(A, V(i))
speed = Norm(u) ** 2
dual_speed = -speed / sqrt(k) * Inner(column, gradient)

POTENTIALS = (Quantity(F, "primitive of 1/φ'"), Quantity(Omega, "primitive of φ/φ'"))
H_SLOPE = Hypothesis("H_slope", forall(x, true, phi_1(x) > 0), "φ' > 0")
H_F = Hypothesis(
    "H_F", forall(x, true, Eq(derivative(F(x), x), 1 / phi_1(x))), "F is a primitive of 1/φ'"
)
H_OMEGA = Hypothesis(
    "H_Omega",
    forall(x, true, Eq(derivative(Omega(x), x), phi(x) / phi_1(x))),
    "Ω is a primitive of φ/φ'",
)


def divergence(hidden: Expr, target: Expr) -> Expr:
    """Return a neuron's Bregman divergence from φ(hidden) to φ(target)."""
    return phi(target) * (F(target) - F(hidden)) - (Omega(target) - Omega(hidden))


def output_of_box(name: str, output: VectorSymbol, hidden: Expr, meaning: str) -> Hypothesis:
    """Return that a vector is the output at these hidden values, k^{−1/2} Σ φ(h_i) A V_i."""
    value = over_neurons(phi(hidden) * Inner(column, v) / sqrt(k))
    return Hypothesis(name, forall(v, true, Eq(Inner(output, v), value)), meaning)
