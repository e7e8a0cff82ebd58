"""How smooth a loss is where the residual is small, and how smooth that makes the training loss.

Everything follows from two functions of a bound v of the residual's size: ℓ(v), a Lipschitz
constant of ∇L, and G(v), a bound of ‖∇L‖, both for all residuals of at most that size. The size
is the Euclidean norm, or the p-norm for a separable p-th power, which is at most that; both sets
are convex, so that a segment between two residuals stays inside. On the sublevel set {L ≤ L₀} the
size is at most that of w₀ = ψ(L₀). Where |ρ''| ≤ 1, ρ'² ≤ 2ρ, hence ‖∇L‖ ≤ √(2L₀) there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from sympy import Expr, Integer, Min, Rational, Symbol, sqrt

from numerics.elementwise import enclosed_values
from numerics.rigorous.rounding import exactly, up
from theory.losses import Loss, S, W

Domain = Literal["sublevel", "ball"]

SIZE = Symbol("v")
_LEAST = 1e-200


@dataclass(frozen=True)
class Smoothness:
    """ℓ and G of a loss.

    Parameters
    ----------
    lipschitz, steepest : Expr
        ℓ(v) and G(v), non-decreasing in ``SIZE`` ≥ 0.
    size : Expr
        The size of the residuals on {L ≤ L₀}, in ``W`` = ψ(L₀).
    """

    lipschitz: Expr
    steepest: Expr
    size: Expr

    def at(self, size: float) -> tuple[float, float]:
        """Return ℓ and G at a size, rounded up."""
        size = max(size, _LEAST)  # at 0 itself a power may have no enclosure
        return upper(self.lipschitz, SIZE, size), upper(self.steepest, SIZE, size)


def upper(expression: Expr, variable: Symbol, value: float) -> float:
    """Return an upper bound of an expression at a float."""
    if not expression.free_symbols:
        variable = S  # a constant: any symbol will do
    found = enclosed_values(expression, variable, exactly(np.array([value])))
    return up(float(found.mid[0] + found.rad[0]))


SQUARED = Smoothness(Integer(1), SIZE, W)


def _power(loss: Loss, measurements: int) -> Smoothness | None:
    p = loss.parameters["p"]
    if p < 2:
        return None
    size = W
    if loss.kind == "separable":  # ψ(s) = c(ps)^{1/p}, hence the p-norm is w/c
        size = W / Integer(measurements) ** ((p - 2) / (2 * p))
    return Smoothness((p - 1) * SIZE ** (p - 2), SIZE ** (p - 1), size)


def _bent(steepest: Callable[[Loss], Expr]) -> Callable[[Loss, int], Smoothness]:
    """Return the entry of a separable loss with |ρ''| ≤ 1 and a bound of |ρ'|.

    With G(v) = v these are the bounds ``sublevel`` and ``ball`` of ``descent_smoothness_separable``
    for ℓ = 1, which rest on ``descent_smoothness_loss``; its conclusion ``smooth`` takes any bound
    of ‖∇L‖ at one of the points. Not proved there, and taken from calculus: that |ρ''| ≤ 1 for
    these losses, and that ‖∇L‖ ≤ √m sup|ρ'|, which makes G(v) less than v where v is large.
    """

    def entry(loss: Loss, measurements: int) -> Smoothness:
        most = sqrt(Integer(measurements)) * steepest(loss)
        return Smoothness(Integer(1), Min(SIZE, most), sqrt(2 * loss.inverse))

    return entry


KNOWN: Mapping[str, Callable[[Loss, int], Smoothness | None]] = {
    "squared": lambda loss, m: SQUARED,
    "power": _power,
    "separable_power": _power,
    "log_cosh": _bent(lambda loss: Integer(1)),
    "huber": _bent(lambda loss: loss.parameters["delta"]),
    "pseudo_huber": _bent(lambda loss: loss.parameters["delta"]),
    "cauchy": _bent(lambda loss: Rational(1, 2)),
}
"""Loss name to its ℓ and G, given the loss and m; None where ∇L is not Lipschitz.

No statement has the entries of the powers yet: their ℓ and G are read off ρ'' and ρ'.
"""


def smoothness(loss: Loss, measurements: int) -> Smoothness | None:
    """Return ℓ and G of a loss; None if none are known."""
    return KNOWN[loss.name](loss, measurements) if loss.name in KNOWN else None


def desingularizer_concave(loss: Loss, misfit: float) -> bool:
    """Whether ψ is concave on [0, L₀], w₀ = ψ(L₀) being at most ``misfit``.

    ψ⁻¹ is convex for all convex losses known; the Cauchy loss's is, up to w = 1.
    """
    return loss.convex or (loss.name == "cauchy" and misfit <= 1)


def gradient_lipschitz(
    norm: float, jacobian_norm: float, lipschitz: float, radius: float, size: float,
    domain: Domain = "sublevel", loss: Smoothness = SQUARED,
) -> float:  # fmt: skip
    """Return L_f, rounded up (THEORY section 9).

    Proved as ``descent_smoothness`` for the squared loss; for the others see ``KNOWN``.

    ∇f(ϑ) − ∇f(ζ) = J(ϑ)ᵀAᵀ(∇L(ϑ) − ∇L(ζ)) + (J(ϑ) − J(ζ))ᵀAᵀ∇L(ζ) gives
    ‖A‖²(‖J(θ₀)‖ + Λ₂ρ)² ℓ(v) + ‖A‖Λ₂ G(v), where v bounds the residuals: their size on the sublevel
    set and, on the whole ball, ‖r(θ₀)‖ + ‖A‖(‖J(θ₀)‖ρ + Λ₂ρ²/2).

    Parameters
    ----------
    norm, jacobian_norm, lipschitz, radius : float
        ‖A‖, ‖J(θ₀)‖, the two-point constant Λ₂ on the ball, ρ, or upper bounds of them.
    size : float
        An upper bound of the residuals' size on the sublevel set or, for "ball", of ‖r(θ₀)‖.
    domain : {"sublevel", "ball"}
        Which form.
    loss : Smoothness
        ℓ and G; by default those of the squared loss.
    """
    reach = up(up(lipschitz * radius) + jacobian_norm)
    if domain == "ball":
        bend = up(up(lipschitz * radius) * radius / 2)
        size = up(size + up(norm * up(up(jacobian_norm * radius) + bend)))
    bent, steepest = loss.at(size)
    curvature = up(up(up(norm * norm) * up(reach * reach)) * bent)
    return up(curvature + up(up(norm * lipschitz) * steepest))
