"""The statistical dimension of a subspace is its dimension (THEORY section 5).

With an orthonormal basis q₁, ..., q_d of T, ‖Π_T(g)‖² = Σ⟨q_i,g⟩², and each term has expectation 1.
Of the law of g only E⟨g,a⟩² = ‖a‖² is used.
"""

from sympy import And, Eq, Expr, Integer, Rational, Sum, true
from sympy import Lambda as Map

from theory.cones import d, delta
from theory.formulas import forall
from theory.instances import NORMAL, Instance, by_index, coordinates, mapping
from theory.probability import OMEGA, Integrable, expectation, random
from theory.statement import (
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
from theory.steps import cite, induction, polynomial
from theory.terms import Inner, IsInteger, Norm, real, vector, vector_function

g, q = vector_function("g"), vector_function("q")
a = vector("a")
i, j = real("i j")

MEMBER = And(IsInteger(i), i >= 1)
part = Inner(g(OMEGA), q(i)) ** 2
projected = Sum(part, (i, 1, d))
DIMENSION = Eq(delta, d)

STEPS = (
    polynomial("each", forall(i, MEMBER, And(Eq(expectation(part), 1), Integrable(random(part)))),
               at("H_law", {a: q(i)}), "H_basis"),
    cite("sum", "expectation_sum", "d", "each", Z=Map((i, OMEGA), part), k=d),
    induction("count", forall(j, And(IsInteger(j), j >= 1),
                              Eq(Sum(expectation(part), (i, 1, j)), j)), at("each", {i: j})),
    polynomial("dimension", DIMENSION, "sum", at("count", {j: d}), "delta", "d"),
)  # fmt: skip

reach = real("reach")
RARE = 1 / (2 * reach**2)
SPARSE = ((-reach, RARE), (Integer(0), 1 - 2 * RARE), (reach, RARE))


def _line(name: str, length: Expr, spread: Expr) -> Model:
    """Return a number that is 0 or ±reach, of variance spread², and two vectors of a length."""
    return Model(
        name,
        {g: Map(OMEGA, spread * OMEGA), q: Map(i, -length), d: Integer(2)},
        {reach: (Integer(1), Integer(3))},
        {reach: Rational(3, 2)} if length == spread == 1 else {},
        sample=SPARSE,
    )


MODELS = (
    _line("a number of variance 1", Integer(1), Integer(1)),
    _line("a number of variance 1, vectors too long", Rational(3, 2), Integer(1)),
    _line("a number of variance 9/4", Integer(1), Rational(3, 2)),
)

point = coordinates("omega", 3)
INSTANCE = Instance(
    "a plane in R³",
    {
        g: mapping(point, point),
        q: by_index(
            (Rational(2, 3), Rational(2, 3), Rational(1, 3)),
            (-Rational(2, 3), Rational(1, 3), Rational(2, 3)),
        ),
        d: 2,
    },
    (NORMAL,) * 3,
)

STATEMENT = Statement(
    title="The statistical dimension of a subspace is its dimension",
    source=Source("published", ("amelunxen2014",), "5"),
    quantities=(
        Quantity(g, "random vector g of Rⁿ"),
        Quantity(q, "orthonormal basis of the subspace"),
        Quantity(d, "dimension of the subspace", And(IsInteger(d), d >= 1)),
    ),
    hypotheses=(
        Hypothesis(
            "H_law",
            forall(
                a,
                true,
                And(
                    Eq(expectation(Inner(g(OMEGA), a) ** 2), Norm(a) ** 2),
                    Integrable(random(Inner(g(OMEGA), a) ** 2)),
                ),
            ),
            "E⟨g,a⟩² = ‖a‖², as for g ~ N(0, I_n)",
        ),
        Hypothesis("H_basis", forall(i, MEMBER, Eq(Norm(q(i)), 1)), "the basis is normalised"),
    ),
    definitions=(
        Definition(delta, expectation(projected), "E‖Π_T(g)‖², the projection in coordinates"),
    ),
    conclusions={"dimension": DIMENSION},
    steps=STEPS,
    bounds=(Bound("dimension", d, "statistical dimension", "value"),),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("1% more than the dimension", {"dimension": Eq(delta, Rational(101, 100) * d)}),
        Mutant("a basis that is not normalised", {"H_basis": None}, "dimension"),
        Mutant("a law of another variance", {"H_law": None}, "dimension"),
        Mutant("half of the dimension", {"dimension": Eq(delta, d / 2)}),
    ),
)
