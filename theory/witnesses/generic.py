"""A generic instance of the setting: a small network on a small inverse problem.

Fewer measurements than unknowns, more neurons than outputs, an operator that is not diagonal,
noise, a misfit at the start. That every hypothesis holds is decided by the code of ``certify``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

GENERIC_PROBLEM: Mapping[str, Any] = MappingProxyType(
    {
        "problem": {
            "operator": [[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]],
            "observation": [0.25, 0.375],
            "signal": [0.25, 0.125, 0.25],
        },
        "loss": {"name": "squared"},
        "network": {"activation": "tanh", "width": 500, "input_dimension": 4, "seed": 1},
    }
)
