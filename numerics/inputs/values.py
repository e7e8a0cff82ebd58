"""The values at which a statement's bounds are evaluated: exact, named, and in their ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from typing import Any

from sympy import Basic, Eq, Ge, Gt, Number, Rational, Symbol, preorder_traversal
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from numerics.enclosures import decimal_text
from numerics.errors import ProblemError
from numerics.rigorous.balls import exact_fraction
from numerics.rigorous.programs import BallError
from numerics.rigorous.rational_terms import RationalTerms
from numerics.unfolding import Unfolding, as_input, functions_of
from theory.chains import conjunction
from theory.formulas import ForAll, conjuncts, functions_in
from theory.losses import Loss
from theory.names import parse, typed
from theory.settings.flow import DESINGULARIZER, H_MIN, L, psi
from theory.statement import Statement
from theory.terms import (
    FrobeniusNorm,
    IsInteger,
    Norm,
    OperatorNorm,
    SigmaMin,
    Sort,
    VectorSymbol,
    sort_of,
)
from theory.typesetting.notation import readable

_NUMBER = re.compile(r"[+-]?([0-9]+/[0-9]+|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?)")
_LONGEST = 2000
SIZES = (Norm, OperatorNorm, FrobeniusNorm, SigmaMin)
# What is non-negative where a statement assumes so: the loss, and ψ that rises from 0.
_SIGNED = {L: {H_MIN}, psi: set(DESINGULARIZER)}


class InputError(ProblemError):
    """A value is no exact number, belongs to no symbol, or lies outside its range."""


def exact_value(text: Any, what: str) -> Fraction:
    """Return a decimal or fraction as the exact rational it says.

    Raises
    ------
    InputError
        If it is neither, naming ``what``; floats are refused.
    """
    if isinstance(text, (int, Fraction, Rational)) and not isinstance(text, bool):
        return exact_fraction(text)
    if not isinstance(text, str):
        raise InputError(f"{what}: {text!r} is not exact; give an int, a Fraction or text")
    plain = text.strip().replace("−", "-")
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
        raise InputError(f"{what} = {text[:40]!r} is no number; write a decimal or a fraction")
    numerator, _, denominator = plain.partition("/")
    if denominator and not int(denominator):
        raise InputError(f"{what} = {plain} divides by zero")
    return Fraction(numerator) / int(denominator or 1)


def value_text(value: Fraction) -> str:
    """Return an exact value as it is printed: a decimal if it is one, else a fraction."""
    try:
        return decimal_text(value)
    except ValueError:
        return str(value)


@dataclass(frozen=True)
class Inputs:
    """Values that have been read and are in their ranges.

    Parameters
    ----------
    statement : Statement
        Whose symbols have the values.
    values : mapping of Symbol to Fraction
        The inputs, see ``unfolding.as_input``.
    loss : Loss or None
        What ψ, ψ' and Ψ stand for.
    open : tuple of Symbol
        Inputs that will vary.
    """

    statement: Statement
    values: Mapping[Symbol, Fraction]
    loss: Loss | None = None
    open: tuple[Symbol, ...] = ()

    @cached_property
    def unfold(self) -> Unfolding:
        """Writes the statement's terms in the inputs."""
        return Unfolding(self.statement, (*self.values, *self.open), functions_of(self.loss))

    def holds(self, formula: Any) -> bool | None:
        """Whether an unfolded formula holds at the values; None if it cannot be told."""
        terms = RationalTerms(self.values)
        answers = [self._part_holds(part, terms) for part in conjuncts(formula)]
        return False if False in answers else None if None in answers else True

    def _part_holds(self, part: Boolean, terms: RationalTerms) -> bool | None:
        if isinstance(part, IsInteger):
            value = terms.exact(part.args[0])
            return None if value is None else value.denominator == 1
        try:
            return terms.decide(part)
        except BallError:
            return None


def read_inputs(statement: Statement, given: Mapping[Any, Any], loss: Loss | None = None) -> Inputs:
    """Read values and see that they are in their ranges and do not contradict the definitions.

    Raises
    ------
    InputError
        Naming the value that is wrong.
    """
    known = _inputs_of(statement, loss)
    values: dict[Symbol, Fraction] = {}
    for name, text in given.items():
        symbol = _named(str(name), known, statement)
        if symbol in values:
            raise InputError(f"{symbol} is given twice")
        values[symbol] = exact_value(text, str(name))
    inputs = Inputs(statement, values, loss)
    check_ranges(inputs)
    _check_definitions(inputs)
    return inputs


# --- names ----------------------------------------------------------------------------------


def _inputs_of(statement: Statement, loss: Loss | None) -> dict[Symbol, Basic]:
    """Return everything of a statement that may be given a value, and the term it stands for."""
    terms = [b.value for b in statement.bounds]
    terms += [d.value for d in statement.definitions] + [d.head for d in statement.definitions]
    terms += [q.symbol for q in statement.quantities if isinstance(q.symbol, Symbol)]
    terms += [shape.expr for shape in functions_of(loss).values()]
    found = {as_input(part): part for term in terms for part in _numbers_in(term)}
    return {s: part for s, part in found.items() if not s.name.startswith("_")}


def _numbers_in(term: Any) -> Iterator[Basic]:
    for part in preorder_traversal(term):
        if type(part) is Symbol or (
            isinstance(part, (AppliedUndef, *SIZES)) and sort_of(part) is Sort.REAL
        ):
            yield part


