"""``kurdyka dimension``: statistical dimension of a cone, and how many measurements it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sympy as sp
from rich.table import Table
from rich.text import Text

from numerics.cones.dimension import ConicDimension, Values, conic_dimension
from numerics.cones.projections import SampledDimension, lengths_of, sampled_dimension
from numerics.rigorous.balls import decide_at_point
from numerics.rigorous.gaussian import IntegralUndecided
from numerics.rigorous.programs import BallError
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import UserError
from proofs_check.reporting.terminal import enclosure_text, verdict_text
from proofs_check.verdict import Verdict
from theory.cones import CONES, Cone, ConeError, Parameter, cone, n
from theory.expressions import ExpressionError, parse_expression

LARGEST = 10**9
MOST_DRAWN = 2 * 10**9


class ConeRefused(UserError):
    """A cone is unknown, or a parameter of it is missing, unreadable or out of range."""


def run(
    name: str | None,
    given: Mapping[str, str | None],
    failure: str = "0.01",
    digits: int = 30,
    samples: int | None = None,
    seed: int = 0,
    json_path: str | None = None,
) -> int:
    """Enclose what a cone costs; return 0, or 1 if a number could not be enclosed.

    Parameters
    ----------
    name : str or None
        The cone; None lists the cones.
    given : mapping of str to (str or None)
        What was typed for each parameter, by the parameter's name.
    failure : str
        The failure probability as typed.
    digits : int
        How narrow the enclosures are.
    samples, seed : int
        How many draws of a simulation to compare with, if any, and its seed.
    json_path : str or None
        Where to write JSON.

    Raises
    ------
    ConeRefused
        If the cone or a parameter is wrong.
    """
    check_writable(json_path)
    if name is None:
        return _list(json_path)
    chosen, probability = _cone(name), _probability(failure)
    values = _values(chosen, given)
    found: ConicDimension | str
    try:
        found = conic_dimension(chosen, values, probability, digits)
    except (IntegralUndecided, BallError) as problem:
        found = str(problem)
    drawn = None if samples is None else _simulated(chosen, values, samples, seed)
    if json_path != STDOUT:
        _print(chosen, values, failure, found)
        _print_simulated(drawn)
    if json_path is not None:
        report = document(chosen, values, probability, found, digits)
        write_json({**report, "simulated": drawn and asdict(drawn)}, json_path)
    return 1 if isinstance(found, str) else 0


def _cone(name: str) -> Cone:
    try:
        return cone(name)
    except ConeError as problem:
        raise ConeRefused(str(problem)) from problem


def _probability(text: str) -> sp.Expr:
    value = _number("failure", text)
    if not _holds(sp.And(value > 0, value < 1)):
        raise ConeRefused(f"--failure {text}: give a probability above 0 and below 1")
    return value


def _values(chosen: Cone, given: Mapping[str, str | None]) -> Values:
    """Read the cone's parameters, and refuse those that belong to other cones."""
    wanted = {parameter.name: parameter for parameter in chosen.parameters}
    for name, text in given.items():
        if text is not None and name not in wanted:
            has = ", ".join(f"--{known}" for known in wanted)
            raise ConeRefused(f"--{name}: the cone {chosen.name} takes {has} only")
    values = {q.symbol: _parameter(chosen, q, given.get(q.name)) for q in chosen.parameters}
    if not _holds(chosen.range.xreplace(values)):
        typed = ", ".join(f"--{name} {given[name]}" for name in wanted)
        raise ConeRefused(f"{typed}: the cone {chosen.name} needs {chosen.requirement}")
    return values


def _parameter(chosen: Cone, parameter: Parameter, text: str | None) -> sp.Expr:
    if text is None:
        raise ConeRefused(f"the cone {chosen.name} needs --{parameter.name}")
    value = _number(parameter.name, text)
    if parameter.integer and not (value.is_Integer and abs(value) <= LARGEST):
        raise ConeRefused(f"--{parameter.name} {text[:40]}: give a whole number up to {LARGEST}")
    return value


def _number(name: str, text: str) -> sp.Expr:
    try:
        return parse_expression(text, ())
    except ExpressionError as problem:
        raise ConeRefused(f"--{name}: {problem}") from problem


