"""The steps of a tube: each piece of the computed curve, and what it proves of the real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import isfinite, sqrt
from typing import Literal

import numpy as np

from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    down,
    exactly,
    norm,
    norm_above,
    product,
    subtract,
    up,
)
from numerics.tubes.bounds import Bounds, Rows, error_after
from numerics.tubes.curve import FlowEquation, Piece, expansion_at_start, piece

LipschitzOn = Callable[[float], float]
"""A two-point Lipschitz constant of J on the ball of this radius around θ₀, rounded up."""

ORDER = 9
PARTS = 8
SHARE = 1e-7
"""The defect aimed at, in units of the speed."""
CAUTION = 0.85
"""The share of the length at which the defect would be as aimed at, were its growth as expected."""
BLUR = 0.25
"""The share of the misfit at which its error bar ends the tube."""
_ATTEMPTS = 40


class TubeFollower:
    """Follows a flow piece by piece; what it keeps is proved.

    Parameters
    ----------
    equation : FlowEquation
        The flow.
    lipschitz_on : callable
        See ``LipschitzOn``.

    Attributes
    ----------
    rows : Rows
        The bounds.
    time, pieces, lipschitz : float, int, float
        How far, in how many pieces, and with which constant Λ.
    centres : list
        The computed curve at the pieces' ends.
    """

    def __init__(self, equation: FlowEquation, lipschitz_on: LipschitzOn) -> None:
        self.equation, self._lipschitz_on = equation, lipschitz_on
        self.rows = Rows()
        self.time, self.pieces, self.lipschitz = 0.0, 0, 0.0
        self._error = equation.size_above(
            Enclosed(np.zeros(equation.network.width), equation.network.hidden_error), None
        )
        self._length = self._step = 0.0
        self.centres: list[tuple[float, Array, Array | None]] = []
        self._begin(*equation.start())
        first = norm(self._expansion.residuals[0])
        self.misfit = first.upper

    def _begin(self, hidden: list[Array], moved: list[Array]) -> None:
        """Start a piece at a point."""
        self._curve = hidden, moved
        self.centres.append((self.time, hidden[0], moved[0] if moved else None))
        self._expansion = expansion_at_start(self.equation, self._curve, ORDER)
        self._expansion.extend(continued=False)
        self._sigma = self._sigma_here()

    def _sigma_here(self) -> tuple[Bracket, float]:
        """Return σ_min(J) near the present point of the curve, and how near."""
        network, _, moved = self.equation.network, *self.centres[-1][1:]
        weights, off = network.output_weights, 0.0
        if moved is not None:
            change = product(exactly(self.equation.array.T), exactly(moved))
            exact = subtract(exactly(weights), change)
            weights, off = exact.mid, norm_above(Enclosed(np.zeros(exact.shape), exact.rad))
        at = replace(
            network, hidden=self.centres[-1][1], hidden_error=np.zeros(network.width),
            output_weights=weights,
        )  # fmt: skip
        return at.sigma_min_init(), off

    # --- one piece ------------------------------------------------------------------------

    def advance(self, longest: float) -> Literal["failed", "blurred"] | None:
        """Add a piece of at most this length; say why there is none, if so."""
        found = self._piece(longest)
        if found is None:
            return "failed"
        bounds = self._bounds(found)
        if bounds is None or self._blurred(found, bounds):
            return "blurred"
        if not self.rows.times:
            self._first(found, bounds)
        self._keep(found, bounds)
        return None

    def _piece(self, longest: float) -> Piece | None:
        """Return a piece whose defect is small; a piece that reaches ``longest`` ends there."""
        hidden, moved = self._expansion.speeds[0]
        speed = self.equation.size_above(hidden, moved)
        least = self.equation.size_above(*self._expansion.defects[0])
        wanted = max(SHARE * speed, 4 * least)
        last = self.equation.size_above(*self._expansion.defects[ORDER])
        length = CAUTION * (wanted / last) ** (1 / ORDER) if last > 0 else longest
        if self._step:
            length = min(length, 2 * self._step)
        for _ in range(_ATTEMPTS):
            length = min(length, longest)
            found = piece(self.equation, self._curve, self._expansion, length)
            if found.defect <= 4 * wanted:
                self._step = length
                return found
            excess = found.defect / wanted if isfinite(found.defect) else 2.0**ORDER
            length *= min(0.8, max(excess ** (-1 / ORDER), 0.25))
        return None

    def _bounds(self, found: Piece) -> Bounds | None:
        """Return Λ and μ on a piece, once a ball around θ₀ is found that nothing leaves."""
        reach = self._reach(found)
        curve = max(norm_above(found.residual(part)) for part in _parts(found.length))
        radius = 1.25 * up(reach + self._error) + 1e-12
        for _ in range(_ATTEMPTS):
            slope = self._lipschitz_on(radius)
            at_start = Bounds(slope, 0.0, found, self._error, self.equation).output_error(0.0)
            pull = up(up(slope * self.equation.operator_norm.upper) / 2)
            growth = up(pull * up(up(self.misfit + at_start) + curve))
            end = error_after(self._error, found.defect, growth, found.length)
            if up(reach + end) < radius:
                return Bounds(slope, growth, found, self._error, self.equation)
            radius *= 2
        return None

    def _reach(self, found: Piece) -> float:
        """Bound the curve's distance from θ₀ on a piece."""
        start = self._travel(found, 0.0).upper
        power = 1.0
        for order in range(1, len(found.hidden)):
            moved = exactly(found.moved[order]) if found.moved else None
            size = self.equation.size_above(exactly(found.hidden[order]), moved)
            power = up(power * found.length)
            start = up(start + up(size * power))
        return start

    def _travel(self, found: Piece, after: float) -> Bracket:
        """Return ‖θ̃ − θ₀‖ at a time after the piece's beginning."""
        gone = subtract(found.hidden_at(after), self.equation.network.enclosed_hidden())
        moved = found.moved_at(after)
        low = self.equation.size_below(gone, moved)
        return Bracket(low, max(self.equation.size_above(gone, moved), low))

    def _blurred(self, found: Piece, bounds: Bounds) -> bool:
        size = norm(found.residual(exactly(found.length))).lower
        return not bounds.output_error(found.length) <= BLUR * size

    # --- what is kept ---------------------------------------------------------------------

    def _first(self, found: Piece, bounds: Bounds) -> None:
        """Keep the bounds at time 0."""
        rows, slack = self.rows, bounds.output_error(0.0)
        size = norm(self._expansion.residuals[0])
        self.misfit = up(size.upper + slack)
        rows.times.append(0.0)
        rows.error.append(self._error)
        rows.misfit_low.append(max(down(size.lower - slack), 0.0))
        rows.misfit_high.append(self.misfit)
        rows.travel_low.append(0.0)
        rows.travel_high.append(0.0)
        rows.length_high.append(0.0)
        sigma, off = self._sigma
        rows.sigma_high.append(up(sigma.upper + up(bounds.slope * up(off + self._error))))

    def _keep(self, found: Piece, bounds: Bounds) -> None:
        begin, before = self._length, (self._sigma, self._error)
        first = len(self.rows.rate_low)
        ends = [0.0, *_ends(found.length)]
        for part in pairwise(ends):
            self._keep_part(found, bounds, part)
        self.pieces += 1
        self.lipschitz = max(self.lipschitz, bounds.slope)
        self._continue(found, bounds)
        self._keep_sigma(first, begin, before, bounds.slope)

    def _keep_part(self, found: Piece, bounds: Bounds, part: tuple[float, float]) -> None:
        rows, (before, after) = self.rows, part
        error, slack = bounds.error(after), bounds.output_error(after)
        size = norm(found.residual(exactly(after)))
        low, high = max(down(size.lower - slack), 0.0), min(up(size.upper + slack), self.misfit)
        # ∫‖θ̇‖ ≤ √(Δt ∫‖θ̇‖²), and ½w² falls by ∫‖θ̇‖²
        fallen = max(up(up(self.misfit**2) - down(low**2)), 0.0)
        arc = up(sqrt(up(up(up(after - before) * fallen) / 2)))
        self._length = up(self._length + arc)
        gone = self._travel(found, after)
        travel = min(up(gone.upper + error), up(rows.travel_high[-1] + arc))
        rows.travel_between.append(up(up(rows.travel_high[-1] + travel) / 2 + arc / 2))
        rows.times.append(self.time + after)
        rows.error.append(error)
        rows.misfit_low.append(min(low, high))
        rows.misfit_high.append(high)
        rows.travel_low.append(max(down(gone.lower - error), 0.0))
        rows.travel_high.append(travel)
        rows.length_high.append(self._length)
        rows.rate_low.append(self._rate_low(bounds, part, min(low, high)))
        self.misfit = high

    def _rate_low(self, bounds: Bounds, part: tuple[float, float], misfit: float) -> float:
        """Bound −(d/dt) log w = ‖∇f(θ)‖²/‖r‖² from below on a part of a piece.

        On the curve it is at least ‖θ̃̇‖²/‖r̃‖² but for the defect; and θ is near the curve.
        """
        error, slack = bounds.error(part[1]), bounds.output_error(part[1])
        curve = down(misfit - slack)  # ‖r̃‖ is not below it on this part, as w falls
        if not curve > 0:
            return 0.0
        ratio = bounds.piece.ratio_low(Bracket(*part), curve)
        lost = up(bounds.piece.defect + up(bounds.gradient_slope(error, self.misfit) * error))
        found = down(down(down(sqrt(ratio)) * curve) - lost) / up(curve + slack)
        return max(down(down(found) ** 2), 0.0) if found > 0 else 0.0

    def _continue(self, found: Piece, bounds: Bounds) -> None:
        """Start the next piece where this one ends, up to rounding."""
        hidden, moved = found.hidden_at(found.length), found.moved_at(found.length)
        jump = self.equation.size_above(
            Enclosed(np.zeros(hidden.shape), hidden.rad),
            None if moved is None else Enclosed(np.zeros(moved.shape), moved.rad),
        )
        self._error = up(bounds.error(found.length) + jump)
        self.time += found.length
        self._begin([hidden.mid], [] if moved is None else [moved.mid])

    def _keep_sigma(
        self, first: int, begin: float, before: tuple[tuple[Bracket, float], float], slope: float
    ) -> None:
        """Bound σ_min(J(θ)) on a piece's parts, from the points at both of its ends."""
        rows = self.rows
        (left, off_left), error_left = before
        right, off_right = self._sigma
        far_left, far_right = up(off_left + error_left), up(off_right + self._error)
        for index in range(first, len(rows.rate_low)):
            since = up(rows.length_high[index + 1] - begin)
            until = up(rows.length_high[-1] - rows.length_high[index])
            low = max(
                down(left.lower - up(slope * up(far_left + since))),
                down(right.lower - up(slope * up(far_right + until))),
            )
            rows.sigma_low.append(max(low, 0.0))
            rows.sigma_high.append(float("inf"))
        rows.sigma_high[-1] = up(right.upper + up(slope * far_right))


def _ends(length: float) -> list[float]:
    """Return the ends of a piece's parts, from its beginning."""
    return [length * i / PARTS for i in range(1, PARTS)] + [length]


def _parts(length: float) -> list[Enclosed]:
    """Return a piece's parts as intervals."""
    ends = [0.0, *_ends(length)]
    return [Bracket(a, b).enclosed() for a, b in pairwise(ends)]
