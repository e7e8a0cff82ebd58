"""Typed activations that their structure alone does not settle: decided with enclosures.

``theory.activations`` reads an expression and shows from its structure that it is C¹. What it
leaves open is tried here: a denominator, radicand or argument of a logarithm is shown not to vanish
by enclosing its reciprocal, and a suspicious point is shown to be a singularity of φ, φ' or φ''
by the order of growth in 1/|x − p|.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from flint import ctx

from numerics.rigorous.balls import exact_fraction
from numerics.rigorous.pieces import Piece, pieces_of
from numerics.rigorous.programs import BallError
from numerics.rigorous.suprema import SupremumUndecided, Unbounded, supremum
from numerics.rigorous.tails import scaled_tail, tail_range
from theory.activations import Activation, ActivationError, ActivationUndecided, X, activation
from theory.smoothness import Obligation

_PRECISION = 128
_NEAREST = 2**12
_SIDES = {-1: "left", 1: "right"}
_COMPLAINTS = (
    "not C¹: the function is unbounded as x → {} from the {}",
    "not C¹: φ' is unbounded as x → {} from the {}",
    "φ' is not Lipschitz: φ'' is unbounded as x → {} from the {}",
)
_JUMPS = ("not C¹: the function jumps at x = {}", "not C¹: φ' jumps at x = {}")


def read_activation(name_or_expression: str) -> Activation:
    """Return an activation by its name, or from an expression in ``x``.

    Raises
    ------
    ActivationUndecided
        If an expression is neither shown to be C¹ nor shown not to be.
    ActivationError
        If the text cannot be read, or the function is shown not to be C¹, or φ' not Lipschitz.
    """
    try:
        return activation(name_or_expression)
    except ActivationUndecided as problem:
        chosen = problem.candidate
        for point in problem.open.points:
            found = obstruction(chosen.expression, exact_fraction(point))
            if found is not None:
                raise ActivationError(f"{chosen.name[:60]!r}: {found}") from problem
        if problem.open.obligations and all(map(_holds, problem.open.obligations)):
            return chosen
        raise


def _holds(obligation: Obligation) -> bool:
    """Whether a smooth term is shown not to vanish on its piece, and to be positive if needed."""
    low, high = (None if e is None else exact_fraction(e) for e in obligation.domain)
    try:
        supremum((Piece(1 / obligation.term, low, high),), 1)
    except (SupremumUndecided, Unbounded, BallError):
        return False
    value = obligation.term.subs(X, obligation.domain.inside)
    return bool(not obligation.positive or value.is_positive)


def obstruction(expression: sp.Expr, point: Fraction) -> str | None:
    """Say why a function is outside the theory near a point, or None if nothing is shown.

    Parameters
    ----------
    expression : Expr
        In ``X``; smooth on both sides of the point.
    point : Fraction
        Where it may not be.
    """
    cut = sp.Rational(point.numerator, point.denominator)
    sides = {side: _beside(expression, point, side) for side in _SIDES}
    with ctx.workprec(_PRECISION):
        for order in range(3):
            forms = {side: _near(piece, cut, side, order) for side, piece in sides.items()}
            for side, form in forms.items():
                if _unbounded(form):
                    return _COMPLAINTS[order].format(cut, _SIDES[side])
            if order < 2 and _apart(*forms.values()):
                return _JUMPS[order].format(cut)
    return None


def _beside(expression: sp.Expr, point: Fraction, side: int) -> sp.Expr:
    for piece in pieces_of(expression):
        below = piece.low is None or piece.low < point or (side > 0 and piece.low == point)
        above = piece.high is None or piece.high > point or (side < 0 and piece.high == point)
        if below and above:
            return piece.expression
    raise ValueError(f"no piece lies beside {point}")


def _near(piece: sp.Expr, cut: sp.Rational, side: int, order: int) -> sp.Expr:
    """Return the derivative at cut ± 1/X, up to the sign of odd derivatives on the left."""
    u = sp.Dummy("u", positive=True)
    term = side**order * sp.diff(piece.subs(X, cut + side * u), u, order)
    return sp.expand(term).xreplace({u: 1 / X})


def _unbounded(form: sp.Expr) -> bool:
    order, factor = scaled_tail(form, Fraction(_NEAREST))
    return order.grows and factor.defined and bool(factor.lower > 0 or factor.upper < 0)


def _apart(left: sp.Expr, right: sp.Expr) -> bool:
    a, b = (tail_range(form, Fraction(_NEAREST)) for form in (left, right))
    return a.defined and b.defined and bool(a.upper < b.lower or b.upper < a.lower)