def input_named(statement: Statement, name: Any, loss: Loss | None = None) -> Symbol:
    """Return the input that a name stands for, in ASCII or as it is printed.

    Raises
    ------
    InputError
        If the statement has none of this name.
    """
    return _named(str(name), _inputs_of(statement, loss), statement)


def _named(name: str, known: Mapping[Symbol, Basic], statement: Statement) -> Symbol:
    plain = "".join(name.split())
    for symbol, term in known.items():
        if plain in ("".join(str(symbol).split()), "".join(readable(term).split())):
            return symbol
    for symbol, term in known.items():
        if symbol is term and typed(plain) == parse(symbol.name):
            return symbol
    raise InputError(_unknown(name, known, statement))


def _unknown(name: str, known: Mapping[Symbol, Basic], statement: Statement) -> str:
    for quantity in statement.quantities:
        if typed(name) == parse(quantity.name):
            kind = "a vector" if isinstance(quantity.symbol, VectorSymbol) else "no real number"
            return f"{name}: {quantity.meaning} is {kind} and takes no value"
    names = [str(s) for s in known]
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(names) or 'no symbols'}"
    return f"{statement.id} has no symbol {name[:40]!r}; {hint}"


# --- ranges ---------------------------------------------------------------------------------


def check_ranges(inputs: Inputs) -> None:
    """Refuse values outside the ranges that the statement gives.

    Raises
    ------
    InputError
        Naming the range, and the values that are not in it.
    """
    for relation in ranges_of(inputs):
        unfolded = inputs.unfold(relation)
        if not unfolded.free_symbols & set(inputs.values) or inputs.unfold.missing(unfolded):
            continue
        if unfolded.free_symbols & set(inputs.open):
            continue
        if inputs.holds(unfolded) is not True:
            given = sorted(unfolded.free_symbols, key=str)
            shown = ", ".join(f"{s} = {value_text(inputs.values[s])}" for s in given)
            raise InputError(f"{shown} is out of range: {readable(relation)}")


def ranges_of(inputs: Inputs) -> Iterator[Boolean]:
    """Yield what is assumed of single quantities, and of what the conclusions quantify over."""
    for quantity in inputs.statement.quantities:
        yield from conjuncts(quantity.range)
    for hypothesis in inputs.statement.hypotheses:
        if not isinstance(hypothesis.formula, ForAll):
            yield from (c for c in conjuncts(hypothesis.formula) if _of_one_number(c))
    known = _inputs_of(inputs.statement, inputs.loss)
    for symbol in inputs.values:
        if _is_nonnegative(known[symbol], inputs.statement):
            yield Ge(known[symbol], 0, evaluate=False)
    yield from quantified_ranges(inputs.statement)


def _is_nonnegative(term: Basic, statement: Statement) -> bool:
    """Whether a term is a size, a loss, or a misfit ψ(L), by itself or by its definition."""
    for definition in statement.definitions:
        if definition.head == term and isinstance(definition.value, AppliedUndef):
            return _is_nonnegative(definition.value, statement)
    if isinstance(term, AppliedUndef) and term.func in _SIGNED:
        return _SIGNED[term.func] <= set(statement.hypotheses)
    return isinstance(term, SIZES)


def _of_one_number(formula: Boolean) -> bool:
    numbers = formula.free_symbols
    return len(numbers) == 1 and type(*numbers) is Symbol and not functions_in(formula)


def quantified_ranges(statement: Statement) -> Iterator[Boolean]:
    """Yield what every conclusion that is for all values of a variable assumes of it alone.

    A bound may depend on such a variable, most often the time.
    """
    claims = [c for c in statement.conclusions.values() if isinstance(c, ForAll)]
    declared = {q.symbol for q in statement.quantities} | {d.symbol for d in statement.definitions}
    for variable in {v for c in claims for v in c.variables if type(v) is Symbol} - declared:
        domains = [set(_limits(c.given, variable)) for c in claims if variable in c.variables]
        yield from set.intersection(*domains)


def _limits(domain: Boolean, variable: Symbol) -> Iterator[Boolean]:
    """Yield what a domain says of one variable alone: 0 ≤ τ ≤ t says t ≥ 0."""
    for part in conjunction(conjuncts(domain)):
        if len(part) == 1:
            yield from part if part[0].free_symbols == {variable} else ()
        elif variable in part[2:] and isinstance(part[0], Number):
            strict = "<" in part[: part.index(variable)]
            yield (Gt if strict else Ge)(variable, part[0], evaluate=False)


def _check_definitions(inputs: Inputs) -> None:
    """Refuse a value of a defined symbol that the values of its parts contradict."""
    for definition in inputs.statement.definitions:
        symbol = as_input(definition.head)
        if symbol not in inputs.values:
            continue
        apart = Unfolding(inputs.statement, set(inputs.values) - {symbol}, inputs.unfold.functions)
        value = apart(definition.value)
        if apart.missing(value) or inputs.holds(Eq(symbol, value, evaluate=False)) is not False:
            continue
        raise InputError(
            f"{symbol} = {value_text(inputs.values[symbol])} contradicts its definition "
            f"{readable(definition.head)} = {readable(definition.value)} at the other values; "
            "leave it out"
        )


def assignments(symbols: Iterable[Symbol]) -> str:
    """Return ``sym=value`` for each symbol, as it would be typed."""
    return " ".join(f"{s}=..." if str(s).isidentifier() else f"'{s}=...'" for s in symbols)
