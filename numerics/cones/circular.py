"""λ_min(A;T) on circular cones, exactly by the S-lemma (THEORY section 5, conic_circular)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from flint import arb, ctx

from numerics.conic import (
    ConicError,
    ConicValue,
    checked_operator,
    finite_array,
    on_subspace,
    quotient_above,
)
from numerics.operators import eigenvalue_brackets
from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    add,
    down,
    exactly,
    gram,
    multiply,
    norm_above,
    norm_below,
    product,
    up,
)


def on_circular(operator: Array, axis: Array, angle: float) -> ConicValue:
    """Bracket λ_min(A;T) on T = {z : ⟨z,e⟩ ≥ ‖z‖ cos α}, e the direction of ``axis``.

    For 0 < α < π/2, ‖Az‖² ≥ ν‖z‖² on T if and only if AᵀA − νI − τ(eeᵀ − cos²α I) is positive
    semidefinite for a τ ≥ 0 (S-lemma; it needs a point inside the cone, which α = 0 has not, and
    the two nappes of T, which make up another set for α ≥ π/2). A τ is found by bisection; the
    lower end is what the smallest eigenvalue certifies for it.

    Parameters
    ----------
    operator : array of shape (m, n)
        A.
    axis : array of shape (n,)
        Any multiple c e, c > 0, of the axis.
    angle : float
        α ≥ 0 in radians. From π/2 on T contains a half-space, and the value is that of Rⁿ.

    Raises
    ------
    ConicError
        If the axis is zero, or the angle is negative or not finite.
    """
    direction = finite_array(axis, "the axis", 1)
    matrix = checked_operator(operator, direction.size)
    length = norm_below(exactly(direction))
    if length <= 0 or not (0 <= angle < math.inf):
        raise ConicError("a circular cone needs an axis that is not 0 and an angle of at least 0")
    cosine = _cosine(angle)
    if angle == 0:
        return ConicValue(_ray(matrix, direction), direction)
    if cosine.upper <= 0:
        return on_subspace(matrix, np.eye(direction.size))
    if cosine.lower <= 0 or math.isinf(_safe_norm(matrix)):
        raise ConicError(f"the angle {angle} cannot be told from π/2, or the operator is too large")
    return _between_nappes(matrix, direction, cosine)


def _cosine(angle: float) -> Bracket:
    """Return cos α; negative beyond π/2, where only its sign matters."""
    with ctx.workprec(128):
        if arb(angle) >= arb.pi() / 2:
            return Bracket(-1.0, 0.0)
        value = arb(angle).cos()
        low, high = float(value.lower()), float(value.upper())
    return Bracket(down(low), min(up(high), 1.0))


def _safe_norm(matrix: Array) -> float:
    return norm_above(exactly(matrix)) ** 2


def _ray(matrix: Array, direction: Array) -> Bracket:
    image, whole = product(exactly(matrix), exactly(direction)), exactly(direction)
    lower = down(norm_below(image) / norm_above(whole))
    return Bracket(lower, up(norm_above(image) / norm_below(whole)))


def _between_nappes(matrix: Array, direction: Array, cosine: Bracket) -> ConicValue:
    e = direction / np.linalg.norm(direction)
    squares = matrix.T @ matrix
    weights, points = _multipliers(squares, e, cosine.middle)
    candidates = [_inside(z, e, direction, cosine) for z in points]
    values = [quotient_above(matrix, exactly(z)) for z in candidates]
    best = int(np.argmin(values))
    lower = max(_certified(matrix, direction, tau, cosine) for tau in {0.0, *weights})
    return ConicValue(Bracket(min(lower, values[best]), values[best]), candidates[best])


def _multipliers(squares: Array, e: Array, cosine: float) -> tuple[list[float], list[Array]]:
    """Return multipliers next to the best one, and points near the minimiser."""
    low, high = 0.0, max(float(np.trace(squares)), 1e-300)
    outside = _bottom(squares, e, low)
    if (outside @ e) ** 2 >= cosine**2:
        return [low], [outside]
    inside = _bottom(squares, e, high)
    while (inside @ e) ** 2 < cosine**2 and high < 1e300:
        high *= 4
        inside = _bottom(squares, e, high)
    for _ in range(70):
        middle = (low + high) / 2
        vector = _bottom(squares, e, middle)
        if (vector @ e) ** 2 < cosine**2:
            low, outside = middle, vector
        else:
            high, inside = middle, vector
    return [low, high], [inside, outside, *_mixed(inside, outside, e, cosine)]


def _bottom(squares: Array, e: Array, weight: float) -> Array:
    vector = np.linalg.eigh(squares - weight * np.outer(e, e))[1][:, 0]
    return np.asarray(vector if vector @ e >= 0 else -vector)


def _mixed(inside: Array, outside: Array, e: Array, cosine: float) -> list[Array]:
    """Return combinations of the two vectors that lie on the boundary of the cone.

    At the best multiplier the smallest eigenvalue may be multiple (the hard case): then neither
    vector is the minimiser, but one of their combinations is.
    """
    found = []
    for other in (outside, -outside):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            z = (1 - middle) * inside + middle * other
            if z @ e >= cosine * np.linalg.norm(z):
                low = middle
            else:
                high = middle
        found.append((1 - low) * inside + low * other)
    return found


def _inside(z: Array, e: Array, direction: Array, cosine: Bracket) -> Array:
    """Move a point towards the axis until it certainly lies in the cone."""
    step = 0.0
    while not _contains(z, direction, cosine):
        step = max(4 * step, 1e-16)
        z = z + step * float(np.linalg.norm(z) + 1e-300) * e
        if step > 1e6:
            return direction
    return z


def _contains(z: Array, direction: Array, cosine: Bracket) -> bool:
    overlap = product(exactly(z[None, :]), exactly(direction[:, None]))
    lengths = up(norm_above(exactly(z)) * norm_above(exactly(direction)))
    return float((overlap.mid - overlap.rad).item()) >= up(up(lengths) * cosine.upper)


def _certified(matrix: Array, direction: Array, weight: float, cosine: Bracket) -> float:
    """Return a lower bound of λ_min(A;T) from one multiplier τ ≥ 0 of the constraint.

    On T, ‖Az‖² ≥ ‖Az‖² − τ'(⟨z,c⟩² − ‖c‖²cos²α‖z‖²) ≥ (λ_min(AᵀA − τ'ccᵀ) + τ'‖c‖²cos²α)‖z‖² for
    the axis c as given, of any length, and τ' = τ/‖c‖².
    """
    scale = weight / norm_above(exactly(direction)) ** 2  # any number that is not negative will do
    column = exactly(direction[:, None])
    tilted = gram(exactly(matrix).transposed)
    if scale > 0:
        outer = multiply(gram(column), exactly(np.full((1, 1), scale)))
        tilted = add(tilted, Enclosed(-outer.mid, outer.rad))
    value = eigenvalue_brackets(tilted)[-1].lower
    if not math.isfinite(value):
        return 0.0
    length = sum(Fraction(entry) ** 2 for entry in direction.tolist())
    square = Fraction(value) + Fraction(scale) * length * Fraction(cosine.lower) ** 2
    return down(math.sqrt(max(down(float(square)), 0.0)))
