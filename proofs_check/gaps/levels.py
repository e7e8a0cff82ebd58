"""Parts of bounds that are reached."""

from __future__ import annotations

from dataclasses import dataclass

from numerics.rigorous.ranges import Range
from proofs_check.certifying.formulas import end_above, end_below


@dataclass(frozen=True)
class Share:
    """Which part of a bound is reached, at most 1 where the bound holds.

    Parameters
    ----------
    published, sharp : float or None
        Of the published bound and of the sharp one; None where there is no such bound.
    """

    published: float | None = None
    sharp: float | None = None


def of_upper(observed: float, bound: Range | None) -> float | None:
    """Return observed over bound."""
    if bound is None or not end_above(bound) > 0:
        return None
    return observed / end_above(bound)


def of_lower(observed: float, bound: Range | None) -> float | None:
    """Return bound over observed."""
    if bound is None or not observed > 0:
        return None
    return max(end_below(bound), 0.0) / observed
