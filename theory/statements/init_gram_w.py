"""Hidden-layer Gram matrix at initialisation: a lower tail for its smallest eigenvalue.

J_W J_Wᵀ = (1/k) Σ φ'(h_i)² V_iV_iᵀ is a sum of independent rank-one terms with mean C_φ'² I, to
which the matrix Chernoff inequality applies (THEORY section 7). No law of the pre-activations
enters, and φ' may be any bounded function.
"""

from sympy import And, Eq, Expr, Implies, Integer, Lambda, Piecewise, Rational, Sum, exp, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall
from theory.instances import SIGN, Instance, by_index, coordinates, mapping
from theory.probability import OMEGA, expectation, probability
from theory.settings.initial import (
    B_1,
    COLUMNS,
    DELTA,
    DIMENSION,
    ENTRY_BOUND,
    ETA,
    H_BOUNDED_SLOPE,
    H_COLUMNS,
    H_GRAM,
    H_ISOTROPIC,
    H_PAIRS,
    H_SLOPE_MOMENT,
    HIDDEN,
    J_W,
    NEURON,
    SLOPE,
    SLOPE_BOUND,
    SLOPE_MOMENT,
    WEIGHT_JACOBIAN,
    WIDTH,
    C_dphi,
    D,
    V,
    delta,
    h,
    i,
    j,
    k,
    n,
    part,
    phi_1,
    z,
)
from theory.statement import Bound, Model, Mutant, Source, Statement, at
from theory.steps import cite, gram, induction, polynomial
from theory.terms import Inner, IsInteger, Norm, SigmaMin, function_of, real, vector
from theory.witnesses.random_weights import columns, hidden_jacobian, outer_weights

a = vector("a")
x = real("x")

slope = phi_1(h(i, OMEGA))
along = Inner(V(i, OMEGA), z)
mean = C_dphi**2 / k * Norm(z) ** 2
one_term = expectation(Inner(part, z) ** 2)
EXPONENT = -ETA * k * C_dphi**2 / (B_1**2 * D**2 * n)


def _tail(factor: Expr, power: Expr) -> Boolean:
    event = SigmaMin(J_W(OMEGA)) ** 2 <= (1 - delta) * C_dphi**2
    return probability(event) <= factor * exp(power)


TAIL = _tail(n, EXPONENT)

STEPS = (
    cite(
        "independent", "independent_map", "H_pairs", X=h, v=V, f=Lambda(x, phi_1(x) / sqrt(k)), k=k
    ),
    gram(
        "range",
        forall((i, OMEGA), NEURON, Norm(part) ** 2 <= B_1**2 * D**2 * n / k),
        "H_columns",
        at("H_slope", {x: h(i, OMEGA)}),
        "k",
    ),
    cite(
        "space",
        "multiple_in_space",
        "H_columns",
        over=(i, OMEGA),
        given=NEURON,
        v=V(i, OMEGA),
        n=n,
        c=slope / sqrt(k),
    ),
    gram(
        "square", forall((i, OMEGA, z), true, Eq(Inner(part, z) ** 2, slope**2 * along**2 / k)), "k"
    ),
    polynomial(
        "parameters",
        And(B_1**2 * D**2 * n / k > 0, C_dphi**2 >= 0, delta >= 0, delta < 1),
        "k",
        "n",
        "B_1",
        "D",
        "delta",
    ),
    cite(
        "scaled",
        "expectation_scale",
        "square",
        "k",
        over=(i, z),
        X=function_of(OMEGA, slope**2 * along**2),
        Y=function_of(OMEGA, Inner(part, z) ** 2),
        c=1 / k,
    ),
    cite(
        "factors",
        "independent_product",
        "H_pairs",
        over=(z,),
        X=h,
        v=V,
        f=Lambda(x, phi_1(x) ** 2),
        g=Lambda(a, Inner(a, z) ** 2),
        k=k,
    ),
    polynomial(
        "one_term",
        forall((i, z), And(NEURON, i <= k), Eq(one_term, mean)),
        "scaled",
        "factors",
        "H_slope_moment",
        "H_isotropic",
        "k",
    ),
    induction(
        "partial",
        forall(
            (j, z),
            And(IsInteger(j), j >= 1),
            Implies(j <= k, Eq(Sum(one_term, (i, 1, j)), j * mean)),
        ),
        at("one_term", {i: j}),
        "k",
    ),
    polynomial(
        "mean",
        forall(z, true, Eq(Sum(one_term, (i, 1, k)), C_dphi**2 * Norm(z) ** 2)),
        at("partial", {j: k}),
        "k",
    ),
    cite(
        "chernoff",
        "matrix_chernoff",
        "k",
        "independent",
        "space",
        "range",
        "mean",
        "H_gram",
        "parameters",
        v=Lambda((i, OMEGA), part),
        M=J_W,
        k=k,
        n=n,
        R=B_1**2 * D**2 * n / k,
        mu=C_dphi**2,
        delta=delta,
    ),
    polynomial("tail", TAIL, "chernoff", "k", "n", "B_1", "D", "delta"),
)

