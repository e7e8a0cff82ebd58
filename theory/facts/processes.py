"""Cited facts on random processes: independent sums at their least (THEORY section 11)."""

from sympy import Abs, And, Eq, Rational, Sum, exp, sqrt, true

from theory.facts.probability import COUNT, MEMBER, OMEGA, c, i, k, mu, t
from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.probability import (
    GaussianVector,
    Independent,
    Integrable,
    expectation,
    family,
    probability,
    random,
)
from theory.terms import (
    Apply,
    Inner,
    IsInteger,
    Norm,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

OMEGA_1 = real("omega_1")  # a second sample point
a, b = vector("a"), vector("b")
v, near = vector_function("v"), vector_function("p")
w = vector_function("w_of")
S, N, f = real_function("S"), real_function("N"), real_function("f")

INDEPENDENT = Independent(family(v(i, OMEGA), i), k)
UNIT = Eq(Norm(b), 1)
ALONG = Abs(Inner(v(i, OMEGA), b))

G, chi, W = operator_function("G"), real_function("chi"), real_function("W")
g, h, entry = vector_function("g"), vector_function("h"), vector_function("E")
e = vector_function("e")
m, width, j, x = real("m w j x")
z, z_1, b_1 = vector("z"), vector("z_1"), vector("b_1")
Gamma = real_function("Gamma")
AVERAGE = sqrt(2) * Gamma((m + 1) / 2) / Gamma(m / 2)
IN_CONE = And(chi(z) >= 0, Eq(Norm(z), 1))
MEASURED = And(IsInteger(i), i >= 1, i <= m)

GORDON = Fact(
    "gordon",
    "Gordon: a matrix of m or more rows with independent standard normal entries keeps the unit "
    "vectors of a set with width w away from 0, but for a tail. Its entries are a standard normal "
    "vector g: ⟨Gz,b⟩ = ⟨g,E(z,b)⟩, where E is an isometry of the tensor product. The gamma "
    "function is one that is positive, with Γ(x + 1) = xΓ(x), and log-convex.",
    "gordon1988", Basis.GORDON,
    (G, g, h, entry, e, chi, near, S, W, Gamma, m, width, t),
    {"": probability(S(OMEGA) <= AVERAGE - width - t) <= exp(-t**2 / 2)},
    {
        "count": And(IsInteger(m), m >= 1),
        "gamma": forall(x, x > 0, And(
            Gamma(x) > 0, Eq(Gamma(x + 1), x * Gamma(x)),
            Gamma(x + Rational(1, 2)) ** 2 <= Gamma(x) * Gamma(x + 1))),
        "rows": forall(i, MEASURED, Eq(Norm(e(i)), 1)),
        "orthogonal": forall((i, j), And(
            MEASURED, IsInteger(j), j > i, j <= m), Eq(Inner(e(i), e(j)), 0)),
        "normal": GaussianVector(random(g(OMEGA))),
        "entries": forall((z, b, OMEGA), true, Eq(
            Inner(Apply(G(OMEGA), z), b), Inner(g(OMEGA), entry(z, b)))),
        "isometry": forall((z, z_1, b, b_1), true, Eq(
            Inner(entry(z, b), entry(z_1, b_1)), Inner(z, z_1) * Inner(b, b_1))),
        "attained": forall(OMEGA, true, And(
            chi(near(OMEGA)) >= 0, Eq(Norm(near(OMEGA)), 1),
            Eq(S(OMEGA), Norm(Apply(G(OMEGA), near(OMEGA)))))),
        "direction": GaussianVector(random(h(OMEGA))),
        "support": forall((z, OMEGA), IN_CONE, Inner(h(OMEGA), z) <= W(OMEGA)),
        "integrable": Integrable(random(W(OMEGA))),
        "width": expectation(W(OMEGA)) <= width,
        "sign": t >= 0,
    },
)  # fmt: skip

FACTS = (
    GORDON,
    Fact(
        "independent_images",
        "Functions of independent random vectors are independent.",
        "boucheron2013", Basis.INDEPENDENCE,
        (v, w, k),
        {"": Independent(family(w(i, v(i, OMEGA)), i), k)},
        {"independent": INDEPENDENT},
    ),
    Fact(
        "symmetrisation_contraction",
        "Symmetrisation and contraction: the least of Σ|⟨v_i,b⟩| over the unit vectors b is in the "
        "mean at least its least mean, less twice the mean of N, where N(ω) is the mean of "
        "‖Σ ±v_i‖ over all signs. Signs are orthogonal, so N² ≤ Σ‖v_i‖².",
        "ledoux1991", Basis.SYMMETRISATION,
        (v, S, near, N, k, mu),
        {
            "mean": expectation(S(OMEGA)) >= mu - 2 * expectation(N(OMEGA)),
            "signs": forall(OMEGA, true, And(N(OMEGA) >= 0, N(OMEGA) ** 2 <= Sum(
                Norm(v(i, OMEGA)) ** 2, (i, 1, k)))),
        },
        {
            "count": COUNT,
            "independent": INDEPENDENT,
            "square": forall(i, MEMBER, Integrable(random(Norm(v(i, OMEGA)) ** 2))),
            "integrable": Integrable(random(S(OMEGA))),
            "attained": forall(OMEGA, true, And(Eq(Norm(near(OMEGA)), 1), Eq(
                S(OMEGA), Sum(Abs(Inner(v(i, OMEGA), near(OMEGA))), (i, 1, k))))),
            "means": forall(b, UNIT, Sum(expectation(ALONG), (i, 1, k)) >= mu),
        },
        introduces=(N,),
    ),
    Fact(
        "mcdiarmid_least",
        "McDiarmid: the least over unit vectors b of a sum of f(i, v_i, b), where v_i are "
        "independent and one of them changes its term by at most c, is within t of its mean, but "
        "for a tail.",
        "mcdiarmid1989", Basis.MCDIARMID,
        (v, f, S, near, k, c, t),
        {"": probability(S(OMEGA) <= expectation(S(OMEGA)) - t) <= exp(-2 * t**2 / (k * c**2))},
        {
            "count": COUNT,
            "independent": INDEPENDENT,
            "attained": forall(OMEGA, true, And(Eq(Norm(near(OMEGA)), 1), Eq(
                S(OMEGA), Sum(f(i, v(i, OMEGA), near(OMEGA)), (i, 1, k))))),
            "least": forall((b, OMEGA), UNIT, S(OMEGA) <= Sum(
                f(i, v(i, OMEGA), b), (i, 1, k))),
            "differences": forall((i, b, OMEGA, OMEGA_1), And(MEMBER, UNIT),
                f(i, v(i, OMEGA), b) - f(i, v(i, OMEGA_1), b) <= c),
            "sign": And(c > 0, t >= 0),
        },
    ),
)  # fmt: skip
