"""Interpretations of a statement: every symbol and function made explicit.

A hypothesis then is a concrete formula about real numbers, and the engines decide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sympy import And, Eq, Symbol, true

from proofs_check.interpretations.readings import Setting, law_at, readings, values_of
from proofs_check.interpretations.sample_space import law_holds
from proofs_check.reporting.findings import HypothesisReport
from proofs_check.verdict import Outcome, Verdict
from proofs_check.witnesses.concrete import ENGINE_SECONDS, decide_concrete
from proofs_check.witnesses.foresight import decided_ahead
from theory.formulas import ForAll, Formula
from theory.statement import Law, Model, Statement


class Interpretation:
    """A statement read in a model, with exact values for some or all of its parameters."""

    def __init__(
        self,
        statement: Statement,
        model: Model,
        point: Mapping[Symbol, Any] | None = None,
        seconds: float = ENGINE_SECONDS,
    ) -> None:
        self.statement, self.model, self.seconds = statement, model, seconds
        self.point = dict(point or {})

        self._known: dict[Formula, Outcome] = {}

    @cached_property
    def values(self) -> dict[Any, Any]:
        """Every symbol and function of the statement as an explicit term."""
        return dict(values_of(self._setting))

    @property
    def _setting(self) -> Setting:
        return Setting(self.statement, self.model, tuple(self.point.items()))

    @property
    def _rewritten(self) -> dict[str, Formula]:
        """What makes a model's own way to write a defined function of time the defined one."""
        return {
            d.name: ForAll(tuple(d.head.args), And(*(t >= 0 for t in d.head.args)), equation)
            for d in self.statement.definitions
            if d.symbol in self.model.values and not isinstance(d.head, Symbol)
            for equation in [Eq(d.head, d.value, evaluate=False)]
        }

    def read(self, formula: Formula) -> list[Formula]:
        """Return the concrete formulas that a formula of the statement amounts to."""
        return list(readings(self._setting, formula))

    @property
    def _law(self) -> Law:
        return law_at(self.model, self.point)

    def check(self, formula: Formula) -> Outcome:
        """Decide a formula of the statement in this model."""
        return all_of(map(self._decided, self.read(formula)))

    def _decided(self, part: Formula) -> Outcome:
        return self._known.get(part) or decide_concrete(part, self.seconds)

    def prepare(self, order: Iterable[str] = ()) -> None:
        """Have engines decide in one process what is wanted, until something does not hold.

        Names in ``order`` come first.
        """
        wanted = self.wanted
        names = dict.fromkeys([*order, *wanted])
        parts = (part for name in names for part in self.read(wanted[name]))
        self._known |= decided_ahead(parts, self.seconds)

    def decide_hypotheses(self) -> Iterator[HypothesisReport]:
        """Decide every range and hypothesis, and the equations of what the proof introduces."""
        self.prepare()
        for name, formula in self.wanted.items():
            outcome = self.check(formula)
            yield HypothesisReport(name, outcome.verdict, outcome.reason)

    @property
    def wanted(self) -> dict[str, Formula]:
        """What has to hold on an instance, by name."""
        wanted: dict[str, Formula] = {
            q.name: q.range for q in self.statement.quantities if q.range != true
        }
        wanted |= {h.name: h.formula for h in self.statement.hypotheses}
        if law_holds(self._law) is not true:
            wanted["law"] = law_holds(self._law)
        return {**wanted, **self.statement.characterised, **self._rewritten}


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the first outcome that is not PROVED, or one with the reasons of all."""
    reasons = []
    for outcome in outcomes:
        if not outcome.proved:
            return outcome
        reasons.append(outcome.reason)
    return Outcome(Verdict.PROVED, "; ".join(dict.fromkeys(reasons)) or "true by evaluation")
