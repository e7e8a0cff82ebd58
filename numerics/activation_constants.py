"""The constants that an activation brings into the theory, as enclosures (THEORY section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from flint import arb, ctx

from numerics import ranges
from numerics.balls import rational_bounds
from numerics.gaussian import IntegralUndecided, gaussian_moment
from numerics.pieces import Piece, pieces_of
from numerics.programs import BallError, Program
from numerics.suprema import SupremumUndecided, Unbounded, supremum
from theory.activations import Activation, X
from theory.expressions import ExpressionError

MEANINGS: Mapping[str, str] = {
    "C_phi_squared": "E φ(X)²",
    "C_dphi_squared": "E φ'(X)²",
    "M4": "E φ(X)⁴",
    "mean": "E φ(X)",
    "B1": "sup|φ'|",
    "B2": "Lip(φ') = sup|φ''|",
}
"""The constants in order, X ~ N(0,1)."""

_SLACK_DIGITS = 3
_UNDECIDED = (SupremumUndecided, IntegralUndecided, BallError, ExpressionError)


class NotCovered(ValueError):
    """The activation is outside the theory: φ' is unbounded or not Lipschitz, as proved."""


@dataclass(frozen=True)
class Constant:
    """A real number between two rationals, or the reason why it is not enclosed.

    Parameters
    ----------
    lower, upper : Fraction or None
        The ends, decimal fractions; both None if the constant is undecided.
    reason : str
        Why it is undecided.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    reason: str = ""

    @property
    def decided(self) -> bool:
        """Whether the constant is enclosed."""
        return self.lower is not None and self.upper is not None


def activation_constants(activation: Activation, digits: int) -> Mapping[str, Constant]:
    """Enclose the constants of ``MEANINGS``, each in an interval narrower than 10^−digits.

    More digits give intervals inside those of fewer digits.

    Parameters
    ----------
    activation : Activation
        φ. Closed forms it may carry are not used.
    digits : int
        At least 1.

    Raises
    ------
    NotCovered
        If φ' is proved to be unbounded, or not Lipschitz.
    """
    goal = digits + _SLACK_DIGITS
    try:
        pieces = pieces_of(activation.expression)
    except ExpressionError as problem:
        return {name: Constant(reason=str(problem)) for name in MEANINGS}
    slopes = tuple(piece.derivative for piece in pieces)
    curvatures = tuple(slope.derivative for slope in slopes)
    first = _supremum(slopes, goal, "φ' is unbounded")
    second = _supremum(curvatures, goal, "φ' is not Lipschitz: φ'' is unbounded")
    balls = {**_moments(pieces, slopes, first, goal), "B1": first, "B2": second}
    return {name: _constant(balls[name], digits, name != "mean") for name in MEANINGS}


def _supremum(pieces: tuple[Piece, ...], digits: int, complaint: str) -> arb | str:
    try:
        return supremum(pieces, digits)
    except Unbounded as problem:
        raise NotCovered(f"{complaint} {problem}") from problem
    except _UNDECIDED as problem:
        return str(problem)


def _moments(
    pieces: tuple[Piece, ...], slopes: tuple[Piece, ...], bound: arb | str, digits: int
) -> dict[str, arb | str]:
    """Return the expectations; φ grows at most like |φ(0)| + sup|φ'|·|x|."""
    names = ("C_phi_squared", "C_dphi_squared", "M4", "mean")
    if isinstance(bound, str):
        return dict.fromkeys(names, f"the tail needs a bound of sup|φ'|, which is open: {bound}")
    start, slope = _size_at_zero(pieces), bound.upper()
    plan: dict[str, Callable[[], arb]] = {
        "C_phi_squared": lambda: gaussian_moment(pieces, 2, start, slope, digits),
        "C_dphi_squared": lambda: gaussian_moment(slopes, 2, slope, arb(0), digits),
        "M4": lambda: gaussian_moment(pieces, 4, start, slope, digits),
        "mean": lambda: gaussian_moment(pieces, 1, start, slope, digits),
    }
    return {name: _attempt(work) for name, work in plan.items()}


def _attempt(work: Callable[[], arb]) -> arb | str:
    try:
        return work()
    except _UNDECIDED as problem:
        return str(problem)


def _size_at_zero(pieces: tuple[Piece, ...]) -> arb:
    """Return an upper bound of |φ(0)|."""
    holds_zero = (p for p in pieces if (p.low or 0) <= 0 <= (p.high or 0))
    with ctx.workprec(128):
        value = Program(next(holds_zero).expression, (X,)).run([ranges.enclose(arb(0))])
        return ranges.absolute(value).upper if value.defined else ranges.INFINITY


def _constant(found: arb | str, digits: int, non_negative: bool) -> Constant:
    if isinstance(found, str):
        return Constant(reason=found)
    lower, upper = decimal_enclosure(found, digits)
    if upper - lower >= Fraction(1, 10**digits):
        return Constant(reason=f"the enclosure is wider than 10^-{digits}")
    return Constant(max(lower, Fraction(0)) if non_negative else lower, upper)


def decimal_enclosure(ball: arb, digits: int) -> tuple[Fraction, Fraction]:
    """Return decimal fractions with ``digits + 2`` places around a ball, rounded outward.

    Unless the ball is a single number, it is first widened by 10^−(digits + 1) on both sides.
    If its radius is below 10^−(digits + 3), the result is narrower than 10^−digits and contains
    the result for the same number at more digits.

    Raises
    ------
    BallError
        If the ball is not finite.
    """
    low, high = rational_bounds(ball)
    margin = Fraction(0) if low == high else Fraction(1, 10 ** (digits + 1))
    scale = 10 ** (digits + 2)
    return (
        Fraction(floor((low - margin) * scale), scale),
        Fraction(ceil((high + margin) * scale), scale),
    )
