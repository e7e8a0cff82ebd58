"""One engine per kind of step: each can say no."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Any

from sympy import srepr
from sympy.core.function import AppliedUndef

from proofs_check.engines.guard import Question, answers
from proofs_check.verdict import Goal, Outcome, Verdict

Engine = Callable[[Goal, float], Outcome]

# What has been decided in this process. A goal says everything that an engine sees, so the same
# goal has the same answer; a statement's mutants share most of its goals.
_DECIDED: dict[str, Outcome] = {}


def engine(kind: str) -> Engine:
    """Return the engine that decides steps of this kind."""
    decide: Engine = import_module(f"proofs_check.engines.{kind}").decide
    return decide


def settle(kind: str, goal: Goal, seconds: float) -> Outcome:
    """Have an engine decide a goal, in a child process that cannot hang, or recall its answer."""
    with closing(settle_all([(kind, goal)], seconds)) as only:
        return next(only)


def settle_all(asked: Sequence[tuple[str, Goal]], seconds: float) -> Generator[Outcome, None, None]:
    """Have engines decide goals, each within so many seconds, or recall their answers.

    What was left open is recalled only where an engine would have no more time for it.

    Parameters
    ----------
    asked : sequence of (str, Goal)
        The kind of engine and its goal. They are decided in this order, ahead of the caller; what
        has not been decided when the iterator is closed is dropped.
    seconds : float
        Hard limit for each.
    """
    keys = [_key(kind, goal) for kind, goal in asked]
    known = {key: old for key in keys if (old := _recalled(key, seconds)) is not None}
    new = {k: a for k, a in zip(keys, asked, strict=True) if k not in known}
    questions = [Question(engine(kind), goal, seconds) for kind, goal in new.values()]
    with closing(answers(questions)) as found:
        for key in keys:
            if key not in known:
                known[key] = next(found)
                _remember(key, known[key], seconds)
            yield known[key]


def _recalled(key: str, seconds: float) -> Outcome | None:
    return _DECIDED.get(key) or _DECIDED.get(f"{key} in {seconds:g} s")


def _remember(key: str, outcome: Outcome, seconds: float) -> None:
    final = outcome.verdict is not Verdict.UNDECIDED
    _DECIDED[key if final else f"{key} in {seconds:g} s"] = outcome


def decided() -> dict[str, Outcome]:
    """Return what has been decided in this process, as plain data that can be sent to another."""
    return dict(_DECIDED)


def recall(outcomes: dict[str, Outcome]) -> None:
    """Take over what another process of the same run has decided."""
    _DECIDED.update(outcomes)


def _key(kind: str, goal: Goal) -> str:
    """Return a digest of everything the engine sees, sorts of names included."""
    formulas = [("", goal.claim), *sorted(goal.premises.items())]
    text = "\n".join([kind, *(f"{name}={_text(p)}" for name, p in formulas)])
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1 << 16)
def _text(term: Any) -> str:
    """Return a digest that determines a term or formula and the sorts of the functions in it."""
    head = type(term)
    if isinstance(term, AppliedUndef):
        kind = f"{head.__name__} of {head.__mro__[1].__name__}"
    elif not term.args:
        return str(srepr(term))
    else:
        kind = f"{head.__module__}.{head.__qualname__}"
    parts = [kind, *map(_text, term.args)]
    return sha256("\n".join(parts).encode()).hexdigest()
