"""Cited facts on sums of independent variables: signs, products, linearity (THEORY section 11)."""

from sympy import Abs, And, Eq, Sum, sqrt, true

from theory.facts.probability import (
    COUNT,
    MEMBER,
    OMEGA,
    F,
    X,
    Y,
    Z,
    c_0,
    c_1,
    c_2,
    f,
    g,
    i,
    k,
)
from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.probability import (
    Independent,
    IndependentPairs,
    Integrable,
    expectation,
    family,
    random,
)
from theory.terms import IsInteger, real, real_function

j = real("j")
R = real_function("R")
PAST = Sum(f(i, X(i, OMEGA)), (i, 1, j))
NEXT = g(X(j + 1, OMEGA))
BEFORE_LAST = And(IsInteger(j), j >= 1, j < k)

FACTS = (
    Fact(
        "khintchine",
        "Khintchine, with Szarek's constant: a sum of numbers with independent random signs is in "
        "the mean, in absolute value, at least 1/√2 times the root of the sum of their squares. "
        "The numbers may be random if they are independent of the signs.",
        "szarek1976", Basis.KHINTCHINE,
        (X, R, Y, Z, f, k),
        {"": expectation(Abs(Y(OMEGA))) >= expectation(Z(OMEGA)) / sqrt(2)},
        {
            "count": COUNT,
            "independent": IndependentPairs(family(X(i, OMEGA), i), family(R(i, OMEGA), i), k),
            "signs": forall((i, OMEGA), MEMBER, Eq(X(i, OMEGA) ** 2, 1)),
            "centred": forall(i, MEMBER, Eq(expectation(X(i, OMEGA)), 0)),
            "sum": forall(OMEGA, true, Eq(
                Y(OMEGA), Sum(f(i) * X(i, OMEGA) * R(i, OMEGA), (i, 1, k)))),
            "root": forall(OMEGA, true, And(Z(OMEGA) >= 0, Z(OMEGA) ** 2 <= Sum(
                f(i) ** 2 * R(i, OMEGA) ** 2, (i, 1, k)))),
            "integrable": Integrable(random(Abs(Y(OMEGA)))),
        },
    ),
    Fact(
        "independent_next",
        "What comes next is independent of a sum of what came before: the expectation of a product "
        "of functions of the two is the product of the expectations.",
        "boucheron2013", Basis.INDEPENDENCE,
        (X, f, F, g, k),
        {
            "": forall(j, BEFORE_LAST, Eq(
                expectation(F(PAST) * NEXT), expectation(F(PAST)) * expectation(NEXT))),
            "integrable": forall(j, BEFORE_LAST, Integrable(random(F(PAST) * NEXT))),
        },
        {
            "independent": Independent(family(X(i, OMEGA), i), k),
            "past": forall(j, BEFORE_LAST, Integrable(random(F(PAST)))),
            "next": forall(j, BEFORE_LAST, Integrable(random(NEXT))),
        },
    ),
    Fact(
        "expectation_linear",
        "Expectation is linear.",
        "boucheron2013", Basis.EXPECTATION,
        (X, Y, Z, c_0, c_1, c_2),
        {
            "": Eq(expectation(Z(OMEGA)),
                   c_0 + c_1 * expectation(X(OMEGA)) + c_2 * expectation(Y(OMEGA))),
            "integrable": Integrable(random(Z(OMEGA))),
        },
        {
            "first": Integrable(random(X(OMEGA))),
            "second": Integrable(random(Y(OMEGA))),
            "combination": forall(OMEGA, true, Eq(
                Z(OMEGA), c_0 + c_1 * X(OMEGA) + c_2 * Y(OMEGA))),
        },
    ),
)  # fmt: skip
