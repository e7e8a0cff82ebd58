"""How wide is wide enough, hidden layer trained (THEORY section 8).

With the Gram matrix bounded below, the misfit bounded above and the Jacobian's Lipschitz constant
B₂D√(n/k), a width of order n·(misfit)² makes q = Λw₀/(σ_Aσ₀²) smaller than its threshold: 1/4 in
the published theorem, 1/2 in the sharp one. Every constant is explicit.
"""

from sympy import And, Expr, Implies, Integer, Lambda, Or, Rational, exp, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.instances import Instance, coordinates, mapping
from theory.probability import OMEGA, probability
from theory.settings.flow import SIGMA_A, A, sigma_A
from theory.settings.flow import Lambda as LIPSCHITZ
from theory.settings.initial import (
    AT_LEAST_ONE,
    B_1,
    ETA,
    ETA_SIGN,
    C_dphi,
    C_phi,
    D,
    V,
    delta,
    h,
    i,
    k,
    n,
    p_h,
    p_J,
    p_x,
    phi,
    phi_1,
    x,
)
from theory.statement import (
    NORMAL,
    Bound,
    Definition,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.statements.init_gram_w import EXPONENT, J_W
from theory.statements.init_gram_w import STATEMENT as INIT_GRAM_W
from theory.statements.init_hidden_norm import Phi, basis, hidden
from theory.statements.init_output import N, coefficient, entry, s
from theory.statements.init_output import V as V_0
from theory.statements.initial_misfit import MISFIT, SILENT, M, y
from theory.statements.initial_misfit import STATEMENT as INITIAL_MISFIT
from theory.steps import cite, lemma, polynomial
from theory.terms import Norm, SigmaMin, function_of, real
from theory.witnesses.random_weights import (
    columns,
    hidden_jacobian,
    hidden_layer,
    law,
    outer_weights,
    output_layer,
    pre_activations,
)

B_2, q_star = real("B_2 q_star")
sigma = SigmaMin(J_W(OMEGA))
GRAM_WIDTH = B_1**2 * D**2 * n * log(n / p_J) / (ETA * C_dphi**2)
THRESHOLD = q_star * sigma_A * (1 - delta) * C_dphi**2


def _needed(misfit: Expr, power: int) -> Expr:
    return n * (B_2 * D * misfit / THRESHOLD) ** power


WIDTH_NEEDED = _needed(M, 2)


def _tail(threshold: Expr) -> Boolean:
    return probability(LIPSCHITZ * MISFIT >= threshold * sigma_A * sigma**2) <= p_J + p_h + p_x


TAIL = _tail(q_star)
GRAM_FAILS = sigma**2 <= (1 - delta) * C_dphi**2
SIGNS = ("k", "n", "B_1", "D", "delta", "C_dphi", "p_J")
STEPS = (
    lemma(
        "gram",
        "init_gram_w.tail",
        *(h.name for h in INIT_GRAM_W.hypotheses),
        "k",
        "n",
        "delta",
        "B_1",
        "D",
    ),
    lemma(
        "misfit",
        "initial_misfit.tail",
        "H",
        "M",
        *(h.name for h in INITIAL_MISFIT.hypotheses),
        "k",
        "C_phi",
        "B_1",
        "p_h",
        "A",
        "N",
        "s",
        "p_x",
    ),
    ETA_SIGN,
    AT_LEAST_ONE,
    polynomial(
        "exponent",
        log(n / p_J) <= -EXPONENT,
        "H_gram_width",
        at("eta_sign", {x: delta}),
        "n",
        "B_1",
        "D",
        "delta",
        "C_dphi",
        "p_J",
    ),
    polynomial(
        "gram_failure",
        n * exp(EXPONENT) <= p_J,
        "exponent",
        "n",
        "B_1",
        "D",
        "delta",
        "p_J",
        at("at_least_one", {x: -EXPONENT - log(n / p_J)}),
    ),
    polynomial(
        "strict",
        LIPSCHITZ * M < THRESHOLD,
        "Lambda",
        "H_width",
        "n",
        "delta",
        "C_dphi",
        "q_star",
        "sigma_A",
    ),
    polynomial("lipschitz_sign", LIPSCHITZ >= 0, "Lambda", "k", "n", "B_2", "D"),
    polynomial(
        "one_of_two",
        forall(
            OMEGA,
            true,
            Implies(LIPSCHITZ * MISFIT >= q_star * sigma_A * sigma**2, Or(GRAM_FAILS, MISFIT >= M)),
        ),
        "strict",
        "lipschitz_sign",
        "q_star",
        "sigma_A",
        "k",
    ),
    cite(
        "union",
        "union_bound",
        "one_of_two",
        "k",
        X=function_of(OMEGA, LIPSCHITZ * MISFIT - q_star * sigma_A * sigma**2),
        Y=function_of(OMEGA, (1 - delta) * C_dphi**2 - sigma**2),
        Z=function_of(OMEGA, MISFIT - M),
    ),
    polynomial("tail", TAIL, "union", "gram", "gram_failure", "misfit"),
)

curvature, seen, slope, gain = real("b_2 y_1 b_1 r")
NEURONS = 49


def _flat() -> Model:
    """Many neurons with one slope; what the output weights add to the misfit is 0."""
    silent = {term: value for term, value in SILENT.values.items() if term != s}
    values = silent | {
        k: Integer(NEURONS), basis: Lambda(i, Rational(1, 7)), B_2: curvature,
        phi: Lambda(x, slope * x), Phi: Lambda(x, slope * x), C_phi: slope / 7,
        n: Integer(1), D: Integer(1), V: Lambda((i, OMEGA), 1), h: Lambda((i, OMEGA), 0),
        phi_1: Lambda(x, slope), J_W: Lambda(OMEGA, slope), C_dphi: slope, sigma_A: gain,
    }  # fmt: skip
    parameters = {
        slope: (Rational(1, 2), Integer(2)), s: (Rational(1, 1000), Rational(1)),
        seen: (Rational(1, 10), Integer(100)), curvature: (Rational(1, 100), Integer(100)),
        gain: (Rational(1, 10), Integer(2)), q_star: (Rational(1, 10), Rational(1, 2)),
        delta: (Rational(1, 4), Rational(1, 2)), p_J: (Rational(1, 10), Rational(1, 2)),
        p_h: (Rational(1, 10), Rational(1, 5)), p_x: (Rational(1, 10), Rational(1, 5)),
    }  # fmt: skip
    witness = {
        slope: Integer(1), s: Rational(1, 10), seen: Integer(1), curvature: Rational(1, 10),
        gain: Integer(1), q_star: Rational(1, 4), delta: Rational(2, 5), p_J: Rational(1, 5),
        p_h: Rational(1, 10), p_x: Rational(1, 5),
    }  # fmt: skip
    return Model("49 neurons of one slope", values, parameters, witness, sample=NORMAL)


QUANTITIES = {q.name: q for q in (*INIT_GRAM_W.quantities, *INITIAL_MISFIT.quantities)}
# Six neurons of slope 1/50 about 1: E φ² = 2501/2500. The outer weights are 18 signs.
point = coordinates("omega", 24)
slight = Rational(1, 50)
INSTANCE = Instance(
    "six neurons, φ(x) = 1 + x/50, m = 2, n = 3, signs",
    {
        **pre_activations(h, point, 6),
        **hidden_layer((hidden, basis, Phi), point, 6, lambda z: 1 + slight * z),
        **output_layer((V_0, entry, coefficient), point, 6, 3),
        **columns(V, point, 6, 3),
        **hidden_jacobian(J_W, point, [slight] * 6, outer_weights(point, 6, 3)),
        k: 6,
        n: 3,
        N: 18,
        phi: mapping(x, 1 + slight * x),
        phi_1: mapping(x, slight),
        C_phi: sqrt(2501) / 50,
        C_dphi: slight,
        B_1: slight,
        B_2: Rational(1, 10**6),
        D: 1,
        s: 1,
        A: ((1, 1, 0), (0, 0, 1)),
        sigma_A: 1,
        y: (Rational(1, 2), -Rational(1, 4)),
        q_star: Rational(1, 2),
        delta: Rational(9, 10),
        p_J: Rational(9, 10),
        p_h: Rational(9, 10),
        p_x: Rational(9, 10),
    },
    law(6, 18),
)

STATEMENT = Statement(
    title="A hidden layer that is wide enough, if it is trained",
    source=Source("sharp", (), "8"),
    quantities=(
        *QUANTITIES.values(), SIGMA_A, Quantity(B_2, "Lipschitz constant of φ'", B_2 >= 0),
        Quantity(q_star, "threshold of q: 1/4 published, 1/2 sharp", q_star > 0),
        Quantity(p_J, "failure probability of the Gram matrix", And(p_J > 0, p_J < 1)),
    ),
    hypotheses=(
        *INIT_GRAM_W.hypotheses, *INITIAL_MISFIT.hypotheses,
        Hypothesis("H_gram_width", k >= GRAM_WIDTH, "wide enough for the Gram matrix"),
        Hypothesis("H_width", k > WIDTH_NEEDED, "wide enough for the Lipschitz constant"),
    ),
    definitions=(
        *INITIAL_MISFIT.definitions,
        Definition(LIPSCHITZ, B_2 * D * sqrt(n / k), "Lipschitz constant of the Jacobian"),
    ),
    conclusions={"tail": TAIL},
    steps=STEPS,
    instance=INSTANCE,
    models=(_flat(),),
    mutants=(
        Mutant("half the threshold", {"tail": _tail(q_star / 2)}),
        Mutant("observation forgotten", {"H_width": k > _needed(M - Norm(y), 2)}, "tail"),
        Mutant("misfit to the first power", {"H_width": k > _needed(M, 1)}, "tail"),
    ),
    bounds=(
        Bound("k_gram", GRAM_WIDTH, "width for the Gram matrix", "lower"),
        Bound("k_lipschitz", WIDTH_NEEDED, "width for q < q*", "lower"),
    ),
)  # fmt: skip
