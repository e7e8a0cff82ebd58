"""Whether a function of one real variable, given as an expression, is C¹ on the whole line.

The line is cut where an absolute value, a minimum, a maximum or a case distinction switches. On
each closed piece the expression is shown to be smooth from its structure, and at each cut the
one-sided values and derivatives are compared exactly. What is shown not to be C¹ is refused with
the point; what is not shown either way says which part is open, and where it is suspicious.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    Mul,
    Pow,
    Rational,
    Symbol,
    asinh,
    atan,
    ceiling,
    cos,
    cosh,
    diff,
    erf,
    erfc,
    exp,
    floor,
    log,
    nan,
    oo,
    pi,
    simplify,
    sin,
    sinh,
    tanh,
    zoo,
)

from theory.cases import SWITCHES, CasesUndecided, Interval, pieces_of, value_at
from theory.expressions import ExpressionError
from theory.positivity import is_nonnegative, is_nonzero, is_positive, zeros

_ENTIRE = (exp, sin, cos, sinh, cosh, tanh, atan, asinh, erf, erfc)
_STEPS = (floor, ceiling)
_PROBES = (*map(Integer, (0, 1, -1, 2, -2)), pi / 2)
_CLEAR_GAP = Rational(1, 10**30)


class NotC1(ExpressionError):
    """A function is shown not to be C¹; the message names the point."""


@dataclass(frozen=True)
class Obligation:
    """What is left to show on a piece: that a term is positive there, or has no zero.

    Parameters
    ----------
    term : Expr
        The argument of a logarithm, a radicand, or a denominator.
    domain : Interval
        The piece.
    positive : bool
        Whether the term has to be positive, not only different from 0.
    complaint : str
        What may go wrong otherwise.
    """

    term: Expr
    domain: Interval
    positive: bool
    complaint: str


class SmoothnessUndecided(ExpressionError):
    """A function is neither shown to be C¹ nor shown not to be.

    Parameters
    ----------
    reason : str
        The first thing that is open.
    obligations : tuple of Obligation
        What would be enough, or () if something else is missing.
    points : tuple of Rational
        Where the function may fail to be C¹.
    """

    def __init__(
        self,
        reason: str,
        obligations: tuple[Obligation, ...] = (),
        points: tuple[Rational, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.obligations = obligations
        self.points = points


def require_c1(expression: Expr, variable: Symbol) -> None:
    """Refuse an expression that is not C¹ on the whole real line, or not shown to be.

    Raises
    ------
    NotC1
        Saying where the function or its derivative jumps, or where it has no value.
    SmoothnessUndecided
        Saying which part is open.
    """
    _refuse_steps(expression, variable)
    pieces = _pieces(expression, variable)
    found = [part for piece, domain in pieces for part in _obligations(piece, variable, domain)]
    suspects = _suspects(found, variable)
    if found:
        _refuse_without_value(expression, variable, suspects)
    for (left, domain), (right, _) in pairwise(pieces):
        _require_joined(left, right, variable, domain.high)
    if found:
        where = f" at x = {suspects[0]}" if suspects else ""
        raise SmoothnessUndecided(
            f"{found[0].complaint}{where}; it is not shown to be C¹ on the whole line",
            tuple(found),
            tuple(p for p in suspects if p.is_Rational),
        )


def _pieces(expression: Expr, variable: Symbol) -> list[tuple[Expr, Interval]]:
    try:
        return pieces_of(expression, variable)
    except CasesUndecided as problem:
        raise SmoothnessUndecided(str(problem)) from problem


def _obligations(piece: Expr, variable: Symbol, domain: Interval) -> Iterator[Obligation]:
    """Yield what is left to show for the piece to be C¹ up to its ends."""
    if piece.is_number:
        if not piece.is_real:
            raise NotC1(f"{piece} is not a real number")
        return
    if isinstance(piece, log):
        yield from _positive(piece.args[0], variable, domain, "the logarithm", piece)
    elif isinstance(piece, Pow):
        yield from _power(piece, variable, domain)
    elif not isinstance(piece, (Symbol, Add, Mul, *_ENTIRE)):
        raise SmoothnessUndecided(f"{type(piece).__name__} in {piece} is not known to be C¹")
    for arg in piece.args:
        yield from _obligations(arg, variable, domain)


def _power(piece: Pow, variable: Symbol, domain: Interval) -> Iterator[Obligation]:
    base, exponent = piece.args
    if exponent.is_Integer:
        if exponent < 0 and not is_nonzero(base, variable, domain):
            yield Obligation(base, domain, False, f"the denominator of {piece} may vanish")
    elif exponent.is_Rational and exponent >= 2 and is_nonnegative(base, variable, domain):
        return  # u^e has a Lipschitz derivative for u ≥ 0
    else:
        yield from _positive(base, variable, domain, "the root or power", piece)


def _positive(
    term: Expr, variable: Symbol, domain: Interval, what: str, shown: Expr
) -> Iterator[Obligation]:
    if not is_positive(term, variable, domain):
        yield Obligation(term, domain, True, f"{what} in {shown} may meet 0")


def _suspects(found: list[Obligation], variable: Symbol) -> list[Expr]:
    """Return points, exactly, where a term that should not vanish does."""
    points: list[Expr] = []
    for obligation in found:
        exact = zeros(obligation.term, variable, obligation.domain)
        ends = [end for end in obligation.domain if end is not None]
        near = [*ends, *_PROBES] if exact is None else exact
        points += [p for p in near if p not in points and _vanishes(obligation, variable, p)]
    return points


def _vanishes(obligation: Obligation, variable: Symbol, point: Expr) -> bool:
    low, high = obligation.domain
    inside = (low is None or low <= point) and (high is None or point <= high)
    value = value_at(obligation.term, variable, point) if inside else None
    return bool(value is not None and value.is_zero)


def _refuse_without_value(expression: Expr, variable: Symbol, suspects: list[Expr]) -> None:
    for point in [*suspects, *_PROBES]:
        value = value_at(expression, variable, point)
        if value is not None and (value.has(nan, zoo, oo) or value.is_real is False):
            raise NotC1(f"not C¹: it has no real value at x = {point}")


def _require_joined(left: Expr, right: Expr, variable: Symbol, cut: Rational) -> None:
    for order, what in ((0, "the function"), (1, "φ'")):
        below, above = (
            _one_sided(piece, variable, cut, side, order)
            for piece, side in ((left, -1), (right, 1))
        )
        gap = below - above
        if not gap.is_finite:
            raise SmoothnessUndecided(f"the one-sided limits at x = {cut} are open", (), (cut,))
        if abs(gap.evalf(40)) > _CLEAR_GAP:
            raise NotC1(f"not C¹: {what} jumps at x = {cut}")
        if simplify(gap) != 0:
            raise SmoothnessUndecided(f"whether {what} jumps at x = {cut} is open")


def _one_sided(piece: Expr, variable: Symbol, cut: Rational, side: int, order: int) -> Expr:
    """Return the limit of a piece, or of its derivative, at the end of its closed interval."""
    t = Dummy("t", nonnegative=True)
    return side**order * diff(piece.subs(variable, cut + side * t), t, order).subs(t, 0)


def _refuse_steps(expression: Expr, variable: Symbol) -> None:
    """Refuse ⌊·⌋ and ⌈·⌉, naming a jump of the whole function if one is found near 0."""
    steps = [part for part in expression.atoms(*_STEPS) if variable in part.free_symbols]
    if not steps:
        return
    if len(steps) == 1 and not expression.atoms(*SWITCHES):
        for point, below, above in _steps(steps[0], variable):
            sides = [
                expression.xreplace({steps[0]: v}).subs(variable, point) for v in (below, above)
            ]
            if (sides[0] - sides[1]).is_nonzero:
                raise NotC1(f"not C¹: the function jumps at x = {point}")
    raise SmoothnessUndecided(
        f"{steps[0]} jumps infinitely often; only finitely many cases are supported"
    )


def _steps(part: Expr, variable: Symbol) -> Iterator[tuple[Rational, Integer, Integer]]:
    """Yield jumps of a rounded affine term: where, and its values on the lower and upper side."""
    slope, offset = diff(part.args[0], variable), part.args[0].subs(variable, 0)
    if not (slope.is_Rational and slope and offset.is_Rational):
        return
    nearest = sorted((floor(offset), floor(offset) + 1), key=lambda n: abs(n - offset))
    for level in nearest:
        below = level - 1 if isinstance(part, floor) else level
        yield (level - offset) / slope, below, below + 1
