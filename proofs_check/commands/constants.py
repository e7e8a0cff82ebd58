"""``kurdyka constants``: what an activation brings into the theory, as enclosures."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from numerics.activation_constants import (
    MEANINGS,
    ActivationConstants,
    NotCovered,
    activation_constants,
)
from numerics.inputs.activations import read_activation
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import UserError
from proofs_check.reporting.constants_table import Place, markdown
from proofs_check.reporting.terminal import verdict_text
from proofs_check.verdict import Verdict
from theory.activations import ACTIVATIONS, Activation, ActivationError, ActivationUndecided


class ActivationRefused(UserError):
    """An activation is unknown, unreadable, or outside the theory."""


class WrongUsage(UserError):
    """The arguments do not go together."""


def run(
    name: str | None, digits: int = 30, table_path: str | None = None, json_path: str | None = None
) -> int:
    """Enclose the constants of an activation, or tabulate all; return 0 if all are enclosed."""
    check_writable(json_path, table_path)
    if table_path is not None:
        return _table(name, digits, table_path, json_path)
    if name is None:
        raise WrongUsage("constants: name an activation, or write a table of all with --table FILE")
    found = _of(name, digits)
    if json_path != STDOUT:
        _print(found)
    if json_path is not None:
        write_json(document(found), json_path)
    return 1 if found.undecided else 0


def _table(name: str | None, digits: int, path: str, json_path: str | None) -> int:
    if name is not None:
        raise WrongUsage(f"constants: --table is of all activations; drop {name[:40]!r}")
    if path == json_path == STDOUT:
        raise WrongUsage("constants: --table and --json cannot both write to standard output")
    place = Place.at(path)
    found = [_enclosed(entry, digits) for entry in ACTIVATIONS.values()]
    place.write(markdown(found))
    if json_path is not None:
        rows = {constants.activation.name: document(constants) for constants in found}
        write_json({"schema": "kurdyka.constants_table/1", "activations": rows}, json_path)
    return 1 if any(constants.undecided for constants in found) else 0


def _of(name: str, digits: int) -> ActivationConstants:
    try:
        return _enclosed(read_activation(name), digits)
    except ActivationUndecided as problem:
        open_ones = dict.fromkeys(MEANINGS, str(problem.open))
        return ActivationConstants(problem.candidate, digits, {}, open_ones)
    except ActivationError as problem:
        raise ActivationRefused(str(problem)) from problem


def _enclosed(chosen: Activation, digits: int) -> ActivationConstants:
    with console(stderr=True).status(f"{chosen.name}: enclosing"):
        try:
            return activation_constants(chosen, digits)
        except NotCovered as problem:
            raise ActivationRefused(f"{chosen.name[:60]!r}: {problem}") from problem


def document(found: ActivationConstants) -> dict[str, Any]:
    """Return the report as JSON data; an undecided constant is null, with its reason apart."""
    known = found.enclosures
    return {
        "schema": "kurdyka.constants/1",
        "activation": found.activation.name,
        **{name: known[name].to_json() if name in known else None for name in MEANINGS},
        "undecided": dict(found.undecided),
        "closed_forms": {n: str(e.exact) for n, e in known.items() if e.exact is not None},
        "expression": str(found.activation.expression),
        "digits": found.digits,
    }


def _print(found: ActivationConstants) -> None:
    out = console()
    title = f"{found.activation.name}: φ(x) = {found.activation.expression}, X ~ N(0,1)"
    out.print(Text(title, style="bold"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for name, meaning in MEANINGS.items():
        grid.add_row(Text(f"  {name}", style="cyan"), meaning, _shown(found, name))
    out.print(grid, soft_wrap=found.digits > 20)


def _shown(found: ActivationConstants, name: str) -> Text:
    if name in found.undecided:
        return Text.assemble(verdict_text(Verdict.UNDECIDED), " ", found.undecided[name])
    low, high = found[name].decimals
    return Text(low if low == high else f"[{low},\n {high}]")
