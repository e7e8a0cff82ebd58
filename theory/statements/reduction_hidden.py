"""With the inner layer trained, k numbers follow an equation of their own (THEORY section 6).

The gradient of the inner weights is a multiple of u. So the hidden values h_i = ⟨W_i, u⟩ determine
them, the output is a function of h, and h solves an ordinary differential equation in which the
outer weights occur through AV only.
"""

from sympy import Eq, Integer, Rational, exp, sqrt
from sympy import Lambda as Map

from theory.instances import Instance
from theory.settings.flow import A, grad_L, t, y
from theory.settings.network import (
    PHI,
    PHI_1,
    WIDTH,
    V,
    W,
    i,
    k,
    over_neurons,
    phi,
    phi_1,
    u,
    x,
)
from theory.settings.network_flow import (
    FLOW_QUANTITIES,
    INPUT,
    OUTPUT,
    WEIGHTS,
    at_all_times,
    g,
    hidden_flow,
    hidden_slope,
    hidden_steps,
    inner_flow,
    measured_output,
    moved,
    network,
    neuron_at_all_times,
    output_steps,
    pre,
    v,
    weight_steps,
)
from theory.statement import Model, Mutant, Quantity, Source, Statement
from theory.terms import Apply, Inner, Norm, real
from theory.witnesses.network import EXPONENTIAL

speed = hidden_slope(V(i))
output = over_neurons(phi(pre) * Inner(Apply(A, V(i)), v) / sqrt(k))


CONCLUSIONS = {
    "flow": hidden_flow(speed),
    "weights": WEIGHTS,
    "output": measured_output(V(i)),
}

STEPS = (
    *hidden_steps("flow", V(i), "GF_W"),
    *weight_steps("GF_W"),
    *output_steps(V(i), V(i)),
)

ALONG_INPUT = Mutant(
    "the weights move along u, not u/‖u‖²",
    {"weights": neuron_at_all_times(Eq(W(i, t), W(i, 0) + Norm(u) ** 2 * moved))},
)

# Four neurons, φ(x) = x²/2, squared loss with target 5: the hidden values are i/√(3 − 2e^{−10u²t}).
scale = real("scale")
decay = 3 - 2 * exp(-10 * scale**2 * t)
MODEL = Model(
    "φ(x) = x²/2, squared loss",
    {
        k: Integer(4),
        A: Integer(2),
        u: scale,
        phi: Map(x, x**2 / 2),
        phi_1: Map(x, x),
        W: Map((i, t), i / (scale * sqrt(decay))),
        V: Map(i, Integer(1)),
        g: Map(t, 15 / (2 * decay)),
        grad_L: Map(x, x - 5),
    },
    {scale: (Rational(1, 2), Integer(2))},
    {scale: Rational(3, 2)},
)

STATEMENT = Statement(
    title="Exact reduction to the hidden values, inner layer trained",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along the flow"),
        Quantity(V, "outer weights of each neuron"),
        INPUT,
        PHI,
        PHI_1,
        *FLOW_QUANTITIES,
    ),
    hypotheses=(inner_flow(V(i)), network(V(i))),
    definitions=(OUTPUT,),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    instance=Instance("four neurons, m = 2, n = 3, φ = exp, squared loss", EXPONENTIAL),
    models=(MODEL,),
    mutants=(
        Mutant(
            "the hidden values move 1% faster", {"flow": hidden_flow(Rational(101, 100) * speed)}
        ),
        Mutant("‖u‖ in place of ‖u‖²", {"flow": hidden_flow(speed / Norm(u))}),
        ALONG_INPUT,
        Mutant(
            "k in place of √k in the output",
            {"output": at_all_times(Eq(Inner(y(t), v), output / sqrt(k)), v)},
        ),
    ),
)
