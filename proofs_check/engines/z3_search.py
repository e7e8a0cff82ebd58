"""Asking Z3 whether assertions can hold together, by several routes within one time budget."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3
from sympy.logic.boolalg import Boolean

from proofs_check.engines.z3_marks import GLANCE, LOOK, Marked
from proofs_check.engines.z3_terms import Translator

# Z3 takes its memory when its first context is made. Here it is made before engines are forked,
# whose own contexts are then made in less time.
z3.main_ctx()


class Clock:
    """A deadline from which phases take their share.

    Parameters
    ----------
    seconds : float
        The whole budget, counted from now.
    """

    def __init__(self, seconds: float) -> None:
        self.end = time.process_time() + seconds

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.end - time.process_time())

    def part(self, share: float) -> Clock:
        """Return a clock that ends after this share of what is left."""
        return Clock(self.left * share)

    def at_most(self, seconds: float) -> Clock:
        """Return a clock that ends when this one does, or after so many seconds."""
        return Clock(min(self.left, seconds))


@dataclass(frozen=True)
class Answer:
    """What Z3 said: ``unsat``, ``sat`` with a model, or ``unknown``."""

    status: str
    model: Any = None


class Encoding:
    """Formulas in Z3's terms, twice: with functions, and with applications flattened.

    Parameters
    ----------
    premises : mapping
        Formulas by name.
    background : sequence of Boolean
        Formulas that are always asserted.
    targets : sequence of Boolean
        Formulas whose negation will be asked about.

    Attributes
    ----------
    free_of_functions : bool
        Whether all formulas are algebraic in real symbols.
    symbols : mapping
        The symbols that occur, with the Z3 constants that stand for them.

    Raises
    ------
    TranslationError
        If a formula has no translation.
    """

    def __init__(
        self,
        premises: Mapping[str, Boolean],
        background: Sequence[Boolean],
        targets: Sequence[Boolean],
    ) -> None:
        self.names = list(premises)
        self._source = (dict(premises), tuple(background), tuple(targets))
        self._written = {False: _Written(*self._source, flat=False)}
        self._marked: dict[bool, Marked] = {}
        self.free_of_functions = self._written[False].translator.free_of_functions
        self.symbols = self._written[False].translator.symbols

    def marked(self, flat: bool) -> Marked:
        """Return a solver that holds all of this; it is kept for further questions."""
        if flat not in self._marked:
            written = self._in_z3(flat)
            self._marked[flat] = Marked(written.facts, written.premises, written.targets)
        return self._marked[flat]

    def _in_z3(self, flat: bool) -> _Written:
        if flat not in self._written:
            self._written[flat] = _Written(*self._source, flat=flat)
        return self._written[flat]

    def assertions(self, names: Sequence[str], target: Boolean | None, flat: bool) -> list[Any]:
        """Return facts, the named premises, and the negation of a target if there is one."""
        written = self._in_z3(flat)
        chosen = [written.premises[name] for name in names]
        if target is not None:
            chosen.append(z3.Not(written.targets[target]))
        return [*written.facts, *chosen]


class _Written:
    """One way of writing premises, background and targets in Z3."""

    def __init__(
        self,
        premises: Mapping[str, Boolean],
        background: Sequence[Boolean],
        targets: Sequence[Boolean],
        flat: bool,
    ) -> None:
        self.translator = Translator(flat)
        always = [self.translator.formula(f) for f in background]
        self.premises = {n: self.translator.formula(f) for n, f in premises.items()}
        self.targets = {f: self.translator.formula(f) for f in targets}
        laws = self.translator.laws()
        self.facts = [*self.translator.facts, *laws, *always]


_PATIENCE = 0.3  # seconds
# Procedure, whether applications are flattened, share of what is left, and at most so many seconds.
_ROUTES = (
    ("smt", False, 0.05, 0.1),
    ("nlsat", True, 0.3, 10.0),
    ("smt", True, 0.3, 10.0),
    ("smt", False, 0.4, 10.0),
    ("nlsat", True, 1.0, 1e9),
)


def satisfiable(
    encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock
) -> Answer:
    """Ask whether the named premises, and the negation of a target, can hold together."""
    if encoding.marked(flat=False).check(names, target, GLANCE) == "unsat":
        return Answer("unsat")
    return _by_routes(encoding, names, target, clock)


def _by_routes(
    encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock
) -> Answer:
    for engine, flat, share, cap in _ROUTES:
        limit = clock.part(share).at_most(cap)
        answer = _ask(engine, encoding.assertions(names, target, flat), limit)
        if answer.status != "unknown":
            return answer
    return Answer("unknown")


def _ask(engine: str, assertions: list[Any], clock: Clock) -> Answer:
    milliseconds = int(1000 * clock.left)
    if milliseconds < 1:
        return Answer("unknown")
    # Z3's tactic "qfnra-nlsat" crashes when it is interrupted (5.4.0); the logic's own solver,
    # which runs the same procedure, does not.
    solver = z3.SolverFor("QF_NRA") if engine == "nlsat" else z3.Solver()
    solver.set("timeout", milliseconds)
    solver.add(*assertions)
    try:
        status = str(solver.check())
    except z3.Z3Exception:  # this solver refuses what is not purely real
        return Answer("unknown")
    return Answer(status, solver.model() if status == "sat" else None)


def contradict(
    encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock
) -> bool:
    """Whether the named premises and the negation of a target provably cannot hold together."""
    return status(encoding, names, target, clock) == "unsat"


def status(encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock) -> str:
    """Return the status of what ``satisfiable`` answers, where no model is asked for."""
    seen = encoding.marked(flat=False).check(names, target, GLANCE)
    return seen if seen != "unknown" else _by_routes(encoding, names, target, clock).status


def minimal(encoding: Encoding, target: Boolean | None, clock: Clock) -> list[str]:
    """Drop every premise without which the same contradiction is still found.

    Premises about which Z3 gives up are kept. Each removal gets little more time than finding
    the contradiction took, so that what is hard to refute does not use up the budget.
    """
    started = time.process_time()
    kept = _core(encoding, target)
    patience = _PATIENCE + 8 * (time.process_time() - started)
    for index, name in enumerate(list(kept)):
        rest = [n for n in kept if n != name]
        limit = clock.part(1 / (len(kept) - index) if index < len(kept) else 1).at_most(patience)
        if contradict(encoding, rest, target, limit):
            kept = rest
    return kept


def _core(encoding: Encoding, target: Boolean | None) -> list[str]:
    """Return the premises in Z3's own unsatisfiable core, or all where it finds none."""
    for flat in (False, True):
        marked = encoding.marked(flat)
        if marked.check(encoding.names, target, LOOK) == "unsat":
            return marked.core
    return list(encoding.names)


def smtlib(encoding: Encoding, target: Boolean | None) -> str:
    """Return the question whether all premises and the negated target can hold, as SMT-LIB."""
    solver = z3.Solver()
    solver.add(*encoding.assertions(encoding.names, target, flat=False))
    return str(solver.to_smt2())
