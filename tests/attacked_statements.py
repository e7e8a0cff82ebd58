"""Statements to attack, and an independent check of what is found against them."""

from __future__ import annotations

from typing import Any

import mpmath
from sympy import (
    And,
    Eq,
    Implies,
    Lambda,
    Or,
    Rational,
    atan,
    cosh,
    exp,
    lambdify,
    log,
    sin,
    sqrt,
    tanh,
    true,
)

from theory.formulas import forall, parts
from theory.statement import Hypothesis, Model, Quantity, Statement
from theory.terms import (
    real,
    real_function,
)

a, b, c, t, x, y = real("a b c t x y")
F = real_function("F")
PERCENT = Rational(1, 100)


def state(claim: Any, given: Any = (), over: Any = (), **more: Any) -> Statement:
    """Return a statement about numbers; ranges by symbol."""
    quantities = tuple(Quantity(s, "a number", r) for s, r in dict(over).items())
    hypotheses = tuple(Hypothesis(n, f) for n, f in dict(given).items())
    steps = more.pop("steps", ())
    return Statement("a test", quantities, hypotheses, {"c": claim}, steps, **more)


POSITIVE = {a: a > 0, b: b > 0}
REAL = {a: true, b: true}
UNIT = {x: And(x >= 0, x <= 1)}
HALF_LINE = {x: x >= 0}

# (true claim, the same spoiled, hypotheses, ranges)
PAIRS: dict[str, Any] = {
    "arithmetic and geometric mean": (
        sqrt(a * b) <= (a + b) / 2, sqrt(a * b) <= (1 - PERCENT) * (a + b) / 2, {}, POSITIVE),
    "Young": (a * b <= a**2 / 2 + b**2 / 2, a * b <= (1 - PERCENT) * (a**2 + b**2) / 2, {}, REAL),
    "Young with a weight": (
        a * b <= a**2 / (2 * c) + c * b**2 / 2, a * b <= a**2 / (2 * c) + c * b**2 / (2 + PERCENT),
        {}, {**REAL, c: c > 0}),
    "convexity of the exponential": (
        exp(x) >= 1 + x, exp(x) >= 1 + (1 + PERCENT) * x, {}, {x: true}),
    "logarithm": (log(1 + x) <= x, log(1 + x) <= (1 - PERCENT) * x, {}, HALF_LINE),
    "hyperbolic tangent": (tanh(x) <= x, tanh(x) <= (1 - PERCENT) * x, {}, HALF_LINE),
    "arctangent": (
        atan(x) >= x / (1 + x**2), atan(x) >= (1 + PERCENT) * x / (1 + x**2), {}, HALF_LINE),
    "cosine hyperbolic": (
        cosh(x) >= 1 + x**2 / 2, cosh(x) >= 1 + (1 + PERCENT) * x**2 / 2, {}, {x: true}),
    "concavity of the sine": (
        sin(x) <= x, sin(x) <= (1 - PERCENT) * x, {}, UNIT),
    "a root below its tangent": (
        sqrt(1 - x) <= 1 - x / 2, sqrt(1 - x) <= 1 - (1 + PERCENT) * x / 2, {}, UNIT),
    "an inequality the other way round": (
        a**2 + b**2 >= 2 * a * b, a**2 + b**2 <= 2 * a * b, {}, REAL),
    "a hypothesis with another constant": (
        a * b <= 1, a * b <= 1 - PERCENT, {"sum": a + b <= 2}, POSITIVE),
    "an equation": (Eq((a + b) ** 2, a**2 + 2 * a * b + b**2, evaluate=False),
                    Eq((a + b) ** 2, a**2 + b**2, evaluate=False), {}, REAL),
    "a conjunction": (
        And(a**2 >= 0, a**4 >= 0), And(a**2 >= 0, a**3 >= -100), {}, {a: true}),
    "a disjunction": (Or(a >= 0, a < 1), Or(a >= 1, a < 0), {}, {a: true}),
    "an implication": (
        Implies(a > 1, a**2 > a), Implies(a > 1 - PERCENT, a**2 > a), {}, {a: true}),
    "a bound variable": (
        forall(t, t >= 0, a * t <= a * t**2 / 2 + a / 2),
        forall(t, t >= 0, a * t <= a * t**2 / 2 + (1 - PERCENT) * a / 2), {}, {a: a > 0}),
    "a cubic root by two hypotheses": (
        a <= 1, a <= 1 - PERCENT, {"low": a**3 <= 1, "high": a >= 0}, {a: true}),
}  # fmt: skip


