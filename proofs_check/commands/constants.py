"""``kurdyka constants``: what an activation brings into the theory, as enclosures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rich.table import Table
from rich.text import Text

from numerics.activation_constants import MEANINGS, Constant, NotCovered, activation_constants
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import UserError
from proofs_check.report_terminal import verdict_text
from proofs_check.verdict import Verdict
from theory.activations import Activation, ActivationError, activation


class ActivationRefused(UserError):
    """An activation is unknown, unreadable, or outside the theory."""


def run(name: str, digits: int = 30, json_path: str | None = None) -> int:
    """Enclose the constants of an activation; return 0 if all are enclosed, else 1."""
    check_writable(json_path)
    chosen = _activation(name)
    with console(stderr=True).status(f"{chosen.name}: enclosing"):
        try:
            found = activation_constants(chosen, digits)
        except NotCovered as problem:
            raise ActivationRefused(f"{name[:60]!r}: {problem}") from problem
    if json_path != STDOUT:
        _print(chosen, found, digits)
    if json_path is not None:
        write_json(document(chosen, found, digits), json_path)
    return 0 if all(constant.decided for constant in found.values()) else 1


def _activation(name: str) -> Activation:
    try:
        return activation(name)
    except ActivationError as problem:
        raise ActivationRefused(str(problem)) from problem


def document(chosen: Activation, found: Mapping[str, Constant], digits: int) -> dict[str, Any]:
    """Return the report as JSON data; an undecided constant is null, with its reason apart."""
    made: dict[str, Any] = {"schema": "kurdyka.constants/1", "activation": chosen.name}
    for name, constant in found.items():
        made[name] = None
        if constant.lower is not None and constant.upper is not None:
            ends = {"lower": constant.lower, "upper": constant.upper}
            made[name] = {end: decimal_text(value) for end, value in ends.items()}
    reasons = {name: c.reason for name, c in found.items() if not c.decided}
    return {**made, "undecided": reasons, "expression": str(chosen.expression), "digits": digits}


def decimal_text(value: Fraction) -> str:
    """Return a decimal fraction in full, without an exponent.

    Raises
    ------
    ValueError
        If the number has no finite decimal expansion.
    """
    places = 0
    while 10**places % value.denominator:
        places += 1
        if places > value.denominator.bit_length():
            raise ValueError(f"{value} has no finite decimal expansion")
    whole, rest = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def _print(chosen: Activation, found: Mapping[str, Constant], digits: int) -> None:
    out = console()
    out.print(Text(f"{chosen.name}: φ(x) = {chosen.expression}, X ~ N(0,1)", style="bold"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for name, constant in found.items():
        grid.add_row(Text(f"  {name}", style="cyan"), MEANINGS[name], _shown(constant, digits))
    out.print(grid, soft_wrap=digits > 20)


def _shown(constant: Constant, digits: int) -> Text:
    if constant.lower is None or constant.upper is None:
        return Text.assemble(verdict_text(Verdict.UNDECIDED), " ", constant.reason)
    low, high = decimal_text(constant.lower), decimal_text(constant.upper)
    return Text(low if low == high else f"[{low},\n {high}]")
