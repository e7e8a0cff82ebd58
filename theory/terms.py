"""The vocabulary of a statement: real and vector terms as SymPy expressions.

Three sorts of term occur: real numbers, vectors (of any finite dimension) and linear operators.
A term's sort is read off its head, so that engines can keep vectors opaque where they must.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from sympy import Add, Basic, Expr, Function, Integer, Lambda, Mul, Number, Pow, Symbol
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.logic.boolalg import Boolean


class Sort(Enum):
    """What kind of object a term denotes."""

    REAL = "real"
    VECTOR = "vector"
    OPERATOR = "operator"


class VectorSymbol(Symbol):
    """A constant vector of unnamed finite dimension."""


class OperatorSymbol(Symbol):
    """A constant linear operator between finite-dimensional spaces."""


class VectorValued(AppliedUndef):
    """An undefined function applied, whose value is a vector."""

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Tell ``p`` from a real-valued function of the same name, which SymPy takes for equal."""
        return _sorted_key(super().class_key(), Sort.VECTOR)


class OperatorValued(AppliedUndef):
    """An undefined function applied, whose value is a linear operator."""

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Tell ``J`` from a real-valued function of the same name, which SymPy takes for equal."""
        return _sorted_key(super().class_key(), Sort.OPERATOR)


def _sorted_key(key: tuple[int, int, str], sort: Sort) -> tuple[int, int, str]:
    return key[0], key[1], f"{key[2]} {sort.value}"


def real(names: str) -> Any:
    """Return real symbols, without any sign assumption: ranges are premises with names."""
    symbols = [Symbol(name) for name in names.replace(",", " ").split()]
    return symbols[0] if len(symbols) == 1 else tuple(symbols)


def vector(name: str) -> VectorSymbol:
    """Return a constant vector."""
    return VectorSymbol(name)


def operator(name: str) -> OperatorSymbol:
    """Return a constant linear operator."""
    return OperatorSymbol(name)


def real_function(name: str) -> UndefinedFunction:
    """Return an undefined real-valued function."""
    return _keyed(Function(name))


def vector_function(name: str) -> UndefinedFunction:
    """Return an undefined vector-valued function."""
    return _keyed(UndefinedFunction(name, bases=(VectorValued,)))


def operator_function(name: str) -> UndefinedFunction:
    """Return an undefined operator-valued function."""
    return _keyed(UndefinedFunction(name, bases=(OperatorValued,)))


def _keyed(function: UndefinedFunction) -> UndefinedFunction:
    """Return the function with its key kept: SymPy works it out anew for every hash."""
    key = function.class_key()
    function.class_key = staticmethod(lambda: key)
    return function


class Norm(Function):
    """Euclidean norm of a vector."""

    nargs = 1

    @classmethod
    def eval(cls, argument: Expr) -> Expr | None:
        """Write ‖−x‖ as ‖x‖, so that ‖a−b‖ and ‖b−a‖ are one term, and ‖0‖ as 0."""
        if is_zero(argument):
            return argument
        if argument.could_extract_minus_sign():
            return cls(-argument)
        return None


class Inner(Function):
    """Inner product of two vectors; symmetric."""

    nargs = 2

    @classmethod
    def eval(cls, left: Expr, right: Expr) -> Expr | None:
        """Order the two arguments, so that ⟨a,b⟩ and ⟨b,a⟩ are one term."""
        if right.sort_key() < left.sort_key():
            return cls(right, left)
        return None


class Apply(Function):
    """A linear operator applied to a vector, M x."""

    nargs = 2


class Adjoint(Function):
    """The adjoint of a linear operator applied to a vector, Mᵀ z."""

    nargs = 2


class OperatorNorm(Function):
    """Operator norm of a linear operator."""

    nargs = 1

    @classmethod
    def eval(cls, argument: Expr) -> Expr | None:
        """Write ‖−M‖ as ‖M‖, and ‖0‖ as 0."""
        if is_zero(argument):
            return argument
        if argument.could_extract_minus_sign():
            return cls(-argument)
        return None


class FrobeniusNorm(Function):
    """Frobenius norm of a linear operator."""

    nargs = 1


class SigmaMin(Function):
    """σ_min(M) = inf{‖Mᵀz‖ : ‖z‖ = 1} (THEORY, notation)."""

    nargs = 1


class Deriv(Function):
    """Derivative of a function of one real variable at a point.

    A function is read on the interval on which it is described: at an end of it, such as the start
    of time, the derivative is the one from inside.

    ``Eq(Deriv(Lambda(x, f(x)), p), r)`` says that f *has* a derivative at p and that it is r.
    """

    nargs = 2
    is_commutative = True  # a number; SymPy cannot say so of the function x ↦ x


class Predicate(Boolean):
    """A named property of terms, which only hypotheses, facts and steps can establish."""

    def __new__(cls, *args: Any) -> Predicate:
        """Build the property of these terms; Python integers become exact numbers."""
        exact = (Integer(arg) if isinstance(arg, int) else arg for arg in args)
        made: Predicate = Basic.__new__(cls, *exact)
        return made

    def _sympystr(self, printer: Any) -> str:
        arguments = ", ".join(printer._print(arg) for arg in self.args)
        return f"{type(self).__name__}({arguments})"

    _sympyrepr = _sympystr


class InRange(Predicate):
    """The vector (second argument) lies in the range of the operator (first)."""


class Continuous(Predicate):
    """The function (first argument, a Lambda) is continuous on [second, third]; third may be ∞."""


class Gradient(Predicate):
    """The first function (a Lambda on vectors) is C¹ and the second is its gradient."""


class Jacobian(Predicate):
    """The first function (vectors to vectors) is C¹ and the second is its Jacobian."""


class ConvergesTo(Predicate):
    """The first argument (a Lambda of time) tends to the second as time tends to infinity."""


class IsInteger(Predicate):
    """The number is an integer. A claim by induction holds at integers only, and must say so."""


def bound_variable(body: Basic) -> Symbol:
    """Return a variable to bind in ``body``: one level above inner binders, and not free there."""
    depth = 1 + max((_depth(inner) for inner in body.atoms(Lambda)), default=0)
    taken = {symbol.name for symbol in body.free_symbols}
    while f"_{depth}" in taken:
        depth += 1
    return Symbol(f"_{depth}")


def _depth(function: Lambda) -> int:
    return max((int(v.name[1:]) for v in function.variables if v.name[1:].isdigit()), default=0)


def function_of(variable: Symbol, body: Expr) -> Lambda:
    """Return ``variable ↦ body`` with a canonical bound variable, so that equal maps are equal."""
    bound = bound_variable(body)
    if isinstance(variable, VectorSymbol):
        bound = VectorSymbol(bound.name)
    from theory.formulas import substitute  # terms and substitution are mutually recursive

    return Lambda(bound, substitute(body, {variable: bound}))


def derivative(body: Expr, variable: Symbol, at: Expr | None = None) -> Deriv:
    """Return d(body)/d(variable), at ``variable`` itself or at another point."""
    return Deriv(function_of(variable, body), variable if at is None else at)


_VECTOR_HEADS = (VectorSymbol, VectorValued, Apply, Adjoint)
_OPERATOR_HEADS = (OperatorSymbol, OperatorValued)


def sort_of(term: Basic) -> Sort:
    """Return the sort of a term, read off its head.

    Raises
    ------
    TypeError
        If a sum mixes sorts, or a product or power multiplies vectors or operators.
    """
    if isinstance(term, _VECTOR_HEADS):
        return Sort.VECTOR
    if isinstance(term, _OPERATOR_HEADS):
        return Sort.OPERATOR
    if isinstance(term, Deriv) and isinstance(term.args[0], Lambda):
        return sort_of(term.args[0].expr)
    if isinstance(term, Add):
        return _common_sort(term)
    if isinstance(term, Mul):
        return _product_sort(term)
    if isinstance(term, Pow) and sort_of(term.base) is not Sort.REAL:
        raise TypeError(f"{term} raises a {sort_of(term.base).value} to a power")
    return Sort.REAL


def _common_sort(term: Add) -> Sort:
    sorts = {sort_of(arg) for arg in term.args}
    if len(sorts) != 1:
        raise TypeError(f"{term} adds terms of different sorts; use ‖·‖ or ⟨·,·⟩ to make them real")
    return sorts.pop()


def _product_sort(term: Mul) -> Sort:
    others = [s for s in map(sort_of, term.args) if s is not Sort.REAL]
    if len(others) > 1:
        raise TypeError(f"{term} multiplies vectors or operators; use Inner, Apply or Adjoint")
    return others[0] if others else Sort.REAL


def is_zero(term: Basic) -> bool:
    """Whether the term is the number 0 (which also stands for the zero vector)."""
    return isinstance(term, Number) and bool(term.is_zero)
