"""Derivatives of explicit functions, evaluated: a claim about one can be refuted by numbers.

The rules are those of the calculus engine; where a rule asks for a condition, the claim is looked
at only where that holds.
"""

from __future__ import annotations

import time
from typing import Any

from sympy import And, Lambda
from sympy.logic.boolalg import Boolean

from proofs_check.engines.algebra_rules import replace
from proofs_check.engines.calculus_rules import Differentiator, Missing
from theory.formulas import functions_in
from theory.terms import Deriv


def differentiated(given: Boolean, body: Boolean) -> tuple[Boolean, Boolean]:
    """Return a domain and a claim with the derivatives in the claim evaluated where possible.

    The domain is narrowed to where they exist; a derivative of an undefined function, or one for
    which there is no rule, stays.
    """
    for derivative in sorted(body.atoms(Deriv), key=str):
        found = _value(derivative)
        if found is not None:
            value, conditions = found
            given, body = And(given, *conditions), replace(body, derivative, value)
    return given, body


def _value(derivative: Deriv) -> tuple[Any, list[Any]] | None:
    function, point = derivative.args
    if not isinstance(function, Lambda) or len(function.variables) != 1:
        return None
    if functions_in(function) or function.has(Deriv):
        return None
    rules = Differentiator(function.variables[0], point, {}, time.process_time())
    try:
        return rules.derivative(function.expr), rules.conditions
    except Missing:
        return None
