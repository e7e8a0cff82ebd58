"""Probabilities seen in samples: exact intervals, so that a test's error rate is a number.

A claim P(event) ≤ p is contradicted by a sample only if the lower Clopper–Pearson end lies above
p. If the claim is true, that happens with a probability of at most ``error``: a suite of N such
tests fails by chance with a probability of at most N times it (Clopper and Pearson 1934).
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv

ERROR = 1e-9


@dataclass(frozen=True)
class Frequency:
    """How often an event was seen.

    Parameters
    ----------
    seen, trials : int
        Occurrences among independent trials.
    error : float
        The probability with which each end of the interval may be on the wrong side.
    """

    seen: int
    trials: int
    error: float = ERROR

    def __post_init__(self) -> None:
        if not 0 <= self.seen <= self.trials or self.trials < 1:
            raise ValueError(f"{self.seen} of {self.trials} trials is no frequency")
        if not 0 < self.error < 0.5:
            raise ValueError(f"{self.error} is no error rate: give one between 0 and 1/2")

    @property
    def lower(self) -> float:
        """The probability is at least this, except with probability ``error``."""
        if self.seen == 0:
            return 0.0
        return float(betaincinv(self.seen, self.trials - self.seen + 1, self.error))

    @property
    def upper(self) -> float:
        """The probability is at most this, except with probability ``error``."""
        if self.seen == self.trials:
            return 1.0
        return float(betaincinv(self.seen + 1, self.trials - self.seen, 1 - self.error))

    def contradicts(self, bound: float) -> bool:
        """Whether the claim that the probability is at most ``bound`` is contradicted."""
        return self.lower > bound
