"""Instances of statements in coordinates: vectors are tuples, operators matrices.

A statement about vectors says more than one about numbers, and an instance of it should have more
than one dimension. What an instance makes of a statement's hypotheses is for engines to decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sympy import Add, Basic, Expr, Float, Integer, Lambda, Symbol, Tuple

NORMAL: Literal["normal"] = "normal"
SIGN: Literal["sign"] = "sign"
Coordinate: TypeAlias = Literal["normal", "sign"]
"""The law of a coordinate of the sample point: standard normal, or 1 and −1 with equal chances."""


@dataclass(frozen=True)
class Instance:
    """Exact values for all symbols and functions of a statement.

    Parameters
    ----------
    name : str
        What the instance is.
    values : mapping
        A real symbol is given a number, a vector the tuple of its coordinates, an operator the
        tuple of its rows, and a function a ``Lambda`` (see ``mapping``) of all coordinates of its
        arguments, or ``by_index`` of such. Definitions are written out unless they are given too,
        and then have to agree.
    sample : tuple of {"normal", "sign"}
        The laws of the coordinates of the sample point, which are independent.
    """

    name: str
    values: Mapping[Any, Any]
    sample: tuple[Coordinate, ...] = ()


def mapping(variables: Symbol | Sequence[Symbol], value: Any) -> Lambda:
    """Return the function of these coordinates; a tuple is a vector, one of tuples a matrix.

    Without coordinates it is constant, whatever its arguments.
    """
    places = (variables,) if isinstance(variables, Symbol) else tuple(variables)
    return Lambda(places, exact(value))


def by_index(*members: Any) -> tuple[Any, ...]:
    """Return the function of an integer i = 1, 2, … and more, from its value for each i.

    Beyond the last, all members of the family are the last. A member is a ``Lambda`` of the
    coordinates of the other arguments, or a constant.
    """
    return tuple(m if isinstance(m, Lambda) else mapping((), m) for m in members)


def exact(value: Any) -> Any:
    """Return numbers as SymPy's, and tuples of them as vectors and matrices.

    Raises
    ------
    TypeError
        If one is neither an integer nor an exact term.
    """
    if isinstance(value, Tuple) or not isinstance(value, (tuple, list)):
        if isinstance(value, int):
            return Integer(value)
        if isinstance(value, Basic) and not value.atoms(Float):
            return value
        raise TypeError(f"{value!r} is no exact number; write an int or a Rational")
    return Tuple(*map(exact, value))


def coordinates(name: str, count: int) -> tuple[Symbol, ...]:
    """Return the names of a vector's coordinates."""
    return tuple(Symbol(f"{name}_{i + 1}") for i in range(count))


def dot(left: Sequence[Any], right: Sequence[Any]) -> Expr:
    """Return the inner product of coordinates."""
    return Add(*(a * b for a, b in zip(left, right, strict=True)))


def times(rows: Sequence[Sequence[Any]], vector: Sequence[Any]) -> tuple[Expr, ...]:
    """Return a matrix times a vector, in coordinates."""
    return tuple(dot(row, vector) for row in rows)


def transposed(rows: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    """Return the rows of the adjoint."""
    return tuple(zip(*rows, strict=True))
