"""One engine per kind of step: each can say no."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from proofs_check.verdict import Goal, Outcome

Engine = Callable[[Goal, float], Outcome]


def engine(kind: str) -> Engine:
    """Return the engine that decides steps of this kind."""
    decide: Engine = import_module(f"proofs_check.engines.{kind}").decide
    return decide