rare, gap = real("p gap")
FIRES = Piecewise((B_1, x >= 1), (0, True))


def _rare(name: str, neurons: int) -> Model:
    """φ'(h) is B₁ with probability p and else 0; beyond one neuron, all of them are the same."""
    values = {
        k: Integer(neurons), n: Integer(1), D: Integer(1), V: Lambda((i, OMEGA), 1),
        h: Lambda((i, OMEGA), OMEGA), phi_1: Lambda(x, FIRES), C_dphi: B_1 * sqrt(rare),
        delta: 1 - gap, J_W: Lambda(OMEGA, FIRES.subs(x, OMEGA)),
    }  # fmt: skip
    parameters = {
        rare: (Rational(1, 1000), Rational(1, 2)), B_1: (Rational(1, 2), Integer(2)),
        gap: (Rational(1, 10**5), Rational(9, 10)),
    }  # fmt: skip
    witness = {rare: Rational(1, 4), B_1: Rational(3, 2), gap: Rational(1, 2)}
    law = ((Integer(1), rare), (Integer(0), 1 - rare))
    return Model(name, values, parameters, witness if neurons == 1 else {}, sample=law)


# φ'(h) is 1 or 0 with equal chances, h a sign; three neurons and three outputs of signs.
point = coordinates("omega", 12)
bump = Rational(1, 2) + x / (1 + x**2)
INSTANCE = Instance(
    "three neurons that fire or not, n = 3",
    {
        **columns(V, point, 3, 3),
        **hidden_jacobian(
            J_W, point, [bump.subs(x, h_i) for h_i in point[:3]], outer_weights(point, 3, 3)
        ),
        h: by_index(*(mapping(point, h_i) for h_i in point[:3])),
        k: 3,
        n: 3,
        delta: Rational(1, 2),
        phi_1: mapping(x, bump),
        C_dphi: sqrt(2) / 2,
        B_1: 1,
        D: 1,
    },
    (SIGN,) * 12,
)

STATEMENT = Statement(
    title="Hidden-layer Gram matrix at initialisation is not small",
    source=Source("sharp", ("tropp2012",), "7"),
    quantities=(WIDTH, DIMENSION, DELTA, HIDDEN, SLOPE, COLUMNS, WEIGHT_JACOBIAN, SLOPE_MOMENT,
                SLOPE_BOUND, ENTRY_BOUND),
    hypotheses=(H_PAIRS, H_SLOPE_MOMENT, H_BOUNDED_SLOPE, H_ISOTROPIC, H_COLUMNS, H_GRAM),
    conclusions={"tail": TAIL},
    steps=STEPS,
    instance=INSTANCE,
    models=(_rare("one neuron that rarely fires", 1), _rare("ten copies of a neuron", 10)),
    mutants=(
        Mutant("exponent 1% larger", {"tail": _tail(n, Rational(101, 100) * EXPONENT)}),
        Mutant("no B₁ in the exponent", {"tail": _tail(n, EXPONENT * B_1**2)}),
        Mutant("dependent neurons", {"H_pairs": None}, "tail"),
    ),
    bounds=(Bound("failure", n * exp(EXPONENT), "probability that λ_min ≤ (1 − δ)C_φ'²"),),
)  # fmt: skip
