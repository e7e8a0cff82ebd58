"""Where a term has a value: the conditions it imposes, and how they are discharged.

Denominators, radicands and arguments of logarithms are obligations of whoever writes them. They
go to the polynomial engine with each elementary function replaced by a fresh real that satisfies
a few inequalities true of that function, then to balls.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import conjuncts, rebuild

Relation = Any

_CONDITIONS: dict[Any, Callable[[sp.Expr], tuple[Relation, ...]]] = {
    sp.log: lambda u: (_gt(u, 0),),
    sp.acosh: lambda u: (_ge(u, 1),),
    sp.atanh: lambda u: (_gt(u, -1), _gt(1, u)),
    sp.asin: lambda u: (_ge(u, -1), _ge(1, u)),
    sp.acos: lambda u: (_ge(u, -1), _ge(1, u)),
    sp.tan: lambda u: (_ne(sp.cos(u), 0),),
    sp.sec: lambda u: (_ne(sp.cos(u), 0),),
    sp.cot: lambda u: (_ne(sp.sin(u), 0),),
    sp.csc: lambda u: (_ne(sp.sin(u), 0),),
    sp.coth: lambda u: (_ne(u, 0),),
    sp.csch: lambda u: (_ne(u, 0),),
    sp.LambertW: lambda u: (_ge(u, -sp.exp(-1)),),
}


def _gt(a: Any, b: Any) -> Relation:
    return sp.Gt(a, b, evaluate=False)


def _ge(a: Any, b: Any) -> Relation:
    return sp.Ge(a, b, evaluate=False)


def _ne(a: Any, b: Any) -> Relation:
    return sp.Ne(a, b, evaluate=False)


def conditions(*terms: sp.Basic) -> list[Relation]:
    """Return the relations under which all the terms have a real value, inner ones first."""
    found: dict[Relation, None] = {}
    for term in terms:
        for node in inner_first(term):
            for relation in node_conditions(node):
                found.setdefault(relation)
    return list(found)


def inner_first(term: sp.Basic) -> Iterator[sp.Basic]:
    """Yield the subterms of a term, arguments before what contains them, none under a binder."""
    if isinstance(term, (sp.Lambda, sp.Integral)):
        return
    for arg in term.args:
        yield from inner_first(arg)
    yield term


def node_conditions(node: sp.Basic) -> tuple[Relation, ...]:
    """Return the conditions that the head of one term puts on its arguments."""
    if isinstance(node, sp.Pow):
        return _power_conditions(*node.args)
    if node.func in _CONDITIONS and len(node.args) == 1:
        return _CONDITIONS[node.func](node.args[0])
    return ()


def _power_conditions(base: sp.Expr, exponent: sp.Expr) -> tuple[Relation, ...]:
    if (base.is_Rational and base.is_positive) or base is sp.E or base is sp.pi:
        return ()
    if isinstance(exponent, sp.Integer):
        return (_ne(base, 0),) if exponent < 0 else ()
    if isinstance(exponent, sp.Rational) and exponent > 0:
        return (_ge(base, 0),)
    return (_gt(base, 0),)


def discharge(
    relations: Iterable[Relation], premises: Mapping[str, Boolean], deadline: float
) -> tuple[frozenset[str], Outcome | None]:
    """Prove relations from the premises.

    Returns
    -------
    tuple
        The names of the premises used, and the first outcome that is not a proof (None if all
        are proved).
    """
    used: frozenset[str] = frozenset()
    for relation in relations:
        outcome = prove(relation, premises, deadline)
        if not outcome.proved:
            return used, undecided(f"not shown that {relation}: {outcome.reason}", outcome.artefact)
        used |= outcome.needed
    return used, None


def prove(relation: Relation, premises: Mapping[str, Boolean], deadline: float) -> Outcome:
    """Prove one relation from the premises: by its form, by real arithmetic, or by balls."""
    if _obvious(relation):
        return Outcome(Verdict.PROVED, "by the form of the term")
    for name, premise in premises.items():
        if relation in conjuncts(premise) or relation.reversed in conjuncts(premise):
            return Outcome(Verdict.PROVED, f"it is {name}", frozenset({name}))
    facts: dict[str, Boolean] = {}
    replaced: dict[sp.Basic, sp.Symbol] = {}
    goal = _abstract_goal(relation, premises, replaced, facts)
    first = ask("polynomial", goal, deadline)
    if first.proved:
        return Outcome(Verdict.PROVED, first.reason, first.needed & frozenset(premises))
    if _undefined(relation):
        return first
    explicit = {n: p for n, p in premises.items() if not _undefined(p)}
    return ask("ball", Goal(relation, explicit), deadline)


def _undefined(term: sp.Basic) -> bool:
    return bool(term.atoms(AppliedUndef))


def ask(engine: str, goal: Goal, deadline: float) -> Outcome:
    """Put a goal to another engine, within the time that is left."""
    left = deadline - time.monotonic()
    if left <= 0:
        return undecided("time is up")
    module = import_module(f"proofs_check.engines.{engine}")
    outcome: Outcome = module.decide(goal, seconds=left)
    return outcome


def _obvious(relation: Relation) -> bool:
    difference = relation.lhs - relation.rhs
    if isinstance(relation, (sp.Lt, sp.Le)):
        difference = -difference
    if relation.func in (sp.Gt, sp.Lt, sp.Ne):
        return positive(difference) or (relation.func is sp.Ne and positive(-difference))
    return relation.func in (sp.Ge, sp.Le) and nonnegative(difference)


def positive(term: sp.Basic) -> bool:
    """Whether the form of a term alone shows that its value, where it has one, is positive."""
    if isinstance(term, sp.Rational):
        return bool(term > 0)
    if term in (sp.pi, sp.E) or isinstance(term, (sp.exp, sp.cosh, sp.sech)):
        return True
    if isinstance(term, sp.Add):
        return any(map(positive, term.args)) and all(map(nonnegative, term.args))
    if isinstance(term, sp.Mul):
        return all(map(positive, term.args))
    return isinstance(term, sp.Pow) and positive(term.base)


def nonnegative(term: sp.Basic) -> bool:
    """Whether the form of a term alone shows that its value, where it has one, is not negative."""
    if positive(term) or term == 0 or isinstance(term, sp.Abs):
        return True
    if isinstance(term, (sp.Add, sp.Mul)):
        return all(map(nonnegative, term.args))
    if not isinstance(term, sp.Pow):
        return False
    even = isinstance(term.exp, sp.Integer) and int(term.exp) % 2 == 0
    root = isinstance(term.exp, sp.Rational) and not isinstance(term.exp, sp.Integer)
    return even or root or nonnegative(term.base)


def _abstract_goal(
    relation: Relation,
    premises: Mapping[str, Boolean],
    replaced: dict[sp.Basic, sp.Symbol],
    facts: dict[str, Boolean],
) -> Goal:
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
