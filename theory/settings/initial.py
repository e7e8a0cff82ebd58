"""Symbols and hypotheses of the statements about a random initialisation (THEORY section 7).

Neurons are numbered 1, 2, ...; a network of width k uses the first k of them. Nothing is said of
the law of the pre-activations but what a statement asks for.
"""

from sympy import And, Eq, Sum, exp, log, sqrt, true

from theory.formulas import forall
from theory.probability import (
    OMEGA,
    Independent,
    IndependentPairs,
    InSpace,
    Integrable,
    expectation,
    family,
    random,
)
from theory.statement import Hypothesis, Quantity
from theory.steps import ball
from theory.terms import (
    Adjoint,
    Inner,
    IsInteger,
    Norm,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

i, j, k, n = real("i j k n")
delta = real("delta")
C_phi, C_dphi, M_4, B_1, D = real("C_phi C_dphi M_4 B_1 D")
p_J, p_V, p_h, p_x = real("p_J p_V p_h p_x")

phi, phi_1, h = real_function("phi"), real_function("phi'"), real_function("h")
V = vector_function("V")
J_W = operator_function("J_W")
x = real("x")
z = vector("z")

NEURON = And(IsInteger(i), i >= 1)
ETA = delta + (1 - delta) * log(1 - delta)

ETA_SIGN = ball("eta_sign", forall(x, And(x > 0, x < 1), x + (1 - x) * log(1 - x) > 0))
AT_LEAST_ONE = ball("at_least_one", forall(x, x >= 0, exp(x) >= 1))

WIDTH = Quantity(k, "width, the number of neurons", And(IsInteger(k), k >= 1))
DIMENSION = Quantity(n, "dimension of the signal", And(IsInteger(n), n >= 1))
DELTA = Quantity(delta, "part of the mean that may be lost", And(delta > 0, delta < 1))
HIDDEN = Quantity(h, "pre-activation of a neuron at the start, a random variable")
ACTIVATION = Quantity(phi, "activation")
SLOPE = Quantity(phi_1, "derivative of the activation")
COLUMNS = Quantity(V, "output weights of a neuron at the start, a random vector")
SECOND_MOMENT = Quantity(C_phi, "root of the mean of φ(h)²", C_phi > 0)
SLOPE_MOMENT = Quantity(C_dphi, "root of the mean of φ'(h)²", C_dphi > 0)
FOURTH_MOMENT = Quantity(M_4, "mean of φ(h)⁴", M_4 > 0)

SLOPE_BOUND = Quantity(B_1, "bound of the activation's derivative", B_1 > 0)
ENTRY_BOUND = Quantity(D, "bound of the output weights", D > 0)
WEIGHT_JACOBIAN = Quantity(J_W, "Jacobian of the network in its hidden weights, a random operator")
part = phi_1(h(i, OMEGA)) / sqrt(k) * V(i, OMEGA)  # of the Jacobian, one neuron's

H_PAIRS = Hypothesis(
    "H_pairs",
    IndependentPairs(family(h(i, OMEGA), i), family(V(i, OMEGA), i), k),
    "pre-activations and output weights of all neurons are independent",
)
H_SLOPE_MOMENT = Hypothesis(
    "H_slope_moment",
    forall(i, NEURON, Eq(expectation(phi_1(h(i, OMEGA)) ** 2), C_dphi**2)),
    "E φ'(h)² = C_φ'², for h ~ N(0, 1) the activation's constant",
)
H_BOUNDED_SLOPE = Hypothesis("H_slope", forall(x, true, phi_1(x) ** 2 <= B_1**2), "|φ'| ≤ B₁")
H_ISOTROPIC = Hypothesis(
    "H_isotropic",
    forall((i, z), NEURON, Eq(expectation(Inner(V(i, OMEGA), z) ** 2), Norm(z) ** 2)),
    "E V_iV_iᵀ = I",
)
H_COLUMNS = Hypothesis(
    "H_columns",
    forall((i, OMEGA), NEURON, And(InSpace(V(i, OMEGA), n), Norm(V(i, OMEGA)) ** 2 <= D**2 * n)),
    "columns of n entries, each at most D in absolute value",
)
H_GRAM = Hypothesis(
    "H_gram",
    forall(
        (z, OMEGA), true, Eq(Norm(Adjoint(J_W(OMEGA), z)) ** 2, Sum(Inner(part, z) ** 2, (i, 1, k)))
    ),
    "J_W J_Wᵀ is the sum of the neurons' rank-one terms, for ‖u‖ = 1",
)

H_NEURONS = Hypothesis(
    "H_neurons",
    Independent(family(h(i, OMEGA), i), k),
    "the pre-activations of different neurons are independent",
)
H_SECOND = Hypothesis(
    "H_second",
    forall(i, NEURON, Eq(expectation(phi(h(i, OMEGA)) ** 2), C_phi**2)),
    "E φ(h)² = C_φ², for h ~ N(0, 1) the activation's constant",
)
H_FOURTH = Hypothesis(
    "H_fourth",
    forall(i, NEURON, And(
        Integrable(random(phi(h(i, OMEGA)) ** 4)), Integrable(random(phi(h(i, OMEGA)) ** 2)),
        Eq(expectation(phi(h(i, OMEGA)) ** 4), M_4))),
    "E φ(h)⁴ = M₄ is finite",
)  # fmt: skip
