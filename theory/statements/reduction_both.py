"""With both layers trained, mk + k numbers follow an equation of their own (THEORY section 6).

The outer weights move in the range of Aᵀ only: V(t) = V(0) − AᵀQ(t). The hidden values and Q, one
column in R^m for each neuron, determine all weights, and solve equations in which no other weight
occurs.
"""

from typing import Any

from sympy import Eq, Integer, Rational, sqrt
from sympy import Lambda as Map

from theory.instances import Instance
from theory.settings.flow import A, t
from theory.settings.network import (
    PHI,
    PHI_1,
    WIDTH,
    V,
    W,
    each_neuron,
    i,
    k,
    phi,
    phi_1,
    u,
    x,
    z,
)
from theory.settings.network_flow import (
    FLOW_QUANTITIES,
    GF_V,
    INPUT,
    OUTPUT,
    WEIGHTS,
    constant_steps,
    gradient,
    hidden_flow,
    hidden_slope,
    hidden_steps,
    inner_flow,
    measured_output,
    network,
    neuron_at_all_times,
    output_steps,
    pre,
    weight_steps,
)
from theory.statement import Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.statements.reduction_hidden import ALONG_INPUT
from theory.steps import gram
from theory.terms import Adjoint, Inner, derivative, vector_function
from theory.witnesses.network import (
    BOTH_LAYERS,
    BOTH_LAYERS_DUAL,
    FADING,
    FADING_OUTPUT,
    FADING_WEIGHTS,
    SCALE,
    SCALES,
    scale,
)

Q = vector_function("Q")
outer = V(i, 0) - Adjoint(A, Q(i, t))
kept = Inner(V(i, t), z) + Inner(Adjoint(A, Q(i, t)), z)


def _outer(column: Any) -> Any:
    return neuron_at_all_times(Eq(V(i, t), column))


CONCLUSIONS = {
    "outer": _outer(outer),
    "flow": hidden_flow(hidden_slope(outer)),
    "weights": WEIGHTS,
    "output": measured_output(outer),
}

STEPS = (
    *constant_steps("kept", kept, "GF_V", "H_Q", "k", others=(z,)),
    gram("outer", CONCLUSIONS["outer"], at("kept", {z: V(i, t) - outer}), "H_Q_start"),
    *hidden_steps("speed", V(i, t), "GF_W"),
    gram("flow", CONCLUSIONS["flow"], "speed", "outer", "k"),
    *weight_steps("GF_W"),
    *output_steps(V(i, t), outer, "outer"),
)  # fmt: skip

MODEL = Model(
    "φ(x) = x²/2, constant gradient",
    {
        k: Integer(4),
        A: Integer(2),
        u: scale,
        phi: Map(x, x**2 / 2),
        phi_1: Map(x, x),
        **FADING_WEIGHTS,
        Q: Map((i, t), (i - FADING) / 2),
        **FADING_OUTPUT,
    },
    SCALES,
    SCALE,
)

INSTANCE = Instance(
    "four neurons, m = 2, n = 3, constant gradient", {**BOTH_LAYERS, Q: BOTH_LAYERS_DUAL}
)

STATEMENT = Statement(
    title="Exact reduction when both layers are trained",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along the flow"),
        Quantity(V, "outer weights of each neuron along the flow"),
        INPUT,
        PHI,
        PHI_1,
        Quantity(Q, "a vector of the measurements' space for each neuron"),
        *FLOW_QUANTITIES,
    ),
    hypotheses=(
        inner_flow(V(i, t)),
        GF_V,
        network(V(i, t)),
        Hypothesis(
            "H_Q",
            neuron_at_all_times(Eq(derivative(Q(i, t), t), phi(pre) / sqrt(k) * gradient)),
            "Q̇ = k^{−1/2} ∇L(y) φ(h)ᵀ",
        ),
        Hypothesis("H_Q_start", each_neuron(Eq(Q(i, 0), 0)), "Q(0) = 0"),
    ),
    definitions=(OUTPUT,),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant(
            "the outer weights move 1% further",
            {"outer": _outer(V(i, 0) - Rational(101, 100) * Adjoint(A, Q(i, t)))},
        ),
        Mutant(
            "the hidden values feel the initial outer weights",
            {"flow": hidden_flow(hidden_slope(V(i, 0)))},
        ),
        ALONG_INPUT,
        Mutant("the output keeps the initial outer weights", {"output": measured_output(V(i, 0))}),
    ),
)
