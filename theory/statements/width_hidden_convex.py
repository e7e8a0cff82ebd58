"""A width of order n is enough for a loss of zero (THEORY section 3b).

With fixed output weights the outputs are images of a cube: y is one of them where its norm is below
c times the inradius S = min{k^{−1/2} Σ|⟨V_i,Aᵀb⟩| : ‖b‖ = 1} of the zonotope. Symmetrisation and
contraction bound the mean of S from below, the method of bounded differences its lower tail, and a
separating hyperplane turns a large inradius into the coefficients of y.

Columns need not be centred, nor their entries independent: an isotropic law with first absolute
moments of at least μ₁ in every direction is enough; ``first_moment`` gives μ₁ = E|V_j|/√2 for
symmetric entries, ``first_moment_kurtosis`` 1/√3 for entries of kurtosis at most 3.
``flow_hidden_convex`` says that the flow then
approaches the loss at y, for every activation that takes all values of (−c, c).
"""

from collections.abc import Mapping
from typing import Any

from sympy import Abs, And, Eq, Expr, Integer, Lambda, Rational, Sum, true

from theory.formulas import forall
from theory.probability import OMEGA, Independent, expectation, family
from theory.settings.flow import A, sigma_A
from theory.settings.initial import (
    COLUMNS,
    DIMENSION,
    ENTRY_BOUND,
    H_COLUMNS,
    H_ISOTROPIC,
    NEURON,
    WIDTH,
    D,
    V,
    i,
    k,
    n,
)
from theory.statement import (
    Bound,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._width_hidden_convex_steps import (
    CONCLUSIONS,
    INRADIUS,
    LEVEL,
    STEPS,
    UNIT,
    WIDTH_NEEDED,
    N,
    S,
    Z,
    a,
    along,
    b,
    basis,
    c,
    m,
    mu_1,
    near,
    needed,
    p,
    tail,
    y,
)
from theory.terms import Adjoint, FrobeniusNorm, Inner, IsInteger, Norm, OperatorNorm, real


def _needed(level: Expr) -> Expr:
    return (level / (sigma_A * mu_1)) ** 2


Values = Mapping[Any, Any]
H_MEAN = forall((i, a), NEURON, expectation(Abs(Inner(V(i, OMEGA), a))) >= mu_1 * Norm(a))
# Every unit vector of the line is one of two, and 49 neurons have the square root 7.
NEURONS, ROOT = 49, 7
gain, least, seen, half_width, moment = real("r r_1 y_1 c_1 s")


def _copies(name: str, column: Expr, values: Values, free: Values, **more: Any) -> Model:
    """Return 49 neurons with one and the same column."""
    shared = {
        k: Integer(NEURONS), n: Integer(1), m: Integer(1), A: gain, sigma_A: least * gain,
        y: seen, c: half_width, mu_1: moment, V: Lambda((i, OMEGA), column),
        basis: Lambda(i, 1), near: Lambda(OMEGA, 1), S: Lambda(OMEGA, ROOT * gain * Abs(column)),
    }  # fmt: skip
    return Model(name, {**shared, **values}, free, **more)


SURE = _copies(
    "49 neurons with the column 1", Integer(1), {D: Integer(1)},
    {
        gain: (Rational(1, 10), Integer(2)), least: (Rational(1, 2), Integer(2)),
        seen: (Rational(0), Integer(100)), half_width: (Rational(1, 10), Integer(2)),
        p: (Rational(1, 100), Rational(99, 100)), moment: (Rational(1, 10), Integer(2)),
    },
    witness={
        gain: Rational(3, 2), least: Rational(19, 20), seen: Integer(1), half_width: Integer(1),
        p: Rational(1, 10), moment: Rational(9, 10),
    },
    sample=((Integer(1), Integer(1)),),
)  # fmt: skip
RARE = _copies(
    "49 copies of a neuron that is often 0", OMEGA, {D: 1 / moment, sigma_A: gain},
    {
        gain: (Rational(1, 2), Integer(2)), seen: (Rational(0), Rational(1, 10)),
        half_width: (Integer(1), Integer(2)), p: (Rational(1, 5), Rational(1, 2)),
        moment: (Rational(1, 2), Rational(9, 10)),
    },
    sample=((1 / moment, moment**2 / 2), (-1 / moment, moment**2 / 2), (Integer(0), 1 - moment**2)),
)  # fmt: skip

STATEMENT = Statement(
    title="A width of order n is enough for a loss of zero",
    source=Source("sharp", ("ledoux1991", "mcdiarmid1989"), "3b"),
    quantities=(
        WIDTH, DIMENSION, COLUMNS, ENTRY_BOUND,
        Quantity(A, "forward operator", And(OperatorNorm(A) > 0, FrobeniusNorm(A) > 0)),
        Quantity(sigma_A, "smallest singular value of the forward operator", sigma_A > 0,
                 "sigma_A"),
        Quantity(y, "observation"),
        Quantity(m, "dimension of the observation", And(IsInteger(m), m >= 1)),
        Quantity(basis, "orthonormal basis of the observations"),
        Quantity(c, "φ takes all values of (−c, c)", c > 0),
        Quantity(mu_1, "least mean of |⟨V_i,a⟩| for a unit vector a", mu_1 > 0),
        Quantity(p, "failure probability", And(p > 0, p < 1)),
        Quantity(S, "inradius of the zonotope, a random variable"),
        Quantity(near, "unit vector at which the inradius is attained"),
        Quantity(N, "mean over all signs of ‖Σ ±A V_i‖/√k"),
        Quantity(Z, "hidden values with output y"),
    ),
    hypotheses=(
        Hypothesis("H_independent", Independent(family(V(i, OMEGA), i), k),
                   "the columns are independent"),
        H_ISOTROPIC, H_COLUMNS,
        Hypothesis("H_mean", H_MEAN, "E|⟨V_i,a⟩| ≥ μ₁‖a‖"),
        Hypothesis("H_onto", forall(b, true, Norm(Adjoint(A, b)) >= sigma_A * Norm(b)),
                   "the forward operator is onto, with σ_A its smallest singular value"),
        Hypothesis("H_basis", forall(b, true, Eq(
            Norm(b) ** 2, Sum(Inner(b, basis(i)) ** 2, (i, 1, m)))), "the basis is orthonormal"),
        Hypothesis("H_attained", forall(OMEGA, true, And(Eq(Norm(near(OMEGA)), 1), Eq(
            S(OMEGA), Sum(along(near(OMEGA)), (i, 1, k))))), "the inradius is attained"),
        Hypothesis("H_least", forall((b, OMEGA), UNIT, S(OMEGA) <= Sum(along(b), (i, 1, k))),
                   "the inradius is the least of k^{−1/2} Σ|⟨V_i,Aᵀb⟩|"),
        Hypothesis("H_width", k > WIDTH_NEEDED, "wide enough"),
    ),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    bounds=(
        Bound("inradius", INRADIUS, "the inradius is less with probability at most p", "lower"),
        Bound("k", WIDTH_NEEDED, "width beyond which y is an output", "lower"),
    ),
    models=(SURE, RARE),
    degenerate="a model has one sample point or dependent columns: here the columns are all 1",
    mutants=(
        Mutant("twice the ratio ‖y‖/c", {"seen": tail(2 * needed)}),
        Mutant("observation forgotten", {"H_width": k > _needed(LEVEL - needed)}, "seen"),
        Mutant("first moments unknown", {"H_mean": None}, "seen"),
        Mutant("forward operator not onto", {"H_onto": None}, "seen"),
        Mutant("dependent columns", {"H_independent": None}, "inradius"),
    ),
    findings=(
        Finding(
            "linear_width",
            "With V fixed and φ' > 0 a width of order n + m is enough for zero loss, where the "
            "published and the sharp theorem ask for one of order nm: no q has to be small, only y "
            "has to be an output. The columns of V need not be centred, nor their entries "
            "independent.",
            ("seen", "inside", "output"),
        ),
    ),
)  # fmt: skip
