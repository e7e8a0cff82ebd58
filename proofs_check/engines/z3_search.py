"""Asking Z3 whether assertions can hold together, by several routes within one time budget."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3
from sympy.logic.boolalg import Boolean

from proofs_check.engines.z3_marks import BLINK, GLANCE, LOOK, STEPS_A_SECOND, Effort, Marked
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

    def at_most(self, effort: Effort, share: float) -> Effort:
        """Return an effort, or what can be done in this share of what is left."""
        return Effort(min(effort.steps, int(STEPS_A_SECOND * share * self.left)))


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
    contradictions : dict
        How all premises were found to contradict the negation of a target.
    routes : list
        The ways to ask about them, in order: the one that led to a contradiction first.
    given_up : Counter
        How often each of them has led to no answer.

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
        self.contradictions: dict[Boolean | None, Contradiction] = {}
        self.routes = list(_ROUTES)
        self.given_up: Counter[Route] = Counter()
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


@dataclass(frozen=True)
class Route:
    """A way to ask Z3.

    Parameters
    ----------
    solver : {"marked", "smt", "nlsat"}
        The solver that all questions share, or one for this question only.
    flat : bool
        Whether applications are flattened.
    effort : Effort
        What it may take at most ...
    share : float
        ... and as a part of the time that is left.
    """

    solver: str
    flat: bool
    effort: Effort
    share: float


@dataclass(frozen=True)
class Contradiction:
    """Premises that contradict the negation of a target, and the route on which that was found."""

    core: tuple[str, ...]
    route: Route


_FIRST = Route("marked", False, GLANCE, 0.05)
# Where premises are expected to go together: most models are found within fewer steps.
_BRIEF = Route("marked", False, BLINK, 0.05)
_ALGEBRAIC = Route("nlsat", True, Effort(60_000), 0.1)
_ENOUGH = 2  # times to see a quick route give up
_SIMPLIFIED = Route("smt", False, LOOK, 0.1)
_ROUTES = (
    _FIRST,
    _ALGEBRAIC,
    _SIMPLIFIED,
    Route("nlsat", True, Effort(4_000_000), 0.5),
    Route("smt", True, Effort(4_000_000), 0.4),
    Route("smt", False, Effort(4_000_000), 0.5),
    Route("nlsat", True, Effort(20_000_000), 1.0),
)


def satisfiable(
    encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock
) -> Answer:
    """Ask whether the named premises, and the negation of a target, can hold together."""
    first, *others = encoding.routes
    seen = _ask(first, encoding, names, target, clock)
    if seen.status == "unsat" or seen.model is not None:
        return seen
    if seen.status == "sat":
        others = [_SIMPLIFIED, *others]
    return _first_answer(others, encoding, names, target, clock, model=True)


def status(encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock) -> str:
    """Return the status of what ``satisfiable`` answers, where no model is asked for."""
    return _first_answer(_briefly(encoding.routes), encoding, names, target, clock).status


def _briefly(routes: Iterable[Route]) -> list[Route]:
    """Return routes, each once, for a question whose answer is expected to be ``sat``."""
    return list(dict.fromkeys(_BRIEF if route == _FIRST else route for route in routes))


def _first_answer(
    routes: Sequence[Route],
    encoding: Encoding,
    names: Sequence[str],
    target: Boolean | None,
    clock: Clock,
    model: bool = False,
) -> Answer:
    for route in routes:
        answer = _ask(route, encoding, names, target, clock)
        wanted = answer.model is not None or not model
        if answer.status == "unsat" or (answer.status == "sat" and wanted):
            return answer
    return Answer("unknown")


def _ask(
    route: Route, encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock
) -> Answer:
    effort = clock.at_most(route.effort, route.share)
    if effort.steps < 1:
        return Answer("unknown")
    if route.solver == "marked":
        answer = Answer(encoding.marked(route.flat).check(names, target, effort))
    else:
        answer = _alone(route, encoding.assertions(names, target, route.flat), effort)
    encoding.given_up[route] += answer.status == "unknown"
    if answer.status == "unsat" and list(names) == encoding.names:
        core = encoding.marked(route.flat).core if route.solver == "marked" else names
        encoding.contradictions.setdefault(target, Contradiction(tuple(core), route))
        encoding.routes = list(dict.fromkeys((route, *encoding.routes)))
    return answer


def _alone(route: Route, assertions: list[Any], effort: Effort) -> Answer:
    """Ask a solver that is told nothing else."""
    # Z3's tactic "qfnra-nlsat" crashes when it is interrupted (5.4.0); the logic's own solver,
    # which runs the same procedure, does not.
    solver = z3.SolverFor("QF_NRA") if route.solver == "nlsat" else z3.Solver()
    effort.limit(solver)
    solver.add(*assertions)
    try:
        status = str(solver.check())
    except z3.Z3Exception:  # this solver refuses what is not purely real
        return Answer("unknown")
    return Answer(status, solver.model() if status == "sat" else None)


def contradict(
    encoding: Encoding, names: Sequence[str], target: Boolean | None, clock: Clock
) -> bool:
    """Whether the named premises and the negation of a target provably cannot hold together.

    Where all premises were found to contradict it, some are first asked in the same way.
    """
    known = encoding.contradictions.get(target)
    routes = _briefly(encoding.routes)
    if known is not None:
        useless = [r for r in (_BRIEF, _ALGEBRAIC) if encoding.given_up[r] > _ENOUGH]
        routes = [r for r in _briefly((known.route, _ALGEBRAIC)) if r not in useless]
    return _first_answer(routes, encoding, names, target, clock).status == "unsat"


def minimal(encoding: Encoding, target: Boolean | None, clock: Clock) -> list[str]:
    """Drop every premise without which the same contradiction is still found.

    Premises about which Z3 gives up are kept.
    """
    kept = _core(encoding, target, clock)
    for index, name in enumerate(list(kept)):
        rest = [n for n in kept if n != name]
        limit = clock.part(1 / (len(kept) - index) if index < len(kept) else 1)
        if contradict(encoding, rest, target, limit):
            kept = rest
    return kept


def _core(encoding: Encoding, target: Boolean | None, clock: Clock) -> list[str]:
    """Return the premises in Z3's own unsatisfiable core, or all where it finds none."""
    if target not in encoding.contradictions:
        status(encoding, encoding.names, target, clock)
    known = encoding.contradictions.get(target)
    if known is not None and known.route.solver == "marked":
        return list(known.core)
    marked = encoding.marked(flat=True)
    if marked.check(encoding.names, target, BLINK) == "unsat":
        return marked.core
    return list(encoding.names)


def smtlib(encoding: Encoding, target: Boolean | None) -> str:
    """Return the question whether all premises and the negated target can hold, as SMT-LIB."""
    solver = z3.Solver()
    solver.add(*encoding.assertions(encoding.names, target, flat=False))
    return str(solver.to_smt2())
