"""Problems: an operator, an observation, a loss, and a network or its measured quantities.

``read_problem`` reads the TOML or ``.npz`` file of the command; ``problem_from_mapping`` takes
the same tables as Python data, with arrays in place of file names if one likes. Whatever is wrong
with them is one ``ProblemError`` of one line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from numerics.arrays import array_digest, as_float64, load_archive, load_array, load_operator
from numerics.errors import ProblemError
from numerics.generators import Generator, ScalarExtremal
from numerics.networks import NetworkRecord, read_network
from numerics.rounding import Array, Bracket, Enclosed, add, down, exactly, norm, product, up
from theory.losses import Loss, LossError, loss

MAX_FILE_BYTES = 1_000_000

KEYS: Mapping[str, tuple[str, ...]] = {
    "problem": ("operator", "observation", "signal", "noise_norm"),
    "loss": ("name", "p", "delta"),
    "network": (
        "activation", "width", "input_dimension", "train", "output_weights", "seed", "u", "W", "V",
    ),
    "measured": ("sigma_0", "lipschitz", "misfit"),
}  # fmt: skip
"""The tables of a problem file and their keys."""


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


@dataclass(frozen=True)
class ArrayRecord:
    """Where an array came from, and its fingerprint (``numerics.arrays.array_digest``)."""

    sha256: str
    shape: tuple[int, ...]
    path: str | None = None


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
        if file.suffix.lower() == ".npz":
            return problem_from_mapping(_archive_tables(load_archive(file)), file.parent, str(file))
        return problem_from_mapping(_toml(file), file.parent, str(file))
    except ProblemError as problem:
        text = str(problem)
        raise ProblemError(text if str(file) in text else f"{file}: {text}") from problem


def _toml(file: Path) -> dict[str, Any]:
    try:
        if file.is_dir():
            raise ProblemError("it is a directory; give a .toml or .npz file")
        if file.stat().st_size > MAX_FILE_BYTES:
            raise ProblemError(f"it has more than {MAX_FILE_BYTES} bytes; give a .toml or .npz file")
        text = file.read_text(encoding="utf-8")
        return tomllib.loads(text, parse_float=Decimal)
    except FileNotFoundError as problem:
        raise ProblemError("it does not exist") from problem
    except OSError as problem:
        raise ProblemError(f"it cannot be read ({problem.strerror})") from problem
    except (ValueError, RecursionError, ArithmeticError) as problem:
        if isinstance(problem, ProblemError):
            raise
        raise ProblemError(f"it is not a TOML file: {problem}") from problem


_ARCHIVE_KEYS = {
    "A": ("problem", "operator"), "y": ("problem", "observation"), "x": ("problem", "signal"),
    "u": ("network", "u"), "W": ("network", "W"), "V": ("network", "V"),
    "activation": ("network", "activation"), "train": ("network", "train"),
    "loss": ("loss", "name"),
}  # fmt: skip


def _archive_tables(content: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Rearrange the arrays of an ``.npz`` problem as the tables of a TOML one."""
    tables: dict[str, Any] = {"problem": {}, "loss": {"name": "squared"}, "network": {}}
    check_keys(content, tuple(_ARCHIVE_KEYS), "array")
    for key, value in content.items():
        table, name = _ARCHIVE_KEYS[key]
        textual = key in ("activation", "train", "loss")
        tables[table][name] = _text(value, key) if textual else value
    tables["loss"] = _loss_table(tables["loss"]["name"])
    tables["network"].setdefault("activation", "tanh")
    return tables


def _text(value: np.ndarray, key: str) -> str:
    if value.ndim != 0 or value.dtype.kind != "U":
        raise ProblemError(f"{key}: it has to be a 0-d string")
    return str(value)


def _loss_table(text: str) -> dict[str, Any]:
    """Read ``name`` or ``name(parameter=value)``."""
    match = re.fullmatch(r"\s*(\w+)\s*(?:\(\s*(\w+)\s*=\s*([\w.+/-]+)\s*\))?\s*", text)
    if match is None:
        raise ProblemError(f"loss: {text[:40]!r} is not a loss; write a name or power(p=3)")
    return {"name": match[1]} | ({match[2]: match[3]} if match[2] else {})


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
    return _Reader(tables, Path(base), name).problem()


