"""The φ-functions of exponential integrators on arrays of real numbers."""

from __future__ import annotations

from math import factorial

import numpy as np

from numerics.rigorous.rounding import Array

_SMALL = 1.0
_LARGEST = 1e24  # its powers up to the last one are numbers
_TERMS = 18
_LAST = 12
_SERIES = np.array([[1 / factorial(i + j) for i in range(_TERMS)] for j in range(_LAST + 1)])


def phi_functions(z: Array, last: int) -> Array:
    """Return φ_0 … φ_last at z, stacked in front; φ_j(z) = Σ_i z^i/(i+j)!.

    The series is summed for |z| < 1; elsewhere φ_j = (e^z − Σ_{i<j} z^i/i!)/z^j, which does not
    cancel there by more than a few digits (Hochbruck & Ostermann 2010, section 2).

    Parameters
    ----------
    z : array
        Real; above 700 the result overflows to infinity.
    last : int
        The last index, between 0 and 12.
    """
    flat = z.ravel()
    small = np.abs(flat) < _SMALL
    if small.all():
        found = _summed(flat, last)
    else:
        found = _divided(flat, last)
        if small.any():
            found[:, small] = _summed(flat[small], last)
    return found.reshape(last + 1, *z.shape)


def _powers(z: Array, count: int) -> Array:
    powers = np.empty((count, z.size))
    powers[0] = 1.0
    powers[1:] = z
    return np.asarray(np.multiply.accumulate(powers, axis=0, out=powers))


def _summed(z: Array, last: int) -> Array:
    return np.asarray(_SERIES[: last + 1] @ _powers(z, _TERMS))


def _divided(z: Array, last: int) -> Array:
    with np.errstate(all="ignore"):  # small z are overwritten
        powers = _powers(np.maximum(z, -_LARGEST), last + 1)
        partial = np.empty_like(powers)
        partial[0] = 0.0
        np.multiply(powers[:-1], _SERIES[0, :last, None], out=partial[1:])
        np.add.accumulate(partial, axis=0, out=partial)
        np.subtract(np.exp(z), partial, out=partial)
        partial /= powers
    return partial
