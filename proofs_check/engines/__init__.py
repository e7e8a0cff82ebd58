"""One engine per kind of step: each can say no."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib import import_module

from sympy import srepr

from proofs_check.engines.guard import guarded
from proofs_check.verdict import Goal, Outcome
from theory.formulas import functions_in

Engine = Callable[[Goal, float], Outcome]

# What has been decided in this process. A goal says everything that an engine sees, so the same
# goal has the same answer; a statement's mutants share most of its goals.
_DECIDED: dict[str, Outcome] = {}


def engine(kind: str) -> Engine:
    """Return the engine that decides steps of this kind."""
    decide: Engine = import_module(f"proofs_check.engines.{kind}").decide
    return decide


def settle(kind: str, goal: Goal, seconds: float) -> Outcome:
    """Have an engine decide a goal, in a child process that cannot hang, or recall its answer.

    What was given up for lack of time is not recalled.
    """
    key = _key(kind, goal)
    if key not in _DECIDED:
        outcome = guarded(engine(kind), goal, seconds)
        if not outcome.reason.startswith("gave up"):
            _DECIDED[key] = outcome
        return outcome
    return _DECIDED[key]


def decided() -> dict[str, Outcome]:
    """Return what has been decided in this process, as plain data that can be sent to another."""
    return dict(_DECIDED)


def recall(outcomes: dict[str, Outcome]) -> None:
    """Take over what another process of the same run has decided."""
    _DECIDED.update(outcomes)


def _key(kind: str, goal: Goal) -> str:
    """Return a digest of everything the engine sees, sorts of names included."""
    formulas = [("", goal.claim), *sorted(goal.premises.items())]
    heads = {f"{f}:{f.__mro__[1].__name__}" for _, p in formulas for f in functions_in(p)}
    text = "\n".join([kind, *(f"{name}={srepr(p)}" for name, p in formulas), *sorted(heads)])
    return sha256(text.encode()).hexdigest()
