"""The structured implicit integrator: its linear algebra, and the same flow as an explicit one."""

import dataclasses

import numpy as np
import pytest
from scipy.integrate import BDF, LSODA

from numerics import flow
from numerics.flow import integrate
from numerics.generators import TwoLayerNetwork
from numerics.problems import Problem, problem_from_mapping
from numerics.quantities import LossFunctions
from numerics.stiff import LowRank, LowRankBDF, _Shifted


def stiff_problem(width: int, name: str = "squared", condition: float = 1e3) -> Problem:
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.standard_normal((4, 4)))[0] for _ in range(2))
    operator = left * np.geomspace(1, 1 / condition, 4) @ right.T
    return problem_from_mapping(
        {
            "problem": {"operator": operator, "observation": operator @ np.full(4, 0.1)},
            "loss": {"name": name},
            "network": {"activation": "tanh", "width": width, "input_dimension": 3},
        }
    )


def integrator(problem: Problem) -> LowRankBDF:
    setting = flow._Setting(problem, 1e-4, 1e-6)
    assert isinstance(setting.moving, TwoLayerNetwork)
    return LowRankBDF(
        setting.speed, setting.moving, setting.functions, problem.observation, 10.0, 1e-6, 1e-9
    )


@pytest.mark.parametrize("name", ["squared", "log_cosh", "cauchy"])
def test_jacobian_is_the_derivative_of_the_speed(name: str) -> None:
    problem = stiff_problem(12, name, 5.0)
    setting = flow._Setting(problem, 1e-4, 1e-6)
    at = np.append(0.2 * np.random.default_rng(1).standard_normal(12), 0.0)
    found = integrator(problem).jac(0.0, at)
    dense = np.diag(found.diagonal) + found.left @ found.right.T
    step = 1e-6
    numeric = [
        (setting.speed(0, at + step * e) - setting.speed(0, at - step * e))[:-1] / (2 * step)
        for e in np.eye(13)[:-1]
    ]
    np.testing.assert_allclose(dense, np.array(numeric).T, atol=1e-7)


def test_structured_solve_is_the_dense_one() -> None:
    rng = np.random.default_rng(2)
    jacobian = LowRank(-rng.random(9), rng.standard_normal((9, 3)), rng.standard_normal((9, 3)))
    scaled = np.float64(0.3) * jacobian
    dense = np.eye(10)
    dense[:9, :9] -= 0.3 * (np.diag(jacobian.diagonal) + jacobian.left @ jacobian.right.T)
    b = rng.standard_normal(10)
    np.testing.assert_allclose(_Shifted(scaled).solve(b), np.linalg.solve(dense, b), atol=1e-12)


def test_no_square_matrix_is_formed() -> None:
    solver = integrator(stiff_problem(40_000))
    assert isinstance(solver, BDF)
    solver.step()
    assert solver.status == "running"


@pytest.mark.parametrize("name", ["squared", "log_cosh"])
def test_the_same_flow_as_another_implicit_method(name: str) -> None:
    problem = stiff_problem(60, name)
    found = integrate(problem, 1e5)
    assert found.status == "complete"
    assert found.steps < 2000
    setting = flow._Setting(problem, 1e-4, 1e-6)
    other = LSODA(setting.speed, 0.0, np.zeros(61), 1e5, rtol=1e-10, atol=1e-13)
    while other.status == "running":
        other.step()
    functions = LossFunctions(problem.loss, 4)
    assert found.misfit[-1] == pytest.approx(
        functions.misfit(setting.residual(other.y[:-1])), rel=1e-5
    )
    assert found.length[-1] == pytest.approx(other.y[-1], rel=1e-6)
    np.testing.assert_allclose(found.final_state, other.y[:-1], atol=1e-6)
    assert np.all(np.diff(found.misfit) <= found.misfit_error)


def test_small_problems_without_that_structure_use_lsoda(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = stiff_problem(30)
    network = problem.generator
    assert isinstance(network, TwoLayerNetwork)
    both = dataclasses.replace(problem, generator=dataclasses.replace(network, train="both"))
    made: list[object] = []

    class Counted(LSODA):
        def __init__(self, *arguments: object, **options: object) -> None:
            made.append(self)
            super().__init__(*arguments, **options)

    monkeypatch.setattr(flow.solvers, "LSODA", Counted)
    assert integrate(both, 1e5).status == "complete"
    assert len(made) == 1
