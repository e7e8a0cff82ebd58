"""The table of all built-in activations as Markdown: written by a command, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import sympy as sp
from sympy.printing.str import StrPrinter

from numerics.activation_constants import MEANINGS, ActivationConstants
from numerics.enclosures import Enclosure
from proofs_check.commands.output import STDOUT, write_text
from proofs_check.errors import UserError

BEGIN = "<!-- written by `kurdyka constants --table`: do not edit until the next comment -->"
END = "<!-- end of what is written by `kurdyka constants --table` -->"

_EXPECTATIONS = ("C_phi_squared", "C_dphi_squared", "M4", "mean")
_SUPREMA = ("B1", "B2")
_LONGEST_CLOSED_FORM = 60


class _Typed(StrPrinter):
    """Prints formulas as they are typed."""

    def _print_Piecewise(self, expression: sp.Piecewise) -> str:
        text = self._print(expression.args[-1][0])
        for value, condition in reversed(expression.args[:-1]):
            text = f"where({self._print(condition)}, {self._print(value)}, {text})"
        return text


class TableError(UserError):
    """A document cannot take the table."""


def markdown(found: Sequence[ActivationConstants]) -> str:
    """Return the tables of expectations and of suprema."""
    return "\n".join([*_table(found, _EXPECTATIONS), "", *_table(found, _SUPREMA), ""])


def _table(found: Sequence[ActivationConstants], names: Sequence[str]) -> list[str]:
    heads = ["activation", "φ(x)", *(f"{name}: {MEANINGS[name]}" for name in names)]
    rows = [_row(heads), _row(["---"] * len(heads))]
    for constants in found:
        cells = [_cell(constants, name) for name in names]
        formula = f"`{_Typed().doprint(constants.activation.expression)}`"
        rows.append(_row([constants.activation.name, formula, *cells]))
    return rows


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cell(found: ActivationConstants, name: str) -> str:
    if name in found.undecided:
        return "UNDECIDED"
    value = found[name]
    digits = certain_digits(value)
    if value.exact is None:
        return digits
    closed = sp.sstr(value.exact)
    if value.exact.is_Rational:
        return closed
    return f"{digits} = `{closed}`" if len(closed) <= _LONGEST_CLOSED_FORM else digits


def certain_digits(value: Enclosure) -> str:
    """Return the decimals that both ends share, with ``…`` after them, or both ends.

    The number lies between what is shown and that plus one unit of its last digit, away from 0.
    """
    low, high = value.decimals
    if low == high:
        return low
    shared = "".join(
        a for a, b in takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=False))
    )
    return f"{shared}…" if "." in shared.rstrip(".") else str(value)


@dataclass(frozen=True)
class Place:
    """Where a table goes: a new file, or between the two marks of an old one."""

    path: str
    before: str = ""
    after: str = ""

    @classmethod
    def at(cls, path: str) -> Place:
        """Find the place of the table.

        Raises
        ------
        TableError
            If the file exists and does not have the two marks, once each and in order.
        """
        file = Path(path)
        if path == STDOUT or not file.exists():
            return cls(path)
        before, begin, rest = file.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end) or BEGIN in after or END in before + after:
            raise TableError(f"{path}: has no place for the table; a new file would show its marks")
        return cls(path, before, after)

    def write(self, table: str) -> None:
        """Put the table there."""
        write_text(f"{self.before}{BEGIN}\n\n{table}\n{END}{self.after or chr(10)}", self.path)
