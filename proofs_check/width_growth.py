"""How the width that a route asks for grows with the sizes and the norms (THEORY section 8)."""

from __future__ import annotations

from typing import Any

from sympy import Symbol, oo, sqrt

from numerics.unfolding import Unfolding, as_input
from numerics.widths.routes import Route
from theory.asymptotics import exponent
from theory.registry import statement
from theory.settings import flow as setting
from theory.settings import initial as setting_initial
from theory.statements import initial_misfit
from theory.terms import FrobeniusNorm, Norm, OperatorNorm

_M, _SIZE = Symbol("m"), Symbol("a")


def growth(route: Route) -> dict[str, int]:
    """Return the exponents with which the width grows, in each quantity alone, and in n = m.

    The failure probability, and with it d, enters through logarithms.
    """
    varied = {
        "n": (setting_initial.n, oo), "m": (_M, oo), "sigma_A": (setting.sigma_A, 0),
        "operator_norm": (_SIZE, oo),
        "observation_norm": (as_input(Norm(initial_misfit.y)), oo),
    }  # fmt: skip
    term = _shape(route)
    found = {name: int(exponent(term, s, towards)) for name, (s, towards) in varied.items()}
    square = term.xreplace({_M: setting_initial.n})
    return found | {"n_and_m": int(exponent(square, setting_initial.n, oo))}


def _shape(route: Route) -> Any:
    """Return the last condition's width, ‖A‖_F = √m ‖A‖, the hidden layer's bound a constant."""
    made = statement(route.statement)
    free = [q.symbol for q in made.quantities if isinstance(q.symbol, Symbol)]
    norms = [as_input(t) for t in (OperatorNorm(setting.A), FrobeniusNorm(setting.A))]
    unfold = Unfolding(made, [*free, *norms, initial_misfit.H, as_input(Norm(initial_misfit.y))])
    formula: Any = next(h.formula for h in made.hypotheses if h.name == route.conditions[-1])
    return unfold(formula.lts).xreplace({norms[0]: _SIZE, norms[1]: _SIZE * sqrt(_M)})
