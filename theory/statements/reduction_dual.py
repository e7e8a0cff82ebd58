"""With the inner layer trained and φ' without zeros, m numbers suffice (THEORY section 6).

F with F' = 1/φ' separates the variables of the hidden equation: F(h_i) is linear in the integral s
of ∇L(y). So s ∈ R^m determines all hidden values, and ṡ = ∇L(y) is an equation for s alone.
"""

from typing import Any

from sympy import Eq, Integer, Ne, Rational, exp, log, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, mapping
from theory.settings.flow import A, grad_L, t
from theory.settings.network import (
    PHI,
    PHI_1,
    WIDTH,
    V,
    W,
    i,
    k,
    phi_1,
    u,
    x,
)
from theory.settings.network_flow import (
    FLOW_QUANTITIES,
    INPUT,
    OUTPUT,
    at_all_times,
    constant_steps,
    gradient,
    hidden_steps,
    inner_flow,
    measured_output,
    network,
    neuron_at_all_times,
    output_steps,
    pre,
    pre_start,
)
from theory.statement import Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import gram, polynomial
from theory.terms import Apply, Inner, Norm, derivative, real_function, vector_function
from theory.witnesses.network import (
    EXPONENTIAL,
    EXPONENTIAL_DUAL,
    MIRROR_FLOW,
    MIRROR_NEURONS,
    root,
    scale,
)

s = vector_function("s")
F, F_inverse = real_function("F"), real_function("S")

measured = Apply(A, V(i))
travelled = Norm(u) ** 2 / sqrt(k) * Inner(measured, s(t))
separated = F(pre) + travelled


def _hidden(argument: Any) -> Any:
    return neuron_at_all_times(Eq(pre, F_inverse(argument)))


IMPLICIT = neuron_at_all_times(Eq(F(pre), F(pre_start) - travelled))
CONCLUSIONS = {
    "implicit": IMPLICIT,
    "hidden": _hidden(F(pre_start) - travelled),
    "output": measured_output(V(i)),
}

STEPS = (
    *output_steps(V(i), V(i)),
    *hidden_steps("flow", V(i), "GF_W"),
    *constant_steps("separated", separated, "flow", at("H_F", {x: pre}), at("H_slope", {x: pre}),
                    "H_s", "k", defined="k"),
    gram("start", neuron_at_all_times(Eq(Inner(measured, s(0)), 0)), "H_s_start"),
    polynomial("implicit", IMPLICIT, "separated", "start"),
    polynomial("hidden", CONCLUSIONS["hidden"], "implicit", at("H_inverse", {x: pre})),
)  # fmt: skip

MODEL = Model(
    "φ = exp, squared loss",
    {
        **MIRROR_NEURONS,
        F_inverse: Map(x, -log(-x)),
        **MIRROR_FLOW,
        grad_L: Map(x, x),
        s: Map(t, 2 * (root - 1) / scale**2),
    },
    {scale: (Rational(1, 2), Integer(2))},
    {scale: Rational(3, 2)},
)

INSTANCE = Instance(
    "four neurons, m = 2, n = 3, φ = exp, squared loss",
    {
        **EXPONENTIAL,
        F: mapping(x, -exp(-x)),
        F_inverse: mapping(x, -log(-x)),
        s: EXPONENTIAL_DUAL,
    },
)

STATEMENT = Statement(
    title="Exact reduction to as many unknowns as measurements, inner layer trained",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along the flow"),
        Quantity(V, "outer weights of each neuron"),
        INPUT,
        PHI,
        PHI_1,
        Quantity(F, "primitive of 1/φ'"),
        Quantity(F_inverse, "inverse of F"),
        Quantity(s, "dual variable, the integral of the loss's gradient"),
        *FLOW_QUANTITIES,
    ),
    hypotheses=(
        inner_flow(V(i)),
        network(V(i)),
        Hypothesis("H_slope", forall(x, true, Ne(phi_1(x), 0)), "φ' has no zero"),
        Hypothesis(
            "H_F",
            forall(x, true, Eq(derivative(F(x), x), 1 / phi_1(x))),
            "F is a primitive of 1/φ'",
        ),
        Hypothesis("H_inverse", forall(x, true, Eq(F_inverse(F(x)), x)), "S is the inverse of F"),
        Hypothesis("H_s", at_all_times(Eq(derivative(s(t), t), gradient)), "ṡ = ∇L(y)"),
        Hypothesis("H_s_start", Eq(s(0), 0), "s(0) = 0"),
    ),
    definitions=(OUTPUT,),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant(
            "s counts 1% more",
            {
                "implicit": neuron_at_all_times(
                    Eq(F(pre), F(pre_start) - Rational(101, 100) * travelled)
                )
            },
        ),
        Mutant(
            "‖u‖ in place of ‖u‖²",
            {"implicit": neuron_at_all_times(Eq(F(pre), F(pre_start) - travelled / Norm(u)))},
        ),
        Mutant("the hidden values start at 0", {"hidden": _hidden(F(0) - travelled)}),
        Mutant(
            "k in place of √k",
            {"implicit": neuron_at_all_times(Eq(F(pre), F(pre_start) - travelled / sqrt(k)))},
        ),
    ),
)
