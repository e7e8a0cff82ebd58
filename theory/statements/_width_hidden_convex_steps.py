"""Proof of width_hidden_convex (THEORY section 3b): sizes, means, signs, tail, separation."""

from sympy import Abs, And, Eq, Expr, Implies, Lambda, Sum, log, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import forall, substitute
from theory.probability import OMEGA, expectation, probability
from theory.settings.flow import A, sigma_A
from theory.settings.initial import NEURON, D, V, i, j, k, n, x, z
from theory.statement import Step, at
from theory.steps import ball, cite, gram, induction, polynomial
from theory.terms import (
    Adjoint,
    Apply,
    FrobeniusNorm,
    Inner,
    IsInteger,
    Norm,
    OperatorNorm,
    function_of,
    real,
    real_function,
    vector,
    vector_function,
)

a, b, y = vector("a"), vector("b"), vector("y")
i_1, m, c, p, mu_1 = real("i_1 m c p mu_1")
OMEGA_1 = real("omega_1")
S, N, Z = real_function("S"), real_function("N"), real_function("Z")
near, basis = vector_function("b_0"), vector_function("e")

column = Apply(A, V(i, OMEGA)) / sqrt(k)
UNIT = Eq(Norm(b), 1)
POSITIVE = And(IsInteger(j), j >= 1)
spread = D * OperatorNorm(A) * sqrt(n / k)  # of what one neuron adds to the sum
deviation = D * OperatorNorm(A) * sqrt(n * log(1 / p) / 2)
needed = Norm(y) / c
INRADIUS = sqrt(k) * sigma_A * mu_1 - 2 * FrobeniusNorm(A) - deviation
LEVEL = needed + 2 * FrobeniusNorm(A) + deviation
WIDTH_NEEDED = (LEVEL / (sigma_A * mu_1)) ** 2


def along(direction: Expr) -> Expr:
    """Return what neuron i adds to k^{−1/2} Σ|⟨V_i,Aᵀb⟩|."""
    return Abs(Inner(column, direction))


def tail(level: Expr) -> Boolean:
    """Return that the inradius is at most so large with probability at most p."""
    return probability(S(OMEGA) <= level) <= p


seen = S(OMEGA) > needed
squares = Sum(Norm(column) ** 2, (i, 1, k))
one_mean = expectation(along(b))
own = substitute(column, {i: i_1})  # of a neuron whose entries the index i counts
entry = Inner(own, basis(i)) ** 2
OWN = substitute(NEURON, {i: i_1})
CONCLUSIONS = {
    "inradius": tail(INRADIUS),
    "seen": tail(needed),
    "inside": forall((i, OMEGA), And(NEURON, seen), Abs(Z(i, OMEGA)) < c),
    "output": forall((b, OMEGA), seen, Eq(
        Inner(y, b), Sum(Z(i, OMEGA) * Inner(column, b), (i, 1, k)))),
}  # fmt: skip

SIZES = (
    cite("image", "operator_norm", over=(i, OMEGA), given=NEURON, M=A, v=V(i, OMEGA)),
    gram("size", forall((i, OMEGA), NEURON, Norm(column) ** 2 <= spread**2),
         "image", "H_columns", "k"),
    polynomial("spread", spread > 0, "k", "n", "D", "A"),
    gram("term", forall((i, b, OMEGA), And(NEURON, UNIT), along(b) <= spread),
         "size", "spread", "k"),
    polynomial("differences", forall((i, b, OMEGA, OMEGA_1), And(NEURON, UNIT),
               along(b) - substitute(along(b), {OMEGA: OMEGA_1}) <= spread), "term", "k", "n"),
    induction("total", forall((j, OMEGA), POSITIVE, Sum(along(near(OMEGA)), (i, 1, j))
              <= j * spread), at("term", {i: j, b: near(OMEGA)}), "H_attained", "k", "n"),
    induction("not_negative", forall((j, OMEGA), POSITIVE,
              Sum(along(near(OMEGA)), (i, 1, j)) >= 0), "k"),
    polynomial("bounded", forall(OMEGA, true, And(-k * spread <= S(OMEGA), S(OMEGA) <= k * spread)),
               "H_attained", at("total", {j: k}), at("not_negative", {j: k}), "k", "n"),
    cite("integrable", "bounded_integrable", "bounded", X=S, c=k * spread),
    induction("squares", forall((j, OMEGA), POSITIVE, Sum(Norm(column) ** 2, (i, 1, j))
              <= j * spread**2), at("size", {i: j}), "k"),
)  # fmt: skip

