"""The Gram matrix of ``width_given_v``: its lower tail, and the width that makes that small.

With V fixed, J_W J_Wᵀ = (1/k) Σ φ'(h_i)² V_iV_iᵀ has the mean (C_φ'²/k) Σ V_iV_iᵀ ⪰ C_φ'²ν I, ν the
frame bound of the columns; the matrix Chernoff inequality does the rest (THEORY section 8).
"""

from sympy import And, Eq, Lambda, Sum, exp, log, sqrt, true

from theory.formulas import forall
from theory.probability import OMEGA, expectation, probability
from theory.settings.initial import (
    AT_LEAST_ONE,
    B_1,
    ETA,
    ETA_SIGN,
    J_W,
    NEURON,
    C_dphi,
    delta,
    h,
    i,
    j,
    k,
    n,
    p_J,
    phi_1,
    x,
    z,
)
from theory.statement import at
from theory.steps import cite, gram, induction, polynomial
from theory.terms import Inner, IsInteger, Norm, SigmaMin, function_of, real, vector_function

column = vector_function("V_column")
longest, frame = real("V_max nu")

sigma = SigmaMin(J_W(OMEGA))
slope = phi_1(h(i, OMEGA))
part = slope / sqrt(k) * column(i)
along = Inner(column(i), z)
EXPONENT = -ETA * k * C_dphi**2 * frame / (B_1**2 * longest**2)
GRAM = (1 - delta) * C_dphi**2 * frame
GRAM_WIDTH = B_1**2 * longest**2 * log(n / p_J) / (ETA * C_dphi**2 * frame)
one_term = expectation(Inner(part, z) ** 2)

MEAN = (
    gram("square",
         forall((i, OMEGA, z), true, Eq(Inner(part, z) ** 2, along**2 / k * slope**2)), "k"),
    cite("scaled", "expectation_scale", "square", "k", over=(i, z),
         X=function_of(OMEGA, slope**2), Y=function_of(OMEGA, Inner(part, z) ** 2),
         c=along**2 / k),
    polynomial("one_term", forall((i, z), NEURON, Eq(one_term, C_dphi**2 / k * along**2)),
               "scaled", "H_slope_moment", "k"),
    induction("partial",
              forall((j, z), And(IsInteger(j), j >= 1),
                     Eq(Sum(one_term, (i, 1, j)), C_dphi**2 / k * Sum(along**2, (i, 1, j)))),
              at("one_term", {i: j}), "k"),
    polynomial("mean",
               forall(z, true, Sum(one_term, (i, 1, k)) >= C_dphi**2 * frame * Norm(z) ** 2),
               at("partial", {j: k}), "H_frame", "k"),
)  # fmt: skip
CHERNOFF = (
    cite("independent", "independent_values", "H_neurons", X=h, v=Lambda(
         (i, x), phi_1(x) / sqrt(k) * column(i)), k=k),
    gram("range", forall((i, OMEGA), NEURON, Norm(part) ** 2 <= B_1**2 * longest**2 / k),
         "H_columns", at("H_slope", {x: h(i, OMEGA)}), "k"),
    cite("space", "multiple_in_space", "H_columns", over=(i, OMEGA), given=NEURON, v=column(i),
         n=n, c=slope / sqrt(k)),
    *MEAN,
    polynomial("parameters",
               And(B_1**2 * longest**2 / k > 0, C_dphi**2 * frame >= 0, delta >= 0, delta < 1),
               "k", "B_1", "V_max", "nu", "delta"),
    cite("chernoff", "matrix_chernoff", "k", "independent", "space", "range", "mean", "H_gram",
         "parameters", v=Lambda((i, OMEGA), part), M=J_W, k=k, n=n, R=B_1**2 * longest**2 / k,
         mu=C_dphi**2 * frame, delta=delta),
)  # fmt: skip
GRAM_STEPS = (
    *CHERNOFF,
    ETA_SIGN,
    AT_LEAST_ONE,
    polynomial("exponent", log(n / p_J) <= -EXPONENT, "H_gram_width", at("eta_sign", {x: delta}),
               "n", "B_1", "V_max", "delta", "C_dphi", "nu", "p_J"),
    polynomial("gram_failure", n * exp(EXPONENT) <= p_J, "exponent", "B_1", "V_max", "delta",
               "p_J", at("at_least_one", {x: -EXPONENT - log(n / p_J)})),
    polynomial("gram", probability(sigma**2 <= GRAM) <= p_J, "chernoff", "gram_failure", "k"),
)  # fmt: skip
