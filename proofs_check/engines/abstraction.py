"""Elementary functions as unknown reals with a few true inequalities, for real arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.verdict import Goal
from theory.formulas import rebuild

Relation: TypeAlias = Any


def _gt(a: Any, b: Any) -> Relation:
    return sp.Gt(a, b, evaluate=False)


def _ge(a: Any, b: Any) -> Relation:
    return sp.Ge(a, b, evaluate=False)


def abstract_goal(relation: Relation, premises: Mapping[str, Boolean]) -> Goal:
    """Return the goal with elementary functions replaced, and what is known of these added."""
    replaced: dict[sp.Basic, sp.Symbol] = {}
    facts: dict[str, Boolean] = {}
    named = {name: abstract(p, replaced, facts) for name, p in premises.items()}
    claim = abstract(relation, replaced, facts)
    return Goal(claim, named | facts)


def abstract(term: Any, replaced: dict[sp.Basic, sp.Symbol], facts: dict[str, Boolean]) -> Any:
    """Replace elementary functions by fresh reals, and collect what is known of these.

    Undefined applications are left as they stand. The facts hold wherever the replaced term has
    a value; that it has one is an obligation of its own.
    """
    if not term.args or isinstance(term, (sp.Lambda, sp.Integral, AppliedUndef)):
        return term
    args = [abstract(arg, replaced, facts) for arg in term.args]
    if args != list(term.args):
        term = rebuild(term, args)
    if not _elementary(term):
        return term
    if term not in replaced:
        fresh = sp.Symbol(f"{term.func.__name__}#{len(replaced) + 1}")
        replaced[term] = fresh
        for number, fact in enumerate(_facts(term, fresh)):
            facts[f"{fresh.name}.{number}"] = fact
    return replaced[term]


def _elementary(term: sp.Basic) -> bool:
    if isinstance(term, sp.Pow):
        return not isinstance(term.exp, sp.Integer)
    return term.func in _FACTS


def _facts(term: sp.Basic, g: sp.Symbol) -> list[Relation]:
    if not isinstance(term, sp.Pow):
        return list(_FACTS[term.func](g, *term.args))
    base, exponent = term.args
    if isinstance(exponent, sp.Rational):
        p, q = int(exponent.p), int(exponent.q)
        other = (base**p, 1) if p > 0 else (1, base**-p)
        power = sp.Eq(g**q * other[1], other[0], evaluate=False)
        return [_when(_ge(base, 0), _ge(g, 0), power)]
    return [_when(_gt(base, 0), _gt(g, 0))]


def _when(domain: Relation, *facts: Relation) -> Relation:
    """Say nothing outside the domain: there a term is an arbitrary real to the prover."""
    return sp.Implies(domain, sp.And(*facts, evaluate=False), evaluate=False)


def _exp_facts(g: sp.Symbol, u: sp.Expr) -> tuple[Relation, ...]:
    # e^u ≥ 1+u, and the same at −u multiplied by e^u.
    return _gt(g, 0), _ge(g, 1 + u), _ge(1, g * (1 - u))


def _log_facts(g: sp.Symbol, u: sp.Expr) -> tuple[Relation, ...]:
    return (_when(_gt(u, 0), _ge(u - 1, g), _ge(u * g, u - 1)),)


def _contraction(g: sp.Symbol, u: sp.Expr) -> tuple[Relation, ...]:
    return _ge(g * u, 0), _ge(u**2, g**2)


def _bounded(g: sp.Symbol, u: sp.Expr) -> tuple[Relation, ...]:
    return (_ge(1, g**2),)


def _extremum(larger: bool) -> Callable[..., tuple[Relation, ...]]:
    def facts(g: sp.Symbol, *terms: sp.Expr) -> tuple[Relation, ...]:
        attained = sp.Eq(sp.prod([g - u for u in terms]), 0, evaluate=False)
        return *(_ge(g, u) if larger else _ge(u, g) for u in terms), attained

    return facts


_FACTS: dict[Any, Callable[..., tuple[Relation, ...]]] = {
    sp.exp: _exp_facts,
    sp.log: _log_facts,
    sp.tanh: lambda g, u: (_gt(1, g**2), *_contraction(g, u)),
    sp.atan: _contraction,
    sp.asinh: _contraction,
    sp.sin: _bounded,
    sp.cos: _bounded,
    sp.cosh: lambda g, u: (_ge(g, 1 + u**2 / 2),),
    sp.sinh: lambda g, u: (_ge(g * u, 0), _ge(g**2, u**2)),
    sp.sech: lambda g, u: (_gt(g, 0), _ge(1, g)),
    sp.Abs: lambda g, u: (_ge(g, 0), sp.Eq(g**2, u**2, evaluate=False)),
    sp.Max: _extremum(True),
    sp.Min: _extremum(False),
}
