"""Users' statements in few words, and what the chain checker has to say of them."""

from __future__ import annotations

from typing import Any

from sympy import And, Symbol

from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.formulas import forall
from theory.statement import Hypothesis, Quantity, Statement
from theory.steps import cite
from theory.terms import (
    Continuous,
    function_of,
    real,
    real_function,
    vector,
    vector_function,
)

a, b, k, n, t, x, y, z = real("a b k n t x y z")
F, f, S, u = (real_function(name) for name in ("F", "f", "S", "u"))
p = vector_function("p")
v, w = vector("v"), vector("w")


def state(steps: Any, conclusions: Any, given: Any = (), over: Any = (x, y), **more: Any) -> Any:
    """Return a user's statement; ``over`` are its symbols, with a range where one is needed."""
    quantities = tuple(q if isinstance(q, Quantity) else Quantity(q, "a quantity") for q in over)
    hypotheses = tuple(Hypothesis(name, formula) for name, formula in dict(given).items())
    named = conclusions if isinstance(conclusions, dict) else {"c": conclusions}
    return Statement("a test", quantities, hypotheses, named, tuple(steps), **more)


def positive(symbol: Symbol) -> Quantity:
    return Quantity(symbol, "positive", symbol > 0)


def undecided(statement: Statement, reason: str = "", seconds: float = 6.0) -> None:
    """Require that nothing is claimed as proved, and that the reason says why."""
    report = check(statement, seconds=seconds)
    assert report.verdict is Verdict.UNDECIDED
    reasons = [*report.reasons.values(), *(s.outcome.reason for s in report.steps)]
    assert any(reason in text for text in reasons), reasons


def proved(statement: Statement) -> Any:
    report = check(statement)
    assert report.verdict is Verdict.PROVED, [s.outcome.reason for s in report.steps]
    return report


CONTINUOUS = {"order": a <= b, "continuous": Continuous(function_of(x, F(x)), a, b)}
BOUNDED = forall(x, And(a <= x, x <= b), F(x) <= k)


def bounded(chosen: Any, **more: Any) -> Any:
    return cite("c", "bounded_above", "continuous", "order", F=F, a=a, b=b, c=chosen, **more)
