"""A bound that holds while a falling function is positive holds past its zero too.

The argument by which the flow theorems of THEORY section 3 follow a path through the time at which
the loss reaches zero: up to the first zero by continuity, and from there on nothing moves.
"""

from sympy import And, Eq, Implies, Integer, Max, Rational
from sympy import Lambda as Map

from theory.formulas import forall
from theory.statement import Hypothesis, Model, Mutant, Quantity, Source, Statement, at
from theory.steps import cite, polynomial
from theory.terms import derivative, real, real_function

a, b, c, x, z, T = real("a b c x z T")
F, F_1, G, G_1 = (real_function(n) for n in ("F", "F'", "G", "G'"))

WITHIN = And(a <= x, x <= b)
ENDS_AT_ZERO = Eq(F(b), 0)

STEPS = (
    cite("falls", "nonincreasing", "H_F", "H_falls",
         over=(x, z), given=And(a <= x, x <= z, z <= b), F=F, f=F_1, a=x, b=z),
    cite("continuous", "differentiable_is_continuous", "H_F", F=F, f=F_1, a=a, b=b),
    cite("first", "first_zero", "continuous", "H_ordered", at("H_positive", {x: a}),
         given=ENDS_AT_ZERO, F=F, a=a, b=b, T=T),
    polynomial("still", forall(x, And(ENDS_AT_ZERO, T <= x, x <= b), G_1(x) <= 0),
               "H_still", at("falls", {x: T, z: x}), "first.at", "H_positive"),
    cite("after", "nonincreasing", "H_G", "still", "first.at",
         given=ENDS_AT_ZERO, F=G, f=G_1, a=T, b=b),
    cite("G_continuous", "differentiable_is_continuous", "H_G", "first.at",
         given=ENDS_AT_ZERO, F=G, f=G_1, a=a, b=T),
    cite("before", "limit_of_inequality", "G_continuous", "first.at", "first.before", "H_bound",
         given=And(ENDS_AT_ZERO, a < T), F=G, a=a, b=T, c=c),
    polynomial("bounded", G(b) <= c, at("H_bound", {x: b}), at("H_positive", {x: b}), "H_ordered",
               "before", "after", "first.at", "H_start"),
)  # fmt: skip

rise, lift = real("rise lift")
REACHING = Model(
    "F reaches zero at the end",
    {
        a: a,
        b: b,
        c: c,
        F: Map(x, b - x),
        F_1: Map(x, Integer(-1)),
        G: Map(x, c + lift - rise * (b - x) ** 2),
        G_1: Map(x, 2 * rise * (b - x)),
    },
    {
        a: (Integer(-1), Integer(0)),
        b: (Rational(1, 2), Integer(2)),
        c: (Rational(1, 2), Integer(2)),
        rise: (Rational(1, 10), Integer(1)),
        lift: (Integer(0), Rational(1, 100)),
    },
    {
        a: Rational(-1, 2),
        b: Rational(3, 2),
        c: Rational(4, 5),
        rise: Rational(2, 5),
        lift: Integer(0),
    },
)
BEYOND = Model(
    "F is zero from 1 on, G a line through c there",
    {
        a: Integer(0),
        b: b,
        c: c,
        F: Map(x, Max(0, 1 - x) ** 2),
        F_1: Map(x, -2 * Max(0, 1 - x)),
        G: Map(x, c + rise * (x - 1)),
        G_1: Map(x, rise),
    },
    {b: (Integer(1), Integer(3)), c: (Integer(0), Integer(1)), rise: (Integer(-1), Integer(1))},
)

STATEMENT = Statement(
    title="A bound that holds while a falling function is positive holds past its zero",
    source=Source("sharp", (), "3"),
    quantities=(
        Quantity(a, "start of the interval"),
        Quantity(b, "end of the interval"),
        Quantity(c, "bound"),
        Quantity(F, "falling function, such as the loss along a path"),
        Quantity(F_1, "derivative of F"),
        Quantity(G, "what is bounded, such as the length of the path"),
        Quantity(G_1, "derivative of G"),
    ),
    hypotheses=(
        Hypothesis("H_ordered", a <= b, "the interval is not empty"),
        Hypothesis("H_F", forall(x, WITHIN, Eq(derivative(F(x), x), F_1(x))), "F' exists"),
        Hypothesis("H_falls", forall(x, WITHIN, F_1(x) <= 0), "F does not increase"),
        Hypothesis("H_positive", forall(x, WITHIN, F(x) >= 0), "F is not negative"),
        Hypothesis("H_G", forall(x, WITHIN, Eq(derivative(G(x), x), G_1(x))), "G' exists"),
        Hypothesis(
            "H_still",
            forall(x, WITHIN, Implies(Eq(F(x), 0), G_1(x) <= 0)),
            "where F is zero, G does not grow",
        ),
        Hypothesis(
            "H_bound", forall(x, And(WITHIN, F(x) > 0), G(x) <= c), "G ≤ c while F is positive"
        ),
        Hypothesis("H_start", G(a) <= c, "G ≤ c at the start"),
    ),
    conclusions={"bounded": G(b) <= c},
    steps=STEPS,
    models=(REACHING, BEYOND),
    mutants=(
        Mutant("G may grow where F is zero", {"H_still": None}),
        Mutant(
            "G is bounded only while F is above 1/10",
            {"H_bound": forall(x, And(WITHIN, 10 * F(x) > 1), G(x) <= c)},
        ),
        Mutant("the bound 1% smaller", {"bounded": G(b) <= Rational(99, 100) * c}),
    ),
)
