"""A minimiser in a polyhedral cone is an eigenvector of its generators (THEORY section 5).

T = {Gc : c ≥ 0}. Let Gc₀ minimise ‖Az‖/‖z‖ over T, with value λ, and let G hold only the generators
whose coefficient in c₀ is positive: the others may be left out, and by Carathéodory those that are
left may be taken to be linearly independent (the proof does not need it). Then c₀ is a generalized
eigenvector, GᵀAᵀAG c₀ = λ² GᵀG c₀ (*stationary*), and λ² is the smallest eigenvalue of that pair
(*smallest*). So λ_min(A;T) is found among the smallest eigenvalues of linearly independent subsets
of the generators, which is what an enumeration looks at. Along any other direction of the same
value one may move freely (*multiple*), until a coefficient vanishes: at most rank A + 1 generators
have to be combined.

The coordinates of c are ⟨c,b₁⟩, ..., ⟨c,b_k⟩, and c ≥ 0 is said by the smallest of them.
"""

from typing import Any

from sympy import Abs, And, Eq, Expr, Implies, Integer, Min, Piecewise, Rational, Sum, true
from sympy import Lambda as Map

from theory.formulas import ForAll, forall, substitute
from theory.instances import Instance, coordinates, mapping
from theory.settings.cones import OPERATOR, A, c, chi, lam
from theory.statement import (
    Definition,
    Finding,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.steps import gram, induction, polynomial
from theory.terms import (
    Apply,
    Inner,
    IsInteger,
    Norm,
    operator,
    real,
    real_function,
    vector,
    vector_function,
)
from theory.witnesses.cones import PLANE, SEEN_IN_PLANE

G = operator("G")
c_0, d = vector("c_0"), vector("d")
unit = vector_function("b")
least, reach, share = (real_function(name) for name in ("least", "reach", "share"))
i, j, k, t = real("i j k t")

COORDINATE = And(IsInteger(i), i >= 1, i <= k)
ratio = (1 + Abs(Inner(d, unit(i)))) / Inner(c_0, unit(i))
moved = c_0 + t * d
SHORT = And(t <= reach(d), -t <= reach(d))


def _point(coefficients: Expr) -> Expr:
    return Apply(G, coefficients)


def _image(coefficients: Expr) -> Expr:
    return Apply(A, _point(coefficients))


def _total(count: Any = k) -> Any:
    return Sum(share(i, d), (i, 1, count))


def _each(claim: Any, *others: Any) -> ForAll:
    return forall((i, *others), COORDINATE, claim)


bilinear = Inner(_image(c_0), _image(d)) - lam**2 * Inner(_point(c_0), _point(d))
quadratic = Norm(_image(d)) ** 2 - lam**2 * Norm(_point(d)) ** 2
STATIONARY = forall(d, true, Eq(Inner(_image(c_0), _image(d)),
                                lam**2 * Inner(_point(c_0), _point(d))))  # fmt: skip
SMALLEST = forall(d, true, Norm(_image(d)) ** 2 >= lam**2 * Norm(_point(d)) ** 2)
MULTIPLE = forall((d, t), Eq(Norm(_image(d)), lam * Norm(_point(d))),
                  Eq(Norm(_image(moved)), lam * Norm(_point(moved))))  # fmt: skip
INDEX = substitute(COORDINATE, {i: least(c)})
nearest = least(moved)
short = reach(d) * Abs(bilinear) / (1 + Abs(bilinear) + reach(d) * Abs(quadratic))

STEPS = (
    polynomial("shares", _each(share(i, d) > 0, d), "share", "H_positive"),
    induction("sums", forall((j, i, d), And(IsInteger(j), j >= 1, j <= k),
                             And(_total(j) > 0, Implies(And(IsInteger(i), i >= 1, i <= j),
                                                        share(i, d) <= _total(j)))),
              at("shares", {i: j})),
    polynomial("reach_positive", forall(d, true, reach(d) > 0), at("sums", {j: k, i: 1}), "reach",
               "k"),
    polynomial("coordinate", _each(reach(d) * Abs(Inner(d, unit(i))) <= Inner(c_0, unit(i)), d),
               at("sums", {j: k}), "reach", "share", "H_positive", "k"),
    gram("inside", forall((d, t), SHORT, chi(moved) >= 0),
         at("coordinate", {i: nearest}), at("H_least", {c: moved})),
    gram("grows", forall((d, t), SHORT, 2 * t * bilinear + t**2 * quadratic >= 0),
         "inside", at("H_lower", {c: moved}), "H_attained", "lambda"),
    polynomial("stationary", STATIONARY, at("grows", {t: short}), at("grows", {t: -short}),
               "reach_positive"),
    polynomial("smallest", SMALLEST, at("grows", {t: reach(d)}), "stationary", "reach_positive"),
    gram("multiple", MULTIPLE, "stationary", "H_attained"),
)  # fmt: skip

first, second, stretch = real("first second stretch")
MORE = Rational(101, 100)


def _line(name: str, level: Expr) -> Model:
    """Return two coordinates c and 2c of one coefficient, with λ a multiple of its true value."""
    witness = {first: Rational(3, 2), second: Rational(-2), stretch: Rational(1, 2)}
    return Model(
        name,
        {
            k: Integer(2),
            A: first,
            G: second,
            unit: Map(i, i),
            c_0: stretch,
            chi: Map(c, c),
            least: Map(c, Integer(1)),
            lam: level * first,
        },
        {
            first: (Rational(1, 2), Integer(4)),
            second: (Integer(-4), Rational(-1, 2)),
            stretch: (Rational(1, 2), Integer(4)),
        },
        witness if level == 1 else {},
    )


MODELS = (_line("a half-line", Integer(1)), _line("a half-line, λ 1% too small", 1 / MORE))

c_1, c_2 = entries = coordinates("c", 2)
INSTANCE = Instance(
    "two generators, m = 2, n = 3",
    {
        A: SEEN_IN_PLANE,
        G: PLANE,
        k: 2,
        unit: mapping(i, (2 - i, i - 1)),
        chi: mapping(entries, Min(c_1, c_2)),
        least: mapping(entries, Piecewise((1, c_1 <= c_2), (2, True))),
        c_0: (4, 3),
        lam: 1,
    },
)

STATEMENT = Statement(
    title="A minimiser in a polyhedral cone is an eigenvector of its generators",
    source=Source("sharp", (), "5"),
    quantities=(
        OPERATOR,
        Quantity(G, "generators of the cone T = {Gc : c ≥ 0}, as columns"),
        Quantity(k, "number of generators", And(IsInteger(k), k >= 1)),
        Quantity(unit, "coordinate vectors b₁, ..., b_k of the coefficients"),
        Quantity(chi, "smallest coordinate of the coefficients"),
        Quantity(least, "its number"),
        Quantity(c_0, "coefficients of a minimiser"),
        Quantity(lam, "λ_min(A;T)", lam >= 0),
    ),
    hypotheses=(
        Hypothesis(
            "H_least",
            forall(c, true, And(INDEX, Eq(chi(c), Inner(c, unit(least(c)))))),
            "χ(c) is one of the coordinates of c",
        ),
        Hypothesis(
            "H_lower",
            forall(c, chi(c) >= 0, Norm(_image(c)) >= lam * Norm(_point(c))),
            "‖Az‖ ≥ λ‖z‖ on T",
        ),
        Hypothesis(
            "H_attained",
            Eq(Norm(_image(c_0)), lam * Norm(_point(c_0))),
            "Gc₀ is a minimiser",
        ),
        Hypothesis(
            "H_positive",
            _each(Inner(c_0, unit(i)) > 0),
            "all coordinates of c₀ are positive",
        ),
    ),
    definitions=(
        Definition(share(i, d), ratio, "what direction d costs coordinate i"),
        Definition(reach(d), 1 / _total(), "how far one may go along d and −d"),
    ),
    conclusions={"stationary": STATIONARY, "smallest": SMALLEST, "multiple": MULTIPLE},
    steps=STEPS,
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant(
            "λ in place of λ²",
            {
                "stationary": forall(
                    d, true, Eq(Inner(_image(c_0), _image(d)), lam * Inner(_point(c_0), _point(d)))
                )
            },
        ),
        Mutant(
            "smallest eigenvalue 1% larger",
            {
                "smallest": forall(
                    d, true, Norm(_image(d)) ** 2 >= MORE * lam**2 * Norm(_point(d)) ** 2
                )
            },
        ),
        Mutant("λ need not be attained", {"H_attained": None}, "stationary"),
        Mutant(
            "‖AGc₀‖ 1% above λ‖Gc₀‖",
            {"H_attained": Eq(Norm(_image(c_0)), MORE * lam * Norm(_point(c_0)))},
            "stationary",
        ),
    ),
    findings=(
        Finding(
            "few_generators",
            "Where ‖Az‖/‖z‖ is least in a polyhedral cone, it stays so along any direction of the "
            "same value, until a coefficient vanishes: with the fewest generators the smallest "
            "eigenvalue is simple, and at most rank A + 1 of them are combined, whatever n is.",
            ("multiple",),
        ),
    ),
)
