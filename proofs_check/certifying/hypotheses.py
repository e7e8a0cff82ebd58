"""The hypotheses of the flow theorems (THEORY section 1), each decided on a concrete problem.

Every answer is one-sided: PROVED or REFUTED where that is certain, otherwise UNDECIDED with what
is missing. What a problem file only asserts is never PROVED.
"""

from __future__ import annotations

from collections.abc import Callable

from numerics.operators import distance_to_range, range_contains
from numerics.problems import Problem
from numerics.range_escape import range_escape
from numerics.rigorous.rounding import Bracket
from proofs_check.certifying.measure import Measurement
from proofs_check.certifying.text import above, below
from proofs_check.reporting.findings import HypothesisReport
from proofs_check.verdict import Verdict
from theory import registry

OF_THE_NETWORK = frozenset({"H_smooth", "sigma_0", "H_Lip0", "H_Lip2"})
"""Hypotheses that rest on the user's word when the network's quantities are asserted."""

_ASSERTED = "asserted in the problem file, not checked here"
_UNPROVED = "its value is an estimate in floating point, not a bracket"
Answer = tuple[Verdict, str]


def hypotheses(problem: Problem, measured: Measurement) -> tuple[HypothesisReport, ...]:
    """Decide every hypothesis that does not depend on a threshold."""
    return tuple(
        HypothesisReport(name, *decide(problem, measured)) for name, decide in _DECISIONS.items()
    )


def _smooth(problem: Problem, measured: Measurement) -> Answer:
    if measured.asserted:
        return Verdict.UNDECIDED, f"that the network is C¹ is {_ASSERTED}"
    name = f"φ = {problem.network.activation}" if problem.network is not None else "the generator"
    if problem.loss.kind == "poisson":
        if measured.misfit.upper == float("inf"):
            return Verdict.UNDECIDED, "the Poisson loss is finite only where the output is positive"
        # Each term alone exceeds L(y(0)) near v_i = 0, and can be continued there as it likes.
        where = "C¹ on a neighbourhood of {L ≤ L(y(0))}, which the flow does not leave"
        return Verdict.PROVED, f"the Poisson loss is {where}; {name} is C¹"
    return Verdict.PROVED, f"the loss {problem.loss.label} and {name} are C¹"


def _min(problem: Problem, measured: Measurement) -> Answer:
    return Verdict.PROVED, "the loss is non-negative and vanishes at v = y"


def _kurdyka_lojasiewicz(problem: Problem, measured: Measurement) -> Answer:
    one = problem.measurements == 1 and problem.loss.kind != "poisson"
    source = "kl_radial" if one else problem.loss.source
    try:
        registry.statement(source)
    except registry.UnknownStatement:
        text = f"{source} (THEORY section 2), which is not among the statements checked here"
        return Verdict.CITED, f"ψ on (0, ∞), taken from {text}"
    return Verdict.PROVED, f"ψ on (0, ∞), by the statement {source}"


def _range(problem: Problem, measured: Measurement) -> Answer:
    full, loss = measured.spectrum.full_row_rank, problem.loss
    if full:
        return Verdict.PROVED, "A has full row rank"
    if loss.kind != "radial" and loss.parameters.get("p") != 2 and problem.measurements > 1:
        return _kept_by_terms(problem, measured)
    return _contained(problem, measured)


def _kept_by_terms(problem: Problem, measured: Measurement) -> Answer:
    """Refute H_range at a point of ran A, for a loss that acts on each entry by itself."""
    point = range_escape(problem, measured.spectrum.sigma_A)
    if point is None:
        return Verdict.UNDECIDED, "A has no full row rank, which a separable loss needs here"
    shown = ", ".join(f"{entry:g}" for entry in point[:4]) + (", …" if point.size > 4 else "")
    text = "A has no full row rank, and ∇L(A x) is certainly off its range at x"
    return Verdict.REFUTED, f"{text} = ({shown})"


