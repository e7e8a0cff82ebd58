"""The three levels of the width question, for sizes and norms or for a problem file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from numerics.activation_constants import (
    ActivationConstants,
    NotCovered,
    activation_constants,
)
from numerics.generators import TwoLayerNetwork
from numerics.inputs.values import value_text
from numerics.operators import Matrix, dense
from numerics.problems import Problem, read_problem
from numerics.rigorous.rounding import exactly, norm
from numerics.widths.chances import Chance, chance
from numerics.widths.least import NoWidth, Width
from numerics.widths.needed import widths_needed
from numerics.widths.quantities import LAWS, Norms, ball_of, exact, given_weights
from numerics.widths.reachable import reachable
from numerics.widths.routes import GIVEN_V, HIDDEN_CONVEX, ROUTES
from proofs_check.certifying.text import shown
from proofs_check.errors import UserError
from proofs_check.instance import Instance, examine
from proofs_check.trajectories.hidden_convexity import applies
from theory.activations import ActivationError

_DIGITS = 20


class LevelsRefused(UserError):
    """Sizes, norms or a problem to which the width statements do not apply."""


@dataclass(frozen=True)
class Question:
    """What is asked: sizes, activation, norms, and how the weights are drawn.

    Parameters
    ----------
    outputs, measurements, inputs : int
        n, m and d.
    constants : ActivationConstants
        Those of φ.
    sigma_A, norm : Fraction
        Smallest non-zero singular value and operator norm of A.
    frobenius : Fraction or None
        ‖A‖_F; None for its largest value, √min(m, n) ‖A‖.
    observation : Fraction
        ‖y‖.
    law : str
        Of the output weights, one of ``numerics.widths.quantities.LAWS``.
    failure : Fraction or None
        Total failure probability; None for 1/n + 1/d.
    train : tuple of str
        Which layers move: ``"hidden"``, ``"both"``, or one after the other.
    """

    outputs: int
    measurements: int
    inputs: int
    constants: ActivationConstants
    sigma_A: Fraction
    norm: Fraction
    frobenius: Fraction | None
    observation: Fraction
    law: str = "rademacher"
    failure: Fraction | None = None
    train: tuple[str, ...] = tuple(ROUTES)


@dataclass(frozen=True)
class Reach:
    """Whether the observation is an output of the hidden layer, given the output weights.

    Parameters
    ----------
    enough : bool or None
        True where it certainly is: with φ' > 0 and a convex loss the flow then reaches zero loss;
        False where it certainly is not, nor a limit of outputs; None where that is open.
    """

    enough: bool | None


@dataclass(frozen=True)
class Levels:
    """What is known of the width, at each level.

    Parameters
    ----------
    title : str
        The question in a line.
    inputs : tuple of str
        What was taken as given, for reading.
    data : mapping
        The same as plain data.
    a_priori : mapping of str to mapping
        By trained layers and route, the least certified width, or why there is none.
    given : mapping of str to Chance, Reach or str
        By theorem, what this network promises given V; empty without a problem.
    a_posteriori : mapping of str to str
        By theorem, q and whether it applies; empty without a problem.
    """

    title: str
    inputs: tuple[str, ...]
    data: Mapping[str, Any]
    a_priori: Mapping[str, Mapping[str, Width | str]]
    given: Mapping[str, Chance | Reach | str] = field(default_factory=dict)
    a_posteriori: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every theorem on q has a width for an answer.

        The one of hidden convexity speaks of some activations only.
        """
        return not any(
            isinstance(width, str) and name != HIDDEN_CONVEX
            for widths in self.a_priori.values()
            for name, width in widths.items()
        )


def levels_of_sizes(question: Question) -> Levels:
    """Return the a priori widths for sizes and norms.

    Raises
    ------
    LevelsRefused
        If norms contradict each other, the law is unknown, or the failure probability is not
        below 1.
    """
    norms = _norms(question)
    failure = _failure(question.failure, question.outputs, question.inputs)
    law = _law(question.law)
    found = {
        train: widths_needed(train, question.constants, question.outputs, norms, law, failure)
        for train in question.train
    }
    return Levels(_title(question), *_described(question, failure), found)


def levels_of_problem(path: str, law: str | None, failure: Fraction | None) -> Levels:
    """Return all three levels for a problem file.

    Raises
    ------
    LevelsRefused
        If the problem has no two-layer network, or ‖u‖ is not 1.
    """
    problem = read_problem(path)
    instance = examine(problem)
    network, record = problem.generator, problem.network
    if not isinstance(network, TwoLayerNetwork) or record is None:
        raise LevelsRefused(f"{path}: the width statements speak of a two-layer network")
    chosen = law or record.output_weights
    if chosen is None:
        raise LevelsRefused(f"{path}: say how V was drawn, --output-weights {' or '.join(LAWS)}")
    constants, norms = constants_of(record.activation, path), _measured(problem, instance)
    total = _failure(failure, problem.outputs, record.input_dimension)
    needed = widths_needed(record.train, constants, problem.outputs, norms, _law(chosen), total)
    found = {record.train: needed}
    sizes = f"m = {problem.measurements}, n = {problem.outputs}, k = {record.width:,}"
    data = {"problem": path, "width": record.width, "failure": value_text(total), "law": chosen}
    lines = (f"{record.activation}, {chosen} output weights, failure probability {total}",)
    return Levels(
        f"{path}: {sizes}", lines, data, found,
        _given(problem, network, constants, norms, total),
        {name: _said(instance, name) for name in ("published", "sharp", "aj")},
    )  # fmt: skip


