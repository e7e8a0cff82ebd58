"""The bundled instance: its files are what the script makes, and q lies between 1/4 and 1/2."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from numerics.operators import spectrum
from numerics.problems import Problem, read_problem
from numerics.quantities import initial_misfit

FOLDER = Path(__file__).parent.parent / "examples" / "mri"


@pytest.fixture(scope="module")
def problem() -> Problem:
    return read_problem(FOLDER / "problem.toml")


def test_files_are_regenerated_by_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    made: dict[str, np.ndarray] = {}
    monkeypatch.setattr(np, "save", lambda path, array: made.__setitem__(path.name, array))
    runpy.run_path(str(FOLDER / "make.py"), run_name="__main__")
    assert set(made) == {"A.npy", "x.npy", "y.npy"}
    for name, array in made.items():
        np.testing.assert_allclose(np.load(FOLDER / name), array, rtol=1e-14, atol=1e-15)


def test_the_instance_is_not_degenerate(problem: Problem) -> None:
    found = spectrum(problem.operator)
    assert found.full_row_rank
    assert problem.measurements < problem.outputs
    off_diagonal = problem.operator[problem.operator < problem.operator.max() / 2]
    assert np.count_nonzero(off_diagonal) > 200
    assert problem.signal is not None
    assert problem.signal.min() >= 0
    assert problem.signal.max() <= 1
    assert problem.noise_norm is not None
    assert 0.02 < problem.noise_norm.upper < 0.05


def test_only_the_sharp_theorem_applies(problem: Problem) -> None:
    assert problem.generator is not None
    slope = problem.generator.jacobian_lipschitz()
    sigma_0 = problem.generator.sigma_min_init()
    sigma_a, misfit = spectrum(problem.operator).sigma_A, initial_misfit(problem)
    assert all(b.rigorous for b in (slope, sigma_0, sigma_a, misfit))
    high = slope.upper * misfit.upper / (sigma_a.lower * sigma_0.lower**2)
    low = slope.lower * misfit.lower / (sigma_a.upper * sigma_0.upper**2)
    assert 0.25 < low <= high < 0.5
    assert high - low < 1e-8
