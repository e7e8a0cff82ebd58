"""What a tube keeps, and what follows from Λ and μ on a piece of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from flint import arb, ctx

from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import (
    up,
)
from numerics.tubes.curve import FlowEquation, Piece
from theory import registry
from theory.terms import real

_PRECISION = 64
_INPUTS = real("E d mu t")


@dataclass
class Rows:
    """What is kept of a tube, part by part; see ``Tube``."""

    times: list[float] = field(default_factory=list)
    error: list[float] = field(default_factory=list)
    misfit_low: list[float] = field(default_factory=list)
    misfit_high: list[float] = field(default_factory=list)
    travel_low: list[float] = field(default_factory=list)
    travel_high: list[float] = field(default_factory=list)
    travel_between: list[float] = field(default_factory=list)
    length_high: list[float] = field(default_factory=list)
    sigma_low: list[float] = field(default_factory=list)
    sigma_high: list[float] = field(default_factory=list)
    rate_low: list[float] = field(default_factory=list)


@cache
def _tube_formula() -> Program:
    """Return the statement's bound of ‖θ(t) − θ̃(t)‖, from E, d, μ and t."""
    return Program(registry.statement("trajectory_tube").bound("tube").value, _INPUTS)


def error_after(start: float, defect: float, growth: float, time: float) -> float:
    """Bound ‖θ − θ̃‖ after a time, by the bound of trajectory_tube.

    Parameters
    ----------
    start, defect, growth, time : float
        E, d, μ and t, none negative; bounds from above.
    """
    with ctx.workprec(_PRECISION):
        inputs = [Range(arb(v), arb(v)) for v in (start, defect, growth, time)]
        found = _tube_formula().run(inputs)
    return up(float(found.upper)) if found.defined else float("inf")


@dataclass(frozen=True)
class Bounds:
    """Λ and μ on a piece, and what follows from them after a time.

    Parameters
    ----------
    slope, growth : float
        Λ and μ.
    piece : Piece
        The piece.
    start : float
        ‖θ − θ̃‖ at its beginning, at most.
    equation : FlowEquation
        The flow.
    """

    slope: float
    growth: float
    piece: Piece
    start: float
    equation: FlowEquation

    def error(self, after: float) -> float:
        """Bound ‖θ − θ̃‖."""
        return error_after(self.start, self.piece.defect, self.growth, after)

    def output_error(self, after: float) -> float:
        """Bound ‖r − r̃‖, by ‖AJ‖ on the segment from θ̃ to θ."""
        error = self.error(after)
        return up(self._steepest(error) * error)

    def gradient_slope(self, apart: float, residual: float) -> float:
        """Return a Lipschitz constant of ∇f from a point of the curve (descent_smoothness)."""
        steepest = self._steepest(apart)
        bent = up(up(self.equation.operator_norm.upper * self.slope) * residual)
        return up(up(steepest * steepest) + bent)

    def _steepest(self, apart: float) -> float:
        """Bound ‖AJ‖ within a distance of the curve; V fixed: everywhere."""
        if not self.equation.both:
            return self.piece.spread
        gained = up(up(self.equation.operator_norm.upper * self.slope) * apart)
        return up(self.piece.spread + gained)