def _holds(condition: Any) -> bool:
    """Whether a condition on exact numbers certainly holds."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    try:
        return decide_at_point(condition, {}) is True
    except BallError as problem:
        raise ConeRefused(f"{condition} cannot be decided: {problem}") from problem


def _simulated(chosen: Cone, values: Values, samples: int, seed: int) -> SampledDimension:
    ambient = int(values[n])
    if samples * ambient > MOST_DRAWN:
        raise ConeRefused(f"--samples {samples}: at most {MOST_DRAWN // ambient} in R^{ambient}")
    return sampled_dimension(lengths_of(chosen.name, values), ambient, samples, seed)


def _print_simulated(drawn: SampledDimension | None) -> None:
    if drawn is not None:
        text = (
            f"  simulated: {drawn.estimate:.6g} from {drawn.samples} draws; δ(T) lies in "
            f"[{drawn.lower:.6g}, {drawn.upper:.6g}] except with probability {drawn.failure:g}"
        )
        console().print(Text(text), soft_wrap=True)


def document(
    chosen: Cone, values: Values, failure: sp.Expr, found: ConicDimension | str, digits: int
) -> dict[str, Any]:
    """Return the report as JSON data; what is undecided is null, with the reason."""
    made: dict[str, Any] = {
        "schema": "kurdyka.dimension/1",
        "cone": chosen.name,
        "parameters": {q.name: str(values[q.symbol]) for q in chosen.parameters},
        "failure_probability": str(failure),
    }
    known = None if isinstance(found, str) else found
    for key in ("dimension", "polar", "width", "measurement_bound"):
        made[_KEYS.get(key, key)] = None if known is None else getattr(known, key).to_json()
    made["measurements"] = None if known is None else known.measurements
    made["exact"] = chosen.exact
    made["undecided"] = found if isinstance(found, str) else None
    return {**made, "derivation": chosen.derivation, "digits": digits}


_KEYS = {
    "dimension": "statistical_dimension",
    "polar": "polar_dimension",
    "width": "gaussian_width",
}


def _print(chosen: Cone, values: Values, failure: str, found: ConicDimension | str) -> None:
    out = console()
    said = ", ".join(f"{q.name} {values[q.symbol]}" for q in chosen.parameters)
    out.print(Text(f"{chosen.name}: {chosen.meaning}; {said}", style="bold"))
    if isinstance(found, str):
        out.print(Text.assemble("  ", verdict_text(Verdict.UNDECIDED), " ", found))
        return
    grid = Table.grid(padding=(0, 2, 0, 0))
    rows = (
        ("δ(T)", "statistical dimension", found.dimension),
        ("δ(T°)", "that of the polar cone", found.polar),
        ("w(T)", "Gaussian width", found.width),
    )
    for symbol, meaning, enclosure in rows:
        grid.add_row(Text(f"  {symbol}", style="cyan"), meaning, enclosure_text(enclosure))
    out.print(grid, soft_wrap=True)
    out.print(Text(_advice(chosen, values, failure, found)), soft_wrap=True)
    out.print(Text(f"  {chosen.derivation}", style="dim"), soft_wrap=True)


def _advice(chosen: Cone, values: Values, failure: str, found: ConicDimension) -> str:
    count, ambient = found.measurements, int(values[n])
    said = (
        f"  m ≥ {count} Gaussian measurements give λ_min(A;T) > 0 with probability at least "
        f"1 − {failure} (Gordon)"
    )
    if count <= ambient:
        return said
    return f"{said};\n  no more than {ambient} are needed: a square Gaussian A is invertible"


def _list(json_path: str | None) -> int:
    """Show the cones there are, with their parameters."""
    if json_path is not None:
        entries = [
            {"cone": c.name, "meaning": c.meaning, "parameters": [q.name for q in c.parameters]}
            for c in CONES.values()
        ]
        write_json({"schema": "kurdyka.dimension/1", "cones": entries}, json_path)
    if json_path != STDOUT:
        grid = Table.grid(padding=(0, 2, 0, 0))
        for entry in CONES.values():
            options = " ".join(f"--{q.name}" for q in entry.parameters)
            grid.add_row(Text(f"  {entry.name}", style="cyan"), options, entry.meaning)
        console().print(grid)
    return 0
