"""Sweeps: many random problems and networks, arranged in cells that differ in a few parameters.

A sweep fixes most parameters and lets the axes vary; each combination is a cell. Everything drawn
depends on the seed, the cell and the number of the sample alone, so that samples can be computed
in any order, on any machine, or left to a later run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import product
from typing import Any

import numpy as np

from numerics.flows.batches import Networks, draw_networks
from numerics.inputs.activations import read_activation
from numerics.inputs.tables import loss_table
from numerics.rigorous.rounding import Array
from theory.activations import Activation
from theory.losses import Loss, loss

Parameters = Mapping[str, Any]
THEOREMS = ("published", "sharp", "aj", "hidden_convex")
STREAM = 1  # to be raised when what is drawn for a seed changes
CHUNK_ENTRIES = 2_000_000
CHUNK_SAMPLES = 25


@dataclass(frozen=True, eq=False)
class Fixed:
    """Arrays of a sweep that are given instead of drawn.

    Parameters
    ----------
    operator : matrix, shape (m, n), or None
        A.
    observation : array, shape (m,), or None
        y.
    digests : mapping of str to str
        Their fingerprints.
    """

    operator: Any = None
    observation: Array | None = None
    digests: Mapping[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Sweep:
    """What is varied, how often it is tried, and what counts as success.

    Parameters
    ----------
    base : mapping
        The parameters of all cells, by name; see ``sweeping.parameters.PARAMETERS``.
    axes : mapping of str to tuple
        The parameters that vary, with their values.
    samples : int
        Networks in each cell.
    seed : int
        Of everything that is drawn.
    success : str
        ``loss`` and ``recovery`` are observed: L(y(t)) ≤ level, or ‖x(t) − x̄‖ ≤ level·‖x̄‖, at the
        horizon or before. One of ``THEOREMS``: this theorem certainly promises a loss of zero.
    level : Fraction
        The loss, or relative recovery error, to come down to.
    horizon : Fraction or None
        Until when a flow is followed; None for 10^5/σ_A².
    confidence : Fraction
        Of each interval of probability.
    failure : Fraction
        The failure probability for which the theorems' widths are asked.
    certify : bool
        Whether the theorems' hypotheses are decided for each network.
    fixed : Fixed
        Given arrays.
    """

    base: Parameters
    axes: Mapping[str, tuple[Any, ...]]
    samples: int
    seed: int
    success: str
    level: Fraction
    horizon: Fraction | None
    confidence: Fraction
    failure: Fraction
    certify: bool
    fixed: Fixed

    def cells(self) -> Iterator[Cell]:
        """Yield the cells; the last axis varies fastest."""
        for values in product(*self.axes.values()):
            yield Cell(self, {**self.base, **dict(zip(self.axes, values, strict=True))})

    @property
    def size(self) -> int:
        """The number of cells."""
        return int(np.prod([len(values) for values in self.axes.values()], dtype=object))


@dataclass(frozen=True, eq=False)
class Cell:
    """One combination of parameters.

    Parameters
    ----------
    sweep : Sweep
        Which it belongs to.
    parameters : mapping
        Whole numbers, exact rationals and names.
    """

    sweep: Sweep
    parameters: Parameters

    @property
    def activation(self) -> Activation:
        """φ."""
        return read_activation(self.parameters["activation"])

    @property
    def loss(self) -> Loss:
        """L."""
        table = loss_table(self.parameters["loss"])
        return loss(table.pop("name"), **table)

    @property
    def plain(self) -> dict[str, Any]:
        """The parameters as plain data, rationals as text."""
        return {k: str(v) if isinstance(v, Fraction) else v for k, v in self.parameters.items()}

    @property
    def chunks(self) -> list[range]:
        """The samples, in ranges that are computed together whatever is computed before."""
        entries = self.parameters["width"] * (self.parameters["outputs"] + 1)
        size = max(1, min(CHUNK_SAMPLES, CHUNK_ENTRIES // entries))
        total = self.sweep.samples
        return [range(i, min(i + size, total)) for i in range(0, total, size)]

    def seed_of(self, what: str, sample: int = 0) -> int:
        """Return the seed of something that is drawn for a sample."""
        return _number([STREAM, self.sweep.seed, what, self.plain, self._digests, sample])

    @property
    def _digests(self) -> dict[str, str]:
        return dict(self.sweep.fixed.digests or {})

    @property
    def singular_values(self) -> tuple[Fraction, Fraction]:
        """The largest and the smallest singular value of an operator that is drawn."""
        largest = self.parameters.get("operator_norm", Fraction(1))
        if "sigma_min" in self.parameters:
            return largest, self.parameters["sigma_min"]
        return largest, largest / self.parameters.get("condition_number", Fraction(1))

    def operator(self) -> Any:
        """Return A: as given, or with singular vectors that are the same for cells of one size.

        The singular values are in geometric progression; of one alone it is ``operator_norm``.
        """
        if self.sweep.fixed.operator is not None:
            return self.sweep.fixed.operator
        outputs, measurements, seed = (
            self.parameters[name] for name in ("outputs", "measurements", "operator_seed")
        )
        number = _number([STREAM, self.sweep.seed, "A", outputs, measurements, seed])
        stream = np.random.Generator(np.random.PCG64(number))
        rank = min(outputs, measurements)
        left = np.linalg.qr(stream.standard_normal((measurements, rank)))[0]
        right = np.linalg.qr(stream.standard_normal((outputs, rank)))[0]
        largest, smallest = map(float, self.singular_values)
        values: Array = np.geomspace(largest, smallest, rank)
        return (left * values) @ right.T

    def networks(self, samples: range) -> Networks:
        """Return the networks of some samples, before training."""
        parameters = self.parameters
        seeds = [self.seed_of("network", sample) for sample in samples]
        return draw_networks(
            self.activation, seeds, parameters["width"], parameters["outputs"],
            parameters["output_weights"], train=parameters["train"],
        )  # fmt: skip

    def data(self, operator: Any, samples: range) -> tuple[Array, Array | None]:
        """Return the observations y = A x̄ + ε of some samples, and the signals x̄.

        Each x̄ has a uniform direction and ‖A x̄‖ = ``observation_norm``; ε has a uniform direction
        and norm ``noise`` times that.

        Returns
        -------
        observations : array, shape (N, m)
        signals : array, shape (N, n), or None
            None where the observation is given.
        """
        given = self.sweep.fixed.observation
        if given is not None:
            return np.tile(given, (len(samples), 1)), None
        drawn = [self._drawn(operator, sample) for sample in samples]
        return np.array([y for y, _ in drawn]), np.array([x for _, x in drawn])

    def _drawn(self, operator: Any, sample: int) -> tuple[Array, Array]:
        stream = np.random.Generator(np.random.PCG64(self.seed_of("data", sample)))
        measurements, outputs = operator.shape
        size = float(self.parameters["observation_norm"])
        signal = stream.standard_normal(outputs)
        signal *= size / np.linalg.norm(operator @ signal)
        noise = stream.standard_normal(measurements)
        noise *= float(self.parameters["noise"]) * size / np.linalg.norm(noise)
        return operator @ signal + noise, signal

    def horizon(self, sigma: float) -> float:
        """Return until when flows are followed, for a smallest non-zero singular value of A."""
        given = self.sweep.horizon
        return float(given) if given is not None else 1e5 / sigma**2


def _number(content: Any) -> int:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return int.from_bytes(sha256(text.encode()).digest()[:16], "big")
