"""How wide is wide enough, both layers trained (THEORY section 8).

The Jacobian's Lipschitz constant at initialisation, one-point, holds on the whole space, so no
radius enters and the width is of order n·(misfit)². The outer layer alone makes the Gram matrix
large, which drops the width of order n log n; with both layers its bound is larger.
"""

from sympy import And, Expr, Integer, Lambda, Rational, sqrt

from theory.instances import Instance, mapping
from theory.probability import OMEGA
from theory.settings.flow import Lambda as LIPSCHITZ
from theory.settings.flow import sigma_A
from theory.settings.initial import (
    M_4,
    C_dphi,
    C_phi,
    D,
    h,
    i,
    k,
    n,
    p_h,
    p_J,
    p_V,
    p_x,
    phi,
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
from theory.statements._width_vw_steps import (
    BOTH,
    FROM_BOTH,
    FROM_OUTPUTS,
    OUTPUT_WIDTH,
    OUTPUTS,
    PUBLISHED,
    STEPS,
    WIDTH_PUBLISHED,
    J,
    Lambda_2,
    R,
    c,
    c_R,
    joint,
    needed,
    size,
    tail,
)
from theory.statements.init_gram_v import STATEMENT as INIT_GRAM_V
from theory.statements.init_gram_w import J_W
from theory.statements.init_hidden_norm import Phi
from theory.statements.init_output import s
from theory.statements.initial_misfit import STATEMENT as INITIAL_MISFIT
from theory.statements.initial_misfit import M, y
from theory.statements.width_w import B_2, GRAM_WIDTH, point, q_star
from theory.statements.width_w import INSTANCE as WIDE
from theory.statements.width_w import STATEMENT as WIDTH_W
from theory.terms import Adjoint, Norm, real
from theory.witnesses.random_weights import outer_weights, unit_vectors

FLAT = WIDTH_W.models[0]
level = real("r_2")


def _flat() -> Model:
    """Return the model of ``width_w`` with φ(x) = √(r² − b²/49) + bx, whose mean square is r²."""
    slope = FLAT.values[C_dphi]
    offset = sqrt(level**2 - slope**2 / 49)
    values = dict(FLAT.values) | {
        h: Lambda((i, OMEGA), (level - offset) / slope), C_phi: level, M_4: level**4,
        phi: Lambda(x, offset + slope * x), Phi: Lambda(x, 7 * offset + slope * x),
        J: Lambda(OMEGA, sqrt(slope**2 + level**2)),
    }  # fmt: skip
    bounds = {p_V: (Rational(1, 10), Rational(1, 5)), level: (Integer(1), Integer(5))}
    parameters = dict(FLAT.parameters) | bounds
    witness = dict(FLAT.witness) | {
        p_V: Rational(1, 10), level: Integer(4), s: Rational(1, 100), q_star: Rational(1, 2)
    }  # fmt: skip
    return Model(FLAT.name, values, parameters, witness, sample=FLAT.sample)


QUANTITIES = {q.name: q for q in (*WIDTH_W.quantities, *INIT_GRAM_V.quantities)}
HYPOTHESES = {h.name: h for h in (*WIDTH_W.hypotheses, *INIT_GRAM_V.hypotheses)}


def _jacobian() -> list[list[Expr]]:
    """Return the Jacobian: columns k^{−1/2}φ'(h_i)V_i, then k^{−1/2}φ(h_i)I, for each neuron."""
    hidden = [1 + h_i / 50 for h_i in point[:6]]
    return [
        [v / (50 * sqrt(6)) for v in row] + [a * e / sqrt(6) for a in hidden for e in unit]
        for row, unit in zip(outer_weights(point, 6, 3), unit_vectors(3), strict=True)
    ]


INSTANCE = Instance(
    WIDE.name,
    {
        **WIDE.values,
        M_4: 1 + Rational(6, 2500) + Rational(3, 2500**2),
        p_V: Rational(9, 10),
        J: mapping(point, _jacobian()),
    },
    WIDE.sample,
)

STATEMENT = Statement(
    title="A network that is wide enough, if both layers are trained",
    source=Source("sharp", (), "8"),
    quantities=(
        *QUANTITIES.values(),
        Quantity(J, "Jacobian of the network in all its weights, a random operator"),
        Quantity(p_V, "failure probability of the outer layer", And(p_V > 0, p_V < 1)),
    ),
    hypotheses=(
        *(h for name, h in HYPOTHESES.items() if name != "H_width"),
        Hypothesis("H_joint", joint(Norm(Adjoint(J_W(OMEGA), z)) ** 2),
            "J Jᵀ = J_W J_Wᵀ + (‖φ(h)‖²/k) I"),
        Hypothesis("H_output_width", k >= OUTPUT_WIDTH, "wide enough for the outer layer"),
        Hypothesis("H_width", k > needed(FROM_BOTH), "wide enough for the Lipschitz constant"),
        Hypothesis("H_width_outputs", k > needed(FROM_OUTPUTS),
                   "wide enough for the Lipschitz constant, from the outer layer alone"),
        Hypothesis("H_width_published", k > WIDTH_PUBLISHED,
                   "wide enough for the two-point Lipschitz constant on the ball of radius R"),
    ),
    definitions=(
        *INITIAL_MISFIT.definitions,
        Definition(c, B_2 * D * sqrt(n), "bound of φ'' times the longest output weight"),
        Definition(LIPSCHITZ, size(c) / (2 * sqrt(k)), "one-point Lipschitz constant"),
        Definition(R, 2 * M / (sigma_A * sqrt(FROM_BOTH)), "how far the weights may travel"),
        Definition(c_R, B_2 * (D * sqrt(n) + R), "the same for weights that have travelled"),
        Definition(Lambda_2, size(c_R) / (2 * sqrt(k)), "two-point constant on the ball"),
    ),
    conclusions={"both": BOTH, "outputs": OUTPUTS, "published": PUBLISHED},
    steps=STEPS,
    instance=INSTANCE,
    models=(_flat(),),
    mutants=(
        Mutant("a third of the threshold", {
            "both": tail(q_star / 3, p_J + p_V + p_h + p_x), "H_width_outputs": None,
            "H_width_published": None}, "both"),
        Mutant("observation forgotten",
               {"H_width": k > needed(FROM_BOTH, M - Norm(y)), "H_width_outputs": None,
             "H_width_published": None}, "both"),
        Mutant("radius forgotten", {"H_width_published": k > (
            2 * M * size(c) / (sigma_A * FROM_BOTH)) ** 2,
            "H_width": None, "H_width_outputs": None}, "published"),
        Mutant("misfit to the first power", {
            "H_width": k > needed(FROM_BOTH, M, 1), "H_width_outputs": None,
             "H_width_published": None}, "both"),
    ),
    bounds=(
        Bound("k_gram", GRAM_WIDTH, "width for the Gram matrix of the hidden layer", "lower"),
        Bound("k_outputs", OUTPUT_WIDTH, "width for the Gram matrix of the outer layer", "lower"),
        Bound("k_lipschitz", needed(FROM_BOTH), "width for q < q*", "lower"),
        Bound("k_lipschitz_published", WIDTH_PUBLISHED,
              "width for q < 1/4 with the two-point constant", "lower"),
        Bound("k_lipschitz_outputs", needed(FROM_OUTPUTS),
              "width for q < q* from the outer layer alone", "lower"),
    ),
)  # fmt: skip
