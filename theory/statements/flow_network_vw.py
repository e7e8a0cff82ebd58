"""The sharp flow theorem for a two-layer network with both layers trained (THEORY sections 3, 6).

``lipschitz_vw_one_point`` gives Λ = (c + √(c² + 4e²))/(2√k), c = B₂‖u‖²V_max and e = B₁‖u‖, from
the activation, the input and the output weights at the start. No radius enters: the constant holds
on the ball of the theorem's own travel radius, and beyond it.
"""

from typing import Any

from sympy import Expr, Integer, Rational, sqrt
from sympy import Lambda as Map

from theory.formulas import substitute
from theory.settings.flow import (
    RATIO,
    J,
    L,
    g,
    grad_L,
    rho,
    rho_star,
    sigma_0,
    sigma_A,
    t,
    theta,
    theta_0,
    theta_dot,
    vartheta,
    y,
    zeta,
)
from theory.settings.network import (
    B_1,
    B_2,
    CURVATURE_BOUND,
    H_B_1,
    H_B_2,
    H_PHI,
    INPUT,
    INPUT_NORM,
    LARGEST_COLUMN,
    PHI,
    PHI_1,
    SLOPE_BOUND,
    WIDTH,
    Lambda,
    V,
    V_max,
    W,
    each_neuron,
    hidden_row,
    i,
    k,
    output_row,
    phi,
    phi_1,
    u,
    u_norm,
    x,
    z,
)
from theory.statement import (
    Bound,
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._flow_network_setting import (
    BOUNDS,
    CONCLUSIONS,
    HYPOTHESES,
    OBJECTS,
    SIZES,
    flow_steps,
    lipschitz_steps,
    parameters,
    rows,
)
from theory.statements._flow_path_claims import SHRUNK
from theory.statements._flow_path_energy import s, theta_inf
from theory.statements.lipschitz_vw_one_point import CONSTANT, c, e
from theory.steps import lemma, polynomial
from theory.terms import Norm, function_of, real
from theory.witnesses import extremal
from theory.witnesses.generic import GENERIC_PROBLEM


def _weights(of: Any) -> tuple[Expr, ...]:
    return (W(i, of), V(i, of))


_points = {
    "W": function_of(i, W(i, vartheta)),
    "V": function_of(i, V(i, vartheta)),
    "W_0": function_of(i, W(i, theta_0)),
    "V_0": function_of(i, V(i, theta_0)),
    "z": zeta,
}


def _rows(of: Any) -> tuple[Expr, ...]:
    return (
        substitute(hidden_row(W(i, of), V(i, of)), {z: zeta}),
        substitute(output_row(W(i, of)), {z: zeta}),
    )


STEPS = (
    lemma("rows_close", "lipschitz_vw_one_point.lipschitz", "k", "B_1", "B_2", "V_max", "u_norm",
          "c", "e", "Lambda", "H_phi", "H_B_1", "H_B_2", "H_V", over=(vartheta, zeta), **_points),
    polynomial("gains", Lambda >= 0, "Lambda", "k"),
    *lipschitz_steps(),
    *flow_steps(),
)  # fmt: skip

# Two neurons with both weights θ/2, and φ linear: g(θ) = Λθ²/2 falls like the extremal generator,
# seen from θ₀ = σ₀/Λ where it has its slope σ₀.
bend = real("bend")
_extremal = {
    symbol: substitute(value, {Lambda: bend})
    for symbol, value in extremal.VALUES.items()
    if symbol not in (Lambda, rho)
}
_first = sigma_0 / bend
_top = sigma_A * sigma_0**2 / (2 * bend)
MODEL = Model(
    "the scalar extremal instance upside down, as a linear network of two equal neurons",
    {
        **_extremal,
        theta_0: _first,
        theta: Map(t, _first - _extremal[theta](t)),
        theta_dot: Map(t, -_extremal[theta_dot](t)),
        y: Map(t, _top - _extremal[y](t)),
        g: Map(x, bend * x**2 / 2),
        J: Map(x, bend * x),
        L: Map(x, _extremal[L](_top - x)),
        grad_L: Map(x, -_extremal[grad_L](_top - x)),
        k: Integer(2),
        u: Integer(1),
        W: Map((i, x), x / 2),
        V: Map((i, x), x / 2),
        V_max: _first / 2,
        phi: Map(x, sqrt(2) * bend * x),
        phi_1: Map(x, sqrt(2) * bend),
        B_1: sqrt(2) * bend,
        B_2: Integer(0),
        s: _extremal[theta],
        theta_inf: _first - substitute(rho_star, {Lambda: bend}),
    },
    {bend if symbol == Lambda else symbol: box for symbol, box in extremal.PARAMETERS.items()},
    {bend if symbol == Lambda else symbol: value for symbol, value in extremal.WITNESS.items()},
    (t, extremal.LONG_TIMES),
)
BOTH_LAYERS = {**GENERIC_PROBLEM["network"], "train": "both", "width": 900}

STATEMENT = Statement(
    title="Gradient flow of the two-layer network, both layers trained",
    source=Source("sharp", (), "6"),
    quantities=(
        *SIZES,
        WIDTH,
        Quantity(W, "inner weights of each neuron, for given parameters"),
        Quantity(V, "outer weights of each neuron, for given parameters"),
        INPUT,
        PHI,
        PHI_1,
        SLOPE_BOUND,
        CURVATURE_BOUND,
        LARGEST_COLUMN,
        *OBJECTS,
    ),
    hypotheses=(
        *HYPOTHESES,
        parameters(_weights),
        rows(_rows),
        H_PHI,
        H_B_1,
        H_B_2,
        Hypothesis(
            "H_V",
            each_neuron(Norm(V(i, theta_0)) <= V_max),
            "no column of V is longer than V_max at initialisation",
        ),
    ),
    definitions=(
        INPUT_NORM,
        Definition(c, B_2 * V_max * u_norm**2, "size of φ'' V₀: c = B₂V_max‖u‖²"),
        Definition(e, B_1 * u_norm, "size of φ': e = B₁‖u‖"),
        Definition(Lambda, CONSTANT, "Λ = (c + √(c² + 4e²))/(2√k)"),
        *RATIO,
    ),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    bounds=(
        Bound("Lambda", CONSTANT, "one-point Lipschitz constant of J", of=("lipschitz",)),
        *BOUNDS,
    ),
    witness_problem={**GENERIC_PROBLEM, "network": BOTH_LAYERS},
    models=(MODEL,),
    mutants=(
        SHRUNK,
        Mutant("Λ 1% smaller", {"Lambda": Rational(99, 100) * CONSTANT}, "lipschitz"),
        Mutant("the constant of V fixed", {"Lambda": c / sqrt(k)}, "lipschitz"),
    ),
    characterised={"s(0) = 0": CONCLUSIONS["start"], "ds/dt = speed": CONCLUSIONS["speed"]},
)
