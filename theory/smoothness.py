"""Whether a function of one real variable, given as an expression, is C¹ on the whole line.

The line is cut where an absolute value, a minimum, a maximum or a case distinction switches. On
each closed piece the expression is shown to be smooth from its structure, and at each cut the
one-sided values and derivatives are compared exactly. What cannot be shown is refused.
"""

from __future__ import annotations

from itertools import pairwise

from sympy import (
    Abs,
    Add,
    Basic,
    Dummy,
    Expr,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Symbol,
    asinh,
    atan,
    cos,
    cosh,
    diff,
    erf,
    exp,
    log,
    sign,
    simplify,
    sin,
    sinh,
    tanh,
    true,
)
from sympy.core.relational import Relational

from theory.expressions import ExpressionError

_ENTIRE = (exp, sin, cos, sinh, cosh, tanh, atan, asinh, erf)
_SWITCHES = (Abs, Min, Max, Piecewise, sign)


def require_c1(expression: Expr, variable: Symbol) -> None:
    """Refuse an expression that is not C¹ on the whole real line, or not shown to be.

    Raises
    ------
    ExpressionError
        Saying where the function or its derivative jumps, or which part is not covered.
    """
    cuts = breakpoints(expression, variable)
    pieces = [resolve(expression, variable, point) for point in _between(cuts)]
    for piece, (low, high) in zip(pieces, pairwise([None, *cuts, None]), strict=True):
        _require_smooth(piece, variable, low, high)
    for cut, (left, right) in zip(cuts, pairwise(pieces), strict=True):
        _require_joined(left, right, variable, cut)


def breakpoints(expression: Expr, variable: Symbol) -> list[Rational]:
    """Return, in order, the rational points where a part of the expression switches.

    Raises
    ------
    ExpressionError
        If a switch is not an affine condition with rational coefficients.
    """
    found: set[Rational] = set()
    for part in expression.atoms(*_SWITCHES):
        for switch in _switching(part):
            found |= _zero(switch, variable)
    return sorted(found)


def _switching(part: Basic) -> list[Expr]:
    if isinstance(part, (Min, Max)):
        args = list(part.args)
        return [a - b for i, a in enumerate(args) for b in args[:i]]
    if isinstance(part, Piecewise):
        relations = [r for _, condition in part.args for r in condition.atoms(Relational)]
        return [r.lhs - r.rhs for r in relations]
    return [part.args[0]]


def _zero(term: Expr, variable: Symbol) -> set[Rational]:
    slope = diff(term, variable) if not term.atoms(*_SWITCHES) else None
    offset = term.subs(variable, 0) if slope is not None else None
    if slope is None or offset is None or not (slope.is_Rational and offset.is_Rational):
        raise ExpressionError(
            f"{term} decides between cases; only an affine condition such as x < 1 is supported"
        )
    return set() if slope.is_zero else {-offset / slope}


def as_cases(expression: Expr, variable: Symbol) -> Expr:
    """Return the expression with |·|, min and max written as one case distinction.

    Its derivative is then taken case by case, with no step or delta functions.
    """
    cuts = breakpoints(expression, variable)
    if not cuts:
        return resolve(expression, variable, Rational(0))
    pieces = [resolve(expression, variable, point) for point in _between(cuts)]
    cases = [(piece, variable < cut) for piece, cut in zip(pieces, cuts, strict=False)]
    return Piecewise(*cases, (pieces[-1], True))


def _between(cuts: list[Rational]) -> list[Rational]:
    if not cuts:
        return [Rational(0)]
    inner = [(a + b) / 2 for a, b in pairwise(cuts)]
    return [cuts[0] - 1, *inner, cuts[-1] + 1]


def resolve(expression: Expr, variable: Symbol, point: Rational) -> Expr:
    """Return the expression without case distinctions, as it reads near ``point``."""
    if not expression.args or not expression.atoms(*_SWITCHES):
        return expression
    if isinstance(expression, Piecewise):
        for value, condition in expression.args:
            if condition.subs(variable, point) == true:
                return resolve(value, variable, point)
        raise ExpressionError(f"{expression} has no value at {point}")
    args = [resolve(arg, variable, point) for arg in expression.args]
    if isinstance(expression, (Abs, sign)):
        positive = bool(args[0].subs(variable, point) >= 0)
        if isinstance(expression, sign):
            return Rational(1) if positive else Rational(-1)
        return args[0] if positive else -args[0]
    if isinstance(expression, (Min, Max)):
        choose = min if isinstance(expression, Min) else max
        return choose(args, key=lambda arg: Rational(arg.subs(variable, point)))
    return expression.func(*args)


def _require_smooth(
    piece: Expr, variable: Symbol, low: Rational | None, high: Rational | None
) -> None:
    """Check smoothness on the closed piece, shifted so that SymPy knows the variable's sign."""
    if low is not None:
        shifted = piece.subs(variable, low + Dummy("t", nonnegative=True))
    elif high is not None:
        shifted = piece.subs(variable, high - Dummy("t", nonnegative=True))
    else:
        shifted = piece.subs(variable, Dummy("t", real=True))
    _require_structure(shifted, piece)


def _require_structure(term: Expr, shown: Expr) -> None:
    if term.is_number:
        if not term.is_real:
            raise ExpressionError(f"{shown} is not real everywhere")
        return
    if isinstance(term, (Add, Mul, *_ENTIRE)):
        pass
    elif isinstance(term, log):
        _require(term.args[0].is_positive, f"the logarithm in {shown} may meet 0")
    elif isinstance(term, Pow):
        _require_power(term, shown)
    elif not isinstance(term, Symbol):
        raise ExpressionError(f"{type(term).__name__} in {shown} is not known to be C¹")
    for arg in term.args:
        _require_structure(arg, shown)


def _require_power(term: Pow, shown: Expr) -> None:
    if term.exp.is_integer and term.exp.is_nonnegative:
        return
    if term.exp.is_integer:
        _require(term.base.is_nonzero, f"the denominator in {shown} may vanish")
    else:
        _require(term.base.is_positive, f"the root or power in {shown} may meet 0")


def _require(holds: bool | None, complaint: str) -> None:
    if not holds:
        raise ExpressionError(f"{complaint}; it is not shown to be C¹ on the whole line")


def _require_joined(left: Expr, right: Expr, variable: Symbol, cut: Rational) -> None:
    for order, what in ((0, "the function"), (1, "φ'")):
        gap = diff(left - right, variable, order).subs(variable, cut)
        if abs(gap.evalf(20)) > Rational(1, 10**9) or simplify(gap) != 0:
            raise ExpressionError(f"not C¹: {what} jumps at {cut}")
