"""One piece of a computed curve near a network's gradient flow, and its defect (THEORY section 10).

For the squared loss, in reduced coordinates: the hidden values h are a polynomial in time, and
with both layers trained so is Q, with V = V(0) − AᵀQ (THEORY section 6). Whatever the polynomials
are, the defect θ̃̇ + ∇f(θ̃) is bounded over the whole piece: its Taylor coefficients at the
beginning are enclosed, and so is the next one at every time of the piece (Lagrange's remainder).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb, inf

import numpy as np
from numpy.typing import ArrayLike

from numerics.operators import singular_brackets
from numerics.rigorous.rounding import (
    EPS,
    TINY,
    Array,
    Bracket,
    Enclosed,
    add,
    all_finite,
    down,
    exactly,
    gram,
    inflation,
    multiply,
    norm_above,
    product,
    subtract,
    up,
)
from numerics.tubes.equation import Coefficients, Expansion, FlowEquation
from numerics.tubes.taylor import polynomial_at, shifted


@dataclass(frozen=True, eq=False)
class Piece:
    """A curve over one interval of time, with proved bounds.

    Parameters
    ----------
    equation : FlowEquation
        The flow that it is close to.
    hidden, moved : lists of arrays
        The polynomials' coefficients about the interval's beginning, exact floats.
    length : float
        Length of the interval.
    residuals : list of Enclosed
        Coefficients of A g − y; the last one is its remainder's, for every time of the interval.
    defect : float
        A bound of ‖θ̃̇ + ∇f(θ̃)‖ on the interval; infinite if none was found.
    spread : float
        A bound of ‖A J(θ̃)‖ on the interval.
    """

    equation: FlowEquation
    hidden: list[Array]
    moved: list[Array]
    length: float
    residuals: list[Enclosed]
    defect: float
    spread: float

    def residual(self, at: Enclosed) -> Enclosed:
        """Return A g(θ̃) − y at a time of the interval, or on a part of it."""
        return polynomial_at(self.residuals, at)

    @cached_property
    def _squares(self) -> tuple[Enclosed, Enclosed]:
        """Return the coefficients of ‖θ̃̇‖² and of ‖A g(θ̃) − y‖², as many of each."""
        speed = multiply(_inner(self.hidden[1:]), self.equation.input_norm_square_inverse)
        if self.moved:
            turned = exactly(self.equation.array.T)
            speed = add(speed, _inner([product(turned, exactly(c)) for c in self.moved[1:]]))
        count = np.arange(1.0, speed.shape[0] + 1)
        speed = multiply(speed, exactly(np.outer(count, count)))
        return _antidiagonals(speed, 1), _antidiagonals(_inner(self.residuals), 0)

    def ratio_low(self, part: Bracket, residual: float) -> float:
        """Bound ‖θ̃̇‖²/‖A g(θ̃) − y‖² from below on a part of the interval.

        Parameters
        ----------
        part : Bracket
            The part.
        residual : float
            A positive lower bound of ‖A g(θ̃) − y‖ on it.
        """
        moved = shift_matrix(part.middle, len(self._squares[0].mid))
        speed, size = (product(moved, coefficients) for coefficients in self._squares)
        near = max(float(speed.mid[0]) / float(size.mid[0]), 0.0)
        # ‖θ̃̇‖² − near·‖r̃‖² almost vanishes in the middle, and changes little on the part
        gap = subtract(speed, multiply(size, exactly(near))).magnitude()
        half = up(max(part.upper - part.middle, part.middle - part.lower))
        reach = np.cumprod(np.append(1.0, np.full(len(gap) - 1, half)))
        lost = up(float(gap @ reach) * inflation(2 * len(gap)) / down(residual**2))
        return max(down(near - up(lost)), 0.0)

    def hidden_at(self, at: ArrayLike) -> Enclosed:
        """Return h at a time after the interval's beginning."""
        return polynomial_at([exactly(c) for c in self.hidden], exactly(at))

    def moved_at(self, at: ArrayLike) -> Enclosed | None:
        """Return Q at a time after the interval's beginning; None if V is fixed."""
        if not self.moved:
            return None
        return polynomial_at([exactly(c) for c in self.moved], exactly(at))


