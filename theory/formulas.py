"""Formulas: relations between terms, their Boolean combinations, and one universal quantifier.

Substitution is our own because it must also replace undefined functions, never capture a bound
variable and never let SymPy decide a relation on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sympy import Basic, Ge, Gt, Implies, Lambda, Piecewise, Symbol, Tuple, false, true
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from theory.terms import Predicate, bound_variable

Mapping_: TypeAlias = Mapping[Any, Any]


@dataclass(frozen=True)
class ForAll:
    """``body`` holds for all values of ``variables`` that satisfy ``given``.

    Parameters
    ----------
    variables : tuple of Symbol
        The bound variables; real, or vectors.
    given : Boolean
        The domain, a quantifier-free formula.
    body : Boolean
        What is claimed there, a quantifier-free formula.
    """

    variables: tuple[Symbol, ...]
    given: Boolean
    body: Boolean

    def __post_init__(self) -> None:
        if not self.variables:
            raise ValueError("a ForAll needs at least one bound variable")
        if len(set(self.variables)) != len(self.variables):
            raise ValueError(f"bound variables {self.variables} are not distinct")

    def at(self, values: Mapping_) -> Boolean:
        """Return the instance at ``values`` as one implication, domain ⇒ body."""
        chosen = {v: values.get(v, v) for v in self.variables}
        given, body = substitute(self.given, chosen), substitute(self.body, chosen)
        return body if given is true else Implies(given, body, evaluate=False)

    def __str__(self) -> str:
        names = ", ".join(map(str, self.variables))
        domain = "" if self.given is true else f" with {self.given}"
        return f"for all {names}{domain}: {self.body}"


Formula: TypeAlias = Boolean | ForAll


def forall(variables: Symbol | tuple[Symbol, ...], given: Boolean, body: Boolean) -> ForAll:
    """Return a universally quantified formula; one variable need not be wrapped in a tuple."""
    return ForAll((variables,) if isinstance(variables, Symbol) else tuple(variables), given, body)


def with_body(formula: ForAll, change: Callable[[Any], Boolean]) -> ForAll:
    """Return the formula with its body changed, for mutants and strengthenings."""
    return ForAll(formula.variables, formula.given, change(formula.body))


def substitute(term: Any, values: Mapping_) -> Any:
    """Replace symbols and undefined functions, simultaneously and without capture.

    Parameters
    ----------
    term : Basic or ForAll
        Where to replace.
    values : mapping
        Symbols to terms; undefined functions to ``Lambda`` or to other undefined functions.
    """
    if not values:
        return term
    if isinstance(term, ForAll):
        return _substitute_forall(term, values)
    return _substitute(term, dict(values))


def _substitute(term: Basic, values: dict[Any, Any]) -> Basic:
    if isinstance(term, Symbol):
        return values.get(term, term)
    if _free_of(term).isdisjoint(values) and _functions_of(term).isdisjoint(values):
        return term
    if isinstance(term, Lambda):
        return _substitute_lambda(term, values)
    if isinstance(term, ExprWithLimits):
        return _substitute_series(term, values)
    if not term.args:
        return term
    args = [_substitute(arg, values) for arg in term.args]
    if isinstance(term, AppliedUndef) and term.func in values:
        return _apply(values[term.func], args)
    return rebuild(term, args)


def _apply(function: Any, args: list[Basic]) -> Basic:
    if isinstance(function, Lambda):
        return _substitute(function.expr, dict(zip(function.variables, args, strict=True)))
    return function(*args)


def _substitute_lambda(term: Lambda, values: dict[Any, Any]) -> Lambda:
    inner = {k: v for k, v in values.items() if k not in term.variables}
    body = _substitute(term.expr, inner)
    if not any(set(term.variables) & _free(v) for v in inner.values()):
        return Lambda(term.variables, body)
    # A replaced value mentions the bound variable's name: move the binder out of its way first.
    entering = set().union(*(_free(v) for v in inner.values()), term.expr.free_symbols)
    fresh = tuple(renamed_apart(term.variables, entering).values())
    moved = _substitute(term.expr, dict(zip(term.variables, fresh, strict=True)))
    body = _substitute(moved, inner)
    bound = tuple(type(v)(bound_variable(body).name) for v in fresh[:1]) + fresh[1:]
    return Lambda(bound, _substitute(body, dict(zip(fresh, bound, strict=True))))


def _substitute_series(term: Any, values: dict[Any, Any]) -> Basic:
    """Replace in a sum, product or integral: each limit sees the indices of those outside it.

    What does not occur in the term moves no index out of its way.
    """
    occurring = term.atoms(Symbol) | _functions_of(term)
    values = {k: v for k, v in values.items() if k in occurring}
    inner, limits = dict(values), []
    taken = set().union(*(_free(v) for v in values.values()), term.atoms(Symbol))
    for index, *ends in (limit.args for limit in reversed(term.limits)):
        own = _fresh(index.name, index, taken) if _entered(index, inner) else index
        limits.append(Tuple(own, *(_substitute(end, inner) for end in ends)))
        inner = {k: v for k, v in inner.items() if k != index}
        if own != index:
            inner[index] = own
            taken.add(own)
    return rebuild(term, [_substitute(term.function, inner), *reversed(limits)])


def _entered(index: Symbol, values: Mapping_) -> bool:
    return any(index in _free(value) for key, value in values.items() if key != index)


def _substitute_forall(term: ForAll, values: Mapping_) -> ForAll:
    inner = {k: v for k, v in values.items() if k not in term.variables}
    entering = set().union(*(_free(v) for v in inner.values()), set())
    clash = [v for v in term.variables if v in entering]
    renamed = renamed_apart(clash, {*entering, *term.variables, *free_symbols(term)})
    variables = tuple(renamed.get(v, v) for v in term.variables)
    given = _substitute(_substitute(term.given, renamed), dict(inner))
    body = _substitute(_substitute(term.body, renamed), dict(inner))
    return ForAll(variables, given, body)


def renamed_apart(variables: Iterable[Symbol], taken: Iterable[Symbol]) -> dict[Symbol, Symbol]:
    """Return a new name for each variable, by as many primes as it takes to meet none taken."""
    names = {symbol.name for symbol in taken}
    renamed = {}
    for variable in variables:
        name = variable.name
        while name in names:
            name += "'"
        names.add(name)
        renamed[variable] = type(variable)(name)
    return renamed


def _free(value: Any) -> frozenset[Symbol]:
    return _free_of(value) if isinstance(value, Basic) else frozenset()


# Terms share most of their parts with others; what is read off each part is kept.
_PARTS = 1 << 16


@lru_cache(maxsize=_PARTS)
def _free_of(value: Basic) -> frozenset[Symbol]:
    if type(value).free_symbols is not Basic.free_symbols:  # a symbol, or something that binds
        return frozenset(value.free_symbols)
    return frozenset[Symbol]().union(*map(_free_of, value.args))


@lru_cache(maxsize=_PARTS)
def _functions_of(value: Basic) -> frozenset[UndefinedFunction]:
    inner = frozenset[UndefinedFunction]().union(*map(_functions_of, value.args))
    return inner | {value.func} if isinstance(value, AppliedUndef) else inner


def rebuild(term: Basic, args: list[Basic]) -> Basic:
    """Return ``term`` with other arguments; relations are not evaluated on the way."""
    if list(term.args) == args:
        return term
    if isinstance(term, Relational):
        return term.func(*args, evaluate=False)
    if isinstance(term, Implies):
        return Implies(*args, evaluate=False)
    if isinstance(term, Piecewise):
        return _piecewise(args)
    return term.func(*args)


def _piecewise(pairs: list[Basic]) -> Basic:
    """Choose the branch where a condition is a relation of numbers; else leave SymPy out of it."""
    kept = []
    for pair in pairs:
        value, condition = pair.args
        if isinstance(condition, Relational) and all(a.is_Rational for a in condition.args):
            condition = condition.func(*condition.args)
        if condition == true:
            kept.append((value, true))
            break
        if condition != false:
            kept.append((value, condition))
    return kept[0][0] if len(kept) == 1 and kept[0][1] == true else Piecewise(*kept, evaluate=False)


def functions_in(term: Any) -> set[UndefinedFunction]:
    """Return the undefined functions that occur in a term or formula."""
    return set[UndefinedFunction]().union(*map(_functions_of, parts(term)))


def free_symbols(term: Any) -> set[Symbol]:
    """Return the free symbols of a term or formula."""
    if isinstance(term, ForAll):
        return set(_free_of(term.given) | _free_of(term.body)) - set(term.variables)
    return set(_free_of(term))


def parts(formula: Any) -> Iterator[Basic]:
    """Yield the SymPy parts of a formula (a quantified one has two)."""
    if isinstance(formula, ForAll):
        yield formula.given
        yield formula.body
    else:
        yield formula


@lru_cache(maxsize=8192)
def canonical(formula: Any) -> Any:
    """Return the formula up to bound names and the direction in which a relation is written."""
    if isinstance(formula, ForAll):
        taken = free_symbols(formula)
        names = {v: _fresh(f"_bound{i}", v, taken) for i, v in enumerate(formula.variables)}
        given, body = (_directed(substitute(f, names)) for f in (formula.given, formula.body))
        return ForAll(tuple(names.values()), given, body)
    return _directed(formula)


def _fresh(name: str, like: Symbol, taken: Iterable[Symbol]) -> Symbol:
    """Return a symbol of the sort of ``like``, by that name or with primes that no other has."""
    return renamed_apart([type(like)(name)], taken)[type(like)(name)]


def _directed(term: Basic) -> Basic:
    if isinstance(term, (Ge, Gt)):
        return rebuild(term.reversed, [_bound_renamed(a) for a in term.reversed.args])
    if isinstance(term, (Relational, Predicate)) or not isinstance(term, Boolean):
        return _bound_renamed(term)
    return rebuild(term, [_directed(arg) for arg in term.args])


def _bound_renamed(term: Basic, level: int = 0) -> Basic:
    """Name the variable of every Lambda by its nesting depth, innermost first.

    On the way each variable has a name of its own, so that none is captured by another.
    """
    if not term.args or not term.has(Lambda):
        return term
    if isinstance(term, Lambda) and len(term.variables) == 1:
        old = term.variables[0]
        own = _fresh(f"_at_{level}", old, term.free_symbols)
        body = _bound_renamed(substitute(term.expr, {old: own}), level + 1)
        new = type(old)(bound_variable(body).name)
        return Lambda(new, substitute(body, {own: new}))
    return rebuild(term, [_bound_renamed(arg, level) for arg in term.args])


def conjuncts(formula: Boolean) -> tuple[Boolean, ...]:
    """Split a conjunction into its parts; ``true`` has none."""
    from sympy import And

    if formula is true:
        return ()
    return tuple(formula.args) if isinstance(formula, And) else (formula,)
