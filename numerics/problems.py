"""Problems: an operator, an observation, a loss, and a network or its measured quantities.

``read_problem`` reads the TOML or ``.npz`` file of the command; ``problem_from_mapping`` takes
the same tables as Python data, with arrays in place of file names if one likes. Whatever is wrong
with them is one ``ProblemError`` of one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from numerics.errors import ProblemError
from numerics.generators import Generator, ScalarExtremal
from numerics.inputs.networks import NetworkRecord, read_network
from numerics.inputs.tables import (
    KEYS,
    ArrayRecord,
    ArrayShelf,
    check_keys,
    decimal_number,
    read_tables,
)
from numerics.operators import apply_enclosed
from numerics.rigorous.rounding import Array, Bracket, down, exactly, norm, subtract, up
from theory.losses import Loss, LossError, loss


@dataclass(frozen=True)
class Measured:
    """Quantities of a user's own network: asserted, not computed here.

    Parameters
    ----------
    sigma_0, lipschitz, misfit : Fraction
        σ_min(J(θ₀)), the Lipschitz constant Λ of J, and ψ(L(y(0))).
    """

    sigma_0: Fraction
    lipschitz: Fraction
    misfit: Fraction


@dataclass(frozen=True, eq=False)
class Problem:
    """An inverse problem and the generator that is to solve it.

    Parameters
    ----------
    operator : array or scipy.sparse array, shape (m, n)
        The forward operator A.
    observation : array, shape (m,)
        y.
    loss : Loss
        L.
    generator : Generator or None
        g(u, ·) at its initialisation; None if its quantities are given as ``measured``.
    network : NetworkRecord or None
        How the generator was described.
    measured : Measured or None
        Asserted quantities, instead of a generator.
    signal : array or None, shape (n,)
        The true signal x̄, if known.
    noise_norm : Bracket or None
        ‖ε‖ = ‖y − A x̄‖: computed from the signal, or as given.
    noise_given : Fraction or None
        ‖ε‖ as given, where it is not computed.
    arrays : mapping of str to ArrayRecord
        Fingerprints of all arrays, drawn ones included.
    name : str
        The file's name, for messages.
    """

    operator: Any
    observation: Array
    loss: Loss
    generator: Generator | None = None
    network: NetworkRecord | None = None
    measured: Measured | None = None
    signal: Array | None = None
    noise_norm: Bracket | None = None
    noise_given: Fraction | None = None
    arrays: Mapping[str, ArrayRecord] = field(default_factory=dict)
    name: str = "problem"

    @property
    def measurements(self) -> int:
        """The number m of measurements."""
        return int(self.operator.shape[0])

    @property
    def outputs(self) -> int:
        """The number n of outputs."""
        return int(self.operator.shape[1])


def read_problem(path: str | Path) -> Problem:
    """Read a problem file, ``.toml`` or ``.npz``.

    Raises
    ------
    ProblemError
        One line naming the file and the key that is wrong.
    """
    file = Path(path)
    try:
        found = problem_from_mapping(read_tables(file), file.parent, str(file))
        return _from_archive(found, file.name) if file.suffix.lower() == ".npz" else found
    except ProblemError as problem:
        text = str(problem)
        raise ProblemError(text if str(file) in text else f"{file}: {text}") from problem


def _from_archive(problem: Problem, name: str) -> Problem:
    """Record that a problem's arrays are members of one ``.npz`` file."""
    arrays = {k: replace(record, path=name, member=k) for k, record in problem.arrays.items()}
    return replace(problem, arrays=arrays)


def problem_from_mapping(
    tables: Mapping[str, Any], base: str | Path = ".", name: str = "problem"
) -> Problem:
    """Build a problem from the tables of a problem file.

    Parameters
    ----------
    tables : mapping
        ``problem``, ``loss``, ``network`` or ``measured``, as in the file. An array may be
        given as such (or as nested lists of numbers) instead of a file name.
    base : path
        Directory that file names are relative to.
    name : str
        What to call the problem.

    Raises
    ------
    ProblemError
        One line naming the key that is wrong.
    """
    check_keys(tables, tuple(KEYS), "table")
    for table, content in tables.items():
        if not isinstance(content, Mapping):
            raise ProblemError(f"[{table}] has to be a table with keys {', '.join(KEYS[table])}")
        if table != "loss":
            check_keys(content, KEYS[table], f"[{table}] key")
    return _assembled(tables, ArrayShelf(Path(base)), name)


