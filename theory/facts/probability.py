"""Cited facts of probability: expectations, independence, concentration (THEORY section 11)."""

from sympy import And, Eq, Implies, Or, Sum, exp, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.facts.schema import Basis, Fact
from theory.formulas import ForAll, forall
from theory.probability import (
    OMEGA,
    GaussianVector,
    Independent,
    IndependentOf,
    IndependentPairs,
    InSpace,
    Integrable,
    Prob,
    expectation,
    family,
    probability,
    random,
)
from theory.terms import (
    Adjoint,
    Apply,
    FrobeniusNorm,
    Inner,
    IsInteger,
    Norm,
    OperatorNorm,
    SigmaMin,
    operator,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

i, k, n, c, c_0, c_1, c_2, p, s, t, x = real("i k n c c_0 c_1 c_2 p s t x")
lam, mu, delta, R, Lip = real("lam mu delta R Lip")
X, Y, Z, f, u = (real_function(name) for name in ("X", "Y", "Z", "f", "u"))
v, xi = vector_function("v"), vector_function("xi")
M = operator_function("M")
a, b, z = vector("a"), vector("b"), vector("z")
A = operator("A")

COUNT = And(IsInteger(k), k >= 1)
MEMBER = And(IsInteger(i), i >= 1)
TERM = exp(f(i, X(i, OMEGA)))
CHERNOFF_EXPONENT = (delta + (1 - delta) * log(1 - delta)) * mu / R
SUM_OF_SQUARES = Sum(Inner(v(i, OMEGA), z) ** 2, (i, 1, k))
QUADRATIC = c_0 + c_1 * X(OMEGA) + c_2 * Y(OMEGA)


def _surely(relation: Boolean) -> ForAll:
    return forall(OMEGA, true, relation)


def _each(body: Boolean) -> ForAll:
    return forall(i, MEMBER, body)


EVENTS = (
    Fact(
        "monotone_probability",
        "An event that implies another is at most as probable.",
        "boucheron2013",
        Basis.PROBABILITY,
        (X, Y),
        {"": Prob(random(X(OMEGA))) <= Prob(random(Y(OMEGA)))},
        {"implies": _surely(Implies(X(OMEGA) >= 0, Y(OMEGA) >= 0))},
    ),
    Fact(
        "union_bound",
        "An event that implies one of two has at most the sum of their probabilities.",
        "boucheron2013",
        Basis.UNION_BOUND,
        (X, Y, Z),
        {"": Prob(random(X(OMEGA))) <= Prob(random(Y(OMEGA))) + Prob(random(Z(OMEGA)))},
        {"implies": _surely(Implies(X(OMEGA) >= 0, Or(Y(OMEGA) >= 0, Z(OMEGA) >= 0)))},
    ),
    Fact(
        "impossible_event",
        "What never happens has probability 0.",
        "boucheron2013",
        Basis.PROBABILITY,
        (X,),
        {"": Eq(Prob(random(X(OMEGA))), 0)},
        {"never": _surely(X(OMEGA) < 0)},
    ),
)
F, B_of = real_function("F"), operator_function("B")
CONDITIONING = Fact(
    "conditioning",
    "Given one of two independent variables, the other keeps its law.",
    "boucheron2013",
    Basis.CONDITIONING,
    (v, B_of, F, p),
    {"": Prob(random(F(v(OMEGA), B_of(OMEGA)))) <= p},
    {
        "independent": IndependentOf(random(v(OMEGA)), random(B_of(OMEGA))),
        "given": forall(a, true, Prob(random(F(a, B_of(OMEGA)))) <= p),
    },
)

EXPECTATIONS = (
    Fact(
        "expectation_bound",
        "Expectation is monotone and linear.",
        "boucheron2013", Basis.EXPECTATION,
        (X, Y, Z, c_0, c_1, c_2),
        {"": expectation(Z(OMEGA)) <= c_0 + c_1 * expectation(X(OMEGA))
             + c_2 * expectation(Y(OMEGA))},
        {
            "first": Integrable(random(X(OMEGA))),
            "second": Integrable(random(Y(OMEGA))),
            "bounded": Integrable(random(Z(OMEGA))),
            "pointwise": _surely(Z(OMEGA) <= QUADRATIC),
        },
    ),
    Fact(
        "indicator",
        "A probability is the expectation of the event's indicator, hence at most that of a "
        "variable above it.",
        "boucheron2013", Basis.EXPECTATION,
        (X, Y),
        {"": Prob(random(X(OMEGA))) <= expectation(Y(OMEGA))},
        {
            "integrable": Integrable(random(Y(OMEGA))),
            "above": _surely(And(Y(OMEGA) >= 0, Implies(X(OMEGA) >= 0, Y(OMEGA) >= 1))),
        },
    ),
    Fact(
        "expectation_scale",
        "A multiple of a variable has that multiple of its expectation.",
        "boucheron2013", Basis.EXPECTATION,
        (X, Y, c),
        {"": Eq(expectation(Y(OMEGA)), c * expectation(X(OMEGA)))},
        {"multiple": _surely(Eq(Y(OMEGA), c * X(OMEGA)))},
    ),
    Fact(
        "integrable_scale",
        "A multiple of a variable that has an expectation has one.",
        "boucheron2013", Basis.EXPECTATION,
        (X, Y, c),
        {"": Integrable(random(Y(OMEGA)))},
        {
            "multiple": _surely(Eq(Y(OMEGA), c * X(OMEGA))),
            "integrable": Integrable(random(X(OMEGA))),
        },
    ),
    Fact(
        "expectation_sum",
        "The expectation of a finite sum is the sum of the expectations.",
        "boucheron2013", Basis.EXPECTATION,
        (Z, k),
        {"": Eq(expectation(Sum(Z(i, OMEGA), (i, 1, k))),
                Sum(expectation(Z(i, OMEGA)), (i, 1, k))),
         "integrable": Integrable(random(Sum(Z(i, OMEGA), (i, 1, k))))},
        {"count": COUNT, "integrable": _each(Integrable(random(Z(i, OMEGA))))},
    ),
    Fact(
        "bounded_integrable",
        "A bounded variable has an expectation.",
        "boucheron2013", Basis.EXPECTATION,
        (X, c),
        {"": Integrable(random(X(OMEGA)))},
        {"bounded": _surely(And(-c <= X(OMEGA), X(OMEGA) <= c))},
    ),
    Fact(
        "jensen_square",
        "Jensen: the square of an expectation is at most the expectation of the square.",
        "boucheron2013", Basis.JENSEN,
        (X,),
        {"": expectation(X(OMEGA)) ** 2 <= expectation(X(OMEGA) ** 2)},
        {"integrable": Integrable(random(X(OMEGA) ** 2))},
    ),
)  # fmt: skip

g = real_function("g")
w_of, Y_of, total = vector_function("w_of"), vector_function("Y_of"), vector("total")
INDEPENDENCE = (
    Fact(
        "independent_product",
        "The expectation of a product of functions of independent variables is the product.",
        "boucheron2013", Basis.INDEPENDENCE,
        (X, v, f, g, k),
        {"": forall(i, And(IsInteger(i), i >= 1, i <= k), Eq(
            expectation(f(X(i, OMEGA)) * g(v(i, OMEGA))),
            expectation(f(X(i, OMEGA))) * expectation(g(v(i, OMEGA)))))},
        {"independent": IndependentPairs(
            family(X(i, OMEGA), i), family(v(i, OMEGA), i), k)},
    ),
    Fact(
        "independent_map",
        "Functions of independent pairs are independent.",
        "boucheron2013", Basis.INDEPENDENCE,
        (X, v, f, k),
        {"": Independent(family(f(X(i, OMEGA)) * v(i, OMEGA), i), k)},
        {"independent": IndependentPairs(
            family(X(i, OMEGA), i), family(v(i, OMEGA), i), k)},
    ),
    Fact(
        "independent_values",
        "Functions of independent variables are independent.",
        "boucheron2013", Basis.INDEPENDENCE,
        (X, v, k),
        {"": Independent(family(v(i, X(i, OMEGA)), i), k)},
        {"independent": Independent(family(X(i, OMEGA), i), k)},
    ),
    Fact(
        "bienayme",
        "Bienaymé: the mean square of a sum of vectors with independent coefficients.",
        "boucheron2013", Basis.BIENAYME,
        (X, f, w_of, Y_of, total, k, mu, c),
        {
            "integrable": Integrable(random(Norm(Y_of(OMEGA)) ** 2)),
            "": Eq(expectation(Norm(Y_of(OMEGA)) ** 2),
                   (c - mu**2) * Sum(Norm(w_of(i)) ** 2, (i, 1, k)) + mu**2 * Norm(total) ** 2),
        },
        {
            "count": COUNT,
            "independent": Independent(family(X(i, OMEGA), i), k),
            "moments": _each(And(
                Integrable(random(f(X(i, OMEGA)) ** 2)), Eq(expectation(f(X(i, OMEGA))), mu),
                Eq(expectation(f(X(i, OMEGA)) ** 2), c))),
            "sum": forall((z, OMEGA), true, Eq(
                Inner(Y_of(OMEGA), z), Sum(f(X(i, OMEGA)) * Inner(w_of(i), z), (i, 1, k)))),
            "total": forall(z, true, Eq(Inner(total, z), Sum(Inner(w_of(i), z), (i, 1, k)))),
        },
    ),
    Fact(
        "independent_exponential",
        "The exponential moment of an independent sum is the product of the terms' moments.",
        "boucheron2013", Basis.INDEPENDENCE,
        (X, f, u, k),
        {
            "integrable": Integrable(random(exp(Sum(f(i, X(i, OMEGA)), (i, 1, k))))),
            "": expectation(exp(Sum(f(i, X(i, OMEGA)), (i, 1, k)))) <= exp(Sum(u(i), (i, 1, k))),
        },
        {
            "count": COUNT,
            "independent": Independent(family(X(i, OMEGA), i), k),
            "each": _each(And(Integrable(random(TERM)), expectation(TERM) <= exp(u(i)))),
        },
    ),
)  # fmt: skip

CONCENTRATION = (
    Fact(
        "matrix_chernoff",
        "Matrix Chernoff, lower tail, for a sum of independent rank-one terms v vᵀ.",
        "tropp2012", Basis.MATRIX_CHERNOFF,
        (v, M, k, n, R, mu, delta),
        {"": probability(SigmaMin(M(OMEGA)) ** 2 <= (1 - delta) * mu)
             <= n * exp(-CHERNOFF_EXPONENT)},
        {
            "count": COUNT,
            "independent": Independent(family(v(i, OMEGA), i), k),
            "space": forall((i, OMEGA), MEMBER, InSpace(v(i, OMEGA), n)),
            "range": forall((i, OMEGA), MEMBER, Norm(v(i, OMEGA)) ** 2 <= R),
            "mean": forall(z, true,
                Sum(expectation(Inner(v(i, OMEGA), z) ** 2), (i, 1, k)) >= mu * Norm(z) ** 2),
            "sum": forall((z, OMEGA), true, Eq(
                Norm(Adjoint(M(OMEGA), z)) ** 2, SUM_OF_SQUARES)),
            "parameters": And(R > 0, mu >= 0, delta >= 0, delta < 1),
        },
    ),
    Fact(
        "gaussian_concentration",
        "A Lipschitz function of a standard normal vector is within t of its mean, but for a tail.",
        "boucheron2013", Basis.GAUSSIAN,
        (v, F, Lip, t),
        {"": probability(F(v(OMEGA)) >= expectation(F(v(OMEGA))) + t)
             <= exp(-t**2 / (2 * Lip**2))},
        {
            "normal": GaussianVector(random(v(OMEGA))),
            "lipschitz": forall((a, b), true, F(a) - F(b) <= Lip * Norm(a - b)),
            "sign": And(Lip > 0, t >= 0),
        },
    ),
    Fact(
        "hsu_kakade_zhang",
        "The image of a sub-Gaussian vector: tail of its norm by Frobenius and operator norm.",
        "hsu2012", Basis.HSU,
        (xi, A, s, t, c),
        {"": probability(Norm(Apply(A, xi(OMEGA))) ** 2 >= c) <= exp(-t)},
        {
            "subgaussian": forall(a, true, And(
                Integrable(random(exp(Inner(a, xi(OMEGA))))),
                expectation(exp(Inner(a, xi(OMEGA)))) <= exp(s**2 * Norm(a) ** 2 / 2))),
            "sign": And(s > 0, t > 0),
            "threshold": c > s**2 * (FrobeniusNorm(A) ** 2
                                     + 2 * FrobeniusNorm(A) * OperatorNorm(A) * sqrt(t)
                                     + 2 * OperatorNorm(A) ** 2 * t),
        },
    ),
)  # fmt: skip

w = vector("v")
SPACES = (
    Fact(
        "multiple_in_space",
        "A multiple of a vector lies in the same space.",
        "horn2012",
        Basis.LINEAR,
        (w, n, c),
        {"": InSpace(c * w, n)},
        {"member": InSpace(w, n)},
    ),
)

FACTS = (*SPACES, *EVENTS, CONDITIONING, *EXPECTATIONS, *INDEPENDENCE, *CONCENTRATION)
