"""A flow where floats overflow: passed where the function has a value, ended where it has none."""

import math

import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.flow import integrate
from numerics.problems import problem_from_mapping
from numerics.quantities import observables

# Found by Hypothesis: exp(2x) overflows at x = 354.9, in the midst of the way to zero loss.
FAR = {
    "problem": {"operator": [[-1.02353184e-06]], "observation": [-0.54255654]},
    "loss": {"name": "pseudo_huber", "delta": 1},
    "network": {
        "activation": "log(1 + exp(2*x))/2", "train": "hidden", "u": [1.0],
        "W": [[1.33365568], [-0.28922633], [0.67040884]], "V": [[-1.0, -1.0, 1.0]],
    },
}  # fmt: skip


def test_a_flow_passes_where_a_typed_formula_overflows() -> None:
    found = integrate(problem_from_mapping(FAR))
    assert found.status == "settled"
    assert found.misfit[-1] < 1e-6
    assert found.final_state.max() > 1e5


def test_a_flow_that_cannot_go_on_keeps_finite_numbers_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finite = integrate(problem_from_mapping(FAR), max_steps=30).final_state.max()

    def measured(problem, functions, state):
        found = dict(observables(problem, functions, state))
        return found if state.max() <= finite else found | {"sigma_min": math.nan}

    monkeypatch.setattr("numerics.flow.observables", measured)
    found = integrate(problem_from_mapping(FAR))
    assert found.status == "failed"
    assert np.isfinite(found.sigma_min).all()
    assert found.final_state.max() == finite


def test_a_start_without_a_finite_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = dict.fromkeys(("loss", "residual", "misfit", "travel", "sigma_min"), math.nan)
    monkeypatch.setattr("numerics.flow.observables", lambda *_: broken)
    with pytest.raises(ProblemError, match="start has no finite measure"):
        integrate(problem_from_mapping(FAR))
