"""Sums of terms whose squared slopes are at least G of them, with G(s)/s falling.

The lemma under the statements on separable losses (THEORY section 2): G is then subadditive, so the
squared slopes add up to at least G of the sum, whatever the number of terms.
"""

from sympy import And, Eq, Expr, Implies, Integer, Rational, Sum, sqrt
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.settings.flow import x
from theory.statement import Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.statements._separable import COUNT, G, i, m, n, z
from theory.steps import induction, polynomial
from theory.terms import IsInteger, real, real_function

term, slope = real_function("q"), real_function("d")
total, steepness, r_0, scale = real("Q D r_0 scale")
MORE = Rational(101, 100)
ROOM = And(x >= 0, z >= 0, x + z < r_0)


def _sum(last: Expr) -> Sum:
    return Sum(term(i), (i, 1, last))


def _squares(last: Expr) -> Sum:
    return Sum(slope(i) ** 2, (i, 1, last))


def _gain(factor: Expr) -> ForAll:
    return Implies(And(total > 0, total < r_0), factor * G(total) <= steepness)


SUBADDITIVE = forall((x, z), ROOM, G(x + z) <= G(x) + G(z))
FALLING = forall((x, z), And(x > 0, x <= z, z < r_0), G(z) * x <= G(x) * z)
EACH = forall(
    n, And(COUNT, n <= m), And(term(n) >= 0, Implies(term(n) < r_0, G(term(n)) <= slope(n) ** 2))
)
PARTIAL = Implies(_sum(n) < r_0, G(_sum(n)) <= _squares(n))

STEPS = (
    polynomial("subadditive", SUBADDITIVE, "H_zero",
               at("H_ratio", {x: x, z: x + z}), at("H_ratio", {x: z, z: x + z})),
    induction("partial",
              forall(n, COUNT, Implies(n <= m, And(_sum(n) >= 0, PARTIAL))),
              "H_terms", at("subadditive", {x: _sum(n - 1), z: term(n)})),
    polynomial("gain", _gain(Integer(1)), at("partial", {n: m}), "H_sum", "H_slopes", "m"),
)  # fmt: skip


def _model(name: str, gain: Expr, terms: Expr, slopes: Expr, witness: bool) -> Model:
    """Return the terms 1·scale and 2·scale, with their slopes."""
    return Model(
        name,
        {
            m: Integer(2),
            term: Map(i, terms),
            slope: Map(i, slopes),
            G: Map(x, gain),
            total: 3 * scale,
            steepness: slopes.subs(i, 1) ** 2 + slopes.subs(i, 2) ** 2,
            r_0: Integer(20),
            scale: scale,
        },
        {scale: (Rational(1, 2), Integer(4))},
        {scale: Rational(3, 2)} if witness else {},
    )


STATEMENT = Statement(
    title="Sums of terms with G(s)/s falling: the squared slopes add up to at least G of the sum",
    source=Source("sharp", (), "2"),
    quantities=(
        Quantity(m, "number of terms", And(IsInteger(m), m >= 1)),
        Quantity(term, "the terms"),
        Quantity(slope, "their slopes"),
        Quantity(G, "bounds a squared slope from below by its term"),
        Quantity(total, "the sum of the terms"),
        Quantity(steepness, "the sum of the squared slopes"),
        Quantity(r_0, "level up to which G is considered"),
    ),
    hypotheses=(
        Hypothesis("H_sum", Eq(total, _sum(m)), "Q = Σ q_i"),
        Hypothesis("H_slopes", Eq(steepness, _squares(m)), "D = Σ d_i²"),
        Hypothesis("H_terms", EACH, "q_i ≥ 0 and G(q_i) ≤ d_i²"),
        Hypothesis("H_zero", Eq(G(0), 0), "G(0) = 0"),
        Hypothesis("H_ratio", FALLING, "G(s)/s does not increase"),
    ),
    conclusions={"gain": _gain(Integer(1)), "subadditive": SUBADDITIVE},
    steps=STEPS,
    models=(
        _model("G linear", 2 * x, i * scale, sqrt(2 * i * scale), True),
        _model("G quadratic", x**2, i * scale, i * scale, False),
    ),
    mutants=(
        Mutant("gain of the sum 1% larger", {"gain": _gain(MORE)}),
        Mutant("G(s)/s may increase", {"H_ratio": None}, "gain"),
        Mutant(
            "G subadditive by 1% more",
            {"subadditive": forall((x, z), ROOM, MORE * G(x + z) <= G(x) + G(z))},
        ),
    ),
)
