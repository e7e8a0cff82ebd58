"""A statement as a property test in anybody's suite: Hypothesis draws, balls decide.

Hypothesis keeps its own settings, seeds and database: what is drawn shrinks and is replayed as in
any other of its tests. Before that, an instance that the directed search finds is run as an
explicit example, where the settings have that phase.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, example, given, target
from hypothesis import settings as Settings
from hypothesis import strategies as st
from sympy import Symbol

from proofs_check.falsify import all_models, asserts_existence, find_counterexample, shown
from proofs_check.reporting.findings import Counterexample
from proofs_check.reporting.terminal import counterexample_lines
from proofs_check.searching.failures import failing
from proofs_check.searching.hunting import Hunt
from proofs_check.searching.search import violation
from proofs_check.searching.targets import Candidate
from proofs_check.strategies import rationals
from proofs_check.verify import verify
from theory.formulas import substitute
from theory.statement import Model, Statement

DECADES = 6
KNOWN = 20


class NothingToTest(TypeError):
    """A statement has no instances to draw: it is about functions and declares no model."""


class Subject:
    """A statement in one model, with everything that testing it needs.

    Parameters
    ----------
    statement : Statement
        What is claimed.
    model : Model
        Where its symbols and functions are explicit.
    """

    def __init__(self, statement: Statement, model: Model) -> None:
        self.statement, self.model = statement, model
        self.hunt = Hunt(statement, model)
        names = [n for n in statement.conclusions if not asserts_existence(statement, n)]
        found = [t for name in names for t in self.hunt.targets(name, DECADES)]
        self.targets = [t for t in found if t.far is None]
        self._scores = [
            violation(substitute(t.body, self.hunt.solved), t.box.symbols) for t in self.targets
        ]

    @cached_property
    def points(self) -> st.SearchStrategy[dict[Symbol, Any]]:
        """Values for all symbols of all targets: free ones, and some near to those known."""
        ranges = {s: ends for t in self.targets for s, ends in t.box.ranges.items()}
        whole = {s for t in self.targets for s in t.box.integers}
        each = {s: rationals(*ends, DECADES, s in whole) for s, ends in ranges.items()}
        free = st.fixed_dictionaries(each)
        known = self._known
        if not known or not each:
            return free
        near = st.builds(
            lambda point, symbol, other: {**other, **point, symbol: other[symbol]},
            st.sampled_from(known), st.sampled_from(list(each)), free,
        )  # fmt: skip
        return st.one_of(free, near, st.sampled_from(known).flatmap(lambda p: _around(p, free)))

    @property
    def _known(self) -> list[dict[Symbol, Any]]:
        """Points that satisfy the hypotheses, as a climb towards a violation finds them."""
        found: list[dict[Symbol, Any]] = []
        for part, score in zip(self.targets, self._scores, strict=True):
            points, _ = self.hunt.climb(part, score)
            exact = self.hunt.exact_points(part, points[:KNOWN], (1, 2, 3))
            found += [{s: p[s] for s in part.box.symbols} for p in islice(exact, KNOWN)]
        return found

    def judged(self, point: Mapping[Symbol, Any]) -> Instance:
        """Decide hypotheses and conclusions at a point."""
        near: dict[str, float] = {}
        failure = ""
        for number, (part, score) in enumerate(zip(self.targets, self._scores, strict=True)):
            if not set(part.box.symbols) <= set(point):
                continue
            free = {s: point[s] for s in part.box.symbols}
            values = self.hunt.admitted(part, free)
            if values is None:
                continue
            row = np.array([[float(values[s]) for s in part.box.symbols]])
            near[f"{part.conclusion}, part {number}"] = float(score(row)[0])
            relation = failing(part.body, values)
            if relation is not None and not failure and self.hunt.hypotheses_hold(values):
                candidate = Candidate(part, values, relation)
                failure = message(self.statement, self.model, candidate)
        return Instance(f"{self.model.name}: {_text(point)}", near, failure)


def _around(point: dict[Symbol, Any], free: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return free.map(lambda other: {**other, **point})


def _text(point: Mapping[Symbol, Any]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in point.items())


class Instance:
    """Values drawn for a statement, and what was decided there; it prints as the values.

    Parameters
    ----------
    text : str
        The model and the values.
    near : mapping
        How near each claim is to a violation, where the hypotheses hold.
    failure : str
        What a failing test says; empty where nothing is certainly violated.
    """

    def __init__(self, text: str, near: Mapping[str, float], failure: str) -> None:
        self.text, self.near, self.failure = text, near, failure

    def __repr__(self) -> str:
        return self.text

    def check(self) -> None:
        """Fail where a conclusion certainly does; reject what the hypotheses exclude."""
        assume(bool(self.near))
        for label, value in self.near.items():
            if np.isfinite(value):
                target(value, label=label)
        if self.failure:
            raise AssertionError(self.failure)


def message(statement: Statement, model: Model, candidate: Candidate) -> str:
    """Return what a failing test says: the statement, the instance and the margin."""
    return _false(statement, shown(statement, model, candidate))


def _false(statement: Statement, found: Counterexample) -> str:
    lines = counterexample_lines(found)
    title = f"{statement.title} ({statement.id})" if statement.id else statement.title
    return "\n".join([f"the statement is false: {title}", *(line.plain for line in lines)])


def instances(statement: Statement) -> st.SearchStrategy[Instance]:
    """Return a strategy for the instances of a statement, in all its models.

    Ranges are drawn from, equations among the hypotheses are solved, and points that satisfy the
    hypotheses are known beforehand; what violates a hypothesis is rejected. Everything is decided
    while an instance is drawn: the test itself only looks at the decision.

    Raises
    ------
    NothingToTest
        If there are none: the statement speaks of functions and declares no model.
    """
    subjects = [Subject(statement, model) for model in all_models(statement)]
    useful = [subject for subject in subjects if subject.targets]
    if not useful:
        raise NothingToTest(
            f"{statement.title!r} has no instance to test: declare a Model in which its functions "
            "are explicit"
        )
    return st.one_of([subject.points.map(subject.judged) for subject in useful])


def property_test(
    statement: Statement,
    name: str = "",
    search: bool = True,
    settings: Settings | None = None,
) -> Callable[[], None]:
    """Return a Hypothesis test of a statement, to be named ``test_…`` or called.

    Parameters
    ----------
    statement : Statement
        What is claimed; its proof is not looked at.
    name : str
        The test's name, under which Hypothesis keeps what failed.
    search : bool
        Whether an instance found by the directed search is tried first.
    settings : hypothesis.settings, optional
        By default those of the profile in use. Deadlines are lifted: nothing of the statement is
        computed while Hypothesis measures.
    """

    def check(instance: Instance) -> None:
        __tracebackhide__ = True
        instance.check()

    check.__name__ = check.__qualname__ = name or f"test_{statement.id or 'statement'}"
    check.__doc__ = statement.title
    test = given(instance=instances(statement))(check)
    found = find_counterexample(statement, short=True) if search else None
    if found is not None:
        first = _explicit(statement, found[1])
        test = example(instance=first)(test) if first is not None else test
    return _patient(Settings() if settings is None else settings)(test)


def _patient(chosen: Settings) -> Settings:
    """Return settings under which exact arithmetic on a busy machine is not taken for a mistake.

    A deadline has nothing to measure: the test's body looks at what was decided while the instance
    was drawn, in microseconds, and only a machine that pauses the process makes it longer.
    """
    slow = (HealthCheck.too_slow, HealthCheck.filter_too_much)
    kept = chosen.suppress_health_check
    return Settings(chosen, deadline=None, suppress_health_check=[*kept, *slow])


def _explicit(statement: Statement, candidate: Candidate) -> Instance | None:
    """Return a found instance, in the model it was found in."""
    for model in all_models(statement):
        if set(model.parameters) <= set(candidate.point):
            subject = Subject(statement, model)
            instance = subject.judged(candidate.point)
            if instance.failure:
                return instance
    return None


def theorem(
    claim: Callable[[], Statement] | Statement | None = None, *, settings: Settings | None = None
) -> Any:
    """Turn a statement, or a function that returns one, into a Hypothesis test.

    Parameters
    ----------
    claim : Statement, or function that returns one
        What is claimed; its proof is not looked at.
    settings : hypothesis.settings, optional
        As in ``@theorem(settings=settings(max_examples=500))``; by default those of the profile.

    Examples
    --------
    >>> from theory.authoring import *
    >>> from proofs_check import theorem
    >>> a, b = real("a b")
    >>> @theorem
    ... def test_young():
    ...     claim = a * b <= a**2 / 2 + b**2 / 2
    ...     return Statement("Young", (Quantity(a, ""), Quantity(b, "")), (), {"young": claim}, ())
    """
    if claim is None:
        return lambda chosen: theorem(chosen, settings=settings)
    if isinstance(claim, Statement):
        return property_test(claim, settings=settings)
    test = property_test(claim(), claim.__name__, settings=settings)
    test.__module__ = claim.__module__
    return test


def assert_statement(
    statement: Statement,
    *,
    proved: bool = False,
    search: bool = True,
    settings: Settings | None = None,
) -> None:
    """Test a statement with Hypothesis, and on demand verify its proof as well.

    Parameters
    ----------
    statement : Statement
        What is claimed.
    proved : bool
        Whether its proof has to check too: every step decided by an engine.
    search : bool
        Whether an instance found by the directed search is tried first.
    settings : hypothesis.settings, optional
        By default those of the profile in use.

    Raises
    ------
    AssertionError
        With the statement, the instance and the margin; or with what is open in the proof.
    NothingToTest
        If the statement has no instances.
    """
    property_test(statement, search=search, settings=settings)()
    if proved:
        assert_proved(statement)


def assert_proved(statement: Statement) -> None:
    """Verify a statement's proof: every step is decided by an engine.

    Raises
    ------
    AssertionError
        With what is open.
    """
    (report,) = verify([statement])
    if report.counterexample is not None:
        raise AssertionError(_false(statement, report.counterexample))
    if not report.verdict.established:
        open_steps = [s.name for s in report.chain.steps if not s.outcome.verdict.established]
        what = ", ".join(open_steps) or "a conclusion that no step claims"
        raise AssertionError(f"{statement.title} is {report.verdict}: open is {what}")
