"""Separable losses with G = (ρ')²∘ρ⁻¹ convex: ψ(s) = √m ρ⁻¹(s/m) (THEORY section 2).

For L(v) = Σ ρ(v_i − y_i), in any dimension, by the tangent of G at the mean of the ρ(v_i − y_i).
Attained with all coordinates equally off.
"""

from sympy import Abs, And, Eq, Expr, Integer, Rational, sqrt
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.settings.flow import L, grad_L, psi_1, v, x
from theory.statement import Definition, Hypothesis, Mutant, Quantity, Source, Statement, at
from theory.statements._separable import (
    COUNT,
    H_GAIN,
    H_GRADIENT,
    H_POSITIVE,
    H_PROFILE,
    H_SEPARABLE,
    H_ZERO,
    OBJECTS,
    G,
    all_off,
    centre,
    gain,
    in_space,
    m,
    n,
    one_off,
    residual,
    rho,
    rho_1,
    total,
    z,
)
from theory.steps import calculus, cite, induction, polynomial
from theory.terms import Norm, derivative, real_function

S, k = real_function("S"), real_function("k")

ALIVE = L(v) > 0
MORE = Rational(101, 100)


def _inequality(bound: Expr) -> ForAll:
    return forall(v, ALIVE, psi_1(L(v)) * Norm(grad_L(v)) >= bound)


INEQUALITY = _inequality(Integer(1))
SLOPE = forall(
    x, x > 0, Eq(derivative(sqrt(m) * S(x / m), x, m * rho(x)), 1 / (sqrt(m) * rho_1(x)))
)
JENSEN = forall(v, ALIVE, m * G(L(v) / m) <= Norm(grad_L(v)) ** 2)
TANGENT = forall((x, z), And(x >= 0, z > 0), G(x) >= G(z) + k(z) * (x - z))
LAST = residual(n)

STEPS = (
    induction("tangent",
              forall((n, v, z), And(COUNT, z > 0),
                     gain(n) >= n * G(z) + k(z) * (total(n) - n * z)),
              at("H_positive", {x: LAST}), at("H_gain", {x: LAST}),
              at("H_convex", {x: rho(LAST), z: z})),
    polynomial("jensen", JENSEN, at("tangent", {n: m, z: L(v) / m}),
               "H_separable", "H_gradient", "m"),
    polynomial("steep", forall(v, ALIVE, And(rho_1(S(L(v) / m)) > 0,
                                             Eq(G(L(v) / m), rho_1(S(L(v) / m)) ** 2))),
               at("H_inverse", {x: L(v) / m}), "H_zero", "m",
               at("H_profile", {x: S(L(v) / m)}), at("H_gain", {x: S(L(v) / m)})),
    polynomial("inequality", INEQUALITY, "jensen", "steep", at("psi'", {x: L(v)}), "m"),
    cite("inverse_slope", "inverse_derivative", "H_profile", "H_undoes",
         F=rho, f=rho_1, S=S, a=0),
    calculus("slope", SLOPE, "inverse_slope", "H_profile", "m"),
)  # fmt: skip

QUARTIC = {
    G: Map(x, 8 * x * sqrt(x)),
    rho: Map(x, x**4 / 4),
    rho_1: Map(x, x**3),
    S: Map(x, sqrt(2 * sqrt(x))),
    k: Map(x, 12 * sqrt(x)),
    L: Map(x, Abs(x - centre) ** 4 / 2),
    grad_L: Map(x, sqrt(2) * Abs(x - centre) ** 2 * (x - centre)),
}
PSEUDO_HUBER = {
    G: Map(x, x * (x + 2) / (1 + x) ** 2),
    rho: Map(x, sqrt(1 + x**2) - 1),
    rho_1: Map(x, x / sqrt(1 + x**2)),
    S: Map(x, sqrt(x * (x + 2))),
    k: Map(x, Integer(0)),
    L: Map(x, sqrt(1 + (x - centre) ** 2) - 1),
    grad_L: Map(x, (x - centre) / sqrt(1 + (x - centre) ** 2)),
}

STATEMENT = Statement(
    title="Separable losses with (ρ')²∘ρ⁻¹ convex: the desingularizing function √m ρ⁻¹(s/m)",
    source=Source("sharp", (), "2"),
    quantities=(
        *OBJECTS,
        Quantity(G, "the squared slope of ρ as a function of its value"),
        Quantity(S, "the inverse of ρ"),
        Quantity(k, "slopes of G: k(z) is that of a tangent at z"),
    ),
    hypotheses=(
        H_SEPARABLE,
        H_GRADIENT,
        H_POSITIVE,
        H_ZERO,
        H_GAIN,
        H_PROFILE,
        Hypothesis("H_undoes", forall(x, x >= 0, Eq(S(rho(x)), x)), "S is the inverse of ρ"),
        Hypothesis(
            "H_inverse",
            forall(x, x >= 0, And(Eq(rho(S(x)), x), S(x) >= 0)),
            "ρ takes every value on [0, ∞)",
        ),
        Hypothesis("H_convex", TANGENT, "G is convex: it lies above its tangents"),
    ),
    definitions=(
        Definition(psi_1(x), 1 / (sqrt(m) * rho_1(S(x / m))), "derivative of ψ(s) = √m ρ⁻¹(s/m)"),
    ),
    conclusions={"inequality": INEQUALITY, "jensen": JENSEN, "slope": SLOPE},
    steps=STEPS,
    instance=in_space(
        "fourth powers, m = 3", x**4 / 4, x**3, {f: QUARTIC[f] for f in (G, rho, rho_1, S, k)}
    ),
    models=(
        all_off("fourth powers, both coordinates equally off", QUARTIC, {}, {}),
        one_off("pseudo-Huber, one coordinate off", PSEUDO_HUBER, {}),
    ),
    mutants=(
        Mutant("ψ' 1% smaller", {"inequality": _inequality(MORE)}),
        Mutant("ψ = ρ⁻¹, without m", {"psi'": 1 / rho_1(S(x))}, "inequality"),
        Mutant("G need not be convex", {"H_convex": None}, "inequality"),
        Mutant(
            "the mean of G 1% smaller",
            {"jensen": forall(v, ALIVE, MORE * m * G(L(v) / m) <= Norm(grad_L(v)) ** 2)},
        ),
        Mutant(
            "ψ(s) = m ρ⁻¹(s/m), its factor not a root",
            {"psi'": 1 / (m * rho_1(S(x / m)))},
            "inequality",
        ),
    ),
)
