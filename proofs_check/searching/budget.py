"""Processor time that a search may spend, here and in the child processes that engines run in."""

from __future__ import annotations

import os
from math import inf


def processor_time() -> float:
    """Return the seconds worked by this process and by its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


class Budget:
    """So many seconds of processor time, counted from now on.

    Parameters
    ----------
    seconds : float
        How many; without end by default.
    """

    def __init__(self, seconds: float = inf) -> None:
        self._seconds = seconds
        self._start = processor_time()

    @property
    def spent(self) -> float:
        """The seconds worked since this budget was given."""
        return processor_time() - self._start

    @property
    def left(self) -> float:
        """The seconds that remain; 0 once all are spent."""
        return max(0.0, self._seconds - self.spent)

    def part(self, share: float, least: float = 0.0) -> Budget:
        """Return a share of what is left, or ``least`` seconds of it where that is more."""
        left = self.left
        return Budget(min(left, max(share * left, least)))

    def within(self, seconds: float) -> float:
        """Return what a question may take that should not take longer than so many seconds."""
        return min(seconds, self.left)
