"""Expectations E g(X)^p, X ~ N(0,1), as enclosures: a certified integral and an explicit tail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, isqrt, lcm

import sympy as sp
from flint import acb, arb, ctx

from numerics.rigorous.balls import rational_ball
from numerics.rigorous.complex_balls import Integrand, integrand
from numerics.rigorous.pieces import Piece
from theory.activations import X

_GUARD_BITS = 64
_ATTEMPTS = 3


class IntegralUndecided(ValueError):
    """An integral could not be enclosed as narrowly as asked; the message says why."""


def gaussian_moment(
    pieces: Sequence[Piece], power: int, offset: arb, slope: arb, digits: int
) -> arb:
    """Return a ball of radius below 10^−digits that contains E g(X)^p, X ~ N(0,1).

    On [−T, T] the integral is Arb's adaptive Gauss–Legendre quadrature, whose error bounds are
    proved from enclosures of the integrand on complex ellipses (Johansson 2018); beyond, the
    tail is bounded by ``tail_bound`` and added to the radius.

    Parameters
    ----------
    pieces : sequence of Piece
        g, smooth between its kinks.
    power : int
        p, from 1 to 4.
    offset, slope : arb
        a ≥ 0 and b ≥ 0 such that |g(x)| ≤ a + b|x| for all real x.
    digits : int
        How narrow the enclosure has to be.

    Raises
    ------
    IntegralUndecided
        If the integrator does not get there.
    BallError
        If the integrand has a part without enclosure.
    """
    goal = Fraction(1, 10**digits)
    for attempt in range(_ATTEMPTS):
        with ctx.workprec((digits * 10 // 3 + _GUARD_BITS) * 2**attempt):
            cut = _cutoff(power, offset, slope, goal / 8)
            value = _inner_integral(pieces, power, cut, goal / 64)
            total = value + arb(0, tail_bound(power, offset, slope, cut).upper())
            if total.is_finite() and total.rad() < rational_ball(goal):
                return total
    raise IntegralUndecided(f"the integral over [-{cut}, {cut}] is not enclosed to {digits} digits")


def tail_bound(power: int, offset: arb, slope: arb, cut: Fraction) -> arb:
    """Return a bound of E[(a + b|X|)^p; |X| ≥ T] for T > 0.

    For x ≥ T it holds that a + bx ≤ (a/T + b)x, which leaves 2(a/T + b)^p E[X^p; X ≥ T], in
    closed form through the normal density and its tail.

    Raises
    ------
    ValueError
        If p is not one of 1, 2, 4.
    """
    t = rational_ball(cut)
    density = (-t * t / 2).exp() / (2 * arb.pi()).sqrt()
    beyond = (t / arb(2).sqrt()).erfc() / 2
    moments = {1: density, 2: t * density + beyond, 4: (t**3 + 3 * t) * density + 3 * beyond}
    if power not in moments:
        raise ValueError(f"the power has to be 1, 2 or 4, not {power}")
    return 2 * (offset / t + slope) ** power * moments[power]


def _cutoff(power: int, offset: arb, slope: arb, goal: Fraction) -> Fraction:
    """Return a T whose tail bound is certainly below the goal."""
    cut = Fraction(isqrt(4 * len(str(goal.denominator))) + 2)
    while not tail_bound(power, offset, slope, cut) < rational_ball(goal):
        cut += 1
    return cut


def _inner_integral(pieces: Sequence[Piece], power: int, cut: Fraction, goal: Fraction) -> arb:
    tolerance = rational_ball(goal)
    total = arb(0)
    for piece in pieces:
        low = -cut if piece.low is None else max(-cut, piece.low)
        high = cut if piece.high is None else min(cut, piece.high)
        if low < high and piece.expression != 0:
            for function, start, end in _smooth_parts(piece.expression, power, low, high):
                total += _integral(function, start, end, tolerance)
    return total / (2 * arb.pi()).sqrt()


def _smooth_parts(
    expression: sp.Expr, power: int, low: Fraction, high: Fraction
) -> Iterator[tuple[Integrand, Fraction, Fraction]]:
    """Yield integrands and intervals; next to an end where a root vanishes, in the root itself.

    With x = end ± t^q, a power (x − end)^{p/q} is the entire function t^p.
    """
    weighted = expression**power * sp.exp(-(X**2) / 2)
    for side in (1, -1):
        end = low if side > 0 else high
        q = _root_at(expression, sp.Rational(end.numerator, end.denominator))
        if q == 1:
            continue
        reach = Fraction(1, ceil(2 / (high - low)))  # reach^q is at most half of what there is
        t = sp.Dummy("t", positive=True)
        inner = (
            weighted.subs(X, sp.Rational(end.numerator, end.denominator) + side * t**q)
            * q
            * t ** (q - 1)
        )
        yield integrand(inner.xreplace({t: X}), X), Fraction(0), reach
        low, high = (low + reach**q, high) if side > 0 else (low, high - reach**q)
    function = integrand(expression, X)
    yield lambda z, analytic: function(z, analytic) ** power * (-z * z / 2).exp(), low, high


def _root_at(expression: sp.Expr, end: sp.Rational) -> int:
    """Return q if roots of order q vanish at a point, 1 if none does."""
    roots = (p for p in expression.atoms(sp.Pow) if p.exp.is_Rational)
    return lcm(*(int(p.exp.q) for p in roots if p.base.subs(X, end) == 0))


def _integral(function: Integrand, low: Fraction, high: Fraction, tolerance: arb) -> arb:
    value = acb.integral(
        function,
        acb(rational_ball(low)),
        acb(rational_ball(high)),
        abs_tol=tolerance,
        eval_limit=200_000,
        depth_limit=10**4,
    )
    return value.real
