"""Activations whose flow separates: F' = 1/φ' in closed form, and its inverse (THEORY section 6).

With V fixed, h_i(t) = F⁻¹(F(h_i(0)) − (‖u‖²/√k)(AV)_iᵀ s(t)): a neuron is a function of one
number, its *place* F(h). An entry of ``PLACES`` is data: F on arrays, in a form that does not
cancel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from numerics.elementwise import activation_functions
from numerics.rigorous.rounding import Array
from theory.activations import Activation

Function = Callable[[Array], Array]

_NEWTON_STEPS = 80
_NEAR = 3e-9  # the error of Newton's method is squared: here, below rounding
_SHORT = 0.3  # moves of h for which a Taylor expansion is a good start
_START = 0.01  # for which one of second order is
_CLOSE = 1e-4  # steps whose fourth power is rounding
_TINY = 5e-6  # steps whose third power is rounding
_FEW_STEPS = 4
_INNER = 0.99


class PlaceError(ArithmeticError):
    """F⁻¹ was not found: the place asked for is too far from the last one."""


@dataclass(frozen=True, eq=False)
class Neurons:
    """Hidden values with what is known at them, all of one shape.

    Parameters
    ----------
    hidden : array or None
        h, or None where it is found when asked for (``Separation.hidden``).
    place, value, slope : arrays
        F(h), φ(h), φ'(h).
    """

    hidden: Array | None
    place: Array
    value: Array
    slope: Array

    def kept(self, which: NDArray[np.bool_]) -> Neurons:
        """Return the rows selected by a mask."""
        hidden = None if self.hidden is None else self.hidden[which]
        return Neurons(hidden, self.place[which], self.value[which], self.slope[which])


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
        hidden = self._solved(self.hidden(old) + first, place)
        return Neurons(hidden, place, self.value(hidden), self.slope(hidden))

    def hidden(self, neurons: Neurons) -> Array:
        """Return the hidden values of neurons."""
        assert neurons.hidden is not None
        return neurons.hidden

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


@dataclass(frozen=True)
class TanhSeparation(Separation):
    """tanh: φ itself is moved, as F = log((1 + φ)/(1 − φ))/4 + φ/(2φ'), φ' = 1 − φ².

    A move costs one logarithm and no hidden value; those are found where they are asked for.
    """

    _work: dict[tuple[int, ...], Array] = field(default_factory=dict, init=False, compare=False)

    def moved(self, old: Neurons, place: Array) -> Neurons:
        """Return the neurons at new places (see ``Separation``)."""
        first, second, third = self._workspace(place.shape)
        step = np.subtract(place, old.place, out=first)
        step *= old.slope
        largest = _largest(step)
        if largest < _SHORT:
            value = _expanded(old.value, old.slope, step, second, largest > _START)
            with np.errstate(divide="ignore", invalid="ignore"):  # 1 − φ may be 0
                for _ in range(_FEW_STEPS):
                    slope = _newton(value, place, first, second, third)
                    largest = _largest(step)
                    value = _expanded(value, slope, step, third, largest > _TINY)
                    if largest < _CLOSE:
                        return Neurons(None, place, value, _slope(value))
        return super().moved(Neurons(self.hidden(old), old.place, old.value, old.slope), place)

    def hidden(self, neurons: Neurons) -> Array:
        """Return the hidden values of neurons."""
        if neurons.hidden is not None:
            return neurons.hidden
        # F(h) is about ±e^{2|h|}/8 far out, where φ says little
        far = np.copysign(np.log(8 * np.abs(neurons.place) + 1) / 2, neurons.place)
        near = np.arctanh(np.clip(neurons.value, -_INNER, _INNER))
        inside = np.abs(neurons.value) < _INNER
        return self._solved(np.where(inside, near, far), neurons.place)

    def _workspace(self, shape: tuple[int, ...]) -> Array:
        """Return three arrays of a shape, made once: pages that are new are slower than sums."""
        if shape not in self._work:
            self._work[shape] = np.empty((3, *shape))
        return self._work[shape]


def _largest(step: Array) -> float:
    return max(float(step.max(initial=0.0)), -float(step.min(initial=0.0)))


def _slope(value: Array) -> Array:
    square = value * value
    return np.subtract(1.0, square, out=square)


def _newton(value: Array, place: Array, step: Array, slope: Array, work: Array) -> Array:
    """Return φ' (in ``slope``) and Newton's step φ'·(place − F) where tanh has a value."""
    low, high = np.subtract(1.0, value, out=work), np.add(1.0, value, out=step)
    np.multiply(low, high, out=slope)
    high /= low
    np.log(high, out=high)
    high *= 0.5
    np.divide(value, slope, out=low)
    high += low
    high *= 0.5
    np.subtract(place, high, out=high)
    high *= slope
    return slope


def _expanded(value: Array, slope: Array, step: Array, work: Array, third: bool) -> Array:
    """Return tanh(F⁻¹(F + step/φ')) by its expansion of second or third order."""
    bent = np.multiply(value, step, out=work)
    gain = bent * -2.0
    gain += 1.0
    if third:
        bent *= bent
        bent *= 14 / 3
        gain += bent
        np.multiply(step, step, out=bent)
        bent *= 2 / 3
        gain -= bent
    gain *= step
    gain *= slope
    gain += value
    return gain


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
