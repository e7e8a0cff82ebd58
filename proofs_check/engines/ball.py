"""Analytic inequalities by ball arithmetic."""

from __future__ import annotations

from proofs_check.verdict import Goal, Outcome, undecided

KIND = "ball"


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide an analytic inequality."""
    return undecided("no enclosure method applies yet")
