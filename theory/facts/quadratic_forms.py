"""Cited facts on quadratic forms (THEORY section 11)."""

from sympy import true

from theory.facts.schema import Basis, Fact
from theory.formulas import forall
from theory.terms import Apply, Inner, Norm, operator, real, vector

M = operator("M")
d, x, z = vector("d"), vector("x"), vector("z")
a, b, tau = real("a b tau")

first = Norm(Apply(M, z)) ** 2 - a * Norm(z) ** 2
second = Inner(z, d) ** 2 - b * Norm(z) ** 2

FACTS = (
    Fact(
        "s_lemma",
        "S-lemma: a quadratic form that is not negative where a second one is not, and the second "
        "takes a positive value, is at least a multiple of the second.",
        "polik2007",
        Basis.S_LEMMA,
        (M, d, a, b, x, tau),
        {
            "sign": tau >= 0,
            "form": forall(z, true, first >= tau * second),
        },
        {
            "strict": Inner(x, d) ** 2 - b * Norm(x) ** 2 > 0,
            "implied": forall(z, second >= 0, first >= 0),
        },
        introduces=(tau,),
    ),
)
