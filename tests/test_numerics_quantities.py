"""Measured quantities against their definitions."""

import mpmath as mp
import numpy as np
import pytest
from sympy import Rational

from numerics.errors import ProblemError
from numerics.operators import spectrum
from numerics.problems import Problem, problem_from_mapping
from numerics.quantities import (
    LossFunctions,
    initial_misfit,
    initial_residual,
    observables,
    output_gram_bracket,
    sigma_min,
)
from numerics.rigorous.rounding import Enclosed, exactly
from theory.losses import Loss, M, S, loss

LOSSES = [
    loss("squared"),
    loss("power", p=3),
    loss("power", p="1.5"),
    loss("separable_power", p=4),
    loss("separable_power", p="1.5"),
    loss("log_cosh"),
    loss("huber", delta="0.5"),
    loss("pseudo_huber"),
    loss("pseudo_huber", delta=2),
    loss("cauchy"),
]
LABELS = [each.label for each in LOSSES]
M_ROWS = 3


def exact_value(each: Loss, residual: np.ndarray) -> mp.mpf:
    """L from its definition, in fifty digits."""
    sizes = [Rational(float(v)) for v in residual]
    if each.kind == "radial":
        sizes = [sum(v**2 for v in sizes) ** Rational(1, 2)]
    return sum(each.rho.subs(S, v).evalf(50) for v in sizes)


def exact_misfit(each: Loss, residual: np.ndarray) -> float:
    psi = each.desingularizer.xreplace({M: Rational(M_ROWS)})
    return float(psi.subs(S, exact_value(each, residual)).evalf(40))


def tiny_problem(name: str = "squared", train: str = "hidden", **parameters: object) -> Problem:
    rng = np.random.default_rng(4)
    return problem_from_mapping(
        {
            "problem": {
                "operator": rng.standard_normal((3, 5)),
                "observation": rng.standard_normal(3),
            },
            "loss": {"name": name, **parameters},
            "network": {"activation": "tanh", "width": 40, "input_dimension": 6, "train": train},
        }
    )


@pytest.mark.parametrize("each", LOSSES, ids=LABELS)
@pytest.mark.parametrize("scale", [1e-7, 1e-3, 1.0, 30.0])
def test_value_gradient_and_misfit(each: Loss, scale: float) -> None:
    functions = LossFunctions(each, M_ROWS)
    residual = scale * np.array([0.7, -1.3, 0.2])
    assert functions.value(residual) == pytest.approx(float(exact_value(each, residual)), rel=1e-9)
    assert functions.misfit(residual) == pytest.approx(exact_misfit(each, residual), rel=1e-7)
    step = 1e-5 * scale
    numeric = [
        (functions.value(residual + step * e) - functions.value(residual - step * e)) / (2 * step)
        for e in np.eye(3)
    ]
    np.testing.assert_allclose(functions.gradient(residual), numeric, rtol=1e-5)


