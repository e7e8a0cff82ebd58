"""Cited facts on images under linear maps: of a basis and of an open cube (THEORY section 3b)."""

from sympy import Abs, And, Eq, Sum, true

from theory.facts.linear_algebra import M
from theory.facts.probability import COUNT, MEMBER, i, k
from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import (
    Adjoint,
    FrobeniusNorm,
    Inner,
    IsInteger,
    Norm,
    real,
    real_function,
    vector,
    vector_function,
)

c, s, m = real("c s m")
b, y = vector("b"), vector("y")
w, e = vector_function("w_of"), vector_function("e")
Z, F = real_function("Z"), real_function("F")

WHERE = F(s) > 0

FACTS = (
    Fact(
        "frobenius_norm",
        "The images of an orthonormal basis under the adjoint have the squares of their norms sum "
        "to the square of the Frobenius norm.",
        "horn2012", Basis.NORM,
        (M, e, m),
        {"": Eq(FrobeniusNorm(M) ** 2, Sum(Norm(Adjoint(M, e(i))) ** 2, (i, 1, m)))},
        {
            "count": And(IsInteger(m), m >= 1),
            "parseval": forall(b, true, Eq(
                Norm(b) ** 2, Sum(Inner(b, e(i)) ** 2, (i, 1, m)))),
        },
    ),
    Fact(
        "zonotope",
        "Separation: a point strictly below the support function b ↦ c Σ|⟨w_i,b⟩| of the image of "
        "the cube (−c,c)^k lies in the image. This for each s with F(s) > 0.",
        "rockafellar1970", Basis.SEPARATION,
        (w, y, F, Z, k, c),
        {
            "inside": forall((i, s), And(MEMBER, WHERE), Abs(Z(i, s)) < c),
            "image": forall((b, s), WHERE, Eq(
                Inner(y, b), Sum(Z(i, s) * Inner(w(i, s), b), (i, 1, k)))),
        },
        {
            "count": COUNT,
            "sign": c > 0,
            "support": forall((b, s), And(Eq(Norm(b), 1), WHERE), Inner(y, b) < c * Sum(
                Abs(Inner(w(i, s), b)), (i, 1, k))),
        },
        introduces=(Z,),
    ),
)  # fmt: skip
