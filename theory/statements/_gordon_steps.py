"""Gordon's inequality for a random matrix and a cone: the tail, and the escape (THEORY section 5).

A matrix G with independent standard normal entries is one whose entries are a standard normal
vector g: ⟨G z,b⟩ = ⟨g,E(z,b)⟩ with ⟨E(z,b),E(z₁,b₁)⟩ = ⟨z,z₁⟩⟨b,b₁⟩.
"""

from sympy import And, Eq, Expr, Implies, Integer, exp, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.cones import t
from theory.formulas import forall
from theory.probability import OMEGA, GaussianVector, Integrable, expectation, probability, random
from theory.settings.cones import chi, z
from theory.statement import Hypothesis, Quantity, Step, at
from theory.steps import cite, gram, polynomial
from theory.terms import (
    Apply,
    Inner,
    IsInteger,
    Norm,
    function_of,
    operator_function,
    real,
    real_function,
    vector,
    vector_function,
)

m, w, i, j, x, s = real("m w i j x s")
b, b_1, z_1 = vector("b"), vector("b_1"), vector("z_1")
Gamma, S, W = real_function("Gamma"), real_function("S"), real_function("W")
G = operator_function("G")
g, h, rows = vector_function("g"), vector_function("h"), vector_function("e")
entry, nearest = vector_function("E"), vector_function("z_0")

a_m = sqrt(2) * Gamma((m + 1) / 2) / Gamma(m / 2)
ROW = And(IsInteger(i), i >= 1, i <= m)
UNIT = And(chi(z) >= 0, Eq(Norm(z), 1))
image = Apply(G(OMEGA), z)

QUANTITIES = (
    Quantity(G, "forward operator, a random matrix"),
    Quantity(g, "its entries, a random vector"),
    Quantity(entry, "the direction E(z,b) in which ⟨G z,b⟩ is read off the entries"),
    Quantity(rows, "orthonormal directions of the measurements"),
    Quantity(chi, "function that is not negative on the cone T only"),
    Quantity(S, "λ_min(G;T), a random variable"),
    Quantity(nearest, "unit vector of T at which λ_min(G;T) is attained"),
    Quantity(h, "standard normal vector of the signals' space"),
    Quantity(W, "sup of ⟨h,z⟩ over the unit vectors of T, a random variable"),
)
HYPOTHESES = (
    Hypothesis("H_normal", GaussianVector(random(g(OMEGA))), "the entries are standard normal"),
    Hypothesis("H_entries", forall((z, b, OMEGA), true, Eq(
        Inner(image, b), Inner(g(OMEGA), entry(z, b)))), "⟨G z,b⟩ is a sum of entries"),
    Hypothesis("H_isometry", forall((z, z_1, b, b_1), true, Eq(
        Inner(entry(z, b), entry(z_1, b_1)), Inner(z, z_1) * Inner(b, b_1))),
        "each entry has a direction of its own"),
    Hypothesis("H_rows", forall(i, ROW, Eq(Norm(rows(i)), 1)), "m unit vectors"),
    Hypothesis("H_orthogonal", forall((i, j), And(ROW, IsInteger(j), j > i, j <= m), Eq(
        Inner(rows(i), rows(j)), 0)), "at right angles: there are m measurements, or more"),
    Hypothesis("H_cone", forall((z, s), And(chi(z) >= 0, s > 0), chi(s * z) >= 0),
               "T is a cone"),
    Hypothesis("H_attained", forall(OMEGA, true, And(
        chi(nearest(OMEGA)) >= 0, Eq(Norm(nearest(OMEGA)), 1),
        Eq(S(OMEGA), Norm(Apply(G(OMEGA), nearest(OMEGA)))))), "λ_min(G;T) is attained"),
    Hypothesis("H_least", forall((z, OMEGA), UNIT, Norm(image) >= S(OMEGA)),
               "‖G z‖ is at least λ_min(G;T) on the unit vectors of T"),
    Hypothesis("H_direction", GaussianVector(random(h(OMEGA))), "h is standard normal"),
    Hypothesis("H_support", forall((z, OMEGA), UNIT, Inner(h(OMEGA), z) <= W(OMEGA)),
               "⟨h,z⟩ is at most its supremum"),
    Hypothesis("H_mean", And(Integrable(random(W(OMEGA))), expectation(W(OMEGA)) <= w),
               "w is at least the Gaussian width of T"),
)  # fmt: skip


def tail(level: Expr) -> Boolean:
    """Return that λ_min(G;T) is at most so large with probability at most e^{−t²/2}."""
    return probability(S(OMEGA) <= level) <= exp(-(t**2) / 2)


LEVEL = a_m - w - t
CONCLUSIONS = {
    "tail": tail(LEVEL),
    "positive": tail(Integer(0)),
    "injective": forall((z, OMEGA), And(chi(z) >= 0, Norm(z) > 0), Norm(image)
                        >= S(OMEGA) * Norm(z)),
}  # fmt: skip
ESCAPE: tuple[Step, ...] = (
    cite("tail", "gordon", "m", "gamma.positive", "gamma.recurrence", "gamma.log_convex", "H_rows",
         "H_orthogonal", "H_normal", "H_entries", "H_isometry", "H_attained", "H_direction",
         "H_support", "H_mean", "t", G=G, g=g, h=h, E=entry, e=rows, chi=chi, p=nearest, S=S, W=W,
         Gamma=Gamma, m=m, w=w, t=t),
    polynomial("implied", forall(OMEGA, true, Implies(S(OMEGA) <= 0, S(OMEGA) <= LEVEL)),
               "counted", at("gamma.positive", {x: m / 2}), "m"),
    cite("contained", "monotone_probability", "implied", at("gamma.positive", {x: m / 2}), "m",
         X=function_of(OMEGA, -S(OMEGA)), Y=function_of(OMEGA, LEVEL - S(OMEGA))),
    polynomial("positive", CONCLUSIONS["positive"], "contained", "tail"),
    gram("injective", CONCLUSIONS["injective"], at("H_least", {z: z / Norm(z)}),
         at("H_cone", {s: 1 / Norm(z)})),
)  # fmt: skip
