"""A claim that fails at an exact point: which relation of it, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from numerics.rigorous.balls import BallError, decide_at_point, enclosure_text, evaluate
from proofs_check.witnesses.spaces import NoCoordinates
from theory.formulas import conjuncts, substitute

PRECISION = 256
Found = TypeVar("Found")


def unless_too_large(work: Callable[[], Found]) -> Found | None:
    """Return what a decision at exact numbers finds, or None where SymPy cannot hold them.

    It takes roots of integers by way of doubles, and raises beyond 10^308. None also where a term
    has no enclosure, no coordinates, or no value: SymPy compares nothing with 0/0.
    """
    try:
        return work()
    except (OverflowError, BallError, NoCoordinates):
        return None
    except TypeError as error:
        if "NaN" not in str(error):
            raise
        return None


def failing(body: Boolean, values: Mapping[Symbol, Any]) -> Relational | None:
    """Return a relation of the claim that certainly fails at an exact point, if the claim does."""
    for part in conjuncts(body):
        if isinstance(part, Relational) and decide_at_point(part, values) is False:
            return part
    if not isinstance(body, Relational) and decide_at_point(body, values) is False:
        relations = sorted(body.atoms(Relational), key=str)
        return next((r for r in relations if decide_at_point(r, values) is False), None)
    return None


def enclosure(term: Expr, point: Mapping[Symbol, Any]) -> tuple[str, str]:
    """Enclose a term at an exact point tightly enough to show its sign, where it has one."""
    exact = substitute(term, point)
    for precision in (PRECISION, 8 * PRECISION):
        ball = evaluate(exact, {}, precision)
        if ball.rel_accuracy_bits() > 40:
            break
    return enclosure_text(ball, 12)
