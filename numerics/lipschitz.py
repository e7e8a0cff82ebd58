"""Lipschitz constants of the two-layer network's Jacobian, as brackets (THEORY section 6)."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np

from numerics.activation_constants import ConstantUndecided, NotCovered, slope_bound
from numerics.elementwise import constant_bracket
from numerics.rigorous.rounding import TINY, Bracket, Enclosed, down, inflation, up
from theory.activations import Activation


def one_point_lipschitz(
    activation: Activation, columns: Enclosed, input_norm: Bracket, gain: Bracket, both: bool
) -> Bracket:
    """Return a one-point Lipschitz constant of J, or of AJ, at initialisation.

    With c = B₂‖u‖² max_i‖column i‖: c/√k for V fixed (lipschitz_w), and
    (c + √(c² + 4(gain·B₁‖u‖)²))/(2√k) for both layers (lipschitz_vw_one_point).

    Parameters
    ----------
    activation : Activation
        φ, with B₁ and B₂.
    columns : Enclosed, shape (n, k) or (m, k)
        V(0), or AV(0) for a constant of AJ.
    input_norm : Bracket
        ‖u‖.
    gain : Bracket
        1, or ‖A‖ for a constant of AJ: what multiplies the part due to the motion of V.
    both : bool
        Whether V is trained too.

    Raises
    ------
    ValueError
        If a constant of the activation is infinite, or not enclosed.
    """
    second = _constant(activation, "B2")
    c = second.times(_largest_column(columns)).times(input_norm.times(input_norm))
    root = inverse_root(columns.shape[1])
    if not both:
        return c.times(root)
    edge = _constant(activation, "B1").times(input_norm).times(gain)
    rooted = _plus(c.times(c), edge.times(edge).times(Bracket(4.0, 4.0))).root()
    return _plus(c, rooted).times(Bracket(0.5, 0.5)).times(root)


def _largest_column(columns: Enclosed) -> Bracket:
    """max_i ‖column i‖."""
    slack = inflation(columns.shape[0])
    high = float(np.sqrt(np.sum(columns.magnitude() ** 2, axis=0).max() * slack + TINY))
    low = float(np.sqrt(np.sum(columns.mignitude() ** 2, axis=0).max() / slack))
    return Bracket(down(low), up(high))


def _plus(a: Bracket, b: Bracket) -> Bracket:
    return Bracket(down(a.lower + b.lower), up(a.upper + b.upper), a.rigorous and b.rigorous)


def inverse(width: int) -> Bracket:
    """Return 1/k."""
    return Bracket(down(1 / width), up(1 / width))


def inverse_root(width: int) -> Bracket:
    """Return 1/√k."""
    value = 1 / sqrt(width)
    return Bracket(down(down(value)), up(up(value)))


@lru_cache
def slope_constant(activation: Activation, name: str) -> Bracket | None:
    """Return sup|φ'| (B1) or Lip(φ') (B2) from its closed form, or else by search.

    None if it is infinite, or not enclosed.
    """
    closed = activation.B1 if name == "B1" else activation.B2
    if closed is not None:
        return constant_bracket(closed)
    try:
        found = slope_bound(activation, name)
    except (NotCovered, ConstantUndecided):
        return None
    return Bracket(found.lower_float, found.upper_float)


def _constant(activation: Activation, name: str) -> Bracket:
    found = slope_constant(activation, name)
    if found is None:
        raise ValueError(f"{name} of the activation {activation.name} is not enclosed")
    return found