def _inner(rows: Sequence[Array | Enclosed]) -> Enclosed:
    """Return the inner products of arrays with each other."""
    held = [row if isinstance(row, Enclosed) else exactly(row) for row in rows]
    table = Enclosed(
        np.array([row.mid.ravel() for row in held]), np.array([row.rad.ravel() for row in held])
    )
    return gram(table)


def _antidiagonals(table: Enclosed, more: int) -> Enclosed:
    """Return Σ_{i+j=l} of a square table for each l, and as many zeros as make up for ``more``."""
    size = table.shape[0]
    flipped = Enclosed(table.mid[::-1], table.rad[::-1])
    places = range(1 - size, size)
    mid = np.array([np.trace(flipped.mid, place) for place in places])
    terms = np.array([np.trace(np.abs(flipped.mid), place) for place in places])
    rad = np.array([np.trace(flipped.rad, place) for place in places])
    rad = (rad + size * EPS * terms) * inflation(size) + TINY
    zeros = np.zeros(2 * more)
    return Enclosed(np.append(mid, zeros), np.append(rad, zeros))


def shift_matrix(by: float, size: int) -> Enclosed:
    """Return what takes a polynomial's coefficients about 0 to those about a point."""
    powers = np.cumprod(np.append(1.0, np.full(size - 1, by)))
    mid = np.array(
        [[comb(i, j) * powers[i - j] if i >= j else 0.0 for i in range(size)] for j in range(size)]
    )
    return Enclosed(mid, (size + 4) * EPS * np.abs(mid) + TINY)


def expansion_at_start(equation: FlowEquation, start: Coefficients, order: int) -> Expansion:
    """Continue a curve of order 0 to the given order, by the flow's own Taylor coefficients.

    A curve that is given whole (``order`` + 1 coefficients) is only expanded.
    """
    hidden, moved = ([exactly(c) for c in part] for part in start)
    found = Expansion(equation, hidden, moved)
    for _ in range(order):
        found.extend(continued=True)
    start[0][:] = [c.mid for c in hidden]
    start[1][:] = [c.mid for c in moved]
    return found


def piece(equation: FlowEquation, curve: Coefficients, at_start: Expansion, length: float) -> Piece:
    """Bound residual and defect of a polynomial curve on an interval.

    Parameters
    ----------
    equation : FlowEquation
        The flow.
    curve : pair of lists of arrays
        Coefficients of h and Q, of orders 0 to p.
    at_start : Expansion
        The expansion of the curve at the interval's beginning, to order p − 1.
    length : float
        Length of the interval.
    """
    order = len(curve[0]) - 1
    span = Bracket(0.0, length).enclosed()
    wide = Expansion(equation, *(shifted([exactly(c) for c in part], span) for part in curve))
    for _ in range(order + 1):
        wide.extend(continued=False)
    residuals = [*at_start.residuals[:order], wide.residuals[order]]
    defects = [*at_start.defects[:order], wide.defects[order]]
    finite = all_finite(*residuals, *(part for pair in defects for part in pair if part))
    defect = _defect(equation, defects, length) if finite else inf
    return Piece(equation, curve[0], curve[1], length, residuals, defect, _spread(equation, wide))


def _defect(
    equation: FlowEquation, defects: Sequence[tuple[Enclosed, Enclosed | None]], length: float
) -> float:
    """Return a bound of the norm of Σ D_j t^j, in parameter space, for 0 ≤ t ≤ length."""
    total, power = 0.0, 1.0
    for hidden, moved in defects:
        size = equation.size_above(hidden, moved)
        total, power = up(total + up(size * power)), up(power * length)
    return total


def _spread(equation: FlowEquation, wide: Expansion) -> float:
    """Return a bound of ‖A J‖ on an interval: ‖u‖B₁‖AV‖/√k for W, ‖A‖‖φ(h)‖/√k for V."""
    root = float(equation.root.magnitude())
    seen = singular_brackets(wide.seen[0])[0].upper if equation.both else equation.seen_norm
    through_w = up(up(up(equation.network.input_norm.upper * equation.slope) * seen) * root)
    if not equation.both:
        return through_w
    through_v = up(up(equation.operator_norm.upper * norm_above(wide.values[0])) * root)
    return up(up(float(np.hypot(through_w, through_v))))
