"""The sign of an elementary function on the interior of a box: the derivative ladder.

Factors of known sign are taken off; what is left is decided by its range, by real arithmetic if
it is algebraic, or by the sign of a derivative together with the limit at the face from which
the function grows. All functions here are defined and smooth on the box: the caller has shown it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

import sympy as sp
from flint import ctx

from numerics.rigorous.programs import BallError, Program
from proofs_check.engines.ball_cover import positive_on
from proofs_check.engines.ball_domain import Box, Side
from proofs_check.engines.ball_factors import (
    KINKED,
    are_ordered,
    factors_of,
    is_algebraic,
    pieces,
    positive_near,
    sampled_sign,
    smoothness_margins,
)
from proofs_check.engines.ball_limits import constant_sign, limit_at_end
from proofs_check.engines.ball_points import sign_changes
from proofs_check.engines.definedness import ask, conditions, prove
from proofs_check.engines.signs import positive
from proofs_check.verdict import Goal

_DEPTH = 8
_Method: TypeAlias = Callable[[Any, Box, int], "bool | None"]


@dataclass(frozen=True)
class Sign:
    """A proven sign: +1 or −1, and whether the value 0 is excluded."""

    value: int
    strict: bool


@dataclass
class Ladder:
    """Proves signs within a time limit, and remembers what it found.

    Parameters
    ----------
    deadline : float
        ``time.process_time()`` value after which nothing more is tried.

    Attributes
    ----------
    steps : list of str
        What was shown, for whoever wants to follow the argument.
    """

    deadline: float
    steps: list[str] = field(default_factory=list)
    _known: dict[tuple[Any, Box], Sign | None] = field(default_factory=dict)

    def sign(self, f: Any, box: Box, depth: int = 0) -> Sign | None:
        """Return the sign of f on the interior of the box, None if it was not found."""
        box = box.restrict(f.free_symbols)
        if not box.symbols:
            return _constant(f)
        if depth > _DEPTH or time.process_time() > self.deadline:
            return None
        key = (f, box)
        if key not in self._known:
            self._known[key] = None  # a proof must not lead back to its own question
            try:
                self._known[key] = self._found(self._without_abs(f, box, depth), box, depth)
            except BallError:  # a derivative has left the functions that have enclosures
                return None
            if self._known[key] is not None:
                self.steps.append(f"{f}: {self._known[key]} for {box}")
        return self._known[key]

    def _without_abs(self, f: Any, box: Box, depth: int) -> Any:
        for node in f.atoms(sp.Abs):
            inner = self.sign(node.args[0], box, depth + 1)
            if inner is not None:
                f = f.xreplace({node: inner.value * node.args[0]})
        return f

    def _smooth(self, f: Any, box: Box, depth: int) -> bool:
        """Whether f is differentiable in the interior, where it is known to be defined."""
        if f.has(*KINKED):
            return False
        return all(
            (found := self.sign(margin, box, depth + 1)) is not None and found == Sign(1, True)
            for margin in smoothness_margins(f)
        )

    def _found(self, f: Any, box: Box, depth: int) -> Sign | None:
        factors = factors_of(f)
        if len(factors) == 1 and factors[0][1] == 1:
            return self._of_factor(factors[0][0], box, depth)
        found = self._by_factors(factors, box, depth)
        # Clearing denominators can hide a logarithm in a product: then f itself is simpler.
        return self._of_factor(f, box, depth) if found is None and depth < 3 else found

    def _by_factors(self, factors: list[tuple[Any, Any]], box: Box, depth: int) -> Sign | None:
        total = Sign(1, True)
        for factor, exponent in factors:
            found = self.sign(factor, box, depth + 1)
            even = exponent.is_Integer and int(exponent) % 2 == 0
            if found is None and not even:
                return None
            nonzero = exponent < 0 or (found is not None and found.strict)
            strict = total.strict and bool(nonzero)
            value = 1 if even or found is None else found.value
            total = Sign(total.value * value, strict)
        return total

    def _of_factor(self, f: Any, box: Box, depth: int) -> Sign | None:
        if positive(f):
            return Sign(1, True)
        guess = sampled_sign(f, box)
        if guess is None:
            return Sign(1, False) if _zero_by_algebra(f) == 0 else None
        signed = f if guess > 0 else -f
        weak = None
        for method in self._methods(f, box, depth):
            found = method(signed, box, depth)
            if found:
                return Sign(guess, True)
            weak = weak if found is None else Sign(guess, False)
        return weak

    def _methods(self, f: Any, box: Box, depth: int) -> Iterator[_Method]:
        yield self._by_range
        yield self._by_arithmetic
        yield self._by_kernel
        if self._smooth(f, box, depth):
            yield self._by_derivative
            yield self._by_pieces
            yield self._by_vanishing
        yield self._by_exponentials

    def _by_kernel(self, f: Any, box: Box, depth: int) -> bool | None:
        """Take a function of e^x or tanh x alone as a function on that function's range."""
        if len(box.symbols) != 1:
            return None
        (symbol,) = box.symbols
        low, high = box.side(symbol)
        for kernel in (sp.tanh(symbol), sp.exp(symbol)):
            fresh = sp.Symbol(f"{kernel.func.__name__}_{symbol}")
            outer = f.xreplace({kernel: fresh})
            if outer.has(symbol):
                continue
            ends = [limit_at_end(kernel, symbol, side.value, side == low) for side in (low, high)]
            if None in ends:
                continue
            image = Box((fresh,), (Side(ends[0]),), (Side(ends[1]),))
            found = self.sign(outer, image, depth + 1)
            return found.strict if found is not None and found.value > 0 else None
        return None

    def _by_exponentials(self, f: Any, box: Box, depth: int) -> bool | None:
        """Try again with the hyperbolic functions written as exponentials."""
        written = f
        for head in (sp.tanh, sp.sinh, sp.cosh, sp.sech, sp.coth, sp.csch):
            written = written.replace(head, lambda u, head=head: head(u).rewrite(sp.exp))
        if written == f:
            return None
        found = self.sign(written, box, depth + 1)
        return found.strict if found is not None and found.value > 0 else None

    def _by_range(self, f: Any, box: Box, depth: int) -> bool | None:
        """Whether f > 0 (True) or f ≥ 0 (False), from its range alone."""
        with ctx.workprec(64):
            value = Program(f, box.symbols).run(list(box.ranges().values()), partial=True)
        if not value.defined or not value.lower >= 0:
            return None
        return bool(value.lower > 0)

    def _by_arithmetic(self, f: Any, box: Box, depth: int) -> bool | None:
        if not is_algebraic(f):
            return None
        limit = min(self.deadline, time.process_time() + 2)
        for relation, strict in ((sp.Gt, True), (sp.Ge, False)):
            goal = Goal(relation(f, 0, evaluate=False), box.relations())
            if ask("polynomial", goal, limit).proved:
                return strict
        return None

    def _by_derivative(self, f: Any, box: Box, depth: int) -> bool | None:
        for symbol in box.symbols:
            slope = self.sign(sp.diff(f, symbol), box, depth + 1)
            if slope is None:
                continue
            low, high = box.side(symbol)
            found = self._from_face(f, symbol, box, low if slope.value > 0 else high, depth)
            if found is not None:
                return found or slope.strict or self._never_flat(f, symbol, box)
        return None

    def _never_flat(self, f: Any, symbol: Any, box: Box) -> bool:
        """Whether a monotone f is strictly so: an analytic slope has isolated zeros, or is 0."""
        return len(box.symbols) == 1 and sampled_sign(sp.diff(f, symbol), box) is not None

    def _from_face(self, f: Any, symbol: Any, box: Box, side: Side, depth: int) -> bool | None:
        """Whether the limit at a face is > 0 (True) or ≥ 0 (False); None if neither is shown."""
        low, _ = box.side(symbol)
        limit = self._face_value(f, symbol, side, side == low, box)
        if limit is None or limit == -sp.oo:
            return None
        if limit == sp.oo:
            return True
        found = self.sign(limit, box.without(symbol), depth + 1)
        return found.strict if found is not None and found.value > 0 else None

    def _face_value(self, f: Any, symbol: Any, side: Side, is_lower: bool, box: Box) -> Any | None:
        """Return the limit of f at a face of the box, as an expression in the other symbols."""
        if not side.infinite and self._continuous_at(f, symbol, side, box):
            return f.subs(symbol, side.value)
        return limit_at_end(f, symbol, side.value, is_lower) if len(box.symbols) == 1 else None

    def _continuous_at(self, f: Any, symbol: Any, side: Side, box: Box) -> bool:
        face = box.without(symbol).relations()
        limit = min(self.deadline, time.process_time() + 1)
        for condition in conditions(f):
            if condition.has_free(symbol):
                there = [arg.subs(symbol, side.value) for arg in condition.args]
                if not prove(condition.func(*there, evaluate=False), face, limit).proved:
                    return False
        return True

    def _by_vanishing(self, f: Any, box: Box, depth: int) -> bool | None:
        """Order of vanishing at the ends of a bounded interval, balls in between."""
        if len(box.symbols) != 1 or depth > 0:
            return None
        (symbol,) = box.symbols
        low, high = box.side(symbol)
        if low.infinite or high.infinite:
            return None
        if not all(self._continuous_at(f, symbol, side, box) for side in (low, high)):
            return None
        left, right = (positive_near(f, symbol, side, box) for side in (low, high))
        if left is None or right is None:
            return None
        middle = box.between(symbol, Side(left, True), Side(right, True))
        return True if positive_on(f, middle, self.deadline) is not None else None

    def _by_pieces(self, f: Any, box: Box, depth: int) -> bool | None:
        """Cut where a derivative in one variable changes sign, and treat the pieces singly."""
        if depth > 3:
            return None
        for symbol in box.symbols:
            slope = sp.diff(f, symbol)
            if slope.free_symbols != {symbol}:
                continue
            cuts = list(islice(sign_changes(slope, box.restrict({symbol})), 12))
            if cuts and (found := self._cut(f, box, symbol, cuts, depth)) is not None:
                return found
        return None

    def _cut(
        self, f: Any, box: Box, symbol: Any, cuts: list[tuple[Any, Any]], depth: int
    ) -> bool | None:
        strict = True
        if not are_ordered(symbol, box, cuts):
            return None
        for piece in pieces(symbol, box, cuts):
            found = self._on_piece(f, piece, symbol, depth)
            if found is None:
                return None
            strict = strict and found
        return strict and self._positive_at_cuts(f, box, symbol, cuts, depth)

    def _on_piece(self, f: Any, piece: Box, symbol: Any, depth: int) -> bool | None:
        low, high = (side.value for side in piece.side(symbol))
        if low == high:
            there = self.sign(f.subs(symbol, low), piece.without(symbol), depth + 1)
            return None if there is None or there.value < 0 else there.strict
        if len(piece.symbols) == 1 and sp.oo not in (high, -low):
            limit = min(self.deadline, time.process_time() + 0.2)
            if positive_on(f, piece, limit, boxes=200) is not None:
                return True
        return self._by_derivative(f, piece, depth + 1)

    def _positive_at_cuts(
        self, f: Any, box: Box, symbol: Any, cuts: list[tuple[Any, Any]], depth: int
    ) -> bool:
        rest = box.without(symbol)
        ends = {end for cut in cuts for end in cut}
        return all(self.sign(f.subs(symbol, end), rest, depth + 1) == Sign(1, True) for end in ends)


def _constant(value: Any) -> Sign | None:
    sign = constant_sign(value)
    if sign is None:
        sign = _zero_by_algebra(value)
    return None if sign is None else Sign(sign or 1, sign != 0)


def _zero_by_algebra(value: Any) -> int | None:
    goal = Goal(sp.Eq(value, 0, evaluate=False))
    return 0 if ask("algebra", goal, time.process_time() + 1).proved else None