def check_keys(given: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    """Refuse an unknown key, suggesting the nearest known one."""
    for key in given:
        if key not in known:
            close = get_close_matches(str(key), known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
            raise ProblemError(f"unknown {what} {str(key)[:40]!r}; {hint}")


class _Reader:
    """Reads the tables one after the other, keeping the fingerprints of all arrays."""

    def __init__(self, tables: Mapping[str, Any], base: Path, name: str) -> None:
        self.tables = tables
        self.base = base
        self.name = name
        self.records: dict[str, ArrayRecord] = {}

    def problem(self) -> Problem:
        table = self.tables.get("problem", {})
        for key in ("operator", "observation"):
            if key not in table:
                raise ProblemError(f"[problem] {key} is missing")
        operator = self._operator(table["operator"])
        m, n = operator.shape
        observation = self.array(table["observation"], "[problem] observation", (m,), "y")
        signal = None
        if "signal" in table:
            signal = self.array(table["signal"], "[problem] signal", (n,), "x")
        noise = _noise(operator, observation, signal, table.get("noise_norm"))
        chosen = _loss(self.tables.get("loss", {"name": "squared"}))
        generator, network, measured = self._generator(n)
        return Problem(
            operator, observation, chosen, generator, network, measured, signal, noise,
            dict(self.records), Path(self.name).name,
        )  # fmt: skip

    def _operator(self, source: Any) -> Any:
        what = "[problem] operator"
        if isinstance(source, str):
            operator = load_operator(self.base / source, what)
        elif sparse.issparse(source):
            operator = sparse.csr_array(source, dtype=np.float64)
            as_float64(operator.data, what)
        else:
            operator = as_float64(_plain(source, what), what)
        if operator.ndim != 2:
            raise ProblemError(f"{what} has shape {operator.shape}; it has to be a matrix (m, n)")
        if 0 in operator.shape:
            raise ProblemError(f"{what} has shape {operator.shape}; it may not be empty")
        if not (operator.data if sparse.issparse(operator) else operator).any():
            raise ProblemError(f"{what} is zero; give an operator that measures something")
        self._record("A", operator, source)
        return operator

    def array(
        self, source: Any, what: str, shape: tuple[int | None, ...], key: str
    ) -> Array:
        """Return an array given by file name or as such; None in the shape leaves a side free."""
        if isinstance(source, str):
            array = load_array(self.base / source, what)
        else:
            array = as_float64(_plain(source, what), what)
        if array.size == 0:
            raise ProblemError(f"{what} has shape {array.shape}; it may not be empty")
        fits = len(array.shape) == len(shape) and all(
            wanted in (None, side) for wanted, side in zip(shape, array.shape, strict=True)
        )
        if not fits:
            wanted = ", ".join("any" if side is None else str(side) for side in shape)
            raise ProblemError(f"{what} has shape {array.shape}; it should have shape ({wanted})")
        self._record(key, array, source)
        return array

    def _record(self, key: str, array: Any, source: Any) -> None:
        path = source if isinstance(source, str) else None
        self.records[key] = ArrayRecord(array_digest(array), tuple(array.shape), path)

    def _generator(
        self, outputs: int
    ) -> tuple[Generator | None, NetworkRecord | None, Measured | None]:
        if "network" in self.tables and "measured" in self.tables:
            raise ProblemError("[network] and [measured] exclude each other; give one of them")
        if "measured" in self.tables:
            return None, None, _measured(self.tables["measured"])
        if "network" not in self.tables:
            raise ProblemError("give a table [network], or [measured] for a network of your own")
        generator, record = read_network(self.tables["network"], outputs, self.array)
        for key, digest in record.drawn.items():
            shapes = {"u": (record.input_dimension,), "V": (outputs, record.width)}
            shape = shapes.get(key, (record.width, record.input_dimension))
            self.records[key] = ArrayRecord(digest, shape)
        return generator, record, None


def _plain(source: Any, what: str) -> Any:
    """Turn nested lists of numbers into an array, and refuse what has another shape or type."""
    if isinstance(source, np.ndarray):
        return source
    if not isinstance(source, (list, tuple)):
        raise ProblemError(f"{what} has to be a file name or an array")
    try:
        return np.array(_floats(source), dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as problem:
        raise ProblemError(f"{what}: {problem}") from problem


def _floats(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_floats(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction, np.number)):
        raise TypeError(f"{str(value)[:40]!r} is not a number")
    return float(value)


def _loss(table: Mapping[str, Any]) -> Loss:
    if "name" not in table:
        raise ProblemError("[loss] name is missing; write name = 'squared'")
    check_keys({k: v for k, v in table.items() if not isinstance(k, str)}, (), "[loss] key")
    try:
        return loss(table["name"], **{k: v for k, v in table.items() if k != "name"})
    except LossError as problem:
        raise ProblemError(f"[loss] {problem}") from problem


def _noise(
    operator: Any, observation: Array, signal: Array | None, given: Any
) -> Bracket | None:
    if signal is not None:
        dense = operator.toarray() if sparse.issparse(operator) else operator
        residual = add(product(exactly(dense), exactly(signal)), exactly(-observation))
        return norm(Enclosed(residual.mid, residual.rad))
    if given is None:
        return None
    return bracket_of(_number(given, "[problem] noise_norm", positive=False))


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
    sigma_0 = _number(table["sigma_0"], "[measured] sigma_0", positive=True)
    lipschitz = _number(table["lipschitz"], "[measured] lipschitz", positive=False)
    misfit = _number(table["misfit"], "[measured] misfit", positive=False)
    return Measured(sigma_0, lipschitz, misfit)


def _number(value: Any, what: str, positive: bool) -> Fraction:
    """Return a decimal (text, Decimal, int or float) as an exact non-negative rational."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal, Fraction)):
        raise ProblemError(f"{what} has to be a decimal number")
    text = str(value)
    simple = re.fullmatch(r"[+-]?\d{0,60}(\.\d{0,60})?([eE][+-]?\d{1,3})?", text)
    if simple is None or not re.search(r"\d", text):
        raise ProblemError(f"{what} = {text[:40]!r} is not a decimal number")
    number = Fraction(text)
    if number < 0 or (positive and number == 0):
        wanted = "positive" if positive else "non-negative"
        raise ProblemError(f"{what} = {text} has to be {wanted}")
    return number


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
