"""Running engines where they cannot hang, crash or leak: in a forked child with hard limits.

Solvers do not always honour their own time limits, and native code can end a process. The child
sends its answers back as JSON text; whatever happens to it, the caller gets an outcome for each
question. Questions that are known together are answered by one child, one after another: starting
a process costs more than most answers. Where a child is lost, the question that it was working on
is open, and another child answers the rest. Where native code crashed, the question is asked once
more: solvers with threads of their own sometimes do, on questions that they answer.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NoReturn

from proofs_check.verdict import Goal, Outcome, Verdict, undecided

Decide = Callable[[Goal, float], Outcome]

_SOFT = 0.9  # the engine's own limit, as a part of the hard one: it then can say what is open
# Limits are processor time, so that a loaded machine gives the same verdicts; a child that waits
# instead of working is ended when this many times its limit have passed on the wall.
_PATIENCE = 4.0
_HEADER = struct.Struct("<Q")


@dataclass(frozen=True)
class Question:
    """A goal, the engine that is asked, and the hard limit on its time.

    Parameters
    ----------
    decide : callable
        The engine's ``decide(goal, seconds)``.
    goal : Goal
        What to decide.
    seconds : float
        Hard limit on the processor time that the answer takes, and a quarter of the hard limit on
        wall-clock time; the engine is told nine tenths of it.
    """

    decide: Decide
    goal: Goal
    seconds: float = 10.0


def guarded(decide: Decide, goal: Goal, seconds: float = 10.0) -> Outcome:
    """Run an engine in a child process that is killed when the time is up; see `answers`."""
    with closing(answers([Question(decide, goal, seconds)])) as only:
        return next(only)


def answers(questions: Sequence[Question]) -> Generator[Outcome, None, None]:
    """Answer questions in order, each under its own limits, in a child process.

    Parameters
    ----------
    questions : sequence of Question
        What to answer. The child works ahead of the caller; closing the iterator ends it.

    Yields
    ------
    Outcome
        The engine's, or UNDECIDED saying that it gave up, crashed or failed. Without ``os.fork``
        the engines run in this process and only their own time limits hold.
    """
    if not hasattr(os, "fork"):
        yield from (q.decide(q.goal, q.seconds) for q in questions)
        return
    done = 0
    repeated = -1
    while done < len(questions):
        with closing(_Child(questions[done:])) as child:
            while done < len(questions) and not child.lost:
                outcome = child.answer(questions[done].seconds)
                if child.crashed and repeated != done:
                    repeated = done
                    break
                yield outcome
                done += 1


class _Child:
    """A forked process that answers questions in order, until it is lost or closed."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._reading, writing = os.pipe()
        self._id = os.fork()
        if self._id == 0:
            os.close(self._reading)
            _work(questions, writing)
        os.close(writing)
        self.lost = False
        self.crashed = False
        self._received = bytearray()
        self._arrival = select.poll()
        self._arrival.register(self._reading, select.POLLIN)

    def answer(self, seconds: float) -> Outcome:
        """Wait for the next answer; without one the child is lost, and its question open."""
        deadline = time.monotonic() + _PATIENCE * seconds
        while (outcome := self._next()) is None:
            left = deadline - time.monotonic()
            if left <= 0 or not self._arrival.poll(1000 * left):
                self.lost = True
                return undecided(_gave_up(seconds))
            chunk = os.read(self._reading, 1 << 16)
            if not chunk:
                self.lost = True
                status = self._reaped()
                self.crashed = os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGPROF
                return undecided(_post_mortem(status, seconds))
            self._received += chunk
        return outcome

    def _next(self) -> Outcome | None:
        """Return the answer at the head of what was received, once all of it is there."""
        if len(self._received) < _HEADER.size:
            return None
        (length,) = _HEADER.unpack_from(self._received)
        end = _HEADER.size + length
        if len(self._received) < end:
            return None
        outcome = _from_data(json.loads(self._received[_HEADER.size : end].decode()))
        del self._received[:end]
        return outcome

    def close(self) -> None:
        """End the child, whatever it is doing."""
        os.close(self._reading)
        if self._id:
            os.kill(self._id, signal.SIGKILL)  # safe: until it is waited for, its id is its own
            self._reaped()

    def _reaped(self) -> int:
        child, self._id = self._id, 0
        return os.waitpid(child, 0)[1]


def _work(questions: Sequence[Question], writing: int) -> NoReturn:
    status = 1
    try:
        for ending in (signal.SIGINT, signal.SIGPROF):
            signal.signal(ending, signal.SIG_DFL)
        gc.freeze()  # a collection would touch, and so copy, everything that the child inherits
        for question in questions:
            signal.setitimer(signal.ITIMER_PROF, question.seconds)  # then SIGPROF ends it
            _forget()
            text = json.dumps(_to_data(_attempt(question))).encode()
            _write(writing, _HEADER.pack(len(text)) + text)
        status = 0
    finally:  # whatever was raised, the child must not return into its parent's code
        os._exit(status)


def _forget() -> None:
    """Let no answer depend on what was asked before: Z3 numbers its terms as it meets them."""
    solver: Any = sys.modules.get("z3.z3")
    if solver is not None:
        solver._main_ctx = None


def _attempt(question: Question) -> Outcome:
    try:
        return question.decide(question.goal, _SOFT * question.seconds)
    except Exception as error:  # reported with its type: a crash of an engine is no verdict
        return undecided(f"the engine failed with {type(error).__name__}: {error}")


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _gave_up(seconds: float) -> str:
    return f"gave up after {seconds:g} s"


def _post_mortem(status: int, seconds: float) -> str:
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) == signal.SIGPROF:
            return _gave_up(seconds)
        return f"the engine crashed with {signal.Signals(os.WTERMSIG(status)).name}"
    return f"the engine ended with exit status {os.waitstatus_to_exitcode(status)} and no answer"


def _to_data(outcome: Outcome) -> dict[str, Any]:
    return {
        "verdict": outcome.verdict.value,
        "reason": outcome.reason,
        "needed": sorted(outcome.needed),
        "witness": dict(outcome.witness),
        "artefact": outcome.artefact,
    }


def _from_data(data: dict[str, Any]) -> Outcome:
    return Outcome(
        Verdict(data["verdict"]),
        data["reason"],
        frozenset(data["needed"]),
        data["witness"],
        data["artefact"],
    )