def symbol_values(found: Any, statement: Statement) -> Any:
    """Read a shown counterexample back: exact values of every symbol, by symbol."""
    named = {str(q.symbol): q.symbol for q in statement.quantities}
    bound = [v for f in statement.conclusions.values() for v in getattr(f, "variables", ())]
    named |= {str(v): v for v in bound}
    assert set(found.values) <= set(named) | {"time"}
    return {named[name]: Rational(text) for name, text in found.values.items()}


def holds(formula: Any, values: Any) -> bool:
    """Evaluate a relation or a combination with mpmath, in 60 digits: no ball is involved."""
    with mpmath.workdps(60):
        if isinstance(formula, And):
            return all(holds(arg, values) for arg in formula.args)
        if isinstance(formula, Or):
            return any(holds(arg, values) for arg in formula.args)
        if isinstance(formula, Implies):
            return not holds(formula.args[0], values) or holds(formula.args[1], values)
        if formula == true:
            return True
        sides = [lambdify(list(values), side, "mpmath") for side in formula.args]
        numbers = [mpmath.mpf(v.p) / v.q for v in values.values()]
        left, right = (side(*numbers) for side in sides)
        equal = abs(left - right) <= mpmath.mpf(10) ** -50 * (abs(left) + abs(right))
        compare = {"<": left < right and not equal, "<=": left < right or equal,
                   ">": left > right and not equal, ">=": left > right or equal,
                   "==": equal}  # fmt: skip
        return bool(compare[formula.rel_op])


def check_counterexample(statement: Statement, shown: Any) -> None:
    """Hypotheses and ranges hold, the conclusion fails, and the enclosures contain both sides."""
    values = symbol_values(shown, statement)
    for quantity in statement.quantities:
        assert holds(quantity.range, values)
    for hypothesis in statement.hypotheses:
        assert holds(hypothesis.formula, values)
    conclusion = statement.conclusions[shown.conclusion]
    *domain, body = parts(conclusion)
    assert all(holds(part, values) for part in domain)
    assert not holds(body, values)
    check_enclosures(shown)


def check_enclosures(shown: Any) -> None:
    with mpmath.workdps(60):
        left, right, margin = (
            [mpmath.mpf(end) for end in side] for side in (shown.left, shown.right, shown.margin)
        )
        for low, high in (left, right, margin):
            assert low <= high
        assert margin[0] <= left[1] - right[0]
        assert margin[1] >= left[0] - right[1]
        # Zero is outside, or the two sides are equal where that is forbidden.
        assert margin[0] > 0 or margin[1] < 0 or margin[0] == margin[1] == 0


def square(**changes: Any) -> Statement:
    """Return a statement about a function, with a model in which it is explicit."""
    model = Model(
        "parabola", {F: Lambda(x, a * x**2), a: a},
        {a: (Rational(1, 2), Rational(2))}, {a: Rational(1)},
    )  # fmt: skip
    parts_: dict[str, Any] = {
        "claim": forall(x, x >= 0, F(x) <= 2 * x**2),
        "given": {"growth": forall(x, true, F(x) <= 2 * x**2)},
        "over": {F: true, a: And(a > 0, a <= 2)},
        "models": (model,),
    }
    return state(**(parts_ | changes))
