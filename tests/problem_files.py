"""A good problem, as a file and as Python data, to be changed in one place by a test."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numerics.errors import ProblemError
from numerics.problems import read_problem

RNG = np.random.default_rng(0)
A, Y, X = RNG.standard_normal((3, 5)), RNG.standard_normal(3), RNG.standard_normal(5)
ARCHIVE = {"A": A, "y": Y, "u": X, "W": A, "V": np.ones((5, 3))}
TOML = """
[problem]
operator = "A.npy"
observation = "y.npy"
signal = "x.npy"
[loss]
name = "squared"
[network]
activation = "tanh"
width = 20
input_dimension = 4
"""


def saved(folder: Path) -> Path:
    """Write the arrays that ``TOML`` names."""
    for name, array in (("A", A), ("y", Y), ("x", X)):
        np.save(folder / f"{name}.npy", array)
    return folder


def written(folder: Path, text: str) -> Path:
    path = folder / "problem.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ProblemError) as refused:
        read_problem(written(folder, text))
    message = str(refused.value)
    assert "\n" not in message
    assert "problem.toml" in message or str(folder) in message
    return message


def tables(**changes: Any) -> dict[str, Any]:
    """A good problem as Python data; ``table__key=value`` changes it, None removes the key."""
    result: dict[str, Any] = {
        "problem": {"operator": A, "observation": Y, "signal": X},
        "loss": {"name": "squared"},
        "network": {"activation": "tanh", "width": 20, "input_dimension": 4},
    }
    for name, value in changes.items():
        table, _, key = name.partition("__")
        if not key:
            result[table] = value
        elif value is None:
            del result[table][key]
        else:
            result[table][key] = value
    return {name: table for name, table in result.items() if table is not None}
