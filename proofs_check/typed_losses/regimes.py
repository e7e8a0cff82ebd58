"""What a loss built from a profile ρ satisfies, decided by the engines (THEORY section 2).

For L(v) = Σ ρ(v_i − y_i): if ρ'²/ρ does not increase, ψ = ρ⁻¹; if G = (ρ')²∘ρ⁻¹ is convex,
ψ(s) = √m ρ⁻¹(s/m). The first holds where 2ρρ'' − ρ'² ≤ 0, and as G' = 2ρ''∘ρ⁻¹, the second where
ρ'' does not decrease. Both are questions about one variable on (0, ∞), for the ball engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from flint import arb
from sympy import Expr, Ge, Gt, Le, Rational
from sympy.logic.boolalg import Boolean

from numerics.losses.profiles import (
    LevelUndecided,
    Profile,
    continuous_to_zero,
    grows_to_infinity,
    joint_gaps,
    least_ratio,
    limit_enclosure,
    range_at_zero,
    ratio_at_level,
)
from numerics.rigorous.balls import BallError, decide_at_point, rational_ball
from numerics.rigorous.pieces import Piece
from numerics.rigorous.ranges import Range, to_ball
from numerics.rigorous.suprema import SupremumUndecided
from proofs_check.engines import settle
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.activations import X

SECONDS = 20.0
SAMPLE = tuple(map(Fraction, ("1", "1/2", "2", "1/10", "10", "3", "5", "1/100", "100", "3/7")))
_NEAR = tuple(Fraction(1, 2**k) for k in (2, 5, 10))
_COARSE = tuple(10**k for k in range(1, 12))
_PLACES = 12


@dataclass(frozen=True)
class Regimes:
    """The answers about a profile.

    Parameters
    ----------
    profile : Profile
        ρ on [0, ∞).
    ratio : Outcome
        Whether ρ'²/ρ does not increase on (0, ∞).
    convex : Outcome
        Whether G = (ρ')²∘ρ⁻¹ is convex.
    unbounded : bool
        Whether ρ is shown to tend to infinity.
    supremum : Range or None
        sup ρ, where it is shown to be finite.
    """

    profile: Profile
    ratio: Outcome
    convex: Outcome
    unbounded: bool
    supremum: Range | None


def regimes(profile: Profile) -> Regimes:
    """Decide the regimes of a profile (one that ``checks.checked_profile`` accepted)."""
    ratio, convex = ratio_falls(profile), gain_is_convex(profile)
    # With G convex and G(0) = 0, ρ' does not fall, and ρ tends to infinity.
    unbounded = convex.proved or grows_to_infinity(profile)
    bound = None if unbounded else limit_enclosure(profile, _PLACES)
    return Regimes(profile, ratio, convex, unbounded, bound)


def ratio_falls(profile: Profile) -> Outcome:
    """Decide whether ρ'²/ρ does not increase: 2ρρ'' − ρ'² ≤ 0 on every piece."""
    claims = ((Le(p.expression, 0, evaluate=False), p) for p in profile.slope_gap)
    return together(on_piece(claim, piece) for claim, piece in claims)


def gain_is_convex(profile: Profile) -> Outcome:
    """Decide whether G is convex: ρ''' ≥ 0 on every piece, and ρ'' does not jump down."""
    jumps = (_jump(cut, gap) for cut, gap in joint_gaps(profile, 2))
    rest = (on_piece(Ge(p.expression, 0, evaluate=False), p) for p in profile.derivative(3))
    return together([*jumps, *rest])


def _jump(cut: Fraction, gap: Expr) -> Outcome:
    up = at_number(Ge(gap, 0, evaluate=False))
    if up is None:
        return undecided(f"whether ρ'' jumps up at s = {cut} is too close to call")
    if up:
        return Outcome(Verdict.PROVED, f"ρ'' does not jump down at s = {cut}")
    return Outcome(Verdict.REFUTED, f"ρ'' jumps down at s = {cut}", witness={"s": str(cut)})


def together(parts: Iterable[Outcome]) -> Outcome:
    """Return the first refutation, else the first open part, else the proof of all."""
    found = []
    for outcome in parts:
        if outcome.verdict is Verdict.REFUTED:
            return outcome
        found.append(outcome)
    open_part = next((o for o in found if not o.proved), None)
    return open_part or Outcome(Verdict.PROVED, "; ".join(dict.fromkeys(o.reason for o in found)))


def on_piece(claim: Boolean, piece: Piece) -> Outcome:
    """Decide a claim in ``X`` inside a piece; a refutation names the point s."""
    if not claim.free_symbols:
        return _everywhere(claim, piece)
    point = _failing(claim, piece, SAMPLE)
    if point is None:
        outcome = settle("ball", Goal(claim, inside(piece)), SECONDS)
        if outcome.verdict is not Verdict.REFUTED:
            return outcome
        exact = Fraction(outcome.witness[str(X)])
        shorter = [exact.limit_denominator(size) for size in _COARSE]
        point = _failing(claim, piece, shorter) or exact
    return Outcome(Verdict.REFUTED, f"fails at s = {point}", witness={"s": str(point)})


def _everywhere(claim: Boolean, piece: Piece) -> Outcome:
    answer = at_number(claim)
    if answer is None:
        return undecided(f"{claim} is too close to call")
    if answer:
        return Outcome(Verdict.PROVED, "by evaluation")
    low = piece.low or Fraction(0)
    point = low + 1 if piece.high is None else (low + piece.high) / 2
    return Outcome(Verdict.REFUTED, f"fails at s = {point}", witness={"s": str(point)})


def inside(piece: Piece) -> dict[str, Boolean]:
    """Return the premises that say where a piece is, its ends left out."""
    bounds = {"from": Gt(X, Rational(piece.low or 0), evaluate=False)}
    if piece.high is not None:
        bounds["to"] = Gt(Rational(piece.high), X, evaluate=False)
    return bounds


def _failing(claim: Boolean, piece: Piece, points: Iterable[Fraction]) -> Fraction | None:
    """Return the first of the points inside the piece at which the claim certainly fails."""
    low, high = piece.low or Fraction(0), piece.high
    candidates = (point for point in points if low < point and (high is None or point < high))
    return next((p for p in candidates if at_point(claim, p) is False), None)


def at_point(claim: Boolean, point: Fraction) -> bool | None:
    """Decide a claim in ``X`` at a point, None where that is open."""
    try:
        return decide_at_point(claim, {X: point}, 512)
    except BallError:
        return None


def at_number(claim: Boolean) -> bool | None:
    """Decide a claim between numbers, None where that is open."""
    try:
        return decide_at_point(claim, {})
    except BallError:
        return None


def modulus(found: Regimes, level: Fraction, digits: int) -> arb | str:
    """Enclose μ(r) = inf{ρ'(s)²/(2ρ(s)) : 0 < ρ(s) ≤ r}, the Polyak–Łojasiewicz constant.

    Parameters
    ----------
    found : Regimes
        The profile's regimes; they say whether the infimum is at the level, at 0, or between.
    level : Fraction
        r > 0.
    digits : int
        The ball has a radius below 10^−(digits + 3).

    Returns
    -------
    arb or str
        A ball, or the reason why the infimum is not enclosed.
    """
    if found.supremum is not None and found.supremum.upper <= rational_ball(level):
        return arb(0)  # ρ' has values as small as one likes far out, where ρ stays below r
    try:
        if found.ratio.proved:
            return ratio_at_level(found.profile, level, digits)
        if found.convex.proved:
            return _at_zero(found.profile)
        return _searched(found.profile, level, digits)
    except (LevelUndecided, SupremumUndecided, BallError) as problem:
        return str(problem)


def _at_zero(profile: Profile) -> arb:
    """Return ρ''(0⁺), the limit of ρ'²/(2ρ) at 0 where ρ'' is monotone."""
    curvature = profile.derivative(2)[0].expression
    value = range_at_zero(curvature)
    if not value.defined or not continuous_to_zero(curvature):
        raise LevelUndecided("ρ'' has no enclosure at 0")
    return to_ball(value)


def _searched(profile: Profile, level: Fraction, digits: int) -> arb:
    """Split at a point up to which ρ'²/ρ is monotone, as ρ''' has a sign there."""
    third = profile.derivative(3)[0]
    for start in _NEAR:
        if third.high is not None and third.high <= start:
            continue
        near = Piece(third.expression, Fraction(0), start)
        if on_piece(Le(third.expression, 0, evaluate=False), near).proved:
            return least_ratio(profile, start, level, digits)
        if on_piece(Ge(third.expression, 0, evaluate=False), near).proved:
            return least_ratio(profile, start, level, digits).min(_at_zero(profile))
    raise LevelUndecided("the sign of ρ''' near 0 is not found")
