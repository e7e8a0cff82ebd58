"""The bound of hidden convexity along a trajectory, L(y(t)) ≤ f(z*) + D₀/(‖u‖²t).

It holds at every width where V is fixed, φ' > 0 and the loss convex and C¹, for every point z* of
the box φ(R)^k (THEORY section 3b). The point taken is where the trajectory ends: of all points with
its output none is nearer to the start. As everything along a trajectory, agreement is SAMPLED.
"""

from __future__ import annotations

import numpy as np
from sympy import Integer

from numerics.elementwise import values
from numerics.flow import Trajectory
from numerics.generators import TwoLayerNetwork
from numerics.problems import Problem
from numerics.quantities import LossFunctions
from numerics.rigorous.rounding import Array
from numerics.widths.bregman import divergences
from proofs_check.trajectories.comparison import ROUNDING, Comparison
from theory.losses import M, S
from theory.registry import statement
from theory.settings.flow import t
from theory.settings.network import u_norm
from theory.statements.flow_hidden_convex import D_0

THEOREM = "hidden_convex"


def applies(problem: Problem) -> bool:
    """Whether ``flow_hidden_convex`` speaks of a problem: V fixed, φ' > 0, the loss convex."""
    network = problem.generator
    return (
        isinstance(network, TwoLayerNetwork)
        and network.train == "hidden"
        and network.activation.increasing
        and problem.loss.convex
        and problem.loss.kind != "poisson"  # it has no value where an output is not positive
    )


def divergence_to_end(problem: Problem, found: Trajectory) -> tuple[float, float] | None:
    """Return the Bregman divergence D₀ from the start to the end of a trajectory, and its error.

    None where ``flow_hidden_convex`` does not speak of the problem, or D₀ is no finite number.
    """
    network = problem.generator
    if not isinstance(network, TwoLayerNetwork) or not applies(problem):
        return None
    end = network.hidden + found.final_state
    each, errors = divergences(network.activation, network.hidden, end)
    value, error = float(np.sum(each)), float(np.sum(errors))
    return (value, error) if np.isfinite(value + error) else None


def compare_hidden_convex(problem: Problem, found: Trajectory) -> list[Comparison]:
    """Compare the loss along a trajectory with the bound, for the target where it ends.

    Returns
    -------
    list of Comparison
        One, or none where there is no D₀ (see ``divergence_to_end``).
    """
    network, divergence = problem.generator, divergence_to_end(problem, found)
    if divergence is None or not isinstance(network, TwoLayerNetwork):
        return []
    gap, off = (_bound(d, network.input_norm.lower, found.times) for d in divergence)
    bound = found.loss[-1] + gap
    margin = _loss_error(problem, found) + ROUNDING * gap + off
    return [Comparison(THEOREM, "loss", "upper", True, bound, bound - found.loss, margin)]


def misfit_bound(problem: Problem, found: Trajectory) -> Array | None:
    """Return the bound as one of the misfit w(t) = ψ(L(y(t))), at the trajectory's times."""
    compared = compare_hidden_convex(problem, found)
    if not compared:
        return None
    psi = problem.loss.desingularizer.xreplace({M: Integer(problem.measurements)})
    return values(psi, {S: compared[0].bound})


def _bound(divergence: float, input_norm: float, times: Array) -> Array:
    """Return the statement's own bound at the times; infinite at the start."""
    formula = statement("flow_hidden_convex").bound("loss").value
    at = {D_0: divergence, u_norm: input_norm, t: times}
    return np.where(times > 0, values(formula, at), np.inf)


def _loss_error(problem: Problem, found: Trajectory) -> Array:
    """Return how far the loss may be off: its slope in w times the error of w, at both ends."""
    functions = LossFunctions(problem.loss, problem.measurements)
    slopes = np.array([functions.kappa(w + found.misfit_error) for w in found.misfit])
    error = slopes * found.misfit_error + ROUNDING * found.loss
    return np.asarray(error + error[-1])