def _given(
    problem: Problem,
    network: TwoLayerNetwork,
    constants: ActivationConstants,
    norms: Norms,
    failure: Fraction,
) -> dict[str, Chance | Reach | str]:
    if problem.network is None or problem.network.train != "hidden":
        return {"both": "no statement covers both layers given V; see the other two levels"}
    known = given_weights(constants, problem.operator, network.output_weights, norms)
    found: dict[str, Chance | Reach | str] = {}
    for name, route in GIVEN_V.items():
        try:
            found[name] = chance(route, known, network.width, failure)
        except NoWidth as reason:
            found[name] = str(reason)
    return found | {HIDDEN_CONVEX: _reach(problem, network)}


def _reach(problem: Problem, network: TwoLayerNetwork) -> Reach | str:
    if not applies(problem):
        return "it asks for φ' > 0 and a convex loss on R^m"
    return Reach(reachable(
        network.activation, network.output_weights, problem.operator, problem.observation
    ))  # fmt: skip


def _said(instance: Instance, theorem: str) -> str:
    reading = instance.readings[theorem]
    answer = {True: "applies", False: "does not apply", None: "undecided"}[reading.applies]
    return f"q = {shown(reading.q)}: {answer}"


def constants_of(activation: str, where: str) -> ActivationConstants:
    """Return an activation's constants, all of which the width statements need.

    Raises
    ------
    LevelsRefused
        If it is unreadable or outside the theory, or a constant is not enclosed; the message
        begins with ``where``.
    """
    try:
        found = activation_constants(activation, _DIGITS)
    except (ActivationError, NotCovered) as problem:
        raise LevelsRefused(f"{where}: {problem}") from problem
    for name, reason in found.undecided.items():
        raise LevelsRefused(f"{where}: {name} of {found.activation.name} is undecided: {reason}")
    return found


def _measured(problem: Problem, instance: Instance) -> Norms:
    found = instance.measured.spectrum
    return Norms(
        ball_of(found.sigma_A), ball_of(found.norm), ball_of(_frobenius(problem.operator)),
        ball_of(norm(exactly(problem.observation))),
    )  # fmt: skip


def _frobenius(operator: Matrix) -> Any:
    return norm(exactly(dense(operator)))


def _norms(question: Question) -> Norms:
    if question.sigma_A > question.norm:
        raise LevelsRefused("--sigma-min is larger than --operator-norm; swap them?")
    rank = min(question.measurements, question.outputs)
    largest = rank * question.norm**2
    if question.frobenius is None:
        frobenius = exact(largest).sqrt()
    elif not question.norm**2 <= question.frobenius**2 <= largest:
        raise LevelsRefused("--frobenius-norm has to lie between ‖A‖ and √min(m, n) ‖A‖")
    else:
        frobenius = exact(question.frobenius)
    return Norms(
        exact(question.sigma_A), exact(question.norm), frobenius, exact(question.observation)
    )


def _failure(failure: Fraction | None, outputs: int, inputs: int) -> Fraction:
    if failure is not None:
        return failure
    usual = Fraction(1, outputs) + Fraction(1, inputs)
    if usual >= 1:
        raise LevelsRefused(
            f"the usual failure probability 1/n + 1/d = {usual} says nothing; give --failure"
        )
    return usual


def _law(name: str) -> Any:
    if name not in LAWS:
        raise LevelsRefused(f"--output-weights {name}: give {' or '.join(LAWS)}")
    return LAWS[name]


def _title(question: Question) -> str:
    sizes = f"n = {question.outputs}, m = {question.measurements}, d = {question.inputs}"
    return f"Width: {sizes}, {question.constants.activation.name}"


def _described(question: Question, failure: Fraction) -> tuple[tuple[str, ...], dict[str, Any]]:
    frobenius = "√min(m, n) ‖A‖" if question.frobenius is None else str(question.frobenius)
    lines = (
        f"σ_A = {value_text(question.sigma_A)}, ‖A‖ = {value_text(question.norm)}, "
        f"‖A‖_F = {frobenius}, ‖y‖ = {value_text(question.observation)}",
        f"{question.law} output weights, failure probability {value_text(failure)}",
        "‖u‖ = 1, hidden weights standard normal, radial loss",
    )
    data = {
        "outputs": question.outputs, "measurements": question.measurements,
        "inputs": question.inputs, "activation": question.constants.activation.name,
        "sigma_min": value_text(question.sigma_A), "operator_norm": value_text(question.norm),
        "frobenius_norm": None if question.frobenius is None else value_text(question.frobenius),
        "observation_norm": value_text(question.observation), "law": question.law,
        "failure": value_text(failure),
    }  # fmt: skip
    return lines, data
