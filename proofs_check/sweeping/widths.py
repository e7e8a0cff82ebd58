"""From which width on each theorem promises success, for a cell of a sweep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from numerics.activation_constants import (
    ActivationConstants,
    ConstantUndecided,
    NotCovered,
    activation_constants,
)
from numerics.operators import dense, spectrum
from numerics.rigorous.rounding import exactly, norm
from numerics.sweeps import Cell
from numerics.widths.needed import widths_needed
from numerics.widths.quantities import LAWS, Norms, ball_of, exact
from numerics.widths.routes import ROUTES

_DIGITS = 20
MOST = 200  # combinations of parameters for which widths are computed


@dataclass(frozen=True)
class TheoremWidth:
    """A width that is certainly enough for a theorem, or why there is none.

    Parameters
    ----------
    width : int or None
        k.
    reason : str
        Why there is none.
    """

    width: int | None
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"width": self.width} | ({"reason": self.reason} if self.reason else {})


def theorem_widths(cell: Cell) -> dict[str, TheoremWidth]:
    """Return the least certified widths at a cell's parameters, its own width aside.

    They hold for every observation as large as the cell's largest, but for the sweep's failure
    probability.
    """
    train = cell.parameters["train"]
    if cell.loss.kind != "radial":
        return _none(train, "the width statements speak of a radial loss")
    try:
        constants = _constants(cell.parameters["activation"])
    except (NotCovered, ConstantUndecided) as problem:
        return _none(train, str(problem))
    law = LAWS[cell.parameters["output_weights"]]
    found = widths_needed(
        train, constants, cell.parameters["outputs"], _norms(cell), law, cell.sweep.failure
    )
    return {
        name: TheoremWidth(None, width) if isinstance(width, str) else TheoremWidth(width.width)
        for name, width in found.items()
    }


def _none(train: str, reason: str) -> dict[str, TheoremWidth]:
    return {route.name: TheoremWidth(None, reason) for route in ROUTES[train]}


@lru_cache(maxsize=64)
def _constants(activation: str) -> ActivationConstants:
    found = activation_constants(activation, _DIGITS)
    dict(found)  # raises where one of them is open
    return found


def _norms(cell: Cell) -> Norms:
    operator = cell.operator()
    found = spectrum(operator)
    given = cell.sweep.fixed.observation
    largest = exact(_largest(cell.parameters)) if given is None else ball_of(norm(exactly(given)))
    return Norms(
        ball_of(found.sigma_A), ball_of(found.norm),
        ball_of(norm(exactly(np.asarray(dense(operator))))), largest,
    )  # fmt: skip


def _largest(parameters: Mapping[str, Any]) -> Fraction:
    """Return a bound of ‖A x̄ + ε‖, with room for the rounding of what is drawn."""
    size: Fraction = parameters["observation_norm"] * (1 + parameters["noise"])
    return size * (1 + Fraction(1, 10**9))
