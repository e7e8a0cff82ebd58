"""A point of ran A at which ∇L is not in ran A: it refutes H_range of THEORY section 1.

∇L(v) ∈ ran A for every v ∈ ran A is free when A has full row rank. A loss whose ∇L(v) is not
v − y can break it even for y ∈ ran A; then a point A x is shown with ∇L(A x) certainly off ran A.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from flint import arb, ctx

from numerics.operators import apply_enclosed, dense
from numerics.problems import Problem
from numerics.rigorous import ranges
from numerics.rigorous.balls import rational_ball
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    down,
    exactly,
    norm_above,
    norm_below,
    subtract,
    up,
)
from theory.losses import D, Loss, S

LARGEST_SIDE = 400
_PRECISION = 96
_SCALES = (1.0, 100.0)
_UNITS = 3


def candidates(inputs: int) -> Iterator[Array]:
    """Yield the points x at which ∇L(A x) is looked at: along (1, …, 1) and some unit vectors."""
    for scale in _SCALES:
        yield np.full(inputs, scale)
        yield from scale * np.eye(inputs)[:_UNITS]


def range_escape(problem: Problem, sigma: Bracket) -> Array | None:
    """Return an x for which ∇L(A x) is certainly not in the range of A, or None.

    Parameters
    ----------
    problem : Problem
        A, y and L.
    sigma : Bracket
        The smallest non-zero singular value of A.
    """
    if not (sigma.rigorous and sigma.lower > 0) or max(problem.operator.shape) > LARGEST_SIDE:
        return None
    for point in candidates(problem.outputs):
        image = apply_enclosed(problem.operator, exactly(point))
        gradient = _gradient(problem.loss, subtract(image, exactly(problem.observation)))
        if gradient is not None and _off_range(problem, gradient, sigma):
            return point
    return None


def _off_range(problem: Problem, vector: Enclosed, sigma: Bracket) -> bool:
    """Whether an enclosed vector is off ran A: its residual r is longer than ‖Aᵀr‖/σ_A."""
    nearest = np.linalg.lstsq(dense(problem.operator), vector.mid, rcond=None)[0]
    residual = subtract(vector, apply_enclosed(problem.operator, exactly(nearest)))
    pulled = norm_above(apply_enclosed(problem.operator.T, residual))
    return norm_below(residual) > up(pulled / sigma.lower)


def _gradient(loss: Loss, residual: Enclosed) -> Enclosed | None:
    """Return ∇L from a residual, entry by entry; None where it is not enclosed."""
    slope = Program(loss.rho_derivative, (S, D) if loss.data else (S,))
    lows, highs = residual.mid - residual.rad, residual.mid + residual.rad
    found = []
    with ctx.workprec(_PRECISION):
        for k, (low, high) in enumerate(zip(lows, highs, strict=True)):
            entry = Range(arb(down(low)), arb(up(high)))
            value = _term(slope, entry, loss.data[k]) if loss.data else _odd(slope, entry)
            if not value.defined or not value.bounded:
                return None
            found.append((down(float(value.lower)), up(float(value.upper))))
    low, high = np.array(found).T
    middle = (low + high) / 2
    return Enclosed(middle, np.nextafter(np.maximum(high - middle, middle - low), np.inf))


def _term(slope: Program, entry: Range, datum: Fraction) -> Range:
    """Return the slope of a Poisson term, undefined unless v = y + r > 0 for certain."""
    y = ranges.enclose(rational_ball(datum))
    value: Range = slope.run([entry, y]) if entry.lower > -y.lower else ranges.UNDEFINED
    return value


def _odd(slope: Program, entry: Range) -> Range:
    """Return the range of ρ' on an interval, from its values for positive arguments."""
    value: Range = slope.run([ranges.absolute(entry)])
    if not value.defined or entry.lower >= 0:
        return value
    return ranges.negate(value) if entry.upper <= 0 else ranges.hull(value, ranges.negate(value))
