"""The gradient flow of ½‖A g(u, θ) − y‖² in reduced coordinates, and its Taylor coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from numerics.generators import TwoLayerNetwork
from numerics.lipschitz import inverse_root, slope_constant
from numerics.operators import Matrix, apply_enclosed, dense, singular_brackets
from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    add,
    down,
    exactly,
    multiply,
    norm_above,
    norm_below,
    product,
    subtract,
    up,
)
from numerics.tubes.taylor import Series
from theory.activations import X

Coefficients = tuple[list[Array], list[Array]]


@dataclass(frozen=True, eq=False)
class FlowEquation:
    """The gradient flow of ½‖A g(u, θ) − y‖² in the coordinates h and Q.

    Parameters
    ----------
    network : TwoLayerNetwork
        At its initialisation.
    operator : array or sparse array, shape (m, n)
        A.
    observation : array, shape (m,)
        y.
    operator_norm : Bracket
        ‖A‖.
    """

    network: TwoLayerNetwork
    operator: Matrix
    observation: Array
    operator_norm: Bracket

    @property
    def both(self) -> bool:
        """Whether V moves too."""
        return self.network.train == "both"

    @cached_property
    def seen(self) -> Enclosed:
        """AV(0), shape (m, k)."""
        return apply_enclosed(self.operator, exactly(self.network.output_weights))

    @cached_property
    def array(self) -> Array:
        """A as an array."""
        return dense(self.operator)

    @cached_property
    def square(self) -> Enclosed:
        """AAᵀ, shape (m, m)."""
        return product(exactly(self.array), exactly(self.array.T))

    @cached_property
    def input_norm_square_inverse(self) -> Enclosed:
        """1/‖u‖²."""
        norm = self.network.input_norm
        inverse = Bracket(down(1 / norm.upper), up(1 / norm.lower))
        return inverse.times(inverse).enclosed()

    @cached_property
    def root(self) -> Enclosed:
        """1/√k."""
        return inverse_root(self.network.width).enclosed()

    @cached_property
    def pull(self) -> Enclosed:
        """‖u‖²/√k."""
        norm = self.network.input_norm
        return norm.times(norm).times(inverse_root(self.network.width)).enclosed()

    @cached_property
    def seen_norm(self) -> float:
        """A bound of ‖AV(0)‖."""
        return singular_brackets(self.seen)[0].upper

    @cached_property
    def slope(self) -> float:
        """A bound of sup|φ'|; infinite if none is known."""
        found = slope_constant(self.network.activation, "B1")
        return inf if found is None else found.upper

    def size_above(self, hidden: Enclosed, moved: Enclosed | None) -> float:
        """Bound the norm of a change in parameter space, √(‖Δh‖²/‖u‖² + ‖AᵀΔQ‖²)."""
        first = up(norm_above(hidden) / self.network.input_norm.lower)
        if moved is None:
            return first
        second = norm_above(product(exactly(self.array.T), moved))
        return up(up(float(np.hypot(first, second))))

    def size_below(self, hidden: Enclosed, moved: Enclosed | None) -> float:
        """Bound the norm of a change in parameter space from below."""
        first = down(norm_below(hidden) / self.network.input_norm.upper)
        if moved is None:
            return first
        second = norm_below(product(exactly(self.array.T), moved))
        return down(down(float(np.hypot(first, second))))

    def start(self) -> Coefficients:
        """Return the coefficients of a curve that stays at the initialisation: those of order 0."""
        first = [np.array(self.network.hidden, dtype=np.float64)]
        moved = np.zeros((len(self.observation), self.network.width))
        return first, [moved] if self.both else []