MEANS = (
    gram("moved", forall((i, b, OMEGA), NEURON, Eq(
         along(b), 1 / sqrt(k) * Abs(Inner(V(i, OMEGA), Adjoint(A, b))))), "k"),
    cite("scaled", "expectation_scale", "moved", over=(i, b), given=NEURON,
         X=function_of(OMEGA, Abs(Inner(V(i, OMEGA), Adjoint(A, b)))),
         Y=function_of(OMEGA, along(b)), c=1 / sqrt(k)),
    polynomial("one", forall((i, b), And(NEURON, UNIT), one_mean >= mu_1 * sigma_A / sqrt(k)),
               "scaled", at("H_mean", {a: Adjoint(A, b)}), "H_onto", "mu_1", "k"),
    induction("partial", forall((j, b), And(POSITIVE, UNIT), Sum(one_mean, (i, 1, j))
              >= j * mu_1 * sigma_A / sqrt(k)), at("one", {i: j}), "k"),
    polynomial("means", forall(b, UNIT, Sum(one_mean, (i, 1, k)) >= sqrt(k) * sigma_A * mu_1),
               at("partial", {j: k}), "k"),
)  # fmt: skip

one_square = expectation(entry)
SIGNS = (
    gram("entry", forall((i_1, i, OMEGA), true, Eq(
         entry, 1 / k * Inner(V(i_1, OMEGA), Adjoint(A, basis(i))) ** 2)), "k"),
    cite("entry_mean", "expectation_scale", "entry", over=(i_1, i),
         X=function_of(OMEGA, Inner(V(i_1, OMEGA), Adjoint(A, basis(i))) ** 2),
         Y=function_of(OMEGA, entry), c=1 / k),
    gram("entry_size", forall((i_1, i, OMEGA), OWN, And(
         -spread**2 * Norm(basis(i)) ** 2 <= entry, entry <= spread**2 * Norm(basis(i)) ** 2)),
         at("size", {i: i_1}), "k"),
    cite("entry_integrable", "bounded_integrable", "entry_size", over=(i_1, i), given=OWN,
         X=function_of(OMEGA, entry), c=spread**2 * Norm(basis(i)) ** 2),
    cite("entries", "expectation_sum", "entry_integrable", "m", over=(i_1,), given=OWN,
         Z=Lambda((i, OMEGA), entry), k=m),
    polynomial("parseval", forall((i_1, OMEGA), true, Eq(
               Norm(own) ** 2, 1 * Sum(entry, (i, 1, m)))), at("H_basis", {b: own}), "k"),
    cite("square_mean", "expectation_scale", "parseval", over=(i_1,),
         X=function_of(OMEGA, Sum(entry, (i, 1, m))), Y=function_of(OMEGA, Norm(own) ** 2), c=1),
    induction("traced", forall((j, i_1), POSITIVE, Implies(OWN, Eq(
              Sum(one_square, (i, 1, j)), Sum(Norm(Adjoint(A, basis(i))) ** 2, (i, 1, j)) / k))),
              at("entry_mean", {i: j}), at("H_isotropic", {i: i_1, z: Adjoint(A, basis(j))}), "k"),
    cite("frobenius", "frobenius_norm", "H_basis", "m", M=A, e=basis, m=m),
    polynomial("neuron_square", forall(i_1, OWN, Eq(
               expectation(Norm(own) ** 2), FrobeniusNorm(A) ** 2 / k)),
               "square_mean", "entries", at("traced", {j: m}), "frobenius", "k", "m"),
    polynomial("square_size", forall((i, OMEGA), NEURON, And(
               -spread**2 <= Norm(column) ** 2, Norm(column) ** 2 <= spread**2)), "size", "k"),
    cite("square_integrable", "bounded_integrable", "square_size", over=(i,), given=NEURON,
         X=function_of(OMEGA, Norm(column) ** 2), c=spread**2),
    cite("sum", "expectation_sum", "k", "square_integrable",
         Z=Lambda((i, OMEGA), Norm(column) ** 2), k=k),
    induction("neurons", forall(j, POSITIVE, Eq(
              Sum(expectation(Norm(column) ** 2), (i, 1, j)), j * FrobeniusNorm(A) ** 2 / k)),
              at("neuron_square", {i_1: j}), "k"),
)  # fmt: skip

