"""The profile ρ of a typed loss on (0, ∞), in smooth pieces, and numbers computed from it.

Everything that a loss brings into the theory follows from ρ on (0, ∞): the misfit ψ = ρ⁻¹, the
ratio ρ'²/ρ that bounds ψ' from above, and G = (ρ')²∘ρ⁻¹, whose derivative is 2ρ''∘ρ⁻¹
(THEORY section 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy as sp
from flint import arb, ctx

from numerics.rigorous import ranges
from numerics.rigorous.balls import rational_ball
from numerics.rigorous.pieces import Piece, pieces_of
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import Range
from numerics.rigorous.suprema import supremum
from numerics.rigorous.tails import scaled_tail, tail_range
from theory.activations import X

_GUARD_BITS = 64
_FARTHEST_EXPONENT = 4096
_POSITIVE = sp.Symbol("s", positive=True)


class LevelUndecided(ValueError):
    """A level of the loss, or a constant on it, could not be enclosed; the message says why."""


@dataclass(frozen=True)
class Profile:
    """ρ on [0, ∞), cut into smooth pieces.

    Parameters
    ----------
    pieces : tuple of Piece
        In order; the first begins at 0, the last has no end.
    """

    pieces: tuple[Piece, ...]

    @property
    def cuts(self) -> tuple[Fraction, ...]:
        """The positive points at which a piece ends and the next begins."""
        return tuple(piece.high for piece in self.pieces if piece.high is not None)

    def derivative(self, order: int) -> tuple[Piece, ...]:
        """Return the pieces of a derivative of ρ, simplified for positive arguments."""
        return tuple(
            Piece(_for_positive(sp.diff(_on_positive(p.expression), _POSITIVE, order)),
                  p.low, p.high)
            for p in self.pieces
        )  # fmt: skip

    @property
    def slope_gap(self) -> tuple[Piece, ...]:
        """Return the pieces of 2ρρ'' − ρ'², which has the sign of the derivative of ρ'²/ρ."""
        first, second = self.derivative(1), self.derivative(2)
        return tuple(
            Piece(_for_positive(sp.expand(_on_positive(2 * p.expression * b.expression
                                                       - a.expression**2))), p.low, p.high)
            for p, a, b in zip(self.pieces, first, second, strict=True)
        )  # fmt: skip

    @property
    def expression(self) -> sp.Expr:
        """ρ(s) for s ≥ 0 as one term, with case distinctions where it has several pieces."""
        *inner, last = self.pieces
        cases = [(p.expression, sp.Rational(p.high) >= X) for p in inner]
        return sp.Piecewise(*cases, (last.expression, True)) if cases else last.expression


def _on_positive(expression: sp.Expr) -> sp.Expr:
    return expression.subs(X, _POSITIVE)


def _for_positive(expression: sp.Expr) -> sp.Expr:
    return expression.xreplace({_POSITIVE: X})


def read_profile(expression: sp.Expr) -> tuple[Profile, Profile]:
    """Return ρ on [0, ∞) and its mirror image s ↦ ρ(−s), cut at the same points.

    Parameters
    ----------
    expression : Expr
        ρ, in ``theory.activations.X``.

    Raises
    ------
    theory.expressions.ExpressionError
        If a case distinction is not by affine conditions with rational coefficients.
    """
    right = _for_positive(_on_positive(expression))
    left = _for_positive(expression.subs(X, -_POSITIVE))
    cuts = sorted({cut for side in (right, left) for cut in _positive_cuts(side)})
    return _cut(right, cuts), _cut(left, cuts)


def _positive_cuts(expression: sp.Expr) -> list[Fraction]:
    return [p.high for p in pieces_of(expression) if p.high is not None and p.high > 0]


def _cut(expression: sp.Expr, cuts: Sequence[Fraction]) -> Profile:
    known = pieces_of(expression)
    ends: list[Fraction | None] = [Fraction(0), *cuts, None]
    return Profile(
        tuple(Piece(_covering(known, low or Fraction(0)), low, high)
              for low, high in pairwise(ends))
    )  # fmt: skip


def _covering(known: Sequence[Piece], start: Fraction) -> sp.Expr:
    """Return the expression that holds to the right of a point."""
    return next(p.expression for p in known if p.high is None or p.high > start)


def joint_gaps(profile: Profile, order: int) -> list[tuple[Fraction, sp.Expr]]:
    """Return, for each cut, the jump of a derivative of ρ there, as an exact term."""
    pieces = profile.derivative(order) if order else profile.pieces
    return [
        (cut, (after.expression - before.expression).subs(X, sp.Rational(cut)))
        for cut, (before, after) in zip(profile.cuts, pairwise(pieces), strict=True)
    ]


def range_at_zero(expression: sp.Expr) -> Range:
    """Return the range of an expression at 0; undefined where it has no value there."""
    with ctx.workprec(128):
        found: Range = Program(expression, (X,)).run([ranges.enclose(arb(0))])
        return found


def continuous_to_zero(expression: sp.Expr) -> bool:
    """Whether an expression is shown to be continuous on some [0, ε]."""
    with ctx.workprec(128):
        near = Program(expression, (X,)).run([Range(arb(0), arb(2) ** -40)])
        return bool(near.defined and near.bounded)


def grows_to_infinity(profile: Profile) -> bool:
    """Whether ρ is shown to be unbounded. False says nothing."""
    last = profile.pieces[-1].expression
    for form in (last, sp.exp(last)):
        for start in _far_points(profile):
            order, factor = scaled_tail(form, start)
            if factor.defined and order.grows and factor.lower > 0:
                return True
    return False


def _far_points(profile: Profile) -> list[Fraction]:
    low = max(profile.pieces[-1].low or Fraction(0), Fraction(8))
    return [low, low**2, low**4, low**16]


def limit_enclosure(profile: Profile, digits: int) -> Range | None:
    """Return an enclosure of sup ρ, if it is shown to be finite and is separated so far."""
    last = profile.pieces[-1].expression
    with ctx.workprec(digits * 10 // 3 + _GUARD_BITS):
        goal = rational_ball(Fraction(1, 10**digits))
        start = _far_points(profile)[0]
        for _ in range(14):
            upper, lower = tail_range(last, start), value_at(profile, start)
            if upper.defined and lower.defined and upper.upper - lower.lower < goal:
                return Range(lower.lower, upper.upper)
            start = start**2 if start < 2**512 else start * 2
    return None


def value_at(profile: Profile, point: Fraction, order: int = 0) -> Range:
    """Return the range of ρ, or of a derivative from the left, at a point > 0."""
    pieces = profile.derivative(order) if order else profile.pieces
    piece = next(p for p in pieces if p.high is None or point <= p.high)
    return on_interval(piece.expression, point, point)


def on_interval(expression: sp.Expr, low: Fraction, high: Fraction) -> Range:
    """Return the range of an expression on an interval, at the present precision."""
    box = Range(ranges.rounded_down(rational_ball(low)), ranges.rounded_up(rational_ball(high)))
    found: Range = Program(expression, (X,)).run([box])
    return found


def level_point(profile: Profile, level: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """Return rationals around ρ⁻¹(level), closer than 10^−digits and a part of it.

    Raises
    ------
    LevelUndecided
        If ρ is not found to exceed the level, or its values cannot be told from it.
    """
    with ctx.workprec(digits * 10 // 3 + 2 * _GUARD_BITS):
        low, high = _bracket(profile, level)
        while high - low > low / 10**digits:
            middle = (low + high) / 2 if low else high / 2
            above = _exceeds(profile, middle, level)
            if above is None:
                return _around(profile, middle, level, digits)
            low, high = (low, middle) if above else (middle, high)
            if high < Fraction(1, 2**_FARTHEST_EXPONENT):
                raise LevelUndecided(f"the level {level} is reached too near 0")
        return low, high


def _around(
    profile: Profile, point: Fraction, level: Fraction, digits: int
) -> tuple[Fraction, Fraction]:
    """Return the two neighbours of a point at which ρ is the level, as far as one can tell."""
    gap = point / (3 * 10**digits)
    low, high = point - gap, point + gap
    if _exceeds(profile, low, level) is False and _exceeds(profile, high, level) is True:
        return low, high
    raise LevelUndecided(f"values of ρ near s = {point} are not told from {level}")


def _bracket(profile: Profile, level: Fraction) -> tuple[Fraction, Fraction]:
    low, high = Fraction(0), Fraction(1)
    while not _exceeds(profile, high, level):
        low, high = high, 2 * high if high < 2**16 else high**2
        if high > 2**_FARTHEST_EXPONENT:
            raise LevelUndecided(f"ρ is not found to exceed {level}")
    return low, high


def _exceeds(profile: Profile, point: Fraction, level: Fraction) -> bool | None:
    value = value_at(profile, point)
    if not value.defined:
        raise LevelUndecided(f"ρ has no enclosure at s = {point}")
    goal = rational_ball(level)
    if value.lower > goal:
        return True
    return False if value.upper < goal else None


def ratio_at_level(profile: Profile, level: Fraction, digits: int) -> arb:
    """Return ρ'(s)²/(2ρ(s)) at ρ(s) = level: the least value on the sublevel if it falls.

    Raises
    ------
    LevelUndecided
        See ``level_point``.
    """
    low, high = level_point(profile, level, digits + 8)
    with ctx.workprec(digits * 10 // 3 + 2 * _GUARD_BITS):
        slopes = [on_interval(p.expression, max(low, p.low or low), min(high, p.high or high))
                  for p in profile.derivative(1)
                  if (p.high is None or p.high >= low) and (p.low or 0) <= high]  # fmt: skip
        slope = ranges.hull(*slopes)
        if not slope.defined:
            raise LevelUndecided(f"ρ' has no enclosure where ρ = {level}")
        return ranges.to_ball(slope) ** 2 / (2 * rational_ball(level))


def least_ratio(profile: Profile, start: Fraction, level: Fraction, digits: int) -> arb:
    """Return inf{ρ'(s)²/(2ρ(s)) : s ≥ start, ρ(s) ≤ level}, by branch and bound.

    If the level is reached before ``start``, return the value where it is reached.

    Raises
    ------
    LevelUndecided, numerics.rigorous.suprema.SupremumUndecided
        If a level, or the infimum, is not enclosed so narrowly.
    """
    low, high = level_point(profile, level, digits + 8)
    if low <= start:
        return ratio_at_level(profile, level, digits)
    most = [supremum(_inverse_ratio(profile, start, end), digits + 8) for end in (low, high)]
    with ctx.workprec(digits * 10 // 3 + 2 * _GUARD_BITS):
        return (1 / most[0]).union(1 / most[1])


def _inverse_ratio(profile: Profile, start: Fraction, end: Fraction) -> list[Piece]:
    """Return the pieces of 2ρ/ρ'² on [start, end]."""
    found = []
    for piece, slope in zip(profile.pieces, profile.derivative(1), strict=True):
        low = max(start, piece.low or start)
        high = end if piece.high is None else min(end, piece.high)
        if low < high:
            term = _on_positive(2 * piece.expression / slope.expression**2)
            found.append(Piece(_for_positive(term), low, high))
    return found
