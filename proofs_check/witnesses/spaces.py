"""The spaces that vectors and operators live in: which have to be equal, and their dimensions.

What is true of numbers may be false of vectors, and what is true of square matrices may be false
of others (σ_min(A)‖x‖ ≤ ‖Ax‖ is, where A has a kernel). So the spaces of a statement are told
apart, and each has one dimension or two of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sympy import Add, Basic, Eq, Expr, Mul, Ne
from sympy.core.function import AppliedUndef

from theory.terms import (
    Adjoint,
    Apply,
    Deriv,
    FrobeniusNorm,
    Gradient,
    Inner,
    InRange,
    Jacobian,
    Norm,
    OperatorNorm,
    OperatorSymbol,
    OperatorValued,
    SigmaMin,
    Sort,
    VectorSymbol,
    VectorValued,
    is_zero,
    sort_of,
)

DIMENSIONS = (1, 2)
MOST_ASSIGNMENTS = 8


class NoCoordinates(ValueError):
    """A formula speaks of vectors in a way that has no coordinates here."""


@dataclass
class Spaces:
    """Which spaces of a statement's vectors and operators have to be the same.

    ``arguments`` names the spaces of each function's arguments; None stands for a number.
    """

    _parents: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, tuple[str | None, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all spaces met so far."""
        return tuple(self._parents)

    def find(self, space: str) -> str:
        """Return the name that all spaces equal to this one share."""
        parent = self._parents.setdefault(space, space)
        return space if parent == space else self.find(parent)

    def unite(self, spaces: Iterable[str | None]) -> str | None:
        """Make spaces equal; None stands for that of the zero vector, which is in all."""
        known = [self.find(space) for space in spaces if space is not None]
        for space in known[1:]:
            self._parents[self.find(space)] = self.find(known[0])
        return known[0] if known else None

    def of_vector(self, term: Expr) -> str | None:
        """Return the space of a vector term, uniting those that the term makes equal."""
        if is_zero(term):
            return None
        if isinstance(term, VectorSymbol):
            return self.find(term.name)
        if isinstance(term, (Apply, Adjoint)):
            domain, codomain = self.of_operator(term.args[0])
            source, target = (domain, codomain) if isinstance(term, Apply) else (codomain, domain)
            self.unite([self.of_vector(term.args[1]), source])
            return self.find(target)
        if isinstance(term, (Add, Mul)):
            parts = [arg for arg in term.args if sort_of(arg) is Sort.VECTOR]
            return self.unite(self.of_vector(part) for part in parts)
        if isinstance(term, Deriv):
            return self.of_vector(term.args[0].expr)
        if isinstance(term, VectorValued):
            return self.find(f"{term.func} value")
        raise NoCoordinates(f"{term} is not built of vectors and operators")

    def of_operator(self, term: Expr) -> tuple[str, str]:
        """Return domain and codomain of an operator term."""
        if isinstance(term, OperatorSymbol):
            return self.find(f"{term.name} from"), self.find(f"{term.name} to")
        if isinstance(term, (Add, Mul)):
            parts = [self.of_operator(a) for a in term.args if sort_of(a) is Sort.OPERATOR]
            domain, codomain = (self.unite(ends) for ends in zip(*parts, strict=True))
            if domain is not None and codomain is not None:
                return domain, codomain
        if isinstance(term, OperatorValued):
            return self.find(f"{term.func} from"), self.find(f"{term.func} to")
        raise NoCoordinates(f"{term} is not built of operators")

    def read(self, formula: Basic) -> None:
        """Take note of what a formula or term says of the spaces."""
        if isinstance(formula, (Norm, Inner)):
            self.unite([self.of_vector(arg) for arg in formula.args])
        elif isinstance(formula, (OperatorNorm, FrobeniusNorm, SigmaMin)):
            self.of_operator(formula.args[0])
        elif isinstance(formula, InRange):
            self.unite([self.of_operator(formula.args[0])[1], self.of_vector(formula.args[1])])
        elif isinstance(formula, (Gradient, Jacobian)):
            self._differentiated(formula)
        elif isinstance(formula, (Eq, Ne)):
            self._equated(formula)
        elif isinstance(formula, (Apply, Adjoint)):
            self.of_vector(formula)
        elif isinstance(formula, AppliedUndef):
            self._applied(formula)
        for arg in formula.args:
            self.read(arg)

    def _applied(self, term: AppliedUndef) -> None:
        """Take note of which vectors a function is applied to."""
        names = [
            f"{term.func} argument {place}"
            if isinstance(a, Expr) and sort_of(a) is Sort.VECTOR else None
            for place, a in enumerate(term.args)
        ]  # fmt: skip
        known = self.arguments.get(str(term.func), (None,) * len(names))
        self.arguments[str(term.func)] = tuple(a or b for a, b in zip(names, known, strict=True))
        for name, argument in zip(names, term.args, strict=True):
            if name is not None:
                self.unite([self.of_vector(argument), name])

    def _differentiated(self, claim: Any) -> None:
        """Take note that a derivative goes between the spaces of its function."""
        function, slope = claim.args
        if not all(isinstance(v, VectorSymbol) for v in (*function.variables, *slope.variables)):
            return
        source = self.unite([self.of_vector(v) for v in (*function.variables, *slope.variables)])
        if isinstance(claim, Gradient):
            self.unite([source, self.of_vector(slope.expr)])
        else:
            ends = (source, self.of_vector(function.expr))
            for pair in zip(ends, self.of_operator(slope.expr), strict=True):
                self.unite(pair)

    def _equated(self, relation: Any) -> None:
        sorts = {sort_of(a) for a in relation.args if isinstance(a, Expr) and not is_zero(a)}
        if Sort.VECTOR in sorts:
            self.unite([self.of_vector(arg) for arg in relation.args])
        elif Sort.OPERATOR in sorts:
            ends = [self.of_operator(arg) for arg in relation.args if not is_zero(arg)]
            for side in zip(*ends, strict=True):
                self.unite(side)

    def assignments(self, names: Iterable[str]) -> Iterator[dict[str, int]]:
        """Yield dimensions for the spaces of these names, the smallest in total first."""
        roots = sorted({self.find(name) for name in names})
        choices = sorted(product(DIMENSIONS, repeat=len(roots)), key=sum)
        if len(choices) > MOST_ASSIGNMENTS:  # all equal, then one odd one out
            choices = [c for c in choices if sum(c) in (len(c), 2 * len(c), 2 * len(c) - 1)]
        for dimensions in choices[: 2 * MOST_ASSIGNMENTS]:
            yield dict(zip(roots, dimensions, strict=True))
