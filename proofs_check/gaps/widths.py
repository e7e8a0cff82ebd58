"""The whole chain: the width that a theorem needs beside the width that random networks need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numerics.sweeping.reading import sweep_from_mapping
from numerics.sweeps import Cell
from proofs_check.sweeping.cells import CellReport, report_of
from proofs_check.sweeping.samples import rows_of
from proofs_check.sweeping.widths import TheoremWidth, theorem_widths

SAMPLES = 200
SHARE = Fraction(9, 10)
"""The part of the networks that has to succeed; the theorems' failure probability is the rest."""
WIDTHS = (2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256)
SIZES: tuple[Mapping[str, Any], ...] = tuple(
    {"outputs": n, "measurements": m, "condition_number": kappa}
    for n, m, kappa in ((4, 2, 2), (8, 4, 2), (8, 4, 10), (16, 8, 2))
)


@dataclass(frozen=True)
class WidthGap:
    """Widths that are enough, for one size of problem.

    Parameters
    ----------
    sizes : mapping
        n, m and κ(A).
    theorems : mapping of str to TheoremWidth
        By theorem, a width that is certainly enough with probability 9/10.
    observed : CellReport or None
        The least width tried at which 9/10 of the networks certainly succeed, but for the risk of
        the exact interval; None if none was wide enough.
    """

    sizes: Mapping[str, Any]
    theorems: Mapping[str, TheoremWidth]
    observed: CellReport | None

    @property
    def width(self) -> int | None:
        """The observed width."""
        return None if self.observed is None else int(self.observed.cell.parameters["width"])


def width_gap(
    sizes: Mapping[str, Any],
    samples: int = SAMPLES,
    seed: int = 0,
    tell: Callable[[str], None] = lambda text: None,
) -> WidthGap:
    """Return the widths for one size of problem; V fixed, tanh, squared loss, ‖A x̄‖ = 1.

    Parameters
    ----------
    sizes : mapping
        ``outputs``, ``measurements`` and ``condition_number``.
    samples, seed : int
        How many networks are trained at each width, and what they are drawn from.
    tell : callable
        Is told what is being done.
    """
    sweep = sweep_from_mapping({
        "sweep": {
            "samples": samples, "seed": seed, "level": "1e-8", "certify": False,
            "failure": str(float(1 - SHARE)), "axes": {"width": list(WIDTHS)},
        },
        "problem": dict(sizes),
        "network": {"activation": "tanh"},
    })  # fmt: skip
    cells = list(sweep.cells())
    found: CellReport | None = None
    low, high = 0, len(cells)
    while low < high:  # wider networks succeed more often
        middle = (low + high) // 2
        tell(f"{dict(sizes)}, width {WIDTHS[middle]}")
        report = report_of(cells[middle], _rows(cells[middle]), {})
        if report.probability.lower >= SHARE:
            found, high = report, middle
        else:
            low = middle + 1
    return WidthGap(dict(sizes), theorem_widths(cells[0]), found)


def _rows(cell: Cell) -> list[dict[str, Any]]:
    return [row for chunk in cell.chunks for row in rows_of(cell, chunk)]
