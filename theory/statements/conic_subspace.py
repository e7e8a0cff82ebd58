"""On a subspace the conic singular value is a smallest eigenvalue (THEORY section 5).

On T = ran Q with orthonormal columns, λ_min(A;T)² is the smallest eigenvalue of QᵀAᵀAQ, and a unit
eigenvector gives a point of T at which the value is attained.
"""

from collections.abc import Mapping
from typing import Any

from sympy import And, Eq, Expr, Integer, Rational, Symbol, sqrt, true
from sympy import Lambda as Map

from theory.formulas import forall
from theory.instances import Instance, mapping
from theory.settings.cones import OPERATOR, VALUE, A, Q, approached, c, e, epsilon, lam, near
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import gram, polynomial
from theory.terms import Adjoint, Apply, Inner, Norm, real
from theory.witnesses.cones import PLANE, SEEN_IN_PLANE, WEAKEST

mu = real("mu")


def _embedded(coordinates: Expr) -> Expr:
    """Return the point Qc of the subspace."""
    return Apply(Q, coordinates)


def _squared(coordinates: Expr) -> Expr:
    """Return QᵀAᵀAQ c."""
    return Adjoint(Q, Adjoint(A, Apply(A, _embedded(coordinates))))


image, close = Norm(Apply(A, _embedded(c))), near(epsilon)
LENGTH = forall(c, true, Eq(Norm(_embedded(c)), Norm(c)))
POSITIVE = lam >= 0
EIGENVALUE = Eq(lam**2, mu)
ATTAINED = And(Eq(Norm(_embedded(e)), 1), Eq(Norm(Apply(A, _embedded(e))), lam))

STEPS = (
    gram("length", LENGTH, "H_orthonormal"),
    gram("image", forall(c, true, Eq(image**2, Inner(_squared(c), c)))),
    gram("top", Eq(Norm(Apply(A, _embedded(e))) ** 2, mu), "H_eigenvector"),
    polynomial("positive", POSITIVE, at("H_approached", {epsilon: -lam / 2})),
    polynomial("at_most", lam**2 <= mu, "top", "positive", at("length", {c: e}), "H_eigenvector",
               at("H_lower", {c: e})),
    polynomial("nearly", forall(epsilon, epsilon > 0, mu <= (lam + epsilon) ** 2),
               at("image", {c: close}), at("length", {c: close}), "H_approached",
               at("H_smallest", {c: close})),
    polynomial("at_least", mu <= lam**2,
               at("nearly", {epsilon: (sqrt(mu) - lam) / 2})),
    polynomial("eigenvalue", EIGENVALUE, "at_most", "at_least"),
    polynomial("attained", ATTAINED, at("length", {c: e}), "H_eigenvector", "top", "eigenvalue",
               "positive"),
)  # fmt: skip

slope = real("slope")


def _line(name: str, level: Expr, size: Expr, sign: int = -1) -> Model:
    """Return the line Q = ±1 in the line, with λ and Q as multiples of what they should be."""
    witness: Mapping[Symbol, Any] = {slope: Rational(3, 2)} if level == size == 1 else {}
    return Model(
        name,
        {
            A: slope,
            Q: sign * size,
            near: Map(epsilon, sign / size),
            e: Integer(1),
            lam: level * slope,
            mu: (size * slope) ** 2,
        },
        {slope: (Rational(1, 2), Integer(4))},
        witness,
    )


LESS = Rational(99, 100)
MODELS = (
    _line("a number", Integer(1), Integer(1)),
    _line("a number, λ 1% too small", LESS, Integer(1)),
    _line("a number, λ too large", Integer(2), Integer(1)),
    _line("a number, Q of length 2", Integer(1), Integer(2)),
)

INSTANCE = Instance(
    "a plane, m = 2, n = 3",
    {
        A: SEEN_IN_PLANE,
        Q: tuple(tuple(Rational(entry, 3) for entry in row) for row in PLANE),
        near: mapping(epsilon, WEAKEST),
        e: WEAKEST,
        lam: 1,
        mu: 1,
    },
)

STATEMENT = Statement(
    title="On a subspace the conic singular value is a smallest eigenvalue",
    source=Source("sharp", (), "5"),
    quantities=(
        OPERATOR,
        Quantity(Q, "orthonormal basis of the subspace T = ran Q"),
        Quantity(near, "coordinates of unit vectors of T at which ‖Az‖ comes close to λ"),
        VALUE,
        Quantity(mu, "smallest eigenvalue of QᵀAᵀAQ"),
        Quantity(e, "unit eigenvector for it"),
    ),
    hypotheses=(
        Hypothesis(
            "H_orthonormal",
            forall(c, true, Eq(Adjoint(Q, _embedded(c)), c)),
            "the columns of Q are orthonormal",
        ),
        Hypothesis(
            "H_lower",
            forall(c, Eq(Norm(_embedded(c)), 1), image >= lam),
            "‖Az‖ is at least λ on the unit vectors z = Qc",
        ),
        Hypothesis(
            "H_approached",
            approached(lam, Apply(A, _embedded(close)), true, _embedded(close)),
            "no larger number will do",
        ),
        Hypothesis(
            "H_smallest",
            forall(c, true, Inner(_squared(c), c) >= mu * Norm(c) ** 2),
            "μ is at most the quadratic form of QᵀAᵀAQ on unit vectors",
        ),
        Hypothesis(
            "H_eigenvector",
            And(Eq(_squared(e), mu * e), Eq(Norm(e), 1)),
            "μ is an eigenvalue of it",
        ),
    ),
    conclusions={
        "length": LENGTH,
        "positive": POSITIVE,
        "eigenvalue": EIGENVALUE,
        "attained": ATTAINED,
    },
    steps=STEPS,
    bounds=(Bound("value", sqrt(mu), "λ_min(A; ran Q)", "value"),),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("the eigenvalue 1% larger", {"eigenvalue": Eq(lam**2, Rational(101, 100) * mu)}),
        Mutant("λ equal to the eigenvalue", {"eigenvalue": Eq(lam, mu)}),
        Mutant("columns that are not orthonormal", {"H_orthonormal": None}, "eigenvalue"),
        Mutant("λ need not be approached", {"H_approached": None}, "eigenvalue"),
        Mutant("λ need not be a lower bound", {"H_lower": None}, "eigenvalue"),
    ),
)