class Expansion:
    """Taylor coefficients of residual and defect along a curve, at one time or on an interval.

    Parameters
    ----------
    equation : FlowEquation
        The flow.
    hidden, moved : list of Enclosed
        Coefficients of h, shape (k,), and of Q, shape (m, k) (empty if V is fixed).

    Attributes
    ----------
    values, residuals : lists of Enclosed
        Coefficients of φ(h) and of A g − y.
    speeds, defects : lists of pairs of Enclosed
        Coefficients of what h' and Q' are along the flow, −(‖u‖²/√k)φ'(h)(AV)ᵀr and rφ(h)ᵀ/√k,
        and of h' and Q' less these.
    """

    def __init__(
        self, equation: FlowEquation, hidden: list[Enclosed], moved: list[Enclosed]
    ) -> None:
        self._equation, self._hidden, self._moved = equation, hidden, moved
        self._series = Series(X, hidden)
        self._activation = equation.network.activation.expression
        self._slope = equation.network.activation.derivative
        self.seen: list[Enclosed] = []
        self.values: list[Enclosed] = []
        self.residuals: list[Enclosed] = []
        self.defects: list[tuple[Enclosed, Enclosed | None]] = []
        self.speeds: list[tuple[Enclosed, Enclosed | None]] = []
        self._pulled: list[Enclosed] = []

    def extend(self, continued: bool) -> None:
        """Add the coefficients of the next order.

        Parameters
        ----------
        continued : bool
            Whether to continue the curve, where it ends here, by what makes the defect small.
        """
        order = len(self.residuals)
        self.values.append(self._series.coefficient(self._activation, order))
        self.seen.append(self._seen(order))
        self.residuals.append(self._residual(order))
        hidden, moved = self._speeds(order)
        self.speeds.append((hidden, moved))
        if continued and len(self._hidden) == order + 1:
            self._hidden.append(exactly(hidden.mid / (order + 1)))
            if moved is not None:
                self._moved.append(exactly(moved.mid / (order + 1)))
        lag = _apart(self._hidden, hidden, order)
        self.defects.append((lag, None if moved is None else _apart(self._moved, moved, order)))

    def _seen(self, order: int) -> Enclosed:
        """Return a coefficient of AV = AV(0) − AAᵀQ."""
        equation = self._equation
        if not equation.both:
            return equation.seen if order == 0 else exactly(np.zeros(()))
        if order >= len(self._moved):
            return exactly(np.zeros(equation.seen.shape))
        change = product(equation.square, self._moved[order])
        lost = Enclosed(-change.mid, change.rad)
        return add(equation.seen, lost) if order == 0 else lost

    def _through(self, order: int, right: Sequence[Enclosed], turned: bool) -> Enclosed:
        """Return a coefficient of (AV)·right, or (AV)ᵀ·right."""
        reach = order + 1 if self._equation.both else 1
        terms = [
            product(self.seen[i].transposed if turned else self.seen[i], right[order - i])
            for i in range(reach)
        ]
        return total(terms)

    def _residual(self, order: int) -> Enclosed:
        output = multiply(self._through(order, self.values, False), self._equation.root)
        return subtract(output, exactly(self._equation.observation)) if order == 0 else output

    def _speeds(self, order: int) -> tuple[Enclosed, Enclosed | None]:
        """Return coefficients of what h' and Q' are along the flow."""
        equation = self._equation
        self._pulled.append(self._through(order, self.residuals, True))
        slopes = [self._series.coefficient(self._slope, i) for i in range(order + 1)]
        fall = multiply(_convolved(slopes, self._pulled, order), equation.pull)
        hidden = Enclosed(-fall.mid, fall.rad)
        if not equation.both:
            return hidden, None
        outer = [_column(r) for r in self.residuals]
        rows = [Enclosed(v.mid[None, :], v.rad[None, :]) for v in self.values]
        return hidden, multiply(_convolved(outer, rows, order), equation.root)


def _column(residual: Enclosed) -> Enclosed:
    """Return a vector as a column."""
    return Enclosed(residual.mid[:, None], residual.rad[:, None])


def _apart(path: Sequence[Enclosed], speed: Enclosed, order: int) -> Enclosed:
    """Return a coefficient of the path's derivative, less the speed."""
    if order + 1 >= len(path):
        return Enclosed(-speed.mid, speed.rad)
    return subtract(multiply(path[order + 1], exactly(float(order + 1))), speed)


def _convolved(left: Sequence[Enclosed], right: Sequence[Enclosed], order: int) -> Enclosed:
    return total([multiply(left[i], right[order - i]) for i in range(order + 1)])


def total(terms: Sequence[Enclosed]) -> Enclosed:
    """Return a sum."""
    found = terms[0]
    for term in terms[1:]:
        found = add(found, term)
    return found
