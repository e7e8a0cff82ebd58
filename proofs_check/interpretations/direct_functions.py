"""What unknown functions are tried as, where a model is read off a statement's symbols.

Constants, polynomials of low degree, exponentials, corners and bumps, all functions together. Where
some are functions of vectors, a loss has one degree more than its gradient, and a map one more than
its Jacobian. Their coefficients are what a search varies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, count
from typing import Any

from sympy import Add, Expr, Lambda, Symbol, Tuple, exp
from sympy.core.function import AppliedUndef, UndefinedFunction

from proofs_check.witnesses.spaces import NoCoordinates, Spaces
from theory.formulas import Formula, parts
from theory.terms import OperatorValued, Sort, VectorValued, sort_of

# With more functions than that nothing is found, and reading the hypotheses takes long: they are
# tried only as what SymPy handles with ease, and functions of vectors not at all.
MOST_FUNCTIONS = 4
MOST_COEFFICIENTS = 24
_EASY = ("constants", "affine", "exponentials")


@dataclass(frozen=True)
class Signature:
    """Between which spaces a function goes.

    Parameters
    ----------
    function : UndefinedFunction
        Which one.
    arguments : tuple of str or None
        The space of each argument; None stands for a number.
    values : tuple of str
        The space of its values; domain and codomain of an operator; nothing for numbers.
    """

    function: UndefinedFunction
    arguments: tuple[str | None, ...]
    values: tuple[str, ...]

    @property
    def real(self) -> bool:
        """Whether it is a function of numbers with numbers as values."""
        return not self.values and not any(self.arguments)

    @property
    def of_vectors(self) -> bool:
        """Whether it has a vector among its arguments."""
        return any(self.arguments)

    @property
    def ends(self) -> tuple[str, ...]:
        """The names of all its spaces."""
        return (*(space for space in self.arguments if space is not None), *self.values)


def signature(
    function: UndefinedFunction, formulas: Iterable[Formula], spaces: Spaces
) -> Signature:
    """Return between which spaces a function goes, as it is applied in some formulas.

    Raises
    ------
    NoCoordinates
        If it is applied to something else than numbers and vectors.
    """
    applied = next((a for f in formulas for p in parts(f) for a in p.atoms(AppliedUndef)
                    if a.func == function), None)  # fmt: skip
    values = _values(function)
    if applied is None:
        return Signature(function, (None,), values)
    sorts = [sort_of(argument) for argument in applied.args]
    if Sort.OPERATOR in sorts:
        raise NoCoordinates(f"{function} is a function of operators")
    names = spaces.arguments.get(str(function), (None,) * len(sorts))
    return Signature(function, names, values)


def _values(function: UndefinedFunction) -> tuple[str, ...]:
    if issubclass(function, VectorValued):
        return (f"{function} value",)
    if issubclass(function, OperatorValued):
        return f"{function} to", f"{function} from"
    return ()


# --- shapes: a term in some variables, with coefficients that it takes as it needs them ---------

Coefficients = Iterator[Symbol]
Shape = Callable[[Sequence[Symbol], Coefficients], Expr]


def _constant(variables: Sequence[Symbol], inner: Coefficients) -> Expr:
    return next(inner)


def _affine(variables: Sequence[Symbol], inner: Coefficients) -> Expr:
    return Add(next(inner), *(next(inner) * x for x in variables))


def _exponential(variables: Sequence[Symbol], inner: Coefficients) -> Expr:
    return next(inner) * exp(-Add(*(next(inner) * x for x in variables)))


def _quadratic(variables: Sequence[Symbol], inner: Coefficients) -> Expr:
    squares = (next(inner) * x * y / 2 for x, y in combinations_with_replacement(variables, 2))
    return Add(_affine(variables, inner), *squares)


def _corner(variables: Sequence[Symbol], inner: Coefficients) -> Expr:
    return Add(next(inner), *(next(inner) * abs(x) for x in variables))


def _bump(variables: Sequence[Symbol], inner: Coefficients) -> Expr:
    return Add(next(inner), next(inner) / (1 + Add(*(x**2 for x in variables))))


@dataclass(frozen=True)
class Family:
    """How functions of each kind are tried together.

    ``real`` is for functions of numbers; the others are for functions of vectors, by their values.
    """

    real: Shape
    number: Shape = _constant
    vector: Shape = _constant
    operator: Shape = _constant

    def shape(self, of: Signature) -> Shape:
        """Return the shape of a function."""
        if not of.of_vectors:
            return self.real
        return (self.number, self.vector, self.operator)[len(of.values)]


FAMILIES: Mapping[str, Family] = {
    "constants": Family(_constant),
    "affine": Family(_affine, _affine, _affine, _affine),
    "exponentials": Family(_exponential, _quadratic, _affine, _constant),
    "bumps": Family(_bump, _bump, _bump, _constant),
    "quadratic": Family(_quadratic, _quadratic, _affine, _constant),
    "quadratic maps": Family(_affine, _quadratic, _quadratic, _affine),
    "corners": Family(_corner, _corner, _corner, _constant),
}
# The same as another where no function has a vector among its arguments.
_OF_VECTORS = frozenset({"quadratic maps"})


@dataclass(frozen=True)
class Functions:
    """Explicit functions: of numbers, in ``values``, and others, in ``maps``, as coordinates."""

    label: str
    values: Mapping[UndefinedFunction, Lambda]
    maps: Mapping[UndefinedFunction, Lambda]
    coefficients: tuple[Symbol, ...]


def families(
    signatures: Sequence[Signature], sizes: Mapping[str, int], taken: Iterable[str]
) -> Iterator[Functions]:
    """Yield what the functions of a statement are tried as, all at once.

    Parameters
    ----------
    signatures : sequence of Signature
        The functions.
    sizes : mapping
        Space to its dimension.
    taken : iterable of str
        Names that coefficients must not have.
    """
    if not signatures:
        yield Functions("direct", {}, {}, ())
        return
    for label in _tried(signatures):
        found = {s: _map(s, FAMILIES[label].shape(s), sizes, taken) for s in signatures}
        inner = tuple(c for _, own in found.values() for c in own)
        if len(inner) <= MOST_COEFFICIENTS or all(s.real for s in signatures):
            values = {s.function: value for s, (value, _) in found.items() if s.real}
            maps = {s.function: value for s, (value, _) in found.items() if not s.real}
            yield Functions(label, values, maps, inner)


def _tried(signatures: Sequence[Signature]) -> Iterable[str]:
    """Return the families that are worth trying."""
    if len(signatures) > MOST_FUNCTIONS:
        return _EASY if all(s.real for s in signatures) else ()
    of_vectors = any(s.of_vectors for s in signatures)
    return [label for label in FAMILIES if of_vectors or label not in _OF_VECTORS]


def _map(
    of: Signature, shape: Shape, sizes: Mapping[str, int], taken: Iterable[str]
) -> tuple[Lambda, list[Symbol]]:
    """Return a function of all coordinates of its arguments, and its coefficients."""
    variables = _variables(of, sizes)
    used: list[Symbol] = []
    inner = _coefficients(str(of.function), set(taken), used)
    shown = [sizes[space] for space in of.values]
    if not shown:
        value: Any = shape(variables, inner)
    elif len(shown) == 1:
        value = Tuple(*(shape(variables, inner) for _ in range(shown[0])))
    else:
        rows, columns = shown
        row = [[shape(variables, inner) for _ in range(columns)] for _ in range(rows)]
        value = Tuple(*(Tuple(*entries) for entries in row))
    return Lambda(variables, value), used


def _variables(of: Signature, sizes: Mapping[str, int]) -> tuple[Symbol, ...]:
    """Return names for the coordinates of a function's arguments; no statement's begin so."""
    length = sum(1 if space is None else sizes[space] for space in of.arguments)
    stem = "_v" if of.of_vectors else "_t"
    if length == 1:
        return (Symbol(stem),)
    return tuple(Symbol(f"{stem}_{i + 1}") for i in range(length))


def _coefficients(stem: str, taken: set[str], used: list[Symbol]) -> Coefficients:
    """Yield fresh symbols, and keep those that were asked for."""
    for number in count():
        name = f"{stem}_{number}"
        while name in taken:
            name += "'"
        used.append(Symbol(name))
        yield used[-1]


def written(
    function: UndefinedFunction, value: Lambda, point: Mapping[Symbol, Any]
) -> tuple[str, str]:
    """Return a function with its arguments, and its value at given coefficients, as text."""
    plain = [Symbol(v.name.removeprefix("_")) for v in value.variables]
    body = value.expr.subs(point).subs(dict(zip(value.variables, plain, strict=True)))
    return f"{function}({', '.join(map(str, plain))})", _rows(body)


def _rows(value: Any) -> str:
    if not isinstance(value, Tuple):
        return str(value)
    inside = [_rows(entry) for entry in value]
    if isinstance(value[0], Tuple):
        flat = [text.strip("()") for text in inside]
        return flat[0] if len(flat) == 1 == len(value[0]) else f"[{'; '.join(flat)}]"
    return inside[0] if len(inside) == 1 else f"({', '.join(inside)})"
