"""What each neuron conserves when both layers are trained (THEORY section 6).

½‖V_i‖² − Ω(h_i)/‖u‖² never changes, where Ω'φ' = φ, that is Ω' = φ/φ' wherever φ' has no zero. For
tanh, Ω = ½ sinh². Every integrator of the flow can be held against this law.
"""

from typing import Any

from sympy import Eq, Integer, Rational, sinh, tanh, true
from sympy import Lambda as Map

from theory.formulas import forall, substitute
from theory.instances import Instance, mapping
from theory.settings.flow import A, t
from theory.settings.network import (
    PHI,
    PHI_1,
    WIDTH,
    V,
    W,
    i,
    k,
    phi,
    phi_1,
    u,
    x,
)
from theory.settings.network_flow import (
    FLOW_QUANTITIES,
    GF_V,
    INPUT,
    OUTPUT,
    constant_steps,
    inner_flow,
    neuron_at_all_times,
    pre,
)
from theory.statement import Finding, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import calculus
from theory.terms import Norm, derivative, real_function
from theory.witnesses.network import (
    BOTH_LAYERS,
    FADING_OUTPUT,
    FADING_WEIGHTS,
    SCALE,
    SCALES,
    scale,
)

Omega, Omega_1 = real_function("Omega"), real_function("Omega'")
length, potential = Norm(V(i, t)) ** 2 / 2, Omega(pre) / Norm(u) ** 2
invariant = length - potential

INVARIANT = neuron_at_all_times(Eq(invariant, substitute(invariant, {t: Integer(0)})))
TANH = forall(x, true, Eq(derivative(sinh(x) ** 2 / 2, x), tanh(x) / (1 - tanh(x) ** 2)))

STEPS = (
    *constant_steps("invariant", invariant, "GF_W", "GF_V", at("H_Omega", {x: pre}),
                    at("H_ratio", {x: pre}), "u", "k", defined="u"),
    calculus("tanh", TANH),
)  # fmt: skip

MODEL = Model(
    "φ(x) = x²/2, constant gradient",
    {
        k: Integer(4),
        A: Integer(2),
        u: scale,
        phi: Map(x, x**2 / 2),
        phi_1: Map(x, x),
        Omega: Map(x, x**2 / 4),
        Omega_1: Map(x, x / 2),
        **FADING_WEIGHTS,
        **FADING_OUTPUT,
    },
    SCALES,
    SCALE,
)


def _false(changed: Any) -> Any:
    return {"invariant": neuron_at_all_times(Eq(changed, substitute(changed, {t: Integer(0)})))}


INSTANCE = Instance(
    "four neurons, m = 2, n = 3, constant gradient",
    {**BOTH_LAYERS, Omega: mapping(x, x**2 / 4), Omega_1: mapping(x, x / 2)},
)

STATEMENT = Statement(
    title="The law that each neuron conserves, both layers trained",
    source=Source("sharp", (), "6"),
    quantities=(
        WIDTH,
        Quantity(W, "inner weights of each neuron along the flow"),
        Quantity(V, "outer weights of each neuron along the flow"),
        INPUT,
        PHI,
        PHI_1,
        Quantity(Omega, "potential Ω with Ω'φ' = φ"),
        Quantity(Omega_1, "derivative of Ω"),
        *FLOW_QUANTITIES,
    ),
    hypotheses=(
        inner_flow(V(i, t)),
        GF_V,
        Hypothesis(
            "H_Omega",
            forall(x, true, Eq(derivative(Omega(x), x), Omega_1(x))),
            "Ω has the derivative Ω'",
        ),
        Hypothesis("H_ratio", forall(x, true, Eq(Omega_1(x) * phi_1(x), phi(x))), "Ω'φ' = φ"),
    ),
    definitions=(OUTPUT,),
    conclusions={"invariant": INVARIANT, "tanh": TANH},
    steps=STEPS,
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        Mutant("Ω counts 1% more", _false(length - Rational(101, 100) * potential)),
        Mutant("‖u‖ in place of ‖u‖²", _false(length - potential * Norm(u))),
        Mutant("‖V_i‖² in place of its half", _false(2 * length - potential)),
        Mutant(
            "Ω = sinh² for tanh",
            {
                "tanh": forall(
                    x, true, Eq(derivative(sinh(x) ** 2, x), tanh(x) / (1 - tanh(x) ** 2))
                )
            },
        ),
    ),
    findings=(
        Finding(
            "invariant_without_division",
            "The law needs Ω'φ' = φ only: φ' may have zeros, where φ/φ' says nothing.",
            steps=("invariant",),
        ),
    ),
)
