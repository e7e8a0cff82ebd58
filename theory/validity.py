"""Where a named bound is one: on the domain of the conclusions that it is read off.

A bound such as a stopping time holds for some values of the parameters only, those for which a
conclusion of its statement says so. The condition is taken from that conclusion, not said again.
"""

from __future__ import annotations

from typing import Any

from sympy import Or, true
from sympy.logic.boolalg import And, Boolean, Implies

from theory.formulas import ForAll, conjuncts, free_symbols
from theory.statement import Bound, Statement


def condition(statement: Statement, bound: Bound) -> Boolean:
    """Return what has to hold of the symbols for a bound to be one, the hypotheses aside.

    It is the bound's own condition where it has one, else the domain of one of its conclusions.
    What a domain says of a variable on which the bound does not depend is left out: that the time
    is beyond a stopping time is no condition on that stopping time.
    """
    if bound.condition is not None:
        return bound.condition
    claims = [statement.conclusions[name] for name in bound.of]
    return Or(*(_domain(claim, bound.value) for claim in claims)) if claims else true


def claims_something(bound: Bound) -> bool:
    """Whether a bound is more than an abbreviation, and needs the statement's hypotheses."""
    return bool(bound.of) or bound.condition is not None


def _domain(claim: Any, value: Any) -> Boolean:
    body = claim.body if isinstance(claim, ForAll) else claim
    given = conjuncts(claim.given) if isinstance(claim, ForAll) else ()
    if isinstance(body, Implies):
        given += conjuncts(body.args[0])
    apart = (set(claim.variables) if isinstance(claim, ForAll) else set()) - free_symbols(value)
    return And(*(part for part in given if not free_symbols(part) & apart))
