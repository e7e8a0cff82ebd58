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
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from proofs_check.engines.abstraction import abstract_goal
from proofs_check.engines.signs import Signs, obvious
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import conjuncts

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
    """Prove one relation from the premises: by its form, by real arithmetic, or by balls.

    The domain of a premise may also say that a number is an integer.
    """
    ordered = isinstance(relation, Relational)
    shown = obvious(relation) if ordered else None
    if ordered and shown is None:
        shown = obvious(relation, Signs(premises))
    if shown is not None:
        return Outcome(Verdict.PROVED, "by the form of the term", shown)
    written = {relation, relation.reversed} if ordered else {relation}
    for name, premise in premises.items():
        if written & set(conjuncts(premise)):
            return Outcome(Verdict.PROVED, f"it is {name}", frozenset({name}))
    first = ask("polynomial", abstract_goal(relation, premises), deadline)
    if first.proved:
        return Outcome(Verdict.PROVED, first.reason, first.needed & frozenset(premises))
    if _undefined(relation) or not _transcendental(relation):
        return first
    explicit = {n: p for n, p in premises.items() if not _undefined(p)}
    return ask("ball", Goal(relation, explicit), deadline)


def _undefined(term: sp.Basic) -> bool:
    return bool(term.atoms(AppliedUndef))


def _transcendental(relation: Relation) -> bool:
    powers = (p for p in relation.atoms(sp.Pow) if not p.exp.is_Rational)
    return bool(relation.atoms(sp.Function)) or any(True for _ in powers)


def ask(engine: str, goal: Goal, deadline: float) -> Outcome:
    """Put a goal to another engine, within the time that is left."""
    left = deadline - time.process_time()
    if left <= 0:
        return undecided("time is up")
    module = import_module(f"proofs_check.engines.{engine}")
    outcome: Outcome = module.decide(goal, seconds=left)
    return outcome
