"""Continuity on an interval: compositions of continuous functions, domains proved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.engines.definedness import conditions, discharge, node_conditions
from proofs_check.verdict import Outcome, Verdict, undecided
from theory.formulas import conjuncts, substitute
from theory.terms import Adjoint, Apply, Continuous, Inner, Norm

_CONTINUOUS = (
    sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.tanh, sp.sinh, sp.cosh, sp.sech, sp.coth, sp.sin,
    sp.cos, sp.tan, sp.atan, sp.asinh, sp.acosh, sp.atanh, sp.asin, sp.acos, sp.erf, sp.erfc,
    sp.Abs, sp.Max, sp.Min, sp.LambertW, Norm, Inner, Apply, Adjoint,
)  # fmt: skip


def continuous(claim: Continuous, premises: Mapping[str, Boolean], deadline: float) -> Outcome:
    """Decide that a function is continuous on a closed interval."""
    function, start, end = claim.args
    if not isinstance(function, sp.Lambda) or len(function.variables) != 1:
        return undecided(f"{function} is not a function of one variable")
    inside = sp.Symbol("_inside")
    body = substitute(function.expr, {function.variables[0]: inside})
    return _Interval(inside, start, end, premises, deadline).decide(body)


class _Interval:
    """A closed interval, its variable, and what is known on it."""

    def __init__(
        self, variable: Any, start: Any, end: Any, premises: Mapping[str, Boolean], deadline: float
    ) -> None:
        self._variable, self._start, self._end = variable, start, end
        self._premises, self._deadline = premises, deadline
        self._inside: dict[str, Boolean] = {" start": sp.Ge(variable, start, evaluate=False)}
        if end != sp.oo:
            self._inside[" end"] = sp.Le(variable, end, evaluate=False)

    def decide(self, body: Any) -> Outcome:
        if not body.has_free(self._variable) or body == self._variable:
            defined, stuck = self._prove(list(conditions(body)))
            return stuck or Outcome(Verdict.PROVED, "a constant or the variable itself", defined)
        given = self._given(body)
        if given is not None:
            return given
        if isinstance(body, AppliedUndef) or not isinstance(body, _CONTINUOUS):
            return undecided(f"no premise says that {body} is continuous there")
        used: frozenset[str] = frozenset()
        for arg in body.args:
            outcome = self.decide(arg)
            if not outcome.proved:
                return outcome
            used |= outcome.needed
        more, open_outcome = self._prove(list(node_conditions(body)))
        if open_outcome is not None:
            return open_outcome
        return Outcome(Verdict.PROVED, "composed of continuous functions", used | more)

    def _prove(self, relations: list[Any]) -> tuple[frozenset[str], Outcome | None]:
        known = dict(self._premises) | self._inside
        used, open_outcome = discharge(relations, known, self._deadline)
        return used & frozenset(self._premises), open_outcome

    def _given(self, body: Any) -> Outcome | None:
        for name, premise in self._premises.items():
            for part in conjuncts(premise):
                if isinstance(part, Continuous) and isinstance(part.args[0], sp.Lambda):
                    outcome = self._from_premise(name, part, body)
                    if outcome is not None:
                        return outcome
        return None

    def _from_premise(self, name: str, given: Continuous, body: Any) -> Outcome | None:
        """Use a premise on an interval that contains what the argument runs through."""
        function, low, high = given.args
        argument = _argument(function, body)
        if argument is None:
            return None
        inner = self.decide(argument)
        bounds = [sp.Ge(argument, low, evaluate=False)] if low != -sp.oo else []
        bounds += [sp.Le(argument, high, evaluate=False)] if high != sp.oo else []
        used, open_outcome = self._prove(bounds)
        if not inner.proved or open_outcome is not None:
            return None
        return Outcome(Verdict.PROVED, f"by {name}", used | inner.needed | {name})


def _argument(function: sp.Lambda, body: Any) -> Any | None:
    """Return u with function(u) = body, where it can be read off."""
    (bound,) = function.variables
    pattern = function.expr
    candidates = {body.args[0]} if isinstance(body, AppliedUndef) and len(body.args) == 1 else set()
    candidates |= body.free_symbols
    for candidate in sorted(candidates, key=sp.default_sort_key):
        if substitute(pattern, {bound: candidate}) == body:
            return candidate
    return None
