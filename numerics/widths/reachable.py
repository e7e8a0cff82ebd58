"""Which observations a hidden layer can reach: those y = k^{−1/2} A V z with z in φ(R)^k.

For V fixed, φ' > 0 and a convex loss the gradient flow is globally optimal (THEORY section 3b), so
its loss tends to zero if and only if y lies in the closure of this zonotope. A point z inside the
box proves that it does; a direction in which y lies beyond the zonotope proves that it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from numerics.operators import Matrix, dense, eigenvalue_brackets
from numerics.rigorous.balls import rational_bounds
from numerics.rigorous.pieces import pieces_of
from numerics.rigorous.rounding import (
    EPS,
    TINY,
    Array,
    Enclosed,
    down,
    exactly,
    gram,
    inflation,
    norm_above,
    product,
    subtract,
    up,
)
from numerics.rigorous.tails import tail_range
from theory.activations import Activation, X
from theory.cases import CasesUndecided

_FAR = Fraction(10**4)  # φ([−10⁴, 10⁴]) is nearly all of φ(R) where φ is bounded


@dataclass(frozen=True)
class Box:
    """What an increasing φ takes for values: all of the inner interval, none beyond the outer one.

    Parameters
    ----------
    low, high : float
        Every value between is taken.
    least, most : float
        No value is below or above; infinite where φ is unbounded, or not known to be bounded.
    """

    low: float
    high: float
    least: float
    most: float

    @property
    def centre(self) -> float:
        """The middle of the inner interval."""
        return (self.low + self.high) / 2


@lru_cache(maxsize=64)
def values_of(activation: Activation) -> Box | None:
    """Return the interval of values of φ; None if φ' > 0 is not known or nothing is enclosed."""
    if not activation.increasing:
        return None
    try:
        pieces = pieces_of(activation.expression)
    except CasesUndecided:
        return None
    first, last = pieces[0], pieces[-1]
    if any(end is not None and abs(end) > _FAR for end in (first.high, last.low)):
        return None
    above = tail_range(last.expression, _FAR)
    below = tail_range(first.expression.xreplace({X: -X}), _FAR)
    if not (above.defined and below.defined):
        return None
    high, most = _end(above.lower, False), _end(above.upper, True)
    least, low = _end(below.lower, False), _end(below.upper, True)
    return Box(low, high, least, most) if -np.inf < low < high < np.inf else None


def _end(end: object, upwards: bool) -> float:
    """Return a float on the far side of an end."""
    nearest = float(end)  # type: ignore[arg-type]
    if not np.isfinite(nearest):
        return np.inf if upwards else -np.inf
    low, high = rational_bounds(end)
    found = float(high if upwards else low)
    return up(found) if upwards else down(found)


def reachable(
    activation: Activation, weights: Array, operator: Matrix, observation: Array
) -> bool | None:
    """Whether y certainly lies inside, or certainly off the closure of, A V φ(R)^k/√k.

    Parameters
    ----------
    activation : Activation
        φ.
    weights : array, shape (n, k)
        V.
    operator : matrix, shape (m, n)
        A.
    observation : array, shape (m,)
        y.

    Returns
    -------
    bool or None
        None where floating point cannot tell, or φ' > 0 is not known.
    """
    box = values_of(activation)
    if box is None:
        return None
    image = product(exactly(dense(operator)), exactly(weights))
    scaled = np.sqrt(weights.shape[1]) * observation
    target = Enclosed(scaled, np.abs(scaled) * (2 * EPS) + TINY)
    missing = scaled - box.centre * image.mid.sum(axis=1)
    least = np.linalg.lstsq(image.mid, missing, rcond=None)[0]
    if _inside(box.centre + least, box, image, target):
        return True
    if _beyond(missing - image.mid @ least, box, image, target):  # y is not even in ran AV
        return False
    point, direction = _extreme(image.mid, scaled, box)
    if point is not None and _inside(point, box, image, target):
        return True
    return False if direction is not None and _beyond(direction, box, image, target) else None


def _inside(point: Array, box: Box, image: Enclosed, target: Enclosed) -> bool:
    """Whether a point of the box near ``point`` certainly has the target for its image.

    The least correction d with (AV)d = target − (AV)z has ‖d‖_∞ ≤ ‖d‖ ≤ ‖target − (AV)z‖/σ_min.
    """
    room = min(float(np.min(point)) - box.low, box.high - float(np.max(point)))
    if not room > 0:
        return False
    gap = norm_above(subtract(target, product(image, exactly(point))))
    smallest = min(eigenvalue_brackets(gram(image)), key=lambda b: b.lower).root().lower
    return smallest > 0 and up(gap / smallest) < down(room)


def _extreme(image: Array, target: Array, box: Box) -> tuple[Array | None, Array | None]:
    """Return the preimage that is deepest in the box, and the direction that limits it."""
    rows, width = image.shape
    ones = sparse.csr_array(np.ones((width, 1)))
    sides = sparse.vstack([
        sparse.hstack([-sparse.eye_array(width), ones]),
        sparse.hstack([sparse.eye_array(width), ones]),
    ])  # fmt: skip
    ends = np.concatenate([np.full(width, -box.low), np.full(width, box.high)])
    equal = sparse.hstack([sparse.csr_array(image), sparse.csr_array((rows, 1))])
    cost = np.zeros(width + 1)
    cost[-1] = -1
    found = linprog(cost, sides.tocsr(), ends, equal.tocsr(), target, bounds=(None, None))
    if not found.success:
        return None, None
    return found.x[:-1], np.asarray(found.eqlin.marginals)


def _beyond(direction: Array, box: Box, image: Enclosed, target: Enclosed) -> bool:
    """Whether ⟨b, target⟩ certainly exceeds sup{⟨b, (AV)z⟩ : z in the closed box}, b or −b."""
    return any(_separates(b, box, image, target) for b in (direction, -direction))


def _separates(b: Array, box: Box, image: Enclosed, target: Enclosed) -> bool:
    if not (np.isfinite(box.least) and np.isfinite(box.most)):
        return False
    along = product(exactly(b[None, :]), image)
    size, farthest = np.abs(along.mid), max(abs(box.least), abs(box.most))
    rounding = (2 * size.size + 8) * EPS * size
    slack = farthest * float(np.sum(along.rad + rounding)) * inflation(size.size)
    most = float(np.sum(np.maximum(along.mid * box.least, along.mid * box.most)))
    value = product(exactly(b[None, :]), Enclosed(target.mid[:, None], target.rad[:, None]))
    return bool(down(float(value.mid[0, 0] - value.rad[0, 0])) > up(up(most + slack)))
