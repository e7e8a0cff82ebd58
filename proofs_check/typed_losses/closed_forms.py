"""Closed forms of ψ = ρ⁻¹ and of Ψ for a loss, each checked before it is shown."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx
from sympy import Eq, Expr, Gt, Integral, Piecewise, Rational, Symbol, simplify

from numerics.losses.profiles import Profile
from numerics.rigorous.balls import BallError, evaluate, rational_ball
from numerics.rigorous.pieces import Piece
from proofs_check.engines import calculus
from proofs_check.engines.guard import guarded
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.activations import X
from theory.inversion import inverse_of
from theory.terms import derivative

LEVEL = Symbol("L")
"""The argument of ψ: a value of the loss."""
_SECONDS = 5.0
_CLOSE = arb("1e-20")


def inverse_form(profile: Profile) -> Expr | None:
    """Return ρ⁻¹ in closed form, in ``LEVEL``, or None.

    What undoes ρ step by step is ρ⁻¹ on the branch that meets it at one point: a strictly
    increasing ρ on an interval takes no other branch on the way.
    """
    forms = [inverse_of(piece.expression, X, LEVEL) for piece in profile.pieces]
    if any(form is None for form in forms):
        return None
    known = [(form, piece) for form, piece in zip(forms, profile.pieces, strict=True) if form]
    if not all(_meets(form, piece) for form, piece in known):
        return None
    *inner, last = [(form, _level_of(piece)) for form, piece in known]
    cases = [(form, Rational(0) + level >= LEVEL) for form, level in inner if level is not None]
    return Piecewise(*cases, (last[0], True)) if cases else last[0]


def _level_of(piece: Piece) -> Expr | None:
    return None if piece.high is None else piece.expression.subs(X, Rational(piece.high))


def _meets(form: Expr, piece: Piece) -> bool:
    low = piece.low or Fraction(0)
    points = (low + 1, low + 2) if piece.high is None else (
        (2 * low + piece.high) / 3, (low + 2 * piece.high) / 3)  # fmt: skip
    return all(_undoes(form, piece.expression, point) for point in points)


def _undoes(form: Expr, expression: Expr, point: Fraction) -> bool:
    try:
        value = evaluate(form.subs(LEVEL, expression.subs(X, Rational(point))), {}, 256)
    except BallError:
        return False
    with ctx.workprec(256):
        return bool(abs(value - rational_ball(point)) < _CLOSE)


def primitive_form(profile: Profile) -> str | None:
    """Return P(s) with P' = −1/ρ' as text: Ψ(ρ(s)) = P(s), or Ψ(mρ(s)) where G is convex.

    It is searched for in a process of its own, and the calculus engine has to confirm it.
    """
    if len(profile.pieces) != 1:
        return None
    slope = profile.derivative(1)[0].expression
    goal = Goal(Eq(X, -1 / slope, evaluate=False))
    outcome = guarded(_search, goal, _SECONDS)
    return outcome.artefact if outcome.proved else None


def _search(goal: Goal, seconds: float) -> Outcome:
    from sympy.integrals.manualintegrate import manualintegrate

    integrand = goal.claim.args[1]
    positive = Symbol("s", positive=True)
    found = manualintegrate(simplify(integrand.subs(X, positive)), positive)
    if found.has(Integral):
        return undecided("no primitive in closed form was found")
    term = found.xreplace({positive: X})
    claim = Eq(derivative(term, X), integrand, evaluate=False)
    outcome = calculus.decide(Goal(claim, {"s": Gt(X, 0, evaluate=False)}), seconds / 2)
    if not outcome.proved:
        return undecided(f"{found} is not confirmed: {outcome.reason}")
    return Outcome(Verdict.PROVED, outcome.reason, artefact=str(found))
