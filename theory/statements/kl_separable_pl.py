"""Polyak–Łojasiewicz constant of a separable loss on a sublevel set (THEORY section 2).

On {0 < L ≤ r}, ½‖∇L‖² ≥ μL with any μ ≤ inf{ρ'(s)²/(2ρ(s)) : 0 < ρ(s) ≤ r}, in any dimension and
whatever the shape of ρ. With one coordinate off, no larger μ will do.
"""

from typing import Any

from sympy import And, Expr, Implies, Integer, Rational, sqrt
from sympy import Lambda as Map

from theory.formulas import ForAll, forall
from theory.settings.flow import L, grad_L, v, x
from theory.statement import Bound, Hypothesis, Mutant, Quantity, Source, Statement, at
from theory.statements._separable import (
    COUNT,
    H_GRADIENT,
    H_POSITIVE,
    H_SEPARABLE,
    OBJECTS,
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
)
from theory.statements._separable import z as s
from theory.steps import induction, polynomial
from theory.terms import Norm, real

mu, r = real("mu r")
MORE = Rational(101, 100)


def _pl(factor: Expr, level: Expr) -> ForAll:
    below = And(L(v) > 0, L(v) <= level)
    return forall(v, below, Norm(grad_L(v)) ** 2 / 2 >= factor * mu * L(v))


def _constant(factor: Expr) -> ForAll:
    return forall(s, And(s >= 0, rho(s) <= r), factor * rho_1(s) ** 2 >= 2 * mu * rho(s))


PL = _pl(Integer(1), r)
KL = forall(v, And(L(v) > 0, L(v) <= r), Norm(grad_L(v)) / sqrt(2 * mu * L(v)) >= 1)
LAST = residual(n)

STEPS = (
    induction("gain",
              forall((n, v), COUNT,
                     Implies(total(n) <= r, And(total(n) >= 0, gain(n) >= 2 * mu * total(n)))),
              at("H_positive", {x: LAST}), at("H_constant", {s: LAST})),
    polynomial("polyak_lojasiewicz", PL, at("gain", {n: m}), "H_separable", "H_gradient", "m"),
    polynomial("inequality", KL, "polyak_lojasiewicz", "mu"),
)  # fmt: skip


def _squared(curvature: Expr) -> dict[Any, Any]:
    return {
        mu: mu,
        rho: Map(x, curvature * x**2 / 2),
        rho_1: Map(x, curvature * x),
        L: Map(x, curvature * (x - centre) ** 2 / 2),
        grad_L: Map(x, curvature * (x - centre)),
    }


HUBER_LIKE = {
    mu: (2 + r) / (2 * (1 + r) ** 2),
    rho: Map(x, sqrt(1 + x**2) - 1),
    rho_1: Map(x, x / sqrt(1 + x**2)),
    L: Map(x, sqrt(1 + (x - centre) ** 2) - 1),
    grad_L: Map(x, (x - centre) / sqrt(1 + (x - centre) ** 2)),
}
LEVEL = {r: (Rational(1, 2), Integer(4))}
BOX = {mu: (Rational(1, 4), Integer(4)), **LEVEL}

STATEMENT = Statement(
    title="Separable losses: Polyak–Łojasiewicz constant on a sublevel set",
    source=Source("sharp", (), "2"),
    quantities=(
        *OBJECTS,
        Quantity(r, "level of the sublevel set", r > 0),
        Quantity(mu, "constant: at most ρ'(s)²/(2ρ(s)) wherever 0 < ρ(s) ≤ r", mu > 0),
    ),
    hypotheses=(
        H_SEPARABLE,
        H_GRADIENT,
        H_POSITIVE,
        Hypothesis("H_constant", _constant(Integer(1)), "ρ'² ≥ 2μρ where ρ ≤ r"),
    ),
    conclusions={"polyak_lojasiewicz": PL, "inequality": KL},
    steps=STEPS,
    bounds=(
        Bound("psi", sqrt(2 * x / mu), "desingularizing function ψ(s)", "value",
              of=("inequality",), condition=And(x >= 0, x <= r)),
    ),
    instance=in_space(
        "twice the squared distance, m = 3",
        x**2,
        2 * x,
        {rho: Map(x, x**2), rho_1: Map(x, 2 * x), r: 3, mu: 2},
    ),
    models=(
        one_off("squared distance, one coordinate off", _squared(mu), BOX,
                {mu: Rational(3, 2), r: Integer(2)}),
        one_off("squared distance, 1% flatter than μ", _squared(mu / MORE), BOX),
        one_off("pseudo-Huber, one coordinate off", HUBER_LIKE, LEVEL),
    ),
    mutants=(
        Mutant("constant 1% larger", {"polyak_lojasiewicz": _pl(MORE, r)}),
        Mutant("on a sublevel set 10% larger",
               {"polyak_lojasiewicz": _pl(Integer(1), 11 * r / 10)}),
        Mutant("constant of the hypothesis 1% smaller", {"H_constant": _constant(MORE)},
               "polyak_lojasiewicz"),
        Mutant("ψ(s) = √(s/μ), the factor 2 forgotten",
               {"inequality": forall(v, And(L(v) > 0, L(v) <= r),
                                     Norm(grad_L(v)) / (2 * sqrt(mu * L(v))) >= 1)}),
    ),
)  # fmt: skip
