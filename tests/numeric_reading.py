"""A rough numerical reading of formulas on the real line: for examples, never for verdicts.

Parameters are Python numbers and functions, vectors and operators are numbers. Quantifiers range
over a grid, a derivative exists where both one-sided quotients agree, continuity means no jump.
Where probabilities occur, ``omega`` lists the sample points with their weights.
"""

from __future__ import annotations

import math
from itertools import product

from sympy import Abs, And, Implies, Lambda, Or, Sum, Symbol, exp, log, true
from sympy.core.function import AppliedUndef
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne

from theory.formulas import ForAll
from theory.probability import (
    Expect,
    GaussianVector,
    Independent,
    IndependentOf,
    IndependentPairs,
    InSpace,
    Integrable,
    Prob,
)
from theory.terms import (
    Adjoint,
    Apply,
    Continuous,
    ConvergesTo,
    Deriv,
    FrobeniusNorm,
    Gradient,
    Inner,
    InRange,
    IsInteger,
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
SAMPLE_POINTS = ("omega", "omega_1")


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
    if isinstance(term, (Prob, Expect)):
        return _chance(term, env)
    if isinstance(term, Sum):
        index, low, high = term.limits[0]
        ends = range(int(number(low, env)), int(number(high, env)) + 1)
        return math.fsum(number(term.function, {**env, index.name: place}) for place in ends)
    values = [number(arg, env) for arg in term.args]
    if isinstance(term, (exp, log)):
        return math.exp(values[0]) if isinstance(term, exp) else math.log(values[0])
    if isinstance(term, AppliedUndef):
        return env[str(term.func)](*values)
    if isinstance(term, (Abs, Norm, OperatorNorm, FrobeniusNorm, SigmaMin)):
        return abs(values[0])
    if term.is_Mul or isinstance(term, (Inner, Apply, Adjoint)):
        return math.prod(values)
    if term.is_Pow:
        return values[0] ** values[1]
    assert term.is_Add, term
    return math.fsum(values)


def _chance(term, env):
    variable = _function(term.args[0], env)
    values = ((variable(point), weight) for point, weight in env["omega"])
    if isinstance(term, Expect):
        return math.fsum(weight * value for value, weight in values)
    return math.fsum(weight for value, weight in values if value >= -1e-12)


_LAWS = (GaussianVector, Independent, IndependentOf, IndependentPairs, InSpace, Integrable)


def _law_holds(formula, env):
    if isinstance(formula, Integrable):
        return True  # sample spaces are finite here
    if isinstance(formula, InSpace):
        return number(formula.args[1], env) >= 1
    if isinstance(formula, GaussianVector):
        variable = _function(formula.args[0], env)
        return env["omega"] is NORMAL and all(variable(point) == point for point, _ in NORMAL)
    return _independent(list(_variables(formula, env)), env["omega"])


def _variables(formula, env):
    """Yield the random variables whose joint independence is claimed."""
    if isinstance(formula, IndependentOf):
        yield from (_function(f, env) for f in formula.args)
        return
    *families, count = formula.args
    for family in families:
        for member in range(1, int(number(count, env)) + 1):
            index = family.variables[0].name
            yield _function(family.expr, {**env, index: member})


def _independent(variables, sample):
    """Whether the joint law is the product of the laws."""
    joint, single = {}, [{} for _ in variables]
    for point, weight in sample:
        values = tuple(variable(point) for variable in variables)
        joint[values] = joint.get(values, 0.0) + weight
        for law, value in zip(single, values, strict=True):
            law[value] = law.get(value, 0.0) + weight
    return all(
        abs(joint.get(values, 0.0) - math.prod(w[v] for w, v in zip(single, values, strict=True)))
        < 1e-9
        for values in product(*single)
    )


def _normal(count=161, far=8.0):
    """Return a standard normal law, on a fine grid."""
    points = [far * (2 * k / (count - 1) - 1) for k in range(count)]
    weights = [math.exp(-x * x / 2) for x in points]
    return [(x, w / math.fsum(weights)) for x, w in zip(points, weights, strict=True)]


NORMAL = _normal()


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
    if isinstance(formula, IsInteger):
        return number(formula.args[0], env).is_integer()
    if isinstance(formula, _LAWS):
        return _law_holds(formula, env)
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
    choices = [[p for p, _ in env["omega"]] if n in SAMPLE_POINTS else chosen for n in names]
    for values in product(*choices):
        point = {**env, **dict(zip(names, values, strict=True))}
        if _inside(formula.given, point):
            yield point


def _inside(domain, env):
    """Compare exactly: a grid point on the boundary is on the boundary."""
    if domain == true:
        return True
    if isinstance(domain, And):
        return all(_inside(arg, env) for arg in domain.args)
    if isinstance(domain, IsInteger):
        return holds(domain, env)
    left, right = (number(side, env) for side in domain.args)
    exact = {Le: left <= right, Lt: left < right, Ge: left >= right, Gt: left > right}
    exact[Eq] = left == right
    return exact[type(domain)]


def _continuous(function, low, high):
    points = [x for x in GRID if low <= x <= high] + ([low, high] if low <= high else [])
    pairs = [(x, y) for x in points for y in (x - STEP / 10, x + STEP / 10) if low <= y <= high]
    return all(abs(function(x) - function(y)) <= JUMP for x, y in pairs)


def _is_slope(function, slope):
    agree = (_compare(Eq, _slope(function, x), slope(x)) for x in GRID)
    return all(agree) and _continuous(slope, -HORIZON, HORIZON)
