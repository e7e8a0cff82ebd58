"""What stands for vectors, operators and functions of them: tuples, rows, and explicit maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sympy import Integer, Lambda, Symbol, Tuple
from sympy.core.function import UndefinedFunction

from proofs_check.witnesses.spaces import NoCoordinates, Spaces
from proofs_check.witnesses.spectra import Entries, Rows
from theory.formulas import substitute
from theory.terms import VectorSymbol


@dataclass(frozen=True)
class Placed:
    """The coordinates of vectors and operators, and explicit functions of coordinates.

    Parameters
    ----------
    vectors : mapping
        Vector to its coordinates.
    operators : mapping
        Operator to the rows of its matrix.
    bound : mapping
        Name of a bound vector to its dimension, where its formula does not tell.
    functions : mapping
        Function to a ``Lambda`` of all coordinates of its arguments, or of none. A vector among its
        values is a ``Tuple`` of its coordinates, an operator one of its rows. A family i ↦ … has a
        tuple of them, the last of which stands for all that follow.
    sizes : mapping
        Further dimensions, by the names of :class:`~proofs_check.witnesses.spaces.Spaces`.
    """

    vectors: Mapping[Symbol, Entries] = field(default_factory=dict)
    operators: Mapping[Symbol, Rows] = field(default_factory=dict)
    bound: Mapping[str, int] = field(default_factory=dict)
    functions: Mapping[UndefinedFunction, Any] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)

    def binding(self, variables: Sequence[Symbol], *scope: Any) -> dict[Symbol, Entries]:
        """Return names for the coordinates of bound vectors, which the scope says how many are.

        Raises
        ------
        NoCoordinates
            If it does not say how many one has.
        """
        vectors = [v for v in variables if isinstance(v, VectorSymbol)]
        if not vectors:
            return {}
        told = all(v.name in self.bound for v in vectors)
        known = self.bound if told else self.dimensions(scope)
        lost = [v for v in vectors if v.name not in known]
        if lost:
            raise NoCoordinates(f"the dimension of {lost[0]} does not show")
        return {v: _names(v, known[v.name]) for v in vectors}

    def within(self, own: Mapping[Symbol, Entries]) -> Self:
        """Return these coordinates with those of bound vectors added."""
        return replace(self, vectors={**self.vectors, **own}) if own else self

    def dimensions(self, scope: Sequence[Any]) -> dict[str, int]:
        """Return the dimensions of the spaces of a formula, by the names of what lies in them.

        Raises
        ------
        NoCoordinates
            If two that have to be equal are not.
        """
        spaces = Spaces()
        for formula in scope:
            spaces.read(formula)
        roots: dict[str, int] = {}
        for name, size in self._sizes(spaces).items():
            if roots.setdefault(spaces.find(name), size) != size:
                raise NoCoordinates(f"{name} has {size} coordinates where others do not")
        return {n: roots[spaces.find(n)] for n in spaces.names if spaces.find(n) in roots}

    def _sizes(self, spaces: Spaces) -> dict[str, int]:
        found = {**self.sizes, **{v.name: len(entries) for v, entries in self.vectors.items()}}
        for operator, rows in self.operators.items():
            found |= {f"{operator} to": len(rows), f"{operator} from": len(rows[0])}
        for function, value in self.functions.items():
            family = isinstance(value, tuple)
            member = value[0] if family else value
            arguments = spaces.arguments.get(str(function), ())[int(family) :]
            if isinstance(member.expr, Tuple):
                found |= _sizes_of(str(function), member.expr)
            unknown = [name for name in arguments if name is not None]
            if len(unknown) == 1 and member.variables:
                found[unknown[0]] = len(member.variables) - len(arguments) + 1
        return found

    def value(self, function: UndefinedFunction, places: Sequence[Entries]) -> Any:
        """Return what a known function is, given the coordinates of each of its arguments.

        Raises
        ------
        NoCoordinates
            If it is a function of other coordinates.
        """
        known = self.functions[function]
        if isinstance(known, tuple):
            known, places = _member(known, places[0]), places[1:]
        if not known.variables:  # a constant
            return known.expr
        missing = len(known.variables) - sum(map(len, places))
        for zeros in (1, missing):  # zero may be a number or a vector, and names no space
            filled = sum((p or (Integer(0),) * zeros for p in places), ())
            if len(filled) == len(known.variables):
                return substitute(known.expr, dict(zip(known.variables, filled, strict=True)))
        raise NoCoordinates(f"{function} is a function of {len(known.variables)} coordinates")


def _member(family: tuple[Lambda, ...], index: Entries) -> Lambda:
    number = index[0] if index else Integer(0)
    if not isinstance(number, Integer) or number < 1:
        raise NoCoordinates(f"member {number} of a family")
    return family[min(int(number), len(family)) - 1]


def _sizes_of(function: str, value: Tuple) -> dict[str, int]:
    """Return the dimension of a vector value, or both dimensions of a matrix."""
    if isinstance(value[0], Tuple):
        return {f"{function} to": len(value), f"{function} from": len(value[0])}
    return {f"{function} value": len(value)}


def _names(variable: Symbol, dimension: int) -> Entries:
    """Return the coordinates of a bound vector; a prime keeps them apart from everything else."""
    if dimension == 1:
        return (Symbol(variable.name),)
    return tuple(Symbol(f"{variable.name}'_{i + 1}") for i in range(dimension))
