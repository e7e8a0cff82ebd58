"""What a certificate is about, rebuilt from its data: arrays by hash, from a file or a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from numerics.inputs.activations import read_activation
from numerics.inputs.arrays import array_digest, as_float64, load_archive, load_array, load_operator
from numerics.inputs.drawing import draw_network
from numerics.operators import dense
from numerics.rigorous.rounding import Array
from proofs_check.rechecking.reading import CertificateError, Json, Tampered, ratio
from theory.activations import Activation, ActivationError
from theory.losses import Loss, LossError, loss

MAX_DRAWN = 4_000_000_000
_OF_AN_ARRAY = {"sha256", "shape", "path", "member", "data", "layout"}


@dataclass(frozen=True, eq=False)
class Subject:
    """What a certificate is about, rebuilt from its data.

    Parameters
    ----------
    operator, observation, signal : arrays
        A, y and x̄ (None if unknown).
    loss : Loss
        The loss.
    network : mapping or None
        The network's table.
    activation : Activation or None
        φ.
    input, weights : arrays or None
        u and V.
    hidden_source : array or int or None
        W, or the seed that it is drawn from.
    measured : mapping or None
        Asserted quantities, as rationals.
    noise : Fraction or None
        ‖ε‖, if it was given.
    """

    operator: Array
    observation: Array
    signal: Array | None
    loss: Loss
    network: Mapping[str, Any] | None
    activation: Activation | None
    input: Array | None
    weights: Array | None
    hidden_source: Any
    measured: Mapping[str, Fraction] | None
    noise: Fraction | None


def subject(document: Json, folder: Path) -> Subject:
    """Rebuild what a certificate is about.

    Parameters
    ----------
    document : dict
        A certificate of the right form.
    folder : Path
        The folder it lies in.

    Raises
    ------
    CertificateError
        If the data are not there or cannot be read.
    Tampered
        If they are not the data that were certified.
    """
    problem = document["problem"]
    arrays = problem["arrays"]
    if not isinstance(arrays, dict) or not {"A", "y"} <= set(arrays) <= set("AxyuVW"):
        raise CertificateError("problem.arrays does not hold the arrays A and y of a problem")
    base = folder / str(problem["folder"] or ".")
    held = {
        name: _array(name, entry, base)
        for name, entry in arrays.items()
        if not (isinstance(entry, dict) and entry.get("drawn"))
    }
    network, chosen = problem["network"], None
    source = held.get("W")
    if network is not None:
        chosen = _activation(network)
        if source is None:
            held |= _drawn(network, arrays, held["A"].shape[1])
            source = network["seed"]
        _check_network(network, held, source)
    _check_shapes(held)
    return Subject(
        held["A"], held["y"], held.get("x"), _loss(problem["loss"], held["y"]), network, chosen,
        held.get("u"), held.get("V"), source, _measured(problem), _given_noise(problem),
    )  # fmt: skip


def _array(name: str, entry: Any, base: Path) -> Array:
    """Return an array that is embedded or in a file, if it is the one that was certified."""
    what = f"problem.arrays.{name}"
    if not isinstance(entry, dict) or not {"sha256", "shape"} <= set(entry) <= _OF_AN_ARRAY:
        raise CertificateError(f"{what} is not an array of a certificate")
    try:
        found = _embedded(entry) if "data" in entry else _loaded(name, entry, base, what)
    except (ValueError, TypeError) as problem:
        text = str(problem)
        raise CertificateError(text if what in text else f"{what}: {text}") from problem
    if array_digest(found) != entry["sha256"] or list(found.shape) != entry["shape"]:
        raise Tampered(f"{what} is not the array that was certified: its hash differs")
    return dense(found)


def _loaded(name: str, entry: Json, base: Path, what: str) -> Any:
    if not isinstance(entry.get("path"), str):
        raise CertificateError(f"{what} has neither data nor a path")
    path = base / entry["path"]
    if "member" in entry:
        members = load_archive(path)
        if entry["member"] not in members:
            raise CertificateError(f"{what}: {path} has no array of that name")
        return as_float64(members[entry["member"]], what)
    return (load_operator if name == "A" else load_array)(path, what)


def _embedded(entry: Json) -> Any:
    found = as_float64(np.array(entry["data"]), "data")
    if "layout" not in entry:
        return found
    if entry["layout"] != "csr":
        raise CertificateError("layout is not csr")
    rows = sparse.csr_array(found)
    rows.eliminate_zeros()
    return rows


def _activation(network: Json) -> Activation:
    try:
        return read_activation(network["activation"])
    except ActivationError as problem:
        raise CertificateError(f"problem.network.activation: {problem}") from problem


def _loss(table: Any, observation: Array) -> Loss:
    if not isinstance(table, dict) or "name" not in table:
        raise CertificateError("problem.loss has no name")
    try:
        found = loss(table["name"], **{k: v for k, v in table.items() if k != "name"})
        return found.with_data(observation.tolist())
    except (LossError, TypeError) as problem:
        raise CertificateError(f"problem.loss: {problem}") from problem


def _drawn(network: Json, arrays: Json, outputs: int) -> dict[str, Array]:
    """Draw the network again from its seed, and compare the fingerprints."""
    sides = tuple(network[key] for key in ("seed", "width", "input_dimension"))
    if not all(isinstance(side, int) and not isinstance(side, bool) for side in sides):
        raise CertificateError("problem.network: seed, width and input_dimension are no integers")
    seed, width, dimension = sides
    if seed < 0 or min(width, dimension) < 1 or width * (dimension + outputs) > MAX_DRAWN:
        raise CertificateError("problem.network: seed, width or input_dimension is out of range")
    try:
        drawn = draw_network(seed, width, dimension, outputs, network["output_weights"])
    except ValueError as problem:
        raise CertificateError(f"problem.network: {problem}") from problem
    shapes = {"u": [dimension], "W": [width, dimension], "V": [outputs, width]}
    for name, digest in drawn.digests.items():
        entry = arrays.get(name)
        wanted = {"sha256": digest, "shape": shapes[name], "drawn": True}
        if entry != wanted:
            raise Tampered(f"problem.arrays.{name} is not what the seed {seed} draws")
    return {"u": drawn.input, "V": drawn.output_weights}


def _check_network(network: Json, held: Mapping[str, Array], source: Any) -> None:
    if not {"u", "V"} <= set(held):
        raise CertificateError("problem.arrays lacks u, V or W of the network")
    if network["train"] not in ("hidden", "both"):
        raise CertificateError("problem.network.train is neither hidden nor both")
    sides = {"width": held["V"].shape[-1], "input_dimension": held["u"].size}
    for key, side in sides.items():
        if network[key] != side:
            raise Tampered(f"problem.network.{key} is not that of the arrays, {side}")
    if isinstance(source, np.ndarray) and (network["seed"], network["output_weights"]) != (
        None, None,
    ):  # fmt: skip
        raise Tampered("problem.network has a seed, and its arrays are given")


def _check_shapes(held: Mapping[str, Array]) -> None:
    a, k = held["A"], held["V"].shape[-1] if "V" in held else 0
    if a.ndim != 2 or not a.any():
        raise CertificateError("problem.arrays.A is not a matrix other than 0")
    wanted = {"y": (a.shape[0],), "x": (a.shape[1],), "V": (a.shape[1], k)}
    wanted |= {"W": (k, held["u"].size)} if "u" in held else {}
    for name, shape in wanted.items():
        if name in held and held[name].shape != shape:
            raise CertificateError(f"problem.arrays.{name} does not have the shape {shape}")


def _measured(problem: Json) -> Mapping[str, Fraction] | None:
    given = problem["measured"]
    if (given is None) == (problem["network"] is None):
        raise CertificateError("problem has to have a network, or measured quantities")
    return (
        None if given is None else {k: ratio(v, f"problem.measured.{k}") for k, v in given.items()}
    )


def _given_noise(problem: Json) -> Fraction | None:
    given = problem["noise_norm"]
    return None if given is None else ratio(given, "problem.noise_norm")