def _assembled(tables: Mapping[str, Any], shelf: ArrayShelf, name: str) -> Problem:
    table = tables.get("problem", {})
    for key in ("operator", "observation"):
        if key not in table:
            raise ProblemError(f"[problem] {key} is missing")
    operator = shelf.operator(table["operator"])
    m, n = operator.shape
    observation = shelf.array(table["observation"], "[problem] observation", (m,), "y")
    signal = None
    if "signal" in table:
        signal = shelf.array(table["signal"], "[problem] signal", (n,), "x")
    given = None if signal is not None else _noise_given(table.get("noise_norm"))
    noise = _noise(operator, observation, signal, given)
    chosen = _loss(tables.get("loss", {"name": "squared"}), observation)
    generator, network, measured = _generator(tables, n, shelf)
    return Problem(
        operator, observation, chosen, generator, network, measured, signal, noise, given,
        dict(shelf.records), Path(name).name,
    )  # fmt: skip


def _generator(
    tables: Mapping[str, Any], outputs: int, shelf: ArrayShelf
) -> tuple[Generator | None, NetworkRecord | None, Measured | None]:
    if "network" in tables and "measured" in tables:
        raise ProblemError("[network] and [measured] exclude each other; give one of them")
    if "measured" in tables:
        return None, None, _measured(tables["measured"])
    if "network" not in tables:
        raise ProblemError("give a table [network], or [measured] for a network of your own")
    generator, record = read_network(tables["network"], outputs, shelf.array)
    k, d = record.width, record.input_dimension
    shapes = {"u": (d,), "W": (k, d), "V": (outputs, k)}
    for key, digest in record.drawn.items():
        shelf.records[key] = ArrayRecord(digest, shapes[key])
    return generator, record, None


def _loss(table: Mapping[str, Any], observation: Array) -> Loss:
    if "name" not in table:
        raise ProblemError("[loss] name is missing; write name = 'squared'")
    check_keys({k: v for k, v in table.items() if not isinstance(k, str)}, (), "[loss] key")
    try:
        found = loss(table["name"], **{k: v for k, v in table.items() if k != "name"})
        return found.with_data(observation.tolist())
    except LossError as problem:
        raise ProblemError(f"[loss] {problem}") from problem


def _noise_given(value: Any) -> Fraction | None:
    if value is None:
        return None
    return decimal_number(value, "[problem] noise_norm", positive=False)


def _noise(
    operator: Any, observation: Array, signal: Array | None, given: Fraction | None
) -> Bracket | None:
    if signal is not None:
        return norm(subtract(exactly(observation), apply_enclosed(operator, exactly(signal))))
    return None if given is None else bracket_of(given)


def bracket_of(value: Fraction) -> Bracket:
    """Return the tightest bracket of a rational by floats that conversion gives."""
    nearest = float(value)
    if Fraction(nearest) == value:
        return Bracket(nearest, nearest)
    return Bracket(down(nearest), up(nearest))


def _measured(table: Mapping[str, Any]) -> Measured:
    for key in KEYS["measured"]:
        if key not in table:
            raise ProblemError(f"[measured] {key} is missing")
    sigma_0 = decimal_number(table["sigma_0"], "[measured] sigma_0", positive=True)
    lipschitz = decimal_number(table["lipschitz"], "[measured] lipschitz", positive=False)
    misfit = decimal_number(table["misfit"], "[measured] misfit", positive=False)
    return Measured(sigma_0, lipschitz, misfit)


def extremal_problem(
    sigma_a: float, sigma_0: float, lipschitz: float, misfit: float, chosen: Loss | None = None
) -> Problem:
    """Return the instance that attains flow_sharp (THEORY 3, flow_sharp (f)).

    A = σ_A (1×1), g(θ) = σ₀θ − Λθ²/2, θ₀ = 0, y = w₀, and a radial loss (squared by default).
    """
    chosen = chosen or loss("squared")
    if chosen.kind != "radial":
        raise ProblemError(f"loss: the extremal instance needs a radial loss, not {chosen.label}")
    for what, value in (("sigma_a", sigma_a), ("sigma_0", sigma_0), ("misfit", misfit)):
        if not (np.isfinite(value) and value > 0):
            raise ProblemError(f"{what} = {value} has to be positive")
    if not (np.isfinite(lipschitz) and lipschitz >= 0):
        raise ProblemError(f"lipschitz = {lipschitz} has to be non-negative")
    generator = ScalarExtremal(float(sigma_0), float(lipschitz))
    operator, observation = np.array([[float(sigma_a)]]), np.array([float(misfit)])
    return Problem(operator, observation, chosen, generator, name="extremal")
