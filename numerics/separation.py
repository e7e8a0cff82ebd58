"""Activations whose flow separates: F' = 1/φ' in closed form, and its inverse (THEORY section 6).

With V fixed, h_i(t) = F⁻¹(F(h_i(0)) − (‖u‖²/√k)(AV)_iᵀ s(t)): a neuron is a function of one
number, its *place* F(h). An entry of ``PLACES`` is data: F on arrays, in a form that does not
cancel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from numerics.elementwise import activation_functions
from numerics.rounding import Array
from theory.activations import Activation

Function = Callable[[Array], Array]

_NEWTON_STEPS = 80
_NEAR = 3e-9  # the error of Newton's method is squared: here, below rounding
_SHORT = 0.3  # moves of h for which a Taylor expansion is a good start
_CLOSE = 3e-5  # steps whose fourth power is rounding
_TINY = 1e-6  # steps whose third power is rounding


class PlaceError(ArithmeticError):
    """F⁻¹ was not found: the place asked for is too far from the last one."""


@dataclass(frozen=True, eq=False)
class Neurons:
    """Hidden values with what is known at them, all of one shape.

    Parameters
    ----------
    hidden, place, value, slope : arrays
        h, F(h), φ(h), φ'(h).
    """

    hidden: Array
    place: Array
    value: Array
    slope: Array

    def kept(self, which: NDArray[np.bool_]) -> Neurons:
        """Return the rows selected by a mask."""
        return Neurons(self.hidden[which], self.place[which], self.value[which], self.slope[which])


@dataclass(frozen=True)
class Separation:
    """An activation with φ' > 0 and F, a primitive of 1/φ'."""

    primitive: Function
    value: Function
    slope: Function

    def at(self, hidden: Array) -> Neurons:
        """Return the neurons with these hidden values.

        Raises
        ------
        PlaceError
            If F overflows there.
        """
        with np.errstate(over="ignore", divide="ignore"):
            place, slope = self.primitive(hidden), self.slope(hidden)
        if not np.isfinite(place).all():
            raise PlaceError("a hidden value is too large for its place to be a number")
        return Neurons(hidden, place, self.value(hidden), slope)

    def moved(self, old: Neurons, place: Array) -> Neurons:
        """Return the neurons at new places, by Newton's method from old ones.

        Raises
        ------
        PlaceError
            If it does not converge.
        """
        # 1/φ' may grow exponentially: from its flat side a full step would overshoot
        first = np.clip(old.slope * (place - old.place), -1.0, 1.0)
        hidden = self._solved(old.hidden + first, place)
        return Neurons(hidden, place, self.value(hidden), self.slope(hidden))

    def _solved(self, hidden: Array, place: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for _ in range(_NEWTON_STEPS):
                change = self.slope(hidden) * (place - self.primitive(hidden))
                largest = float(np.max(np.abs(change), initial=0.0))
                if not np.isfinite(largest):
                    break
                hidden = hidden + np.clip(change, -1.0, 1.0)
                if largest < _NEAR:
                    return hidden
        raise PlaceError("no hidden value was found at this place: the step is too long")


class TanhSeparation(Separation):
    """tanh, with one exponential for a short move: F(h) = h/2 + sinh(2h)/4."""

    def moved(self, old: Neurons, place: Array) -> Neurons:
        """Return the neurons at new places (see ``Separation``)."""
        step = place - old.place
        step *= old.slope
        if not _largest(step) < _SHORT:
            return super().moved(old, place)
        hidden = _started(old, step)
        for _ in range(_NEWTON_STEPS):
            square = np.exp(hidden + hidden)
            value = square + 1
            np.divide(2.0, value, out=value)
            slope = value * value
            slope *= square
            np.subtract(1.0, value, out=value)
            step = 1 / square
            step -= square
            step *= 0.25
            step -= hidden
            step *= 0.5
            step += place
            step *= slope
            largest = _largest(step)
            if largest < _CLOSE:
                return _corrected(Neurons(hidden, place, value, slope), step, largest)
            hidden += np.clip(step, -_SHORT, _SHORT)
        raise PlaceError("no hidden value was found at this place: the step is too long")


def _largest(step: Array) -> float:
    return max(float(step.max(initial=0.0)), -float(step.min(initial=0.0)))


def _started(old: Neurons, step: Array) -> Array:
    """Return F⁻¹(F(h) + step/φ'(h)) for tanh, up to fourth order in the step."""
    series = old.value * old.value
    series *= -5 / 3
    series += 1 / 3
    series *= step
    series += old.value
    series *= step
    np.subtract(1.0, series, out=series)
    series *= step
    series += old.hidden
    return series


def _corrected(near: Neurons, step: Array, largest: float) -> Neurons:
    """Take Newton's last step by Taylor expansion of φ(F⁻¹), whose rest is below rounding."""
    bent = near.value * step
    first = 1 - bent
    gain = first - bent
    if largest > _TINY:
        gain += (14 * bent * bent - 2 * step * step) / 3
    first *= step
    first += near.hidden
    step *= near.slope
    step *= gain
    step += near.value
    gain *= near.slope
    return Neurons(first, near.place, step, gain)


def _softplus_place(h: Array) -> Array:
    return np.asarray(h - np.exp(-h))


def _softsign_place(h: Array) -> Array:
    size = 1 + np.abs(h)
    return np.asarray(np.sign(h) * (size**3 - 1) / 3)


def _squareplus_place(h: Array) -> Array:
    root = np.sqrt(h * h + 4)
    gap = np.where(h > 0, 4 / (root + np.abs(h)), root - h)
    return np.asarray(2 * h - gap * (root * root + root * h + h * h) / 6)


def _isru_place(h: Array) -> Array:
    return np.asarray((h * (5 + 2 * h * h) * np.sqrt(1 + h * h) + 3 * np.arcsinh(h)) / 8)


PLACES: Mapping[str, Function] = {
    "tanh": lambda h: h / 2 + np.sinh(2 * h) / 4,
    "sigmoid": lambda h: 2 * (h + np.sinh(h)),
    "softplus": _softplus_place,
    "arctan": lambda h: h + h**3 / 3,
    "erf": lambda h: np.pi / 4 * special.erfi(h),
    "softsign": _softsign_place,
    "elu": lambda h: np.where(h < 0, -np.expm1(-np.minimum(h, 0)), h),
    "asinh": lambda h: (h * np.sqrt(1 + h * h) + np.arcsinh(h)) / 2,
    "squareplus": _squareplus_place,
    "isru": _isru_place,
    "identity": lambda h: h,
}
"""Activation name to F, a primitive of 1/φ'."""


def separation(activation: Activation) -> Separation | None:
    """Return how an activation's flow separates; None if no closed form of F is known."""
    if activation.typed or activation.name not in PLACES:
        return None
    kind = TanhSeparation if activation.name == "tanh" else Separation
    return kind(PLACES[activation.name], *activation_functions(activation))
