"""The norms of the interpolant: brackets against direct computation, and what they refuse."""

import numpy as np
import pytest

from numerics.problems import problem_from_mapping
from numerics.recovery import interpolant
from numerics.rigorous.rounding import Bracket

NETWORK = {"activation": "tanh", "width": 60, "input_dimension": 4, "seed": 2}


def made(operator, **more):
    table = {"operator": operator, "observation": np.ones(len(operator)), **more}
    return problem_from_mapping({"problem": table, "network": NETWORK})


def found(problem):
    norm = float(np.linalg.norm(problem.operator, 2))
    around = Bracket(norm * (1 - 1e-12), norm * (1 + 1e-12))
    return interpolant(problem, problem.generator.sigma_min_init(), around)


@pytest.mark.parametrize("seed", range(4))
def test_brackets_contain_the_norms(seed):
    rng = np.random.default_rng(seed)
    operator, signal = rng.standard_normal((3, 5)), rng.standard_normal(5)
    problem = made(operator, signal=signal)
    gram = problem.generator.jacobian_gram(np.zeros(60))
    inverse = gram @ operator.T @ np.linalg.inv(operator @ gram @ operator.T)
    blind = np.eye(5) - inverse @ operator
    unseen = blind @ (signal - problem.generator.value(np.zeros(60)))
    values = np.linalg.eigvalsh(gram)
    expected = {
        "gain": np.linalg.norm(inverse, 2), "leak": np.linalg.norm(blind, 2),
        "condition": np.sqrt(values[-1] / values[0]), "unseen": np.linalg.norm(unseen),
    }  # fmt: skip
    brackets = found(problem)
    for name, value in expected.items():
        bracket = getattr(brackets, name)
        assert bracket.lower <= value * (1 + 1e-11)
        assert value * (1 - 1e-11) <= bracket.upper <= bracket.lower + 1e-7 * value


def test_what_the_operator_sees_whole_leaves_nothing_unseen():
    brackets = found(made(np.eye(3) + 0.1, signal=np.ones(3)))
    assert brackets.leak.upper < 1e-9
    assert brackets.unseen.upper < 1e-9


def test_nothing_is_said_without_an_inverse_or_of_an_unknown_signal():
    assert found(made(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]))) is None
    assert found(made(np.eye(2, 3))).unseen is None
    problem = made(np.eye(2, 3))
    assert interpolant(problem, Bracket(0.0, 1.0), Bracket(1.0, 1.0)) is None