CENTRE = (
    cite("independent", "independent_images", "H_independent", v=V,
         w_of=Lambda((i, a), Apply(A, a) / sqrt(k)), k=k),
    cite("symmetrised", "symmetrisation_contraction", "k", "independent", "square_integrable",
         "integrable", "H_attained", "means", v=Lambda((i, OMEGA), column), S=S, p=near, N=N, k=k,
         mu=sqrt(k) * sigma_A * mu_1),
    polynomial("signs_size", forall(OMEGA, true, And(
               -k * spread**2 <= N(OMEGA) ** 2, N(OMEGA) ** 2 <= k * spread**2)),
               "symmetrised.signs", at("squares", {j: k}), "k"),
    cite("signs_integrable", "bounded_integrable", "signs_size",
         X=function_of(OMEGA, N(OMEGA) ** 2), c=k * spread**2),
    cite("signs_mean", "expectation_bound", "symmetrised.signs", "signs_integrable",
         "sum.integrable", X=function_of(OMEGA, squares), Y=function_of(OMEGA, squares),
         Z=function_of(OMEGA, N(OMEGA) ** 2), c_0=0, c_1=1, c_2=0),
    cite("jensen", "jensen_square", "signs_integrable", X=N),
    polynomial("frobenius_bound", expectation(N(OMEGA)) <= FrobeniusNorm(A), "jensen",
               "signs_mean", "sum", at("neurons", {j: k}), "k"),
    polynomial("centre", expectation(S(OMEGA)) >= sqrt(k) * sigma_A * mu_1 - 2 * FrobeniusNorm(A),
               "symmetrised.mean", "frobenius_bound", "k"),
)  # fmt: skip


def _below(name: str, level: Expr, *why: str) -> tuple[Step, ...]:
    """Return the steps by which the inradius is at most a level below its mean rarely."""
    signs = ("n", "p", "signs")
    rare = expectation(S(OMEGA)) - deviation
    return (
        polynomial(f"{name}_implied", forall(OMEGA, true, Implies(
                   S(OMEGA) <= level, S(OMEGA) <= rare)), *why, *signs),
        cite(f"{name}_contained", "monotone_probability", f"{name}_implied", *signs,
             X=function_of(OMEGA, level - S(OMEGA)), Y=function_of(OMEGA, rare - S(OMEGA))),
        polynomial(name, tail(level), f"{name}_contained", "tail", "k", "n", "signs"),
    )  # fmt: skip


TAIL = (
    ball("log_sign", forall(x, And(x > 0, x < 1), log(1 / x) > 0)),
    polynomial("signs", And(spread > 0, deviation >= 0, log(1 / p) > 0, needed >= 0), "spread",
               "k", "n", "D", "p", "c", at("log_sign", {x: p})),
    cite("tail", "mcdiarmid_least", "k", "independent", "H_attained", "H_least", "differences",
         "signs", "n", "p", v=Lambda((i, OMEGA), column), f=Lambda((i, a, b), Abs(Inner(a, b))),
         S=S, p=near, k=k, c=spread, t=deviation),
    *_below("inradius", INRADIUS, "centre"),
    polynomial("width", sqrt(k) * sigma_A * mu_1 > LEVEL, "H_width", "sigma_A", "mu_1", "signs",
               "c", "n", "p"),
    *_below("seen", needed, "centre", "width"),
)  # fmt: skip

SEPARATION = (
    gram("support", forall((b, OMEGA), And(UNIT, seen), Inner(y, b) < c * Sum(
         along(b), (i, 1, k))), "H_least", "c"),
    cite("cube", "zonotope", "k", "c", "support", w_of=Lambda((i, OMEGA), column), y=y,
         F=function_of(OMEGA, S(OMEGA) - needed), Z=Z, k=k, c=c),
    polynomial("inside", CONCLUSIONS["inside"], "cube.inside"),
    polynomial("output", CONCLUSIONS["output"], "cube.image"),
)  # fmt: skip

STEPS = (*SIZES, *MEANS, *SIGNS, *CENTRE, *TAIL, *SEPARATION)
