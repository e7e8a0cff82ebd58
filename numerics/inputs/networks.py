"""The ``[network]`` table of a problem: arrays that are given, or drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from numerics.errors import ProblemError
from numerics.generators import TwoLayerNetwork
from numerics.inputs.activations import read_activation
from numerics.inputs.arrays import MAX_ENTRIES
from numerics.inputs.drawing import OUTPUT_WEIGHTS, draw_network, hidden_values
from numerics.rigorous.rounding import Array, exactly, norm
from theory.activations import Activation, ActivationError

MAX_DRAWS = 4_000_000_000
ArrayReader = Callable[[Any, str, "tuple[int | None, ...]", str], Array]


@dataclass(frozen=True)
class NetworkRecord:
    """How a network was described.

    Parameters
    ----------
    activation : str
        Name or expression.
    width, input_dimension : int
        k and d.
    train : {"hidden", "both"}
        Which layers move.
    seed : int or None
        None if the arrays were given.
    output_weights : str or None
        The law of V, if it was drawn.
    drawn : mapping of str to str
        sha256 of the arrays drawn from the seed.
    """

    activation: str
    width: int
    input_dimension: int
    train: str
    seed: int | None = None
    output_weights: str | None = None
    drawn: Mapping[str, str] = field(default_factory=dict)


def read_network(
    table: Mapping[str, Any], outputs: int, read: ArrayReader
) -> tuple[TwoLayerNetwork, NetworkRecord]:
    """Build the network that a table describes, with ``outputs`` outputs.

    Raises
    ------
    ProblemError
        One line naming the key that is wrong.
    """
    chosen = _activation(table)
    train = _choice(table, "train", ("hidden", "both"), "hidden")
    given = [key for key in ("u", "W", "V") if key in table]
    if not given:
        return _drawn(table, chosen, train, outputs)
    missing = [key for key in ("u", "W", "V") if key not in table]
    if missing:
        raise ProblemError(f"[network] {missing[0]} is missing: give u, W and V, or a seed")
    return _given(table, chosen, train, outputs, read)


def _activation(table: Mapping[str, Any]) -> Activation:
    if "activation" not in table:
        raise ProblemError("[network] activation is missing; write activation = 'tanh'")
    try:
        return read_activation(table["activation"])
    except ActivationError as problem:
        raise ProblemError(f"[network] activation: {problem}") from problem


def _choice(table: Mapping[str, Any], key: str, options: tuple[str, ...], default: str) -> Any:
    value = table.get(key, default)
    if value not in options:
        wanted = " or ".join(repr(option) for option in options)
        raise ProblemError(f"[network] {key} = {str(value)[:40]!r} has to be {wanted}")
    return value


def _integer(table: Mapping[str, Any], key: str, least: int, default: int | None = None) -> int:
    if key not in table and default is None:
        raise ProblemError(f"[network] {key} is missing")
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise ProblemError(f"[network] {key} = {str(value)[:40]} has to be an integer")
    if value < least:
        raise ProblemError(f"[network] {key} = {value} has to be at least {least}")
    return int(value)


def _drawn(
    table: Mapping[str, Any], chosen: Activation, train: Any, outputs: int
) -> tuple[TwoLayerNetwork, NetworkRecord]:
    width = _integer(table, "width", 1)
    dimension = _integer(table, "input_dimension", 1)
    seed = _integer(table, "seed", 0, default=0)
    kind = _choice(table, "output_weights", OUTPUT_WEIGHTS, "rademacher")
    if seed >= 2**63:
        raise ProblemError("[network] seed has to be below 2^63")
    if width * outputs > MAX_ENTRIES or width * dimension > MAX_DRAWS or dimension > MAX_ENTRIES:
        raise ProblemError(
            f"[network] width {width} is too large: V would have {width * outputs} entries and W "
            f"{width * dimension}; at most {MAX_ENTRIES} and {MAX_DRAWS} can be handled"
        )
    drawn = draw_network(seed, width, dimension, outputs, kind)
    network = TwoLayerNetwork(
        chosen, drawn.output_weights, drawn.hidden, drawn.hidden_error,
        norm(exactly(drawn.input)), train,
    )  # fmt: skip
    record = NetworkRecord(chosen.name, width, dimension, train, seed, kind, drawn.digests)
    return network, record


def _given(
    table: Mapping[str, Any], chosen: Activation, train: Any, outputs: int, read: ArrayReader
) -> tuple[TwoLayerNetwork, NetworkRecord]:
    for key in ("seed", "output_weights"):
        if key in table:
            raise ProblemError(f"[network] {key} and given arrays exclude each other; drop {key}")
    u = read(table["u"], "[network] u", (None,), "u")
    w = read(table["W"], "[network] W", (None, u.size), "W")
    v = read(table["V"], "[network] V", (outputs, len(w)), "V")
    for key, side in (("width", len(w)), ("input_dimension", u.size)):
        if key in table and _integer(table, key, 1) != side:
            raise ProblemError(f"[network] {key} = {table[key]} but the arrays have {side}")
    if not u.any():
        raise ProblemError("[network] u is zero; give an input that is not")
    if not v.any():
        raise ProblemError("[network] V is zero; give output weights that are not")
    hidden, error = hidden_values(w, u)
    network = TwoLayerNetwork(chosen, v, hidden, error, norm(exactly(u)), train)
    return network, NetworkRecord(chosen.name, len(w), u.size, train)
