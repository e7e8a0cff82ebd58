"""Running an engine where it cannot hang, crash or leak: in a forked child with a hard deadline.

Solvers do not always honour their own time limits, and native code can end a process. The child
sends its answer back as JSON text; whatever happens to it, the caller gets an outcome.
"""

from __future__ import annotations

import json
import math
import os
import select
import signal
import struct
import time
from collections.abc import Callable
from typing import Any, NoReturn

from proofs_check.verdict import Goal, Outcome, Verdict, undecided

Decide = Callable[[Goal, float], Outcome]

_SOFT = 0.9  # the engine's own limit, as a part of the hard one: it then can say what is open
# Limits are processor time, so that a loaded machine gives the same verdicts; a child that waits
# instead of working is ended when this many times its limit have passed on the wall.
_PATIENCE = 4.0
_HEADER = struct.Struct("<Q")


def guarded(decide: Decide, goal: Goal, seconds: float = 10.0) -> Outcome:
    """Run an engine in a child process that is killed when the time is up.

    Parameters
    ----------
    decide : callable
        The engine's ``decide(goal, seconds)``.
    goal : Goal
        What to decide.
    seconds : float
        Hard limit on the child's processor time, rounded up to whole seconds, and a quarter of the
        hard limit on wall-clock time; the engine is told nine tenths of it.

    Returns
    -------
    Outcome
        The engine's, or UNDECIDED saying that it gave up, crashed or failed. Without ``os.fork``
        the engine runs in this process and only its own time limit holds.
    """
    if not hasattr(os, "fork"):
        return decide(goal, seconds)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(decide, goal, seconds * _SOFT, writing)
    os.close(writing)
    outcome: Outcome | None = None
    ended = False
    try:
        outcome, ended = _await(reading, seconds)
    finally:
        os.close(reading)
        status = _reap(child, ended)
    return outcome or undecided(_post_mortem(status, seconds))


def _work(decide: Decide, goal: Goal, seconds: float, writing: int) -> NoReturn:
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _limit_processor_time(math.ceil(seconds / _SOFT))
        text = json.dumps(_to_data(_attempt(decide, goal, seconds))).encode()
        _write(writing, _HEADER.pack(len(text)) + text)
        status = 0
    finally:  # whatever was raised, the child must not return into its parent's code
        os._exit(status)


def _limit_processor_time(seconds: int) -> None:
    import resource  # not on every system; those that fork have it

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _attempt(decide: Decide, goal: Goal, seconds: float) -> Outcome:
    try:
        return decide(goal, seconds)
    except Exception as error:  # reported with its type: a crash of an engine is no verdict
        return undecided(f"the engine failed with {type(error).__name__}: {error}")


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _await(reading: int, seconds: float) -> tuple[Outcome | None, bool]:
    """Return the child's answer, if any, and whether the child has closed its end."""
    deadline = time.monotonic() + _PATIENCE * seconds
    received = bytearray()
    arrival = select.poll()
    arrival.register(reading, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        if not arrival.poll(1000 * left):
            break
        chunk = os.read(reading, 1 << 16)
        if not chunk:
            return None, True
        received += chunk
        if (outcome := _parse(received)) is not None:
            return outcome, False
    return undecided(_gave_up(seconds)), False


def _parse(received: bytearray) -> Outcome | None:
    if len(received) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack_from(received)
    body = received[_HEADER.size :]
    return _from_data(json.loads(body.decode())) if len(body) == length else None


def _reap(child: int, ended: bool) -> int:
    """End the child unless it has ended by itself, and return its wait status."""
    if not ended:
        os.kill(child, signal.SIGKILL)  # safe: until it is waited for, its id is not used again
    return os.waitpid(child, 0)[1]


def _gave_up(seconds: float) -> str:
    return f"gave up after {seconds:g} s"


def _post_mortem(status: int, seconds: float) -> str:
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) == signal.SIGXCPU:
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
