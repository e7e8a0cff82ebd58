"""H_range for losses of each entry by itself: refuted at a point, or left open."""

import numpy as np
import pytest

from numerics.operators import spectrum
from numerics.problems import Problem
from numerics.range_escape import candidates, range_escape
from theory.losses import Loss, loss

THIN = np.array([[1.0], [0.5]])


def escape(operator: np.ndarray, observation: list[float], chosen: Loss) -> np.ndarray | None:
    data = np.array(observation)
    problem = Problem(operator, data, chosen.with_data(data.tolist()))
    return range_escape(problem, spectrum(operator).sigma_A)


@pytest.mark.parametrize(
    "chosen",
    [
        loss("separable_power", p=4),
        loss("separable_power", p="1.5"),
        loss("log_cosh"),
        loss("cauchy"),
        loss("pseudo_huber"),
        loss("huber", delta="0.75"),
    ],
    ids=lambda each: each.label,
)
def test_a_separable_loss_leaves_the_range_even_for_data_in_it(chosen: Loss) -> None:
    """THEORY section 1: A = (1, 1/2)ᵀ, y = 0, p = 4."""
    point = escape(THIN, [0.0, 0.0], chosen)
    assert point is not None
    residual = (THIN @ point).ravel()
    gradient = np.array([float(chosen.rho_derivative.subs("s", abs(r))) for r in residual])
    assert abs(gradient[1] - gradient[0] / 2) > 1e-3


def test_the_squared_distance_stays() -> None:
    assert escape(THIN, [0.0, 0.0], loss("separable_power", p=2)) is None


def test_huber_stays_where_only_its_quadratic_part_is_seen() -> None:
    assert escape(THIN, [0.0, 0.0], loss("huber", delta=1000)) is None


def test_equal_rows_keep_a_separable_loss_in_the_range() -> None:
    assert escape(np.array([[1.0], [1.0]]), [0.0, 0.0], loss("separable_power", p=4)) is None


def test_the_poisson_loss_leaves_the_range() -> None:
    assert escape(THIN, [1.0, 0.5], loss("poisson")) is not None
    assert escape(np.array([[1.0], [1.0]]), [2.0, 2.0], loss("poisson")) is None


def test_points_outside_the_domain_of_the_poisson_loss_show_nothing() -> None:
    assert escape(np.array([[1.0], [-1.0]]), [1.0, 1.0], loss("poisson")) is None


def test_candidates_are_few_and_distinct() -> None:
    found = [tuple(point) for point in candidates(40)]
    assert len(set(found)) == len(found) == 8