def _contained(problem: Problem, measured: Measurement) -> Answer:
    """Decide y ∈ ran A: refuted by a certified residual, proved by exact elimination only."""
    sigma = measured.spectrum.sigma_A
    distance = distance_to_range(problem.operator, problem.observation, sigma)
    if distance is not None and distance.lower > 0:
        text = "A has no full row rank and y is off its range by a distance"
        return Verdict.REFUTED, f"{text} ≥ {below(distance, 6)}"
    contained = range_contains(problem.operator, problem.observation)
    if contained is None and distance is not None:
        text = "A has no full row rank, and y is off its range by a distance"
        return Verdict.UNDECIDED, f"{text} ≤ {above(distance)}"
    if contained is None:
        return Verdict.UNDECIDED, "A is too large for its rank to be decided exactly"
    if contained:
        return Verdict.PROVED, "y lies in the range of A, exactly"
    return Verdict.REFUTED, "A has no full row rank and y does not lie in its range"


def _sigma_a(problem: Problem, measured: Measurement) -> Answer:
    return _positive(measured.spectrum.sigma_A, "σ_A")


def _sigma_0(problem: Problem, measured: Measurement) -> Answer:
    if measured.asserted:
        return Verdict.UNDECIDED, f"σ₀ > 0 is {_ASSERTED}"
    network = problem.network
    if network is not None and measured.sigma_0.upper == 0:
        text = f"σ₀ = 0: width {network.width} is below the number {problem.outputs} of outputs"
        return Verdict.REFUTED, text
    return _positive(measured.sigma_0, "σ₀")


def _sigma_output(problem: Problem, measured: Measurement) -> Answer:
    if measured.sigma_output is None:
        return Verdict.UNDECIDED, "√λ_r(A J Jᵀ Aᵀ) cannot be computed without a network"
    return _positive(measured.sigma_output, "√λ_r(A J Jᵀ Aᵀ)")


def _positive(value: Bracket, name: str) -> Answer:
    if not value.rigorous:
        return Verdict.UNDECIDED, f"{name}: {_UNPROVED}"
    if value.lower > 0:
        return Verdict.PROVED, f"{name} ≥ {below(value, 6)}"
    if value.upper <= 0:
        return Verdict.REFUTED, f"{name} = 0"
    return Verdict.UNDECIDED, f"{name} lies in [0, {above(value)}]"


def _lipschitz(problem: Problem, measured: Measurement) -> Answer:
    return _constant(problem, measured, measured.lipschitz, "‖J(θ) − J(θ₀)‖ ≤ Λ‖θ − θ₀‖")


def _lipschitz_pairs(problem: Problem, measured: Measurement) -> Answer:
    both = problem.network is not None and problem.network.train == "both"
    where = "on the ball of radius σ₀/(2Λ)" if both else "everywhere"
    what = f"‖J(θ) − J(ϑ)‖ ≤ Λ‖θ − ϑ‖ {where}"
    return _constant(problem, measured, measured.lipschitz_pairs, what)


def _lipschitz_output(problem: Problem, measured: Measurement) -> Answer:
    if measured.asserted:
        return Verdict.UNDECIDED, "a Lipschitz constant of AJ cannot be computed without a network"
    return _constant(problem, measured, measured.lipschitz_output, "the same for AJ")


def _constant(problem: Problem, measured: Measurement, value: Bracket | None, what: str) -> Answer:
    if measured.asserted:
        return Verdict.UNDECIDED, f"Λ is {_ASSERTED}"
    if value is None or value.upper == float("inf"):
        return Verdict.UNDECIDED, "no Lipschitz constant: sup|φ'| or sup|φ''| is not enclosed"
    if not value.rigorous:
        return Verdict.UNDECIDED, f"Λ: {_UNPROVED}"
    return Verdict.PROVED, f"{what} with Λ ≤ {above(value, 6)}"


_DECISIONS: dict[str, Callable[[Problem, Measurement], Answer]] = {
    "H_smooth": _smooth,
    "H_min": _min,
    "H_KL": _kurdyka_lojasiewicz,
    "H_range": _range,
    "sigma_A": _sigma_a,
    "sigma_0": _sigma_0,
    "sigma_AJ": _sigma_output,
    "H_Lip0": _lipschitz,
    "H_Lip2": _lipschitz_pairs,
    "H_Lip0_AJ": _lipschitz_output,
}
