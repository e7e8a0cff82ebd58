"""Statistical dimension of a convex cone: what Moreau's decomposition gives (THEORY section 5).

g is a random vector of Rⁿ with E‖g‖² = n, p = Π_T(g), and δ(T) = E‖p‖². By Moreau g − p is the
projection onto the polar cone T°, and orthogonal to p. Hence δ(T) + δ(T°) = n, and each is n/2 for
a cone that is its own dual, T° = −T; δ(T) ≤ E‖g − v‖² for any choice of v in T°, which with
v = τ∂‖·‖₁ is the bound of the ℓ₁ descent cone; and E⟨g,z⟩ ≤ √δ(T) for any choice of a unit vector z
in T, which bounds the Gaussian width. Of the law of g nothing but E‖g‖² = n is used.
"""

from typing import Any

from sympy import Eq, Implies, Integer, Max, Min, Rational, sqrt, true
from sympy import Lambda as Map
from sympy.logic.boolalg import Boolean

from theory.cones import delta, n
from theory.formulas import ForAll, forall
from theory.instances import NORMAL, SIGN, Instance, coordinates, mapping
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
)
from theory.steps import cite, gram, polynomial
from theory.terms import Inner, Norm, function_of, real, vector_function

g, p, v, z = (vector_function(name) for name in "gpvz")
delta_1, w = real("delta_1 w")

whole, kept = g(OMEGA), p(OMEGA)
rest, away = whole - kept, whole - v(OMEGA)
overlap = Inner(whole, z(OMEGA))


def _surely(claim: Boolean) -> ForAll:
    return forall(OMEGA, true, claim)


def _variable(term: Any) -> Any:
    return function_of(OMEGA, term)


POLAR = Eq(delta + delta_1, n)
SELF_DUAL = Implies(Eq(delta, delta_1), Eq(delta, n / 2))
BOUND = delta <= expectation(Norm(away) ** 2)
WIDTH = w <= sqrt(delta)

STEPS = (
    gram("pythagoras", _surely(Eq(Norm(whole) ** 2, Norm(kept) ** 2 + Norm(rest) ** 2)),
         "H_moreau"),
    cite("at_most", "expectation_bound", "pythagoras", "H_integrable", "H_integrable_1", "H_law",
         X=_variable(Norm(kept) ** 2), Y=_variable(Norm(rest) ** 2), Z=_variable(Norm(whole) ** 2),
         c_0=0, c_1=1, c_2=1),
    cite("at_least", "expectation_bound", "pythagoras", "H_integrable", "H_integrable_1", "H_law",
         X=_variable(Norm(whole) ** 2), Y=_variable(Norm(rest) ** 2), Z=_variable(Norm(kept) ** 2),
         c_0=0, c_1=1, c_2=-1),
    polynomial("polar", POLAR, "at_most", "at_least", "H_law", "delta", "delta_1"),
    polynomial("self_dual", SELF_DUAL, "polar"),
    gram("shorter", _surely(Norm(kept) ** 2 <= Norm(away) ** 2), "H_moreau", "H_polar"),
    cite("compared", "expectation_bound", "shorter", "H_integrable", "H_integrable_v",
         X=_variable(Norm(away) ** 2), Y=_variable(Norm(away) ** 2), Z=_variable(Norm(kept) ** 2),
         c_0=0, c_1=1, c_2=0),
    polynomial("bound", BOUND, "compared", "delta"),
    gram("reached", _surely(overlap <= Norm(kept)), "H_unit"),
    cite("mean", "expectation_bound", "reached", "H_integrable_z", "H_integrable_p",
         X=_variable(Norm(kept)), Y=_variable(Norm(kept)), Z=_variable(overlap),
         c_0=0, c_1=1, c_2=0),
    cite("jensen", "jensen_square", "H_integrable", X=_variable(Norm(kept))),
    polynomial("width", WIDTH, "mean", "jensen", "delta", "w"),
)  # fmt: skip

size, share = real("size share")
FAIR = ((Integer(-1), Rational(1, 2)), (Integer(1), Rational(1, 2)))
MORE, LESS = Rational(101, 100), Rational(99, 100)


def _line(name: str, projection: Any, polar: Any, unit: Any, witness: bool = False) -> Model:
    """Return a cone in the line and a number that is ±size."""
    return Model(
        name,
        {
            g: Map(OMEGA, size * OMEGA),
            p: Map(OMEGA, projection),
            v: Map(OMEGA, polar),
            z: Map(OMEGA, unit),
            n: size**2,
        },
        {size: (Rational(1, 2), Integer(2)), share: (Rational(1, 2), Integer(1))},
        {size: Rational(3, 2), share: Rational(3, 4)} if witness else {},
        sample=FAIR,
    )


