"""A supremum that was found by search, confirmed by other code: bisection with mean values.

Beyond ±512 the claim rests on the search's own treatment of the tails; everywhere else it is
decided again here, to one part in a million, unless that takes too long.
"""

from __future__ import annotations

from typing import Any

from flint import arb, ctx

from proofs_check.rechecking.formulas import compiled
from theory.activations import X, derivative_of

_TOLERANCE = arb(10) ** -6
_NEAR, _DOUBLINGS = 64, 3
_EVALUATIONS = 4_000
_PRECISION = 96
Box = tuple[arb, arb]


def confirmed(expression: Any, bound: arb) -> bool | None:
    """Whether sup |f| over the line is the bound, to one part in a million; None if open.

    False only where a value is certainly beyond the bound.

    Parameters
    ----------
    expression : Expr
        f, in the variable of activations.
    bound : arb
        What the supremum is said to be.
    """
    with ctx.workprec(_PRECISION):
        function, slope = compiled(expression), compiled(derivative_of(expression))
        goal = bound + _TOLERANCE * abs(bound)
        boxes, reached = _boxes(), arb(0)
        for _ in range(_EVALUATIONS):
            if not boxes:
                return True if reached >= 2 * bound - goal else None
            low, high = boxes.pop()
            middle = (low + high) / 2
            at_point = abs(function({X: middle}))
            if at_point.is_finite():
                reached = arb.max(reached, at_point)
                if at_point > goal:
                    return False
            box = {X: low.union(high)}
            drift = at_point + abs(slope(box)) * (high - low) / 2
            if not (drift <= goal or abs(function(box)) <= goal):
                boxes += [(low, middle), (middle, high)]
        return None


def _boxes() -> list[Box]:
    """Return the line up to ±512: unit intervals around 0, and then each twice the last."""
    near = [(arb(i), arb(i + 1)) for i in range(-_NEAR, _NEAR)]
    ends = [arb(_NEAR) * 2**i for i in range(_DOUBLINGS)]
    far = [(a, 2 * a) for a in ends]
    return [*far, *((-b, -a) for a, b in far), *near]
