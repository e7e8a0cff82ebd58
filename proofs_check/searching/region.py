"""Where a search may look: what the parameters of a model have to satisfy, and how that is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice, takewhile
from typing import Any

import numpy as np
from sympy import Abs, And, Expr, Symbol, true
from sympy.logic.boolalg import Boolean

from numerics.rigorous.balls import BallError, decide_at_point
from proofs_check.interpretations.bent import BentModel
from proofs_check.interpretations.direct import DirectModel
from proofs_check.interpretations.models import Interpretation
from proofs_check.searching.budget import Budget
from proofs_check.searching.constraints import completed as completion
from proofs_check.searching.constraints import sampled, solutions
from proofs_check.searching.failures import unless_too_large
from proofs_check.searching.search import Score, violation
from proofs_check.searching.targets import Target, opaque
from proofs_check.witnesses.concrete import TRANSCENDENTAL
from theory.formulas import ForAll, conjuncts, free_symbols, substitute
from theory.statement import Model, Statement
from theory.terms import IsInteger

FEW = 3  # at how many values a quantified hypothesis is looked at in a model of functions
# By how much a formula fails that has to fail: less than where equality violates a strict one.
CLEARLY = 1e-295
# Bits at which a hypothesis is looked at before engines are asked.
QUICK = 256


class Region:
    """The parameters of a model at which a statement's hypotheses may hold.

    Parameters
    ----------
    statement : Statement
        Whose hypotheses.
    model : Model
        Where they are read.
    reading : Interpretation
        The statement in this model.
    outside : sequence of Formula
        Formulas of which one has to fail.
    budget : Budget
        Where it is spent, what is not yet known of the hypotheses is left to the engines.
    """

    def __init__(
        self,
        statement: Statement,
        model: Model,
        reading: Interpretation,
        outside: Sequence[Any] = (),
        budget: Budget | None = None,
    ) -> None:
        self.statement, self.model, self.reading = statement, model, reading
        self.budget = budget or Budget()
        self.direct, self.bent = isinstance(model, DirectModel), isinstance(model, BentModel)
        self._outside = tuple(outside)

    @cached_property
    def _assumed(self) -> list[Any]:
        formulas = [q.range for q in self.statement.quantities if q.range != true]
        formulas += [h.formula for h in self.statement.hypotheses]
        # What has no coordinates here is for the engines to refuse.
        read = self.reading.read
        known = (unless_too_large(partial(read, f)) for f in self._in_time(formulas))
        return [part for parts in known for part in parts or ()]

    def _in_time(self, formulas: Iterable[Any]) -> Iterator[Any]:
        return takewhile(lambda _: self.budget.left > 0, formulas)

    @cached_property
    def admissible(self) -> list[Boolean]:
        """What the parameters have to satisfy: ranges and closed hypotheses, in this model.

        In a direct or a bent model also what quantified hypotheses say at a few values.
        """
        return self._closed + (self._seen if self.direct or self.bent else [])

    @cached_property
    def _closed(self) -> list[Boolean]:
        return [p for p in self._assumed if not isinstance(p, ForAll) and not opaque(p)]

    @cached_property
    def _seen(self) -> list[Boolean]:
        """What quantified hypotheses say at a few values, of the parameters that were let go."""
        let_go = self.model.free if isinstance(self.model, BentModel) else None
        quantified = [p for p in self._assumed if isinstance(p, ForAll)]
        if let_go is not None:
            quantified = [p for p in quantified if free_symbols(p) & let_go]
        most = None if self.direct else FEW
        found = (part for formula in quantified for part in islice(sampled(formula), most))
        return [part for part in self._in_time(found) if not opaque(part)]

    @cached_property
    def elsewhere(self) -> Boolean | None:
        """What fails wherever something new can be found, as far as numbers show it."""
        shown: list[Boolean] = []
        for given in self._outside:
            formulas = unless_too_large(partial(self.reading.read, given))
            if formulas is None:
                return None
            for formula in formulas:
                shown += sampled(formula) if isinstance(formula, ForAll) else [formula]
        return None if any(map(opaque, shown)) or not self._outside else And(*shown)

    @cached_property
    def solved(self) -> dict[Symbol, Expr]:
        """The parameters that equations among the hypotheses determine."""
        if isinstance(self.model, BentModel):
            plain = [p for p in self._closed if not p.has(*TRANSCENDENTAL, Abs)]
            return solutions(plain, [s for s in self.model.parameters if s in self.model.free])
        known = self._in_time(self.admissible)
        return solutions(known, list(self.model.parameters)) if self.direct else {}

    @cached_property
    def integers(self) -> frozenset[Symbol]:
        """The parameters that have to be integers."""
        claims = (c for p in self._assumed if not isinstance(p, ForAll) for c in conjuncts(p))
        return frozenset(c.args[0] for c in claims if isinstance(c, IsInteger))

    def refused(self, point: Mapping[Symbol, Any]) -> bool:
        """Whether a quantified hypothesis certainly fails at one of a few values.

        It costs little, and spares the engines most of what they would look for in vain.
        """
        values = {s: point[s] for s in self.model.parameters}
        return not self.direct and any(
            free_symbols(part) <= set(values) and _certainly_not(part, values)
            for part in self._seen
        )

    def feasible(self, target: Target) -> Score:
        """Return what is at most 0 where a target's domain and the hypotheses hold."""
        inside = violation(substitute(target.given, self.solved), target.box.symbols)
        columns = [target.box.symbols.index(s) for s in self.free]
        return lambda points: np.maximum(inside(points), self._allowed(points[:, columns]))

    @cached_property
    def free(self) -> tuple[Symbol, ...]:
        """The parameters that nothing determines."""
        return tuple(s for s in self.model.parameters if s not in self.solved)

    @cached_property
    def _allowed(self) -> Score:
        """What the parameters have to satisfy, compiled once for all targets."""
        allowed = violation(substitute(And(*self.admissible), self.solved), self.free)
        if self.elsewhere is None:
            return allowed
        gap = violation(substitute(self.elsewhere, self.solved), self.free)
        return lambda points: np.maximum(allowed(points), CLEARLY - gap(points))

    def completed(self, target: Target, found: Mapping[Symbol, Any]) -> dict[Symbol, Any] | None:
        """Return the point with all its symbols if it is certainly admissible."""
        values = completion(target.box.exact(found), self.solved)
        if values is None:
            return None
        allowed = (*conjuncts(target.given), *(self._closed if self.bent else self.admissible))
        # One by one: to join them in a conjunction, SymPy would sort them every time.
        return values if all(decide_at_point(a, values) is True for a in allowed) else None


def _certainly_not(formula: Boolean, values: Mapping[Symbol, Any]) -> bool:
    try:
        return decide_at_point(formula, values, QUICK) is False
    except BallError:  # a term that has no enclosure: left to the engines
        return False
