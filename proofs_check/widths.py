"""The three levels of the width question, for sizes and norms or for a problem file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Symbol, oo, sqrt

from numerics.activation_constants import (
    ActivationConstants,
    ConstantUndecided,
    NotCovered,
    activation_constants,
)
from numerics.bound_inputs import value_text
from numerics.generators import TwoLayerNetwork
from numerics.operators import Matrix, dense
from numerics.problems import Problem, read_problem
from numerics.rounding import exactly, norm
from numerics.unfolding import Unfolding, as_input
from numerics.width_chances import Chance, chance
from numerics.width_quantities import LAWS, Norms, a_priori, ball_of, exact, given_weights
from numerics.width_routes import GIVEN_V, ROUTES, Route
from numerics.widths import NoWidth, Width, least_width
from proofs_check.errors import UserError
from proofs_check.instance import Instance, examine
from proofs_check.instance_text import shown
from theory import setting, setting_initial
from theory.asymptotics import exponent
from theory.registry import statement
from theory.statements import initial_misfit
from theory.terms import FrobeniusNorm, Norm, OperatorNorm

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
        Of the output weights, one of ``numerics.width_quantities.LAWS``.
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
    given : mapping of str to Chance or str
        By theorem, what this network promises given V; empty without a problem.
    a_posteriori : mapping of str to str
        By theorem, q and whether it applies; empty without a problem.
    """

    title: str
    inputs: tuple[str, ...]
    data: Mapping[str, Any]
    a_priori: Mapping[str, Mapping[str, Width | str]]
    given: Mapping[str, Chance | str] = field(default_factory=dict)
    a_posteriori: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every a priori question has a width for an answer."""
        return not any(isinstance(w, str) for ws in self.a_priori.values() for w in ws.values())


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
    known = a_priori(question.constants, question.outputs, norms, _law(question.law))
    found = {train: _widths(train, known, failure) for train in question.train}
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
    constants, norms = _constants(record.activation, path), _measured(problem, instance)
    total = _failure(failure, problem.outputs, record.input_dimension)
    known = a_priori(constants, problem.outputs, norms, _law(chosen))
    found = {record.train: _widths(record.train, known, total)}
    sizes = f"m = {problem.measurements}, n = {problem.outputs}, k = {record.width:,}"
    data = {"problem": path, "width": record.width, "failure": value_text(total), "law": chosen}
    lines = (f"{record.activation}, {chosen} output weights, failure probability {total}",)
    return Levels(
        f"{path}: {sizes}", lines, data, found,
        _given(problem, network, constants, norms, total),
        {name: _said(instance, name) for name in ("published", "sharp", "aj")},
    )  # fmt: skip


def growth(route: Route) -> dict[str, int]:
    """Return the exponents with which the width for q < q* grows, in each quantity alone.

    The failure probability, and with it d, enters through logarithms.
    """
    varied = {
        "n": (setting_initial.n, oo), "m": (Symbol("m"), oo), "sigma_A": (setting.sigma_A, 0),
        "operator_norm": (Symbol("a"), oo),
        "observation_norm": (as_input(Norm(initial_misfit.y)), oo),
    }  # fmt: skip
    term = _shape(route)
    return {name: int(exponent(term, s, towards)) for name, (s, towards) in varied.items()}


def _shape(route: Route) -> Any:
    """Return the width for q < q* with ‖A‖_F = √m ‖A‖, the hidden layer's bound a constant."""
    made = statement(route.statement)
    free = [q.symbol for q in made.quantities if isinstance(q.symbol, Symbol)]
    norms = [as_input(t) for t in (OperatorNorm(setting.A), FrobeniusNorm(setting.A))]
    unfold = Unfolding(made, [*free, *norms, initial_misfit.H, as_input(Norm(initial_misfit.y))])
    formula: Any = next(h.formula for h in made.hypotheses if h.name == route.conditions[-1])
    size = Symbol("a")
    return unfold(formula.lts).xreplace({norms[0]: size, norms[1]: size * sqrt(Symbol("m"))})


def _widths(train: str, known: Mapping[Symbol, arb], failure: Fraction) -> dict[str, Width | str]:
    found: dict[str, Width | str] = {}
    for route in ROUTES[train]:
        try:
            found[route.name] = least_width(route, known, failure)
        except NoWidth as problem:
            found[route.name] = str(problem)
    return found


def _given(
    problem: Problem,
    network: TwoLayerNetwork,
    constants: ActivationConstants,
    norms: Norms,
    failure: Fraction,
) -> dict[str, Chance | str]:
    if problem.network is None or problem.network.train != "hidden":
        return {"both": "no statement covers both layers given V; see the other two levels"}
    known = given_weights(constants, problem.operator, network.output_weights, norms)
    found: dict[str, Chance | str] = {}
    for name, route in GIVEN_V.items():
        try:
            found[name] = chance(route, known, network.width, failure)
        except NoWidth as reason:
            found[name] = str(reason)
    return found


def _said(instance: Instance, theorem: str) -> str:
    reading = instance.readings[theorem]
    answer = {True: "applies", False: "does not apply", None: "undecided"}[reading.applies]
    return f"q = {shown(reading.q)}: {answer}"


def _constants(activation: str, path: str) -> ActivationConstants:
    try:
        return activation_constants(activation, _DIGITS)
    except (NotCovered, ConstantUndecided) as problem:
        raise LevelsRefused(f"{path}: {problem}") from problem


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