@pytest.mark.parametrize("each", LOSSES, ids=LABELS)
def test_functions_at_the_minimiser(each: Loss) -> None:
    functions = LossFunctions(each, M_ROWS)
    assert functions.value(np.zeros(3)) == 0
    assert functions.misfit(np.zeros(3)) == 0
    assert functions.gradient(np.zeros(3)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("each", LOSSES, ids=LABELS)
def test_kappa_is_the_gradient_norm_that_psi_allows(each: Loss) -> None:
    functions = LossFunctions(each, M_ROWS)
    for residual in (np.array([0.4, 0, 0]), np.array([0.1, -2.0, 0.3]), np.full(3, 0.9)):
        gradient = np.linalg.norm(functions.gradient(residual))
        assert gradient >= functions.kappa(functions.misfit(residual)) * (1 - 1e-9)
        assert np.linalg.norm(residual) <= functions.misfit(residual) * (1 + 1e-9)


@pytest.mark.parametrize("each", LOSSES, ids=LABELS)
@pytest.mark.parametrize("scale", [0.0, 1e-6, 1.0, 20.0])
def test_misfit_bracket(each: Loss, scale: float) -> None:
    functions = LossFunctions(each, M_ROWS)
    residual = scale * np.array([0.7, -1.3, 0.2])
    found = functions.misfit_bracket(exactly(residual))
    true = exact_misfit(each, residual) if scale else 0.0
    assert found.lower <= true * (1 + 1e-15)
    assert true * (1 - 1e-15) <= found.upper
    assert found.upper - found.lower <= 1e-9 * true + 1e-35
    wide = functions.misfit_bracket(Enclosed(residual, np.full(3, 1e-3)))
    for shift in (-1e-3, 1e-3):
        inside = exact_misfit(each, residual + shift * 0.999)
        assert wide.lower <= inside <= wide.upper


def test_a_misfit_beyond_floating_point_is_bounded_by_infinity() -> None:
    found = LossFunctions(loss("cauchy"), 2).misfit_bracket(exactly(np.full(2, 1e200)))
    assert found.upper == np.inf or found.upper >= 1e399
    assert found.lower >= 0


def test_large_residuals_do_not_overflow() -> None:
    functions = LossFunctions(loss("log_cosh"), 2)
    assert functions.value(np.array([800.0, 0.0])) == pytest.approx(800 - np.log(2))
    assert functions.misfit(np.array([800.0, 0.0])) == pytest.approx(800)


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("name", ["squared", "cauchy"])
def test_initial_brackets(train: str, name: str) -> None:
    problem = tiny_problem(name, train)
    generator = problem.generator
    assert generator is not None
    residual = problem.operator @ generator.value(np.zeros(generator.size)) - problem.observation
    enclosed = initial_residual(problem)
    assert np.all(np.abs(enclosed.mid - residual) <= enclosed.rad + 1e-14)
    found = initial_misfit(problem)
    true = LossFunctions(problem.loss, 3).misfit(residual)
    assert found.lower <= true * (1 + 1e-13)
    assert true * (1 - 1e-13) <= found.upper
    assert found.upper - found.lower < 1e-10
    gram = problem.operator @ generator.jacobian_gram(np.zeros(generator.size)) @ problem.operator.T
    rooted = np.sqrt(np.linalg.eigvalsh(gram))
    bracket = output_gram_bracket(problem, 3)
    assert bracket.lower <= rooted[0] <= bracket.upper
    assert bracket.upper - bracket.lower < 1e-9
    top = spectrum(problem.operator).norm.upper
    assert generator.sigma_min_init().lower * spectrum(problem.operator).sigma_A.lower <= rooted[0]
    assert generator.output_lipschitz(problem.operator, spectrum(problem.operator).norm).upper <= (
        top * generator.jacobian_lipschitz().upper * (1 + 1e-12)
    )


def test_observables_at_a_state() -> None:
    problem = tiny_problem()
    generator = problem.generator
    assert generator is not None
    state = 0.1 * np.random.default_rng(1).standard_normal(generator.size)
    functions = LossFunctions(problem.loss, 3)
    found = observables(problem, functions, state)
    residual = problem.operator @ generator.value(state) - problem.observation
    assert found["loss"] == pytest.approx(residual @ residual / 2)
    assert found["residual"] == found["misfit"] == pytest.approx(np.linalg.norm(residual))
    assert found["travel"] == generator.parameter_norm(state)
    assert found["sigma_min"] == sigma_min(generator.jacobian_gram(state))


def test_asserted_quantities_have_no_network_to_measure() -> None:
    problem = problem_from_mapping(
        {
            "problem": {"operator": [[1.0]], "observation": [1.0]},
            "measured": {"sigma_0": 1, "lipschitz": 0, "misfit": 1},
        }
    )
    with pytest.raises(ProblemError, match="network"):
        initial_misfit(problem)
