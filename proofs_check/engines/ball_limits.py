"""Limits of elementary expressions as the variable tends to infinity, by rules that only add up.

No heuristics: where no rule applies the answer is None. Limits at a finite end are reduced to
this case by x = a ± 1/v.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from numerics.rigorous.balls import decide_at_point
from numerics.rigorous.programs import BallError

_AT_INFINITY: dict[Any, tuple[Any, Any]] = {
    sp.tanh: (-1, 1),
    sp.atan: (-sp.pi / 2, sp.pi / 2),
    sp.erf: (-1, 1),
    sp.erfc: (2, 0),
    sp.sech: (0, 0),
    sp.sinh: (-sp.oo, sp.oo),
    sp.cosh: (sp.oo, sp.oo),
    sp.asinh: (-sp.oo, sp.oo),
    sp.exp: (0, sp.oo),
    sp.Abs: (sp.oo, sp.oo),
}


def limit_at_end(expr: Any, symbol: Any, end: Any, from_above: bool) -> Any | None:
    """Return the limit as the symbol tends to an end of its interval, from inside.

    Parameters
    ----------
    end : Expr
        A constant, oo or -oo.
    from_above : bool
        For a finite end: whether the interval lies above it.

    Returns
    -------
    Expr or None
        A constant, oo, -oo; None when no rule gives it.
    """
    far = sp.Symbol("_far", positive=True)
    shift = {sp.oo: far, -sp.oo: -far}.get(end, end + 1 / far if from_above else end - 1 / far)
    shifted = expr.xreplace({symbol: shift})
    limit = _limit(shifted, far)
    return _limit(_spread(shifted), far) if limit is None else limit


def _spread(expr: Any) -> Any:
    """Combine and split so that logarithms and powers of the far variable stand alone."""
    expr = sp.expand_log(expr.replace(sp.log, lambda u: sp.log(sp.factor(sp.together(u)))))
    return sp.expand(expr, power_base=False, log=False)


def _limit(expr: Any, far: Any) -> Any | None:
    if not expr.has(far):
        return expr
    if expr == far:
        return sp.oo
    if isinstance(expr, sp.Add):
        return _sum([_limit(arg, far) for arg in expr.args])
    if isinstance(expr, sp.Mul):
        return _product(expr, far)
    if isinstance(expr, sp.Pow) and expr.exp.is_Rational:
        return _power(_limit(expr.base, far), expr.exp)
    if isinstance(expr, sp.log):
        return _logarithm(_limit(expr.args[0], far))
    if isinstance(expr, (sp.sin, sp.cos)):
        inner = _limit(expr.args[0], far)
        return None if inner is None or _infinite(inner) else expr.func(inner)
    if expr.func in _AT_INFINITY:
        return _function(expr.func, _limit(expr.args[0], far))
    return None


def _infinite(value: Any) -> bool:
    return value in (sp.oo, -sp.oo)


def _sum(limits: list[Any]) -> Any | None:
    if any(value is None for value in limits):
        return None
    signs = {value for value in limits if _infinite(value)}
    if len(signs) == 2:
        return None
    return signs.pop() if signs else sp.Add(*limits)


def constant_sign(value: Any) -> int | None:
    """Return the certain sign of a constant, 0 only when it is certainly zero."""
    if _infinite(value):
        return 1 if value == sp.oo else -1
    try:
        for relation, sign in ((sp.Gt, 1), (sp.Lt, -1), (sp.Eq, 0)):
            if decide_at_point(relation(value, 0, evaluate=False), {}, 1024):
                return sign
    except BallError:
        return None
    return None


def _product(expr: Any, far: Any) -> Any | None:
    decay = _monomial_limit(expr, far)
    if decay is not None:
        return decay
    limits = [_limit(arg, far) for arg in expr.args]
    if any(value is None for value in limits):
        return None
    if not any(_infinite(value) for value in limits):
        return sp.Mul(*limits)
    signs = [constant_sign(value) for value in limits]
    if any(s is None or s == 0 for s in signs):
        return None
    return sp.oo * sp.prod(signs)


def _monomial_limit(expr: Any, far: Any) -> Any | None:
    """Return the limit of c·v^p·log(v)^k·e^(rv) when exponential, power or log decide for 0."""
    rate, power, logs, rest = sp.S.Zero, sp.S.Zero, sp.S.Zero, sp.S.One
    for factor in sp.Mul.make_args(expr):
        base, exponent = factor.as_base_exp()
        if isinstance(factor, sp.exp) and (factor.exp / far).is_Rational:
            rate += factor.exp / far
        elif base == far and exponent.is_Rational:
            power += exponent
        elif base == sp.log(far) and exponent.is_Rational:
            logs += exponent
        else:
            rest *= factor
    if rest == expr or not (rate, power, logs) < (0, 0, 0):
        return None
    bounded = _limit(rest, far)
    return sp.S.Zero if bounded is not None and not _infinite(bounded) else None


def _power(base: Any, exponent: Any) -> Any | None:
    if base is None:
        return None
    if _infinite(base):
        if exponent < 0:
            return sp.S.Zero
        odd = exponent.is_Integer and int(exponent) % 2 == 1
        if base == sp.oo:
            return sp.oo
        return (-sp.oo if odd else sp.oo) if exponent.is_Integer else None
    sign = constant_sign(base)
    if sign == 1 or (exponent.is_Integer and sign == -1) or (sign == 0 and exponent > 0):
        return base**exponent
    return None


def _logarithm(argument: Any) -> Any | None:
    if argument is None or argument == -sp.oo:
        return None
    if argument == sp.oo:
        return sp.oo
    sign = constant_sign(argument)
    if sign == 0:
        return -sp.oo  # the argument is positive wherever the logarithm is defined
    return sp.log(argument) if sign == 1 else None


def _function(function: Any, argument: Any) -> Any | None:
    if argument is None:
        return None
    if _infinite(argument):
        return sp.sympify(_AT_INFINITY[function][1 if argument == sp.oo else 0], strict=True)
    return function(argument)
