"""How many Gaussian measurements a cone costs (THEORY section 5).

Gordon's inequality, which is cited, says that λ_min(G;T) > a_m − w(T) − t but for a probability of
e^{−t²/2}, with a_m = √2 Γ((m+1)/2)/Γ(m/2) = E‖g‖ for g ~ N(0, I_m). Here it is shown that
√(m−½) < a_m ≤ √m, that m ≥ (√δ + t)² + ½ makes the right side positive, so that G vanishes nowhere
on T but at 0, and which t belongs to a failure probability.

With R(x) = Γ(x+½)²/Γ(x)², the quotient R(x)/(x−¼) decreases from x to x + 1, and R(x) ≥ x − ½: so
R(x)/(x−¼) is at least (x+j−½)/(x+j−¼) for every j, hence at least 1.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sympy import Abs, And, Eq, Expr, Integer, Rational, gamma, log, pi, sqrt
from sympy import Lambda as Map

from theory.cones import COUNT, DEVIATION, delta, p, t
from theory.formulas import forall
from theory.instances import Instance, by_index, coordinates, mapping
from theory.probability import OMEGA
from theory.settings.cones import chi, z
from theory.statement import (
    NORMAL,
    Bound,
    Hypothesis,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
    at,
)
from theory.statements._gordon_steps import (
    CONCLUSIONS,
    ESCAPE,
    HYPOTHESES,
    QUANTITIES,
    G,
    Gamma,
    S,
    W,
    b,
    entry,
    g,
    h,
    i,
    j,
    m,
    nearest,
    rows,
    tail,
    w,
    x,
)
from theory.steps import algebra, cite, induction, polynomial
from theory.terms import IsInteger, real, real_function
from theory.witnesses.random_weights import law

ZERO, ONE = Integer(0), Integer(1)
ceiling = real_function("N")

half, quarter = Rational(1, 2), Rational(1, 4)
LARGE = x > quarter


def R(place: Expr) -> Expr:
    """Return Γ(x + ½)²/Γ(x)²."""
    return Gamma(place + half) ** 2 / Gamma(place) ** 2


def a(number: Expr) -> Expr:
    """Return a_m = √2 Γ((m + 1)/2)/Γ(m/2)."""
    return sqrt(2) * Gamma((number + 1) / 2) / Gamma(number / 2)


LOWER = a(m) > sqrt(m - half)
UPPER = a(m) <= sqrt(m)
COUNTED = a(m) - w - t > 0
FAILURE = forall(p, And(p > 0, p < 1), Eq(-(DEVIATION**2) / 2, log(p)))

gap = x - quarter - R(x)
far = ceiling(x / gap)

GAMMA = (
    cite("gamma", "gamma_function", Gamma=Gamma),
    cite("integers", "archimedean", N=ceiling),
    polynomial("next", forall(x, x > 0, Eq(R(x + 1), R(x) * ((x + half) / x) ** 2)),
               "gamma.recurrence", at("gamma.recurrence", {x: x + half}), "gamma.positive"),
    polynomial("at_least", forall(x, x > half, R(x) >= x - half),
               at("gamma.log_convex", {x: x - half}), at("gamma.recurrence", {x: x - half}),
               "gamma.positive", at("gamma.positive", {x: x - half})),
    polynomial("at_most", forall(x, x > 0, And(R(x) <= x, R(x) > 0)),
               "gamma.log_convex", "gamma.recurrence", "gamma.positive",
               at("gamma.positive", {x: x + half})),
)  # fmt: skip

grown = x + j
SMALLER = R(x) * (grown - quarter) >= R(grown) * (x - quarter)
LIMIT = (
    induction("decreases", forall((j, x), And(IsInteger(j), j >= 0, x > half), SMALLER),
              at("next", {x: grown}), "gamma.positive", at("gamma.positive", {x: grown})),
    polynomial("nearly", forall((j, x), And(IsInteger(j), j >= 0, x > half),
                                R(x) * (grown - quarter) >= (grown - half) * (x - quarter)),
               "decreases", at("at_least", {x: grown}), "gamma.positive"),
    polynomial("weakly", forall(x, x > half, R(x) >= x - quarter),
               at("nearly", {j: far}), at("integers", {x: x / gap}), "gamma.positive"),
    polynomial("strictly", forall(x, x >= half, R(x) > x - quarter),
               at("weakly", {x: x + 1}), "next", "gamma.positive"),
)  # fmt: skip

STEPS = (
    *GAMMA,
    *LIMIT,
    polynomial("lower", LOWER, at("strictly", {x: m / 2}), at("gamma.positive", {x: m / 2}),
               at("gamma.positive", {x: m / 2 + half}), "m"),
    polynomial("upper", UPPER, at("at_most", {x: m / 2}), at("gamma.positive", {x: m / 2}), "m"),
    polynomial("counted", COUNTED, "lower", "H_width", "H_count",
               at("gamma.positive", {x: m / 2})),
    algebra("failure", FAILURE),
    *ESCAPE,
)  # fmt: skip

width, extra = real("width extra")
HALF_LINE = {
    Gamma: Map(x, gamma(x)), G: Map(OMEGA, OMEGA), g: Map(OMEGA, OMEGA), h: Map(OMEGA, OMEGA),
    W: Map(OMEGA, OMEGA), entry: Map((z, b), z * b), rows: Map(i, 1), chi: Map(z, z),
    nearest: Map(OMEGA, 1), S: Map(OMEGA, Abs(OMEGA)), t: extra,
}  # fmt: skip


def _half_line(
    name: str, number: int = 1, slack: Expr = ZERO, looseness: Expr = ONE,
    changed: Mapping[Any, Any] = MappingProxyType({}), **more: Any,
) -> Model:  # fmt: skip
    """Return a half-line, measured by a normal number: the largest dimension that is allowed."""
    allowed = sqrt(number - half + slack) - extra
    cone = {m: Integer(number), delta: (width * allowed) ** 2, w: looseness * width * allowed}
    box = {width: (Integer(0), Integer(1)), extra: (Integer(0), Rational(7, 10) * sqrt(number))}
    return Model(name, {**HALF_LINE, **cone, **changed}, box, sample=NORMAL, **more)


hundredth = OMEGA / 100
MODELS = (
    _half_line("a half-line", witness={width: Rational(3, 4), extra: quarter}),
    _half_line("a half-line, with less to spare", slack=Rational(3, 20)),
    _half_line("a half-line said to be wider", looseness=Rational(6, 5)),
    _half_line("one measurement taken for nine", 9),
    _half_line("a smaller matrix", changed={
        G: Map(OMEGA, hundredth), g: Map(OMEGA, hundredth), S: Map(OMEGA, Abs(hundredth))}),
)  # fmt: skip

# Two measurements of R³, each of three normal numbers; the cone is the half-line of (1, 0, 0).
point, place, seen = coordinates("omega", 9), coordinates("z", 3), coordinates("b", 2)
INSTANCE = Instance(
    "a half-line of R³, m = 2",
    {
        Gamma: mapping(x, gamma(x)),
        m: 2,
        t: Rational(1, 5),
        delta: 1,
        w: Rational(1, 2),
        G: mapping(point, (point[:3], point[3:6])),
        g: mapping(point, point[:6]),
        h: mapping(point, point[6:]),
        W: mapping(point, point[6]),
        entry: mapping((*place, *seen), tuple(b_i * z_i for b_i in seen for z_i in place)),
        rows: by_index((1, 0), (0, 1)),
        chi: mapping(place, place[0] - sqrt(place[0] ** 2 + place[1] ** 2 + place[2] ** 2)),
        nearest: mapping(point, (1, 0, 0)),
        S: mapping(point, sqrt(point[0] ** 2 + point[3] ** 2)),
    },
    law(9),
)

STATEMENT = Statement(
    title="How many Gaussian measurements a cone costs",
    source=Source("published", ("gordon1988",), "5"),
    quantities=(
        Quantity(m, "number of measurements", And(IsInteger(m), m >= 1)),
        Quantity(Gamma, "the gamma function"),
        Quantity(ceiling, "an integer that is at least as large"),
        Quantity(delta, "statistical dimension of the cone"),
        Quantity(w, "its Gaussian width"),
        Quantity(t, "deviation", t >= 0),
        *QUANTITIES,
    ),
    hypotheses=(
        Hypothesis("H_width", w**2 <= delta, "the square of the width is at most the dimension"),
        Hypothesis("H_count", m >= COUNT, "so many measurements are taken"),
        *HYPOTHESES,
    ),
    conclusions={"lower": LOWER, "upper": UPPER, "counted": COUNTED, "failure": FAILURE}
    | CONCLUSIONS,
    steps=STEPS,
    bounds=(
        Bound("measurements", COUNT, "Gaussian measurements that are enough", "lower"),
        Bound("deviation", DEVIATION, "t of a failure probability p", "value"),
    ),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("⅓ in place of ½ under the root", {"lower": a(m) > sqrt(m - Rational(1, 3))}),
        Mutant("a_m at most 0.79 √m", {"upper": a(m) <= Rational(79, 100) * sqrt(m)}),
        Mutant("0.35 in place of ½", {"H_count": m >= COUNT - Rational(3, 20)}, "counted"),
        Mutant("the width larger than √δ", {"H_width": None}, "counted"),
        Mutant(
            "e^{−t²} in place of e^{−t²/2}",
            {"failure": forall(p, And(p > 0, p < 1), Eq(-(DEVIATION**2), log(p)))},
        ),
        Mutant("t added to a_m", {"tail": tail(a(m) - w + t)}),
        Mutant("entries that are not normal", {"H_normal": None}, "tail"),
        Mutant("the same measurement again", {"H_orthogonal": None}, "tail"),
    ),
    characterised={"Gamma": And(Eq(Gamma(1), 1), Eq(Gamma(half) ** 2, pi))},
)
