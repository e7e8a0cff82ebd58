"""The samples of a sweep as problems, as if each had a file of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.flows.batches import Networks
from numerics.generators import TwoLayerNetwork
from numerics.inputs.networks import NetworkRecord
from numerics.operators import apply_enclosed
from numerics.problems import Problem
from numerics.rigorous.rounding import Array, Bracket, exactly, norm, subtract
from numerics.sweeps import Cell


def problems_of(cell: Cell, samples: range) -> tuple[Networks, list[Problem]]:
    """Draw some samples of a cell: their networks side by side, and each as a problem.

    Parameters
    ----------
    cell : Cell
        The cell.
    samples : range
        Which of its samples.
    """
    operator, networks = cell.operator(), cell.networks(samples)
    observations, signals = cell.data(operator, samples)
    return networks, [
        _problem(cell, networks, i, operator, y, None if signals is None else signals[i])
        for i, y in enumerate(observations)
    ]


def _problem(
    cell: Cell, networks: Networks, index: int, operator: Any, observation: Array,
    signal: Array | None,
) -> Problem:  # fmt: skip
    hidden, parameters = networks.hidden[index], cell.parameters
    network = TwoLayerNetwork(
        networks.activation, networks.output_weights[index], hidden, np.zeros_like(hidden),
        Bracket(networks.input_norm, networks.input_norm), networks.train,
    )  # fmt: skip
    record = NetworkRecord(
        networks.activation.name, parameters["width"], parameters["input_dimension"],
        networks.train,
    )  # fmt: skip
    noise = None
    if signal is not None:
        clean = apply_enclosed(operator, exactly(signal))
        noise = norm(subtract(exactly(observation), clean))
    return Problem(
        operator, observation, cell.loss.with_data(observation.tolist()), network, record,
        signal=signal, noise_norm=noise,
    )  # fmt: skip
