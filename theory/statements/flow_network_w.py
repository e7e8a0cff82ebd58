"""The sharp flow theorem for a two-layer network, inner layer trained (THEORY sections 3, 6).

Nothing is assumed of the Jacobian any more: ``lipschitz_w`` gives Λ = ‖u‖²B₂V_max/√k, everywhere,
from the activation, the input and the output weights. What is left to measure is σ₀.
"""

from typing import Any

from sympy import Expr, Integer, Rational
from sympy import Lambda as Map

from theory.formulas import substitute
from theory.instances import Instance, by_index, coordinates, mapping
from theory.settings.flow import RATIO, rho, rho_star, sigma_0, t, theta, theta_0, vartheta, zeta
from theory.settings.network import (
    B_2,
    CURVATURE_BOUND,
    H_B_2,
    INPUT,
    INPUT_NORM,
    LARGEST_COLUMN,
    PHI_1,
    WIDTH,
    Lambda,
    V,
    V_max,
    W,
    hidden_row,
    i,
    k,
    phi_1,
    u,
    u_norm,
    x,
    z,
)
from theory.statement import Bound, Definition, Model, Mutant, Quantity, Source, Statement
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
from theory.statements.lipschitz_w import CONSTANT, H_V
from theory.steps import lemma, polynomial
from theory.terms import function_of, real
from theory.witnesses import extremal
from theory.witnesses.flow import FLOW, LENGTH, LIMIT


def _weights(of: Any) -> tuple[Expr, ...]:
    return (W(i, of),)


_points = {"W": function_of(i, W(i, vartheta)), "W_0": function_of(i, W(i, theta_0)), "z": zeta}


def _rows(of: Any) -> tuple[Expr, ...]:
    return (substitute(hidden_row(W(i, of), V(i)), {z: zeta}),)


STEPS = (
    lemma("rows_close", "lipschitz_w.lipschitz", "k", "B_2", "V_max", "u_norm", "Lambda", "H_B_2",
          "H_V", over=(vartheta, zeta), **_points),
    polynomial("gains", Lambda >= 0, "Lambda", "B_2", "V_max", "k"),
    *lipschitz_steps(),
    *flow_steps(),
)  # fmt: skip

# Four neurons with one parameter θ/2 each, so that g(θ) = 2φ(θ/2) is the extremal generator.
bend = real("bend")
_bent = {Lambda: bend}
_extremal = {
    symbol: substitute(value, _bent)
    for symbol, value in extremal.VALUES.items()
    if symbol not in (Lambda, rho)
}
MODEL = Model(
    "the scalar extremal instance as a network of four equal neurons",
    {
        **_extremal,
        k: Integer(4),
        u: Integer(1),
        W: Map((i, x), x / 2),
        V: Map(i, Integer(1)),
        V_max: Integer(1),
        phi_1: Map(x, sigma_0 - 2 * bend * x),
        B_2: 2 * bend,
        s: _extremal[theta],
        theta_inf: substitute(rho_star, _bent),
    },
    {bend if symbol == Lambda else symbol: box for symbol, box in extremal.PARAMETERS.items()},
    {bend if symbol == Lambda else symbol: value for symbol, value in extremal.WITNESS.items()},
    (t, extremal.LONG_TIMES),
)

# g(θ)_i = c_iθ_i²/2 is the network φ(x) = x²/50 with outer weights 2c_ie_i and inner weights
# θ_iu/5, for ‖u‖ = 5.
_p = coordinates("p", 4)
_c = (Rational(4, 3), Integer(1), Integer(1), Rational(3, 4))
INSTANCE = Instance(
    "four neurons, d = 2, m = 2, n = 4",
    {
        **{symbol: value for symbol, value in FLOW.items() if symbol not in (Lambda, rho)},
        k: 4,
        u: (3, 4),
        W: by_index(*(mapping(_p, (3 * entry / 5, 4 * entry / 5)) for entry in _p)),
        V: by_index(*(tuple(2 * c * int(r == i) for r in range(4)) for i, c in enumerate(_c))),
        V_max: Rational(8, 3),
        phi_1: mapping(x, x / 25),
        B_2: Rational(1, 25),
        s: LENGTH,
        theta_inf: LIMIT,
    },
)

STATEMENT = Statement(
    title="Gradient flow of the two-layer network, inner layer trained",
    source=Source("sharp", (), "6"),
    quantities=(
        *SIZES,
        WIDTH,
        Quantity(W, "inner weights of each neuron, for given parameters"),
        Quantity(V, "outer weights of each neuron"),
        INPUT,
        PHI_1,
        CURVATURE_BOUND,
        LARGEST_COLUMN,
        *OBJECTS,
    ),
    hypotheses=(
        *HYPOTHESES,
        parameters(_weights),
        rows(_rows),
        H_B_2,
        H_V,
    ),
    definitions=(
        INPUT_NORM,
        Definition(Lambda, CONSTANT, "Lipschitz constant Λ = ‖u‖²B₂V_max/√k"),
        *RATIO,
    ),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    bounds=(
        Bound("Lambda", CONSTANT, "Lipschitz constant of the Jacobian", of=("lipschitz",)),
        *BOUNDS,
    ),
    instance=INSTANCE,
    models=(MODEL,),
    mutants=(
        SHRUNK,
        Mutant("Λ 1% smaller", {"Lambda": Rational(99, 100) * CONSTANT}, "lipschitz"),
        Mutant("k in place of √k", {"Lambda": B_2 * V_max * u_norm**2 / k}, "lipschitz"),
    ),
    characterised={"s(0) = 0": CONCLUSIONS["start"], "ds/dt = speed": CONCLUSIONS["speed"]},
)
