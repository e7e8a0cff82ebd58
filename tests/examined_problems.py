"""Problems with a network, a few options apart, and what is read off their instances."""

import numpy as np

from numerics.problems import problem_from_mapping
from numerics.rigorous.balls import rational_bounds
from proofs_check.instance import examine

A = np.array([[1.0, 0.2, 0.0, 0.1, 0.3], [0.0, 0.9, -0.3, 0.2, 0.1], [0.2, 0.1, 1.1, 0.0, -0.4]])
Y = [0.5, -0.3, 0.8]


def tables(
    width=200, loss="squared", train="hidden", activation="tanh", operator=A, y=None, **more
):
    parameters = more.pop("parameters", {})
    return {
        "problem": {"operator": operator, "observation": Y if y is None else y, **more},
        "loss": {"name": loss, **parameters},
        "network": {
            "activation": activation, "width": width, "input_dimension": 4, "train": train,
        },
    }  # fmt: skip


def examined(**options):
    return examine(problem_from_mapping(tables(**options)))


def verdicts(instance):
    return {h.name: h.verdict for h in instance.hypotheses}


def ends(found):
    return rational_bounds(found.lower)[0], rational_bounds(found.upper)[1]
