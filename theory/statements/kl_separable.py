"""Separable losses whose ratio ρ'²/ρ does not increase: ψ = ρ⁻¹ (THEORY section 2).

For L(v) = Σ ρ(v_i − y_i), in any dimension: G = (ρ')²∘ρ⁻¹ is then subadditive. Attained with one
coordinate off. If ρ is bounded, r₀ = sup ρ.
"""

from sympy import Abs, And, Eq, Expr, Implies, Integer, Rational, sqrt
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.settings.flow import L, grad_L, psi, psi_1, v, x
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
    i,
    in_space,
    n,
    one_off,
    residual,
    rho,
    rho_1,
    size,
    z,
)
from theory.steps import cite, lemma, polynomial
from theory.terms import Norm, derivative, function_of, real

r_0 = real("r_0")
MORE = Rational(101, 100)

BELOW = And(L(v) > 0, L(v) < r_0)


def _inequality(bound: Expr) -> ForAll:
    return forall(v, BELOW, psi_1(L(v)) * Norm(grad_L(v)) >= bound)


def _gain(factor: Expr) -> ForAll:
    return forall(v, BELOW, factor * G(L(v)) <= Norm(grad_L(v)) ** 2)


INEQUALITY, GAIN = _inequality(Integer(1)), _gain(Integer(1))
SLOPE = forall(x, x > 0, And(Eq(derivative(psi(x), x, rho(x)), psi_1(rho(x))), psi_1(rho(x)) > 0))
FALLING = forall((x, z), And(x > 0, x <= z, z < r_0), G(z) * x <= G(x) * z)
LAST = residual(n)

STEPS = (
    polynomial("at_zero", Eq(G(0), 0), at("H_gain", {x: 0}), "H_zero"),
    polynomial("terms",
               forall((n, v), COUNT,
                      And(rho(LAST) >= 0,
                          Implies(rho(LAST) < r_0, G(rho(LAST)) <= rho_1(LAST) ** 2))),
               at("H_positive", {x: LAST}), at("H_gain", {x: LAST})),
    lemma("summed", "separable_gain.gain", "at_zero", "terms", "H_ratio", "H_separable",
          "H_gradient", "m", over=(v,), q=function_of(i, rho(size)), d=function_of(i, rho_1(size)),
          Q=L(v), D=Norm(grad_L(v)) ** 2),
    polynomial("gain", GAIN, "summed"),
    polynomial("steep", forall(v, BELOW, And(rho_1(psi(L(v))) > 0,
                                             Eq(G(L(v)), rho_1(psi(L(v))) ** 2))),
               at("H_inverse", {x: L(v)}), "H_zero",
               at("H_profile", {x: psi(L(v))}), at("H_gain", {x: psi(L(v))})),
    polynomial("inequality", INEQUALITY, "gain", "steep", at("psi'", {x: L(v)})),
    cite("inverse_slope", "inverse_derivative", "H_profile", "H_undoes",
         F=rho, f=rho_1, S=psi, a=0),
    polynomial("slope", SLOPE, "inverse_slope", at("psi'", {x: rho(x)}), "H_undoes",
               "H_profile"),
)  # fmt: skip

SQUARED = {
    G: Map(x, 2 * x),
    rho: Map(x, x**2 / 2),
    rho_1: Map(x, x),
    psi: Map(x, sqrt(2 * x)),
    L: Map(x, (x - centre) ** 2 / 2),
    grad_L: Map(x, x - centre),
}
QUARTIC = {
    G: Map(x, 8 * x * sqrt(x)),
    rho: Map(x, x**4 / 4),
    rho_1: Map(x, x**3),
    psi: Map(x, sqrt(2 * sqrt(x))),
    L: Map(x, Abs(x - centre) ** 4 / 2),
    grad_L: Map(x, sqrt(2) * Abs(x - centre) ** 2 * (x - centre)),
}
LEVEL = {r_0: (Rational(1), Rational(9))}

STATEMENT = Statement(
    title="Separable losses with a falling ratio ρ'²/ρ: the desingularizing function ρ⁻¹",
    source=Source("sharp", (), "2"),
    quantities=(
        *OBJECTS,
        Quantity(G, "the squared slope of ρ as a function of its value"),
        Quantity(psi, "desingularizing function, the inverse of ρ"),
        Quantity(r_0, "level up to which ρ has an inverse", r_0 > 0),
    ),
    hypotheses=(
        H_SEPARABLE,
        H_GRADIENT,
        H_POSITIVE,
        H_ZERO,
        H_GAIN,
        H_PROFILE,
        Hypothesis("H_undoes", forall(x, x >= 0, Eq(psi(rho(x)), x)), "ψ is the inverse of ρ"),
        Hypothesis(
            "H_inverse",
            forall(x, And(x >= 0, x < r_0), And(Eq(rho(psi(x)), x), psi(x) >= 0)),
            "ρ takes every value below r₀",
        ),
        Hypothesis("H_ratio", FALLING, "G(x)/x does not increase: neither does ρ'²/ρ"),
    ),
    definitions=(Definition(psi_1(x), 1 / rho_1(psi(x)), "derivative of ψ = ρ⁻¹"),),
    conclusions={
        "inequality": INEQUALITY,
        "gain": GAIN,
        "slope": SLOPE,
    },
    steps=STEPS,
    instance=in_space(
        "squared distance, m = 3",
        x**2 / 2,
        x,
        {**{f: SQUARED[f] for f in (G, rho, rho_1, psi)}, r_0: 5},
    ),
    models=(
        one_off("squared distance, one coordinate off", SQUARED, LEVEL, {r_0: Rational(5)}),
        all_off("fourth powers, both coordinates equally off", QUARTIC, LEVEL),
    ),
    mutants=(
        Mutant("ψ' 1% smaller", {"inequality": _inequality(MORE)}),
        Mutant("the ratio may increase", {"H_ratio": None}, "inequality"),
        Mutant("gain of the sum 1% larger", {"gain": _gain(MORE)}),
        Mutant(
            "ψ(s) = ρ⁻¹(s/2)",
            {"inequality": forall(v, BELOW, psi_1(L(v) / 2) * Norm(grad_L(v)) >= 2)},
        ),
    ),
)
