"""Exact rational points of a box: where to look, never what to believe."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.rigorous.balls import evaluate, rational_ball, rational_bounds
from numerics.rigorous.programs import BallError, Program
from numerics.rigorous.ranges import enclose
from proofs_check.engines.ball_domain import Box, Side

_GRID = tuple(Fraction(i, 32) for i in range(1, 32))
_FAR = tuple(Fraction(2) ** i for i in (-20, -10, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 10, 14))


def inner_points(box: Box, seed: int = 1) -> Iterator[tuple[Fraction, ...]]:
    """Yield rational points of the box's interior, without end."""
    axes = [inner_values(lo, hi) for lo, hi in zip(box.lower, box.upper, strict=True)]
    source = random.Random(seed)
    if not all(axes):
        return
    longest = max(map(len, axes), default=0)
    if len(axes) == 1:
        yield from ((x,) for x in axes[0])
    else:
        for index in range(longest):
            yield tuple(source.choice(axis) if index else axis[len(axis) // 2] for axis in axes)
    while True:
        yield tuple(_perturbed(source, axis) for axis in axes)


def _perturbed(source: random.Random, axis: Sequence[Fraction]) -> Fraction:
    index = source.randrange(len(axis))
    if index == 0:
        return axis[0]
    share = Fraction(source.randrange(1, 64), 64)
    return axis[index - 1] + (axis[index] - axis[index - 1]) * share


def inner_values(lower: Side, upper: Side) -> list[Fraction]:
    """Return increasing rationals strictly between two ends."""
    low = None if lower.infinite else rational_at(lower.value, 1)
    high = None if upper.infinite else rational_at(upper.value, 0)
    if low is not None and high is not None:
        shares = (Fraction(1, 2**20), Fraction(1, 2**10), *_GRID)
        ends = (1 - Fraction(1, 2**10), 1 - Fraction(1, 2**20))
        return [low + (high - low) * s for s in (*shares, *ends)] if low < high else []
    if low is not None:
        return [low + s for s in _FAR]
    if high is not None:
        return [high - s for s in reversed(_FAR)]
    return [-s for s in reversed(_FAR)] + [Fraction(0), *_FAR]


def rational_at(value: Any, index: int = 0) -> Fraction:
    """Return a rational constant, or a rational just below (index 0) or above (1) another one."""
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    with ctx.workprec(96):
        return rational_bounds(_ball(value))[index]


def _ball(value: Any) -> arb:
    return evaluate(value, {}, 96)


def sign_changes(g: Any, box: Box) -> Iterator[tuple[Any, Any]]:
    """Yield (left, right) enclosing a sign change of g, with left = right where g is exactly 0."""
    (symbol,) = box.symbols
    try:
        sign = _Sampler(g, symbol)
    except BallError:
        return
    values = inner_values(box.lower[0], box.upper[0])
    previous: tuple[Fraction, int] | None = None
    for x in values:
        here = sign.at(x)
        if here == 0 and sign.vanishes(x):
            yield sp.Rational(x), sp.Rational(x)
            previous = None
        elif here:
            if previous is not None and previous[1] != here:
                yield sign.isolate(previous[0], x, here)
            previous = (x, here)


class _Sampler:
    """Signs of one function at rational points."""

    def __init__(self, g: Any, symbol: Any) -> None:
        self._g, self._symbol = g, symbol
        self._program = Program(g, (symbol,))

    def at(self, x: Fraction) -> int:
        """Return the sign at a point, 0 if it is not certain."""
        with ctx.workprec(256):
            value = self._program.run([enclose(rational_ball(x))])
        if not value.defined:
            return 0
        return 1 if value.lower > 0 else (-1 if value.upper < 0 else 0)

    def vanishes(self, x: Any) -> bool:
        """Whether the function is exactly zero at a point."""
        return bool(sp.expand(self._g.subs(self._symbol, sp.sympify(x, strict=True))) == 0)

    def isolate(self, left: Fraction, right: Fraction, right_sign: int) -> tuple[Any, Any]:
        """Shrink a bracket; a simple rational in it at which the function vanishes replaces it."""
        for _ in range(48):
            middle = (left + right) / 2
            here = self.at(middle)
            if here == 0:
                break
            left, right = (left, middle) if here == right_sign else (middle, right)
        for exact, near in _guesses((left + right) / 2):
            if left <= near <= right and self.vanishes(exact):
                return exact, exact
        return sp.Rational(left), sp.Rational(right)


def _guesses(x: Fraction) -> Iterator[tuple[Any, Fraction]]:
    """Yield simple exact numbers close to x, with a rational close to each."""
    forms: tuple[tuple[Any, Any], ...] = (
        (lambda q: q, lambda v: v),
        (sp.exp, lambda v: v.log()),
        (sp.log, lambda v: v.exp()),
        (lambda q: q * sp.pi, lambda v: v / arb.pi()),
        (lambda q: sp.sign(q) * sp.sqrt(abs(q)), lambda v: v * abs(v)),
    )
    with ctx.workprec(96):
        for build, undo in forms:
            image = undo(rational_ball(x))
            if not image.is_finite() or abs(image) > 10**6:
                continue
            for bound in (1, 2, 4, 8, 16, 100, 10**4, 10**7):
                guess = build(sp.Rational(rational_bounds(image)[0].limit_denominator(bound)))
                yield guess, _nearest(guess, x)


def _nearest(guess: Any, x: Fraction) -> Fraction:
    """Return x where the number cannot be told from it, else a rational close to the number."""
    low, high = rational_bounds(_ball(guess))
    return x if abs(low - x) < Fraction(1, 10**9) else high
