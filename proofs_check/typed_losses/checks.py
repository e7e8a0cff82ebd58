"""Whether a typed ρ is the profile of a loss: even, C¹, ρ(0) = 0 and ρ' > 0 on (0, ∞)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sympy import Eq, Expr, Gt, Ne, Rational, simplify

from numerics.losses.profiles import Profile, continuous_to_zero, joint_gaps, read_profile
from numerics.rigorous.pieces import Piece
from proofs_check.engines import settle
from proofs_check.typed_losses.regimes import SAMPLE, SECONDS, at_number, at_point, inside, on_piece
from proofs_check.verdict import Goal, Verdict
from theory.activations import X


class ProfileRefused(ValueError):
    """ρ is no profile of a loss, or is not shown to be; the message names reason and point."""


def checked_profile(expression: Expr) -> Profile:
    """Return the profile of a loss, once all that the theory asks of ρ is shown.

    Parameters
    ----------
    expression : Expr
        ρ, in ``theory.activations.X``.

    Raises
    ------
    ProfileRefused
        If ρ is not even, not C¹, not 0 at 0 or not increasing on (0, ∞), or not shown to be.
    theory.expressions.ExpressionError, BallError
        If ρ has a part that is not covered.
    """
    profile, mirrored = read_profile(expression)
    _require_even(profile, mirrored)
    _require_joined(profile)
    first, slope = profile.pieces[0].expression, profile.derivative(1)[0].expression
    _require_vanishing(first, "0 at s = 0", "ρ", "; subtract it")
    _require_vanishing(slope, "C¹ at s = 0", "ρ'", "")
    _require_increasing(profile)
    return profile


def _require_even(profile: Profile, mirrored: Profile) -> None:
    for right, left in zip(profile.pieces, mirrored.pieces, strict=True):
        if simplify(right.expression - left.expression) == 0:
            continue
        differ = Ne(right.expression, left.expression, evaluate=False)
        for point in _places(right):
            if at_point(differ, point) is True:
                text = f"not even: its values at s = {point} and s = -{point} differ; use abs(s)"
                raise ProfileRefused(text)
        goal = Goal(Eq(right.expression, left.expression, evaluate=False), inside(right))
        if not settle("algebra", goal, SECONDS).proved:
            raise ProfileRefused("not shown to be even; write it in abs(s)")


def _places(piece: Piece) -> Iterator[Fraction]:
    low = piece.low or Fraction(0)
    for part in SAMPLE:
        yield low + part if piece.high is None else low + (piece.high - low) * part / (1 + part)


def _require_joined(profile: Profile) -> None:
    for order, what in ((0, "ρ"), (1, "ρ'")):
        for cut, gap in joint_gaps(profile, order):
            if simplify(gap) != 0:
                jumps = at_number(Ne(gap, 0, evaluate=False)) is True
                verb = "jumps" if jumps else "is not shown to be continuous"
                raise ProfileRefused(f"not C¹: {what} {verb} at s = {cut}")


def _require_vanishing(term: Expr, what: str, name: str, advice: str) -> None:
    value = simplify(term.subs(X, 0))
    shown = continuous_to_zero(term)
    if shown and value == 0:
        return
    if shown and at_number(Ne(value, 0, evaluate=False)) is True:
        raise ProfileRefused(f"not {what}: {name}(0) = {value}{advice}")
    raise ProfileRefused(f"not shown to be {what}")


def _require_increasing(profile: Profile) -> None:
    for piece, slope in zip(profile.pieces, profile.derivative(1), strict=True):
        for term, name in ((slope.expression, "ρ'"), (piece.expression, "ρ")):
            outcome = on_piece(Gt(term, 0, evaluate=False), piece)
            if outcome.verdict is Verdict.REFUTED:
                where = outcome.witness["s"]
                raise ProfileRefused(f"not increasing: {name} > 0 fails at s = {where}")
            if not outcome.proved:
                raise ProfileRefused(f"{name} > 0 on (0, ∞) is not shown: {outcome.reason}")
        if slope.high is not None:
            _require_slope(slope.expression, slope.high)


def _require_slope(slope: Expr, cut: Fraction) -> None:
    if at_number(Gt(slope.subs(X, Rational(cut)), 0, evaluate=False)) is not True:
        raise ProfileRefused(f"not increasing: ρ' > 0 fails, or is not shown, at s = {cut}")
