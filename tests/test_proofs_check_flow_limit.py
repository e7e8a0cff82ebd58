"""A flow that stops early says why in a line, and what helps."""

import dataclasses

import numpy as np

from numerics.flow import integrate
from numerics.problems import problem_from_mapping
from proofs_check.commands.flow import _how


def test_too_many_steps_say_what_helps() -> None:
    stream = np.random.default_rng(0)
    tables = {
        "problem": {"operator": stream.standard_normal((2, 3)), "observation": [1.0, 2.0]},
        "network": {"activation": "tanh", "width": 20, "input_dimension": 3},
    }
    found = integrate(problem_from_mapping(tables), 50.0, max_steps=4)
    line = _how(found)
    assert "\n" not in line
    assert "too many steps" in line
    assert f"{found.misfit[-1] / found.misfit[0]:.0%} of w left" in line
    assert "wider network" in line
    assert "too many" not in _how(dataclasses.replace(found, status="complete"))
