"""The Bregman divergence of hidden convexity, neuron by neuron (THEORY section 3b).

In z = φ(h) the gradient flow with V fixed is a mirror flow. The divergence of its potential from
φ(h) to φ(h*) is the integral of (φ(x) − φ(h*))/φ'(x) from h* to h, as its derivative in h shows; no
primitive of 1/φ' is needed. The integrals are computed in floating point.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np

from numerics.elementwise import activation_functions
from numerics.rigorous.pieces import pieces_of
from numerics.rigorous.rounding import EPS, Array
from theory.activations import Activation

_NODES = 24
_PANELS = 4
_UNITS = 8  # of rounding that an evaluation of φ or φ' may be off by


def divergences(activation: Activation, hidden: Array, target: Array) -> tuple[Array, Array]:
    """Return each neuron's divergence from φ(hidden) to φ(target), with an estimate of its error.

    Parameters
    ----------
    activation : Activation
        φ, with φ' > 0.
    hidden, target : arrays, shape (k,)
        h and h*.

    Returns
    -------
    value, error : arrays, shape (k,)
        Infinite where the integrand overflows. The error is the difference to a rule with half as
        many panels, and the rounding of φ and of φ'.
    """
    low, high = np.minimum(hidden, target), np.maximum(hidden, target)
    ends = [low, *(np.clip(float(kink), low, high) for kink in _kinks(activation)), high]
    fine, coarse, rounding = (np.zeros_like(hidden) for _ in range(3))
    for start, end in pairwise(ends):
        part, off = _integrated(activation, start, end, target, 2 * _PANELS)
        fine, rounding = fine + part, rounding + off
        coarse = coarse + _integrated(activation, start, end, target, _PANELS)[0]
    with np.errstate(invalid="ignore"):
        error = np.abs(fine - coarse) + rounding
    return np.abs(fine), np.where(np.isfinite(fine), error, 0.0)


def _kinks(activation: Activation) -> list[Fraction]:
    """Return where φ is put together from pieces, in increasing order."""
    return [piece.low for piece in pieces_of(activation.expression) if piece.low is not None]


def _integrated(
    activation: Activation, start: Array, end: Array, target: Array, panels: int
) -> tuple[Array, Array]:
    """Integrate by Gauss and Legendre's rule on panels of equal length, with its rounding error."""
    phi, slope = activation_functions(activation)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    places = ((nodes + 1)[None, :] / 2 + np.arange(panels)[:, None]).ravel() / panels
    shares = np.tile(weights / 2, panels) / panels
    points = start[:, None] + (end - start)[:, None] * places
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        values, steepness = phi(points), 1 / slope(points)
        terms = (values - phi(target)[:, None]) * steepness
        # φ' near 0 may be a difference of numbers near 1
        errors = _UNITS * EPS * steepness * (1 + np.abs(values) + np.abs(terms))
        found = (end - start) * (terms @ shares)
        rounding = (end - start) * (errors @ shares)
    return np.where(np.isnan(found), np.inf, found), rounding
