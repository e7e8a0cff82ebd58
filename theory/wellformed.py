"""What a statement has to look like: names, sorts, formulas. A malformed one cannot be built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sympy import Basic, Float, Symbol, true
from sympy.core.function import UndefinedFunction
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, BooleanAtom, Implies, Not, Or

from theory.formulas import ForAll, free_symbols, functions_in, parts
from theory.terms import Deriv, OperatorSymbol, Predicate, VectorSymbol

if TYPE_CHECKING:
    from theory.statement import Statement, Step

RESERVED = ("given",)
_SYMBOLS = (Symbol, VectorSymbol, OperatorSymbol)


class StatementError(ValueError):
    """A statement is malformed; the message names the part and what to do."""


def check_formula(formula: Any, where: str) -> None:
    """Refuse what is not a formula, what SymPy has swallowed, and what contains a float.

    Raises
    ------
    StatementError
        Naming ``where`` and what to do.
    """
    for index, part in enumerate(parts(formula)):
        if not isinstance(part, Boolean):
            raise StatementError(f"{where}: {part!r} is not a relation between terms")
        if isinstance(part, BooleanAtom) and not (isinstance(formula, ForAll) and index == 0):
            raise StatementError(
                f"{where}: SymPy evaluated the relation to {part}; build it with evaluate=False"
            )
        _check_nodes(part, where)


def _check_nodes(part: Boolean, where: str) -> None:
    if _has_float(part):
        raise StatementError(f"{where}: {part} contains a float; write an exact Rational")
    stack: list[Basic] = [part]
    while stack:
        node = stack.pop()
        if isinstance(node, (And, Or, Not, Implies)):
            stack.extend(node.args)
        elif not isinstance(node, (Relational, Predicate, BooleanAtom)):
            raise StatementError(f"{where}: {node!r} is not a relation between terms")


def check_term(term: Any, where: str) -> None:
    """Refuse a value that is no exact term: a Python function could be anything.

    Raises
    ------
    StatementError
        Naming ``where`` and what to do.
    """
    if isinstance(term, UndefinedFunction) or type(term) is int:
        return
    if not isinstance(term, Basic):
        raise StatementError(f"{where}: {term!r} is no exact term; see theory.authoring")
    if _has_float(term):
        raise StatementError(f"{where}: {term} contains a float; write an exact Rational")


@lru_cache(maxsize=1 << 16)
def _has_float(term: Basic) -> bool:
    return isinstance(term, Float) or any(map(_has_float, term.args))


def check_step(step: Step, kinds: Iterable[str]) -> None:
    """Refuse a step of no known kind, without a claim, or with uses or values that are no terms.

    Raises
    ------
    StatementError
        Naming the step and what to do.
    """
    where, known = f"step {step.name!r}", tuple(kinds)
    if step.kind not in known:
        raise StatementError(f"{where}: kind {step.kind!r} is not one of {', '.join(known)}")
    computed = step.kind in ("cited", "lemma")
    if computed and not step.fact:
        raise StatementError(f"{where}: a {step.kind} step needs fact=...")
    if not computed and step.claim is None:
        raise StatementError(f"{where}: a {step.kind} step needs a claim")
    if computed and step.claim is not None:
        raise StatementError(f"{where}: the claim of a {step.kind} step is computed; give none")
    if step.claim is not None:
        check_formula(step.claim, where)
    if step.given is not true:
        check_formula(step.given, where)
    _check_variables(step.over, f"{where}: over")
    _check_uses(step, where)


def _check_variables(variables: tuple[Any, ...], where: str) -> None:
    if not all(isinstance(v, Symbol) for v in variables) or len({*variables}) != len(variables):
        raise StatementError(f"{where}: {variables} are not distinct symbols")


def _check_uses(step: Step, where: str) -> None:
    for term in step.values.values():
        check_term(term, where)
    for use in step.premises:
        for _, term in use.values:
            check_term(term, where)


def check_statement(statement: Statement) -> None:
    """Check names, formulas and references of a statement.

    Raises
    ------
    StatementError
        Naming the first part that is wrong.
    """
    _check_names(statement)
    for quantity in statement.quantities:
        if quantity.range is not true:
            check_formula(quantity.range, f"range of {quantity.name!r}")
    for hypothesis in statement.hypotheses:
        check_formula(hypothesis.formula, f"hypothesis {hypothesis.name!r}")
    for name, formula in statement.conclusions.items():
        check_formula(formula, f"conclusion {name!r}")
    if not statement.conclusions:
        raise StatementError(f"{statement.title!r} claims nothing: give at least one conclusion")
    _check_bounds(statement)
    _check_definitions(statement)
    _check_declared(statement)
    _check_meanings(statement)
    _check_models(statement)


def _check_bounds(statement: Statement) -> None:
    for bound in statement.bounds:
        where = f"bound {bound.name!r}"
        check_term(bound.value, where)
        if bound.condition is not None and bound.condition is not true:
            check_formula(bound.condition, f"{where}: condition")
        for name in bound.of:
            if name not in statement.conclusions:
                raise StatementError(f"{where}: of={name!r} is no conclusion of the statement")


def _check_models(statement: Statement) -> None:
    """Refuse a model that varies a symbol and writes it as something else at the same time."""
    for model in statement.models:
        for symbol in model.parameters:
            if model.values.get(symbol, symbol) != symbol:
                raise StatementError(
                    f"{statement.title!r}: model {model.name!r} has {symbol} both as a parameter "
                    f"and as {model.values[symbol]}"
                )


def _check_names(statement: Statement) -> None:
    names = [q.name for q in statement.quantities] + [h.name for h in statement.hypotheses]
    names += [d.name for d in statement.definitions] + [s.name for s in statement.steps]
    repeated = sorted({n for n in names if names.count(n) > 1})
    if repeated:
        raise StatementError(f"{statement.title!r}: the name {repeated[0]!r} is used twice")
    for name in names[len(statement.quantities) :]:  # symbols are looked at with their meanings
        _check_plain(name, statement.title)
    for name in (*names, *statement.conclusions):
        if not name or "." in name or name in RESERVED:
            raise StatementError(
                f"{statement.title!r}: {name!r} cannot be a name; a dot separates a step from "
                f"its part, and {', '.join(map(repr, RESERVED))} is taken"
            )


def _check_plain(name: str, title: str) -> None:
    """Refuse names that the checker makes up itself, or that could be read as two."""
    if name.startswith("_") or any(c.isspace() or c in "!|#=;" for c in name):
        raise StatementError(
            f"{title!r}: {name!r} cannot be a name; leave out spaces, !|#=; and a first underscore"
        )


def _check_definitions(statement: Statement) -> None:
    known = {q.symbol for q in statement.quantities}
    for definition in statement.definitions:
        where = f"definition of {definition.name}"
        check_term(definition.value, where)
        if definition.value.has(Deriv):
            raise StatementError(
                f"{where}: a name does not make a derivative exist; say so in a hypothesis, "
                "Eq(derivative(...), ...)"
            )
        if not isinstance(definition.head, Symbol):
            _check_variables(definition.head.args, where)
        local = set() if isinstance(definition.head, Symbol) else set(definition.head.args)
        _refuse_undeclared(definition.value, known | local, where, "declared before it")
        known.add(definition.symbol)


def _check_declared(statement: Statement) -> None:
    known = {q.symbol for q in statement.quantities} | {d.symbol for d in statement.definitions}
    for quantity in statement.quantities:
        if not isinstance(quantity.symbol, (Symbol, UndefinedFunction)):
            raise StatementError(f"{quantity.symbol!r} is neither a symbol nor a function's name")
        _refuse_undeclared(quantity.range, known, f"range of {quantity.name!r}")
    for hypothesis in statement.hypotheses:
        _refuse_undeclared(hypothesis.formula, known, f"hypothesis {hypothesis.name!r}")
    for name, formula in statement.conclusions.items():
        _refuse_undeclared(formula, known, f"conclusion {name!r}")


def _refuse_undeclared(
    formula: Any, known: set[Any], where: str, wanted: str = "declared; add a Quantity"
) -> None:
    unknown = (free_symbols(formula) | functions_in(formula)) - known
    if unknown:
        raise StatementError(f"{where}: {', '.join(sorted(map(str, unknown)))} not {wanted}")


def _check_meanings(statement: Statement) -> None:
    """Refuse two symbols of one name, and assumptions that only SymPy would know of.

    Premises are found by name and engines see names: a real ``x`` and a positive ``x``, or a real
    and a vector-valued ``F``, would be taken for one.
    """
    meanings: dict[str, str] = {}
    for symbol in dict.fromkeys(_mentioned(statement)):
        name, sort = str(symbol), _sort(symbol)
        _check_plain(name, statement.title)
        if meanings.setdefault(name, sort) != sort:
            raise StatementError(
                f"{statement.title!r}: {name!r} stands for a {meanings[name]} and for a {sort}"
            )


def _sort(symbol: Any) -> str:
    if isinstance(symbol, UndefinedFunction):
        assumed, sort = bool(symbol._kwargs), f"{symbol.__mro__[1].__name__} function"
    else:
        assumed = type(symbol) not in _SYMBOLS or symbol.assumptions0 != {"commutative": True}
        sort = type(symbol).__name__
    if assumed:
        raise StatementError(
            f"{symbol} carries a SymPy assumption; make it with theory.authoring and give its "
            "range in Quantity, or as a premise"
        )
    return sort


def _mentioned(statement: Statement) -> Iterator[Any]:
    """Yield every free or quantified symbol and every function of a statement and its proof."""
    for quantity in statement.quantities:
        yield quantity.symbol
    for definition in statement.definitions:
        yield definition.symbol
    for term in _terms(statement):
        if isinstance(term, UndefinedFunction):
            yield term
        elif isinstance(term, (Basic, ForAll)):
            yield from term.variables if isinstance(term, ForAll) else ()
            yield from free_symbols(term) | functions_in(term)


def _terms(statement: Statement) -> Iterator[Any]:
    yield from (q.range for q in statement.quantities)
    yield from (h.formula for h in statement.hypotheses)
    yield from statement.conclusions.values()
    for definition in statement.definitions:
        yield from (definition.head, definition.value)
    for step in statement.steps:
        yield from (step.given, *step.over, *step.values.values())
        yield from () if step.claim is None else (step.claim,)
        yield from (term for use in step.premises for pair in use.values for term in pair)
