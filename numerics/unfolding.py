"""A statement's terms written in what has values: definitions put in, ψ and Ψ those of a loss.

Nothing here knows a formula of the theory. What cannot be unfolded, such as ``L(y(0))`` or ``‖A‖``,
stays a term that may be given a value as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Basic, Integer, Lambda, Max, Min, Mul, Number, Piecewise, Pow, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.numbers import NumberSymbol
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean

from numerics.rigorous.programs import has_range
from theory.formulas import rebuild, substitute
from theory.losses import Loss, M, S
from theory.settings import flow as setting
from theory.statement import Statement
from theory.terms import IsInteger, Predicate, function_of

_KEPT = (Add, Mul, Pow, Max, Min, Piecewise, ExprCondPair, Number, NumberSymbol)


def functions_of(loss: Loss | None, measurements: int | None = None) -> dict[Any, Lambda]:
    """Return what ψ, ψ' and Ψ stand for with a loss; the number m is put in where it is given."""
    if loss is None:
        return {}
    shapes = {
        setting.psi: loss.desingularizer,
        setting.psi_1: loss.slope,
        setting.Psi: loss.primitive,
    }
    at = {} if measurements is None else {M: Integer(measurements)}
    return {f: function_of(S, e.xreplace(at)) for f, e in shapes.items() if e is not None}


def as_input(term: Basic) -> Symbol:
    """Return the symbol that stands for a term's value: a real symbol stands for its own."""
    return term if type(term) is Symbol else Symbol(str(term))


@dataclass
class Unfolding:
    """Writes terms of a statement in the symbols that are given values, and in what they lack.

    Parameters
    ----------
    statement : Statement
        Whose definitions are put in.
    given : iterable of Symbol
        What has a value, see ``as_input``; a definition of it is not put in.
    functions : mapping
        Undefined functions to ``Lambda``, see ``functions_of``.

    Attributes
    ----------
    terms : dict
        Each input that was met, and the term whose value it is.
    """

    statement: Statement
    given: Iterable[Symbol]
    functions: Mapping[Any, Lambda] = field(default_factory=dict)
    terms: dict[Symbol, Basic] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.given = frozenset(self.given)
        self._definitions = {d.symbol: d for d in self.statement.definitions}

    def __call__(self, term: Any) -> Any:
        """Return an expression or quantifier-free formula in inputs only."""
        symbol = as_input(term)
        if symbol in self.given:
            return self._input(term)
        if isinstance(term, AppliedUndef) and term.func in self.functions:
            return self(substitute(term, {term.func: self.functions[term.func]}))
        unfolded = self._definition(term)
        if unfolded is not None:
            return unfolded
        if not _is_kept(term):
            return self._input(term)
        return rebuild(term, [self(arg) for arg in term.args]) if term.args else term

    def missing(self, term: Any) -> tuple[Symbol, ...]:
        """Return the inputs of an unfolded term that have no value, by name."""
        return tuple(sorted(term.free_symbols - set(self.given), key=str))

    def _input(self, term: Basic) -> Symbol:
        symbol = as_input(term)
        self.terms[symbol] = term
        return symbol

    def _definition(self, term: Basic) -> Any:
        """Return what a defined term stands for, None where its own parts have no numbers."""
        definition = self._definitions.get(getattr(term, "func", None)) or self._definitions.get(
            term
        )
        if definition is None:
            return None
        value = definition.value
        if isinstance(term, AppliedUndef):
            value = substitute(value, dict(zip(definition.head.args, term.args, strict=True)))
        made = self(value)
        opaque = any(type(self.terms[s]) is not Symbol for s in self.missing(made))
        return None if opaque else made


def _is_kept(term: Basic) -> bool:
    if isinstance(term, Boolean):  # which SymPy takes symbols for
        return isinstance(term, IsInteger) or not isinstance(term, (Predicate, Symbol))
    return isinstance(term, _KEPT) or has_range(term)
