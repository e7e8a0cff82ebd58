"""With fixed outer weights and φ' > 0 the flow is globally optimal (THEORY section 3b).

In z = φ(h) the gradient flow is the mirror flow of a convex function: the Bregman divergence to
any z* = φ(h*) falls at the rate ‖u‖²⟨∇L(y), y − y*⟩ ≥ ‖u‖²(L(y) − L(y*)). So at every width k the
loss comes within D/(‖u‖²t) of that of any output of the box. No overparametrization is assumed.
"""

from sympy import Integer, Rational, exp, log
from sympy import Lambda as Map

from theory.formulas import forall, substitute, with_body
from theory.instances import Instance, by_index, coordinates, dot, mapping
from theory.settings.flow import L, grad_L, t, tau, v, x, y
from theory.settings.mirror import H_F, H_OMEGA, H_SLOPE, POTENTIALS, F, Omega
from theory.settings.network import (
    H_PHI,
    INPUT_NORM,
    PHI,
    PHI_1,
    WIDTH,
    V,
    W,
    i,
    u,
    u_norm,
)
from theory.settings.network_flow import FLOW_QUANTITIES, INPUT, OUTPUT, inner_flow, network
from theory.statement import (
    Bound,
    Definition,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._flow_hidden_convex_steps import D_0, STEPS, later
from theory.statements._hidden_convex_flow import H_CONVEX, H_TARGET, h_star, spread, y_star
from theory.steps import claims_of
from theory.terms import Gradient, Norm, function_of, real
from theory.witnesses.network import EXPONENTIAL, MIRROR_FLOW, MIRROR_NEURONS, scale

claims = claims_of(STEPS)
claims["descent"] = forall((tau, t), (tau >= 0) & (tau <= t), L(y(t)) <= L(y(tau)))
PROVED = ("mirror", "falls", "descent", "loss", "optimal")
named = {name: claims[name] for name in PROVED} | {"divergence": claims["divergence_positive"]}

# The outputs of the box are the positive numbers, and the flow approaches 0, which is not one.
nearness = real("nearness")
MODEL = Model(
    "φ = exp, squared loss",
    {
        **MIRROR_NEURONS,
        Omega: Map(x, x),
        **MIRROR_FLOW,
        L: Map(x, x**2 / 2),
        grad_L: Map(x, x),
        h_star: Map(i, -log(i * nearness)),
        y_star: 2 / nearness,
    },
    {scale: (Integer(1), Integer(1)), nearness: (Rational(101, 100), Integer(4))},
    {scale: Integer(1), nearness: Integer(2)},
)

# φ(h*) = (1/2, 1/4, 1/3, 1/6), seen as (1/2, 1/3).
output = coordinates("v", 2)
INSTANCE = Instance(
    "four neurons, m = 2, n = 3, φ = exp, squared loss",
    {
        **EXPONENTIAL,
        F: mapping(x, -exp(-x)),
        Omega: mapping(x, x),
        L: mapping(output, dot(output, output) / 2),
        h_star: by_index(*(-log(Integer(number)) for number in (2, 4, 3, 6))),
        y_star: (Rational(1, 2), Rational(1, 3)),
    },
)

STATEMENT = Statement(
    title="Hidden convexity: a globally optimal flow at every width",
    source=Source("sharp", (), "3b"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along the flow"),
        Quantity(V, "outer weights of each neuron"),
        INPUT,
        PHI,
        PHI_1,
        *FLOW_QUANTITIES,
        Quantity(L, "loss"),
        *POTENTIALS,
        Quantity(h_star, "hidden value of each neuron at the target"),
        Quantity(y_star, "target, an output of the box φ(R)^k"),
    ),
    hypotheses=(
        inner_flow(V(i)),
        network(V(i)),
        H_PHI,
        H_SLOPE,
        H_F,
        H_OMEGA,
        Hypothesis(
            "H_smooth",
            Gradient(function_of(v, L(v)), function_of(v, grad_L(v))),
            "the loss is C¹",
        ),
        H_CONVEX,
        H_TARGET,
    ),
    definitions=(
        OUTPUT,
        INPUT_NORM,
        Definition(
            D_0, substitute(spread, {t: Integer(0)}), "Bregman divergence from start to target"
        ),
    ),
    conclusions=named,
    steps=STEPS,
    bounds=(
        Bound(
            "loss",
            D_0 / (u_norm**2 * t),
            "excess of the loss over the target's at time t",
            of=("loss",),
        ),
    ),
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant(
            "a third of the bound",
            {"loss": with_body(claims["loss"], lambda c: c.lhs <= c.rhs / 3)},
        ),
        Mutant(
            "divergence falls 1% faster than the gap",
            {"falls": with_body(claims["falls"], lambda c: c.lhs <= -(Norm(u) ** 2) * later / 100)},
        ),
        Mutant(
            "bound without ‖u‖²t, a quarter of the divergence",
            {"loss": forall(t, t > 0, later <= D_0 / 4)},
        ),
    ),
    findings=(
        Finding(
            "hidden_convexity",
            "With V fixed and φ' > 0 the flow is globally optimal at every width k: no relation "
            "between k, m and n is assumed, and L(y(t)) comes within D/(‖u‖²t) of the loss of any "
            "output of the box.",
            ("loss", "optimal"),
        ),
    ),
)
