"""A rough numerical reading of formulas on the real line: for examples, never for verdicts.

Parameters are Python numbers and functions, vectors and operators are numbers. Quantifiers range
over a grid, a derivative exists where both one-sided quotients agree, continuity means no jump.
"""

from __future__ import annotations

import math
from itertools import product

from sympy import And, Implies, Lambda, Or, Symbol, true
from sympy.core.function import AppliedUndef
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne

from theory.formulas import ForAll
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    ConvergesTo,
    Deriv,
    Gradient,
    Inner,
    InRange,
    Jacobian,
    Norm,
    OperatorNorm,
    SigmaMin,
)

GRID = sorted({k / 16 for k in range(-48, 49)} | {s * 10.0**-k for s in (1, -1) for k in (2, 3)})
COARSE = [-3, -1, -0.5, 0, 1e-3, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 10, 100, 1000]
LATE = [1000.0 + 7.3 * k for k in range(40)]
STEP, NEAR, JUMP, FAR = 1e-6, 1e-4, 1e-3, 1e-2
HORIZON = 3.0


def number(term, env):
    """Return the value of a term, or nan where it has none."""
    try:
        return float(_number(term, env))
    except (ZeroDivisionError, OverflowError):
        return math.nan


def _number(term, env):
    if isinstance(term, Symbol):
        return env[term.name]
    if term.is_Number:
        return float(term)
    if isinstance(term, Deriv):
        return _slope(_function(term.args[0], env), number(term.args[1], env))
    values = [number(arg, env) for arg in term.args]
    if isinstance(term, AppliedUndef):
        return env[str(term.func)](*values)
    if isinstance(term, (Norm, OperatorNorm, SigmaMin)):
        return abs(values[0])
    if term.is_Mul or isinstance(term, (Inner, Apply, Adjoint)):
        return math.prod(values)
    if term.is_Pow:
        return values[0] ** values[1]
    assert term.is_Add, term
    return math.fsum(values)


def _function(function, env):
    assert isinstance(function, Lambda)
    (variable,) = function.variables
    return lambda value: number(function.expr, {**env, variable.name: value})


def _slope(function, at):
    here = function(at)
    right, left = (function(at + STEP) - here) / STEP, (here - function(at - STEP)) / STEP
    return (left + right) / 2 if abs(left - right) <= JUMP * (1 + abs(left)) else math.nan


def holds(formula, env, grid=None):
    """Whether a formula holds, as far as a grid can tell."""
    if isinstance(formula, ForAll):
        return all(holds(formula.body, point, grid) for point in _points(formula, env, grid))
    if formula == true:
        return True
    if isinstance(formula, And):
        return all(holds(arg, env, grid) for arg in formula.args)
    if isinstance(formula, Or):
        return any(holds(arg, env, grid) for arg in formula.args)
    if isinstance(formula, Implies):
        return not holds(formula.args[0], env, grid) or holds(formula.args[1], env, grid)
    if isinstance(formula, (Gradient, Jacobian)):
        return _is_slope(*(_function(f, env) for f in formula.args))
    if isinstance(formula, Continuous):
        low, high = (number(end, env) for end in formula.args[1:])
        return _continuous(_function(formula.args[0], env), low, min(high, HORIZON))
    if isinstance(formula, ConvergesTo):
        curve, limit = _function(formula.args[0], env), number(formula.args[1], env)
        return all(abs(curve(time) - limit) <= FAR for time in LATE)
    left, right = (number(side, env) for side in formula.args)
    if isinstance(formula, InRange):
        return left != 0 or right == 0
    return _compare(type(formula), left, right)


def _compare(relation, left, right):
    near = abs(left - right) <= NEAR * (1 + abs(left) + abs(right))
    answers = {
        Eq: near, Ne: not near, Le: left <= right or near, Ge: left >= right or near,
        Lt: left < right, Gt: left > right,
    }  # fmt: skip
    return answers[relation]


def _points(formula, env, grid):
    names = [v.name for v in formula.variables]
    chosen = grid or (GRID if len(names) == 1 else COARSE)
    for values in product(chosen, repeat=len(names)):
        point = {**env, **dict(zip(names, values, strict=True))}
        if _inside(formula.given, point):
            yield point


def _inside(domain, env):
    """Compare exactly: a grid point on the boundary is on the boundary."""
    if domain == true:
        return True
    if isinstance(domain, And):
        return all(_inside(arg, env) for arg in domain.args)
    left, right = (number(side, env) for side in domain.args)
    exact = {Le: left <= right, Lt: left < right, Ge: left >= right, Gt: left > right}
    return exact[type(domain)]


def _continuous(function, low, high):
    points = [x for x in GRID if low <= x <= high] + ([low, high] if low <= high else [])
    pairs = [(x, y) for x in points for y in (x - STEP / 10, x + STEP / 10) if low <= y <= high]
    return all(abs(function(x) - function(y)) <= JUMP for x, y in pairs)


def _is_slope(function, slope):
    agree = (_compare(Eq, _slope(function, x), slope(x)) for x in GRID)
    return all(agree) and _continuous(slope, -HORIZON, HORIZON)