positive, negative = size * Max(OMEGA, 0), size * Min(OMEGA, 0)
MODELS = (
    _line("a half-line", positive, share * negative, Integer(1), witness=True),
    _line("the line", size * OMEGA, Integer(0), OMEGA),
    _line("a half-line, not projected", share * positive, negative, -OMEGA),
    _line("a half-line, v not polar", positive, size * OMEGA, Integer(1)),
    _line("a half-line, z too long", positive, negative, 4 * Max(OMEGA, 0)),
)

# The cone R² × [0, ∞), of which the third coordinate of g sees the edge or not.
o_1, o_2, o_3 = point = coordinates("omega", 3)
INSTANCE = Instance(
    "a half-space of R³",
    {
        g: mapping(point, point),
        p: mapping(point, (o_1, o_2, (1 + o_3) / 2)),
        v: mapping(point, (0, 0, -1)),
        z: mapping(point, (Rational(3, 5), 0, Rational(4, 5))),
        n: 3,
    },
    (NORMAL, NORMAL, SIGN),
)

STATEMENT = Statement(
    title="Statistical dimension: the polar cone, an upper bound, the Gaussian width",
    source=Source("published", ("amelunxen2014",), "5"),
    quantities=(
        Quantity(g, "random vector g of Rⁿ"),
        Quantity(p, "its projection onto the cone T"),
        Quantity(v, "a point of the polar cone, chosen with g"),
        Quantity(z, "a unit vector of the cone, chosen with g"),
        Quantity(n, "dimension of the space"),
    ),
    hypotheses=(
        Hypothesis(
            "H_moreau", _surely(Eq(Inner(kept, rest), 0)), "Moreau: g − p is orthogonal to p"
        ),
        Hypothesis("H_polar", _surely(Inner(kept, v(OMEGA)) <= 0), "p lies in T and v in T°"),
        Hypothesis(
            "H_unit",
            _surely(Eq(Norm(z(OMEGA)), 1) & (Inner(z(OMEGA), rest) <= 0)),
            "z is a unit vector of T, and g − p lies in T°",
        ),
        Hypothesis(
            "H_law",
            Eq(expectation(Norm(whole) ** 2), n) & Integrable(random(Norm(whole) ** 2)),
            "E‖g‖² = n, as for g ~ N(0, I_n)",
        ),
        Hypothesis("H_integrable", Integrable(random(Norm(kept) ** 2)), "E‖p‖² is finite"),
        Hypothesis("H_integrable_1", Integrable(random(Norm(rest) ** 2)), "E‖g − p‖² is finite"),
        Hypothesis("H_integrable_v", Integrable(random(Norm(away) ** 2)), "E‖g − v‖² is finite"),
        Hypothesis("H_integrable_p", Integrable(random(Norm(kept))), "E‖p‖ is finite"),
        Hypothesis("H_integrable_z", Integrable(random(overlap)), "E⟨g,z⟩ is finite"),
    ),
    definitions=(
        Definition(delta, expectation(Norm(kept) ** 2), "statistical dimension of T"),
        Definition(delta_1, expectation(Norm(rest) ** 2), "statistical dimension of T°"),
        Definition(w, expectation(overlap), "E⟨g,z⟩; with the best z the Gaussian width of T"),
    ),
    conclusions={"polar": POLAR, "self_dual": SELF_DUAL, "bound": BOUND, "width": WIDTH},
    steps=STEPS,
    bounds=(
        Bound("bound", expectation(Norm(away) ** 2), "statistical dimension of T"),
        Bound("width", sqrt(delta), "Gaussian width of T"),
    ),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("the two dimensions 1% larger", {"polar": Eq(MORE * (delta + delta_1), n)}),
        Mutant("p is not the projection", {"H_moreau": None}, "polar"),
        Mutant("v need not be polar", {"H_polar": None}, "bound"),
        Mutant("bound 1% smaller", {"bound": delta <= LESS * expectation(Norm(away) ** 2)}),
        Mutant("width 1% smaller", {"width": w <= LESS * sqrt(delta)}),
        Mutant("z need not be a unit vector of T", {"H_unit": None}, "width"),
    ),
)
