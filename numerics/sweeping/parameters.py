"""The parameters of a sweep's cells: where each stands in a file, and how it is checked.

A reader takes a value and its name, and returns it or raises a ``ProblemError`` of one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numerics.errors import ProblemError
from numerics.inputs.activations import read_activation
from numerics.inputs.drawing import OUTPUT_WEIGHTS
from numerics.inputs.tables import decimal_number, loss_table
from theory.activations import ActivationError
from theory.losses import LossError, loss

_LARGEST_COUNT = 10**9
Reader = Callable[[Any, str], Any]


def count(value: Any, what: str) -> int:
    """Return a whole number from 1 to 10^9."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProblemError(f"{what} = {str(value)[:40]} has to be a whole number")
    if not 1 <= value <= _LARGEST_COUNT:
        raise ProblemError(f"{what} = {str(value)[:40]} has to be from 1 to 10^9")
    return value


def seed_number(value: Any, what: str) -> int:
    """Return a whole number from 0 to 2^63."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ProblemError(f"{what} = {str(value)[:40]} has to be a whole number from 0 to 2^63")
    return value


def positive(value: Any, what: str) -> Fraction:
    """Return a positive decimal exactly."""
    return decimal_number(value, what, positive=True)


def non_negative(value: Any, what: str) -> Fraction:
    """Return a non-negative decimal exactly."""
    return decimal_number(value, what, positive=False)


def ratio(value: Any, what: str) -> Fraction:
    """Return a decimal of at least 1 exactly."""
    number = positive(value, what)
    if number < 1:
        raise ProblemError(f"{what} = {value} has to be at least 1")
    return number


def probability(value: Any, what: str) -> Fraction:
    """Return a decimal between 0 and 1 exactly, neither of them."""
    number = positive(value, what)
    if number >= 1:
        raise ProblemError(f"{what} = {value} has to be above 0 and below 1")
    return number


def _activation(value: Any, what: str) -> str:
    try:
        return read_activation(_text(value, what)).name
    except ActivationError as problem:
        raise ProblemError(f"{what}: {problem}") from problem


def _loss(value: Any, what: str) -> str:
    table = loss_table(value if isinstance(value, Mapping) else _text(value, what))
    if "name" not in table:
        raise ProblemError("[loss] name is missing; write name = 'squared'")
    try:
        return loss(table.pop("name"), **table).label
    except LossError as problem:
        raise ProblemError(f"{what}: {problem}") from problem


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ProblemError(f"{what} = {str(value)[:40]} has to be text in quotes")
    return value


def one_of(*options: str) -> Reader:
    """Return a reader of one of some names."""

    def read(value: Any, what: str) -> str:
        if value not in options:
            known = ", ".join(options)
            raise ProblemError(f"{what} = {str(value)[:40]!r}: use one of {known}")
        return str(value)

    return read


def truth(value: Any, what: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ProblemError(f"{what} = {str(value)[:40]} has to be true or false")
    return value


@dataclass(frozen=True)
class Parameter:
    """A parameter of a cell.

    Parameters
    ----------
    table : str
        The table of a sweep file that it stands in.
    read : callable
        Checks a value, named for messages.
    default : object
        Its value where the file has none; None if it then stays out.
    needed : bool
        Whether the file has to have one.
    """

    table: str
    read: Reader
    default: Any = None
    needed: bool = False


PARAMETERS: Mapping[str, Parameter] = {
    "outputs": Parameter("problem", count, needed=True),
    "measurements": Parameter("problem", count, needed=True),
    "sigma_min": Parameter("problem", positive),
    "condition_number": Parameter("problem", ratio),
    "operator_norm": Parameter("problem", positive, Fraction(1)),
    "operator_seed": Parameter("problem", seed_number, 0),
    "observation_norm": Parameter("problem", positive, Fraction(1)),
    "noise": Parameter("problem", non_negative, Fraction(0)),
    "loss": Parameter("loss", _loss, "squared"),
    "activation": Parameter("network", _activation, needed=True),
    "width": Parameter("network", count, needed=True),
    "input_dimension": Parameter("network", count, 1000),
    "train": Parameter("network", one_of("hidden", "both"), "hidden"),
    "output_weights": Parameter("network", one_of(*OUTPUT_WEIGHTS), "rademacher"),
}
"""The parameters of a cell; each may be an axis."""
