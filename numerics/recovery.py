"""What of a signal a network of the lazy regime recovers: norms of Π = G₀Aᵀ(AG₀Aᵀ)⁻¹, as brackets.

G₀ = J(θ₀)J(θ₀)ᵀ. A computed P ≈ Π is only a proposal: ‖Π − P‖ ≤ ‖G₀Aᵀ − P·AG₀Aᵀ‖/λ_min(AG₀Aᵀ),
and both are bounded with verified floating point (THEORY section 4, recovery_lazy).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.operators import (
    Matrix,
    apply_enclosed,
    eigenvalue_brackets,
    singular_brackets,
)
from numerics.problems import Problem
from numerics.quantities import require_generator
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
    symmetrized,
    up,
)

MAX_OUTPUTS = 2000


@dataclass(frozen=True)
class Interpolant:
    """The G₀-weighted interpolant from x(0), and how it treats signal and noise.

    Parameters
    ----------
    gain : Bracket
        ‖Π‖: what noise and misfit are multiplied by.
    leak : Bracket
        ‖I − ΠA‖.
    condition : Bracket
        κ_J = ‖J(θ₀)‖/σ₀.
    unseen : Bracket or None
        ‖(I − ΠA)(x̄ − x(0))‖, the part of the signal that is not recovered; None if x̄ is unknown.
    """

    gain: Bracket
    leak: Bracket
    condition: Bracket
    unseen: Bracket | None


def interpolant(problem: Problem, sigma_0: Bracket, operator_norm: Bracket) -> Interpolant | None:
    """Return the norms of Π and I − ΠA; None if AG₀Aᵀ is not certainly invertible.

    Parameters
    ----------
    problem : Problem
        With a generator, and at most ``MAX_OUTPUTS`` outputs.
    sigma_0, operator_norm : Bracket
        σ_min(J(θ₀)) and ‖A‖.
    """
    if not sigma_0.lower > 0 or problem.outputs > MAX_OUTPUTS:
        return None
    gram = require_generator(problem).enclosed_gram()
    half = apply_enclosed(problem.operator, gram)
    square = symmetrized(apply_enclosed(problem.operator, half.transposed))
    smallest = eigenvalue_brackets(square)[-1].lower
    if not smallest > 0:
        return None
    proposal: Array = np.asarray(np.linalg.solve(square.mid, half.mid).T, dtype=np.float64)
    residual = subtract(half.transposed, product(exactly(proposal), square))
    error = up(norm_above(residual) / smallest)
    through = up(error * operator_norm.upper)
    leak = _complement(problem.operator, proposal)
    return Interpolant(
        _widened(singular_brackets(proposal)[0], error),
        _widened(singular_brackets(leak)[0], through),
        _condition(gram, sigma_0),
        _unseen(problem, leak, error),
    )


def _complement(operator: Matrix, proposal: Array) -> Enclosed:
    """Return I − PA."""
    image = apply_enclosed(operator.T, exactly(proposal.T)).transposed
    return subtract(exactly(np.eye(len(proposal))), image)


def _condition(gram: Enclosed, sigma_0: Bracket) -> Bracket:
    largest = eigenvalue_brackets(gram)[0].root()
    return Bracket(down(largest.lower / sigma_0.upper), up(largest.upper / sigma_0.lower))


def _unseen(problem: Problem, leak: Enclosed, error: float) -> Bracket | None:
    if problem.signal is None:
        return None
    gap = subtract(exactly(problem.signal), require_generator(problem).enclosed_value())
    image = norm_above(apply_enclosed(problem.operator, gap))
    return _widened(norm(product(leak, gap)), up(error * image))


def _widened(bracket: Bracket, error: float) -> Bracket:
    return Bracket(max(down(bracket.lower - error), 0.0), up(bracket.upper + error))
