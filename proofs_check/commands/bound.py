"""``kurdyka bound``: the bounds of a statement at given values, as enclosures, or inverted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text
from sympy import true

from numerics.bounds import Evaluation, MissingValue, NotABound, NoValue
from numerics.enclosures import Enclosure
from numerics.inputs.values import read_inputs, value_text
from numerics.rigorous.inversion import Solution, solve_bound
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.commands.targets import select_part
from proofs_check.errors import UserError
from proofs_check.reporting.terminal import enclosure_text
from theory.latex import latex
from theory.losses import Loss
from theory.statement import Bound, Statement
from theory.typesetting.notation import readable
from theory.validity import condition

TARGET = "value"
_SIGNS = {"upper": "at most", "lower": "at least", "value": "equal to"}


class WrongValues(UserError):
    """What was typed after the bound is no ``sym=value``, or does not fit together."""


@dataclass(frozen=True)
class Row:
    """A bound with its enclosure, or why it has none.

    Parameters
    ----------
    bound : Bound
        Of the statement.
    value : Enclosure or None
        Where it has a value.
    reason : str
        Why it has none.
    needs : tuple of str
        What would have to be given.
    holds : bool or None
        Whether the bound holds at the values; None if they do not decide it.
    """

    bound: Bound
    holds: bool | None
    value: Enclosure | None = None
    reason: str = ""
    needs: tuple[str, ...] = ()


def run(
    word: str,
    assignments: Sequence[str] = (),
    solve_for: str | None = None,
    loss: str | None = None,
    digits: int = 30,
    json_path: str | None = None,
) -> int:
    """Enclose the bounds of a statement.

    Parameters
    ----------
    word : str
        ``ID[.NAME]`` or ``FILE.py[:NAME[.BOUND]]``; without a bound's name, all of them.
    assignments : sequence of str
        Each ``sym=value``; with ``solve_for`` also ``value=TARGET``, and ``sym=low..high`` to say
        where to look.
    solve_for : str, optional
        The symbol for which the bound is to take the value.
    loss : str, optional
        What ψ and Ψ stand for: a loss by name, such as ``squared`` or ``huber(0.5)``.
    digits : int
        How narrow the enclosures are.
    json_path : str or None
        Where to write JSON.

    Returns
    -------
    int
        0; 1 if a bound has no value or does not hold there, or a hypothesis certainly fails.
    """
    check_writable(json_path)
    target, name = select_part(word)
    statement, given, chosen = target.statement, assigned(assignments), _loss(loss)
    if solve_for is None:
        evaluation = Evaluation(statement, read_inputs(statement, given, chosen))
        return _report(evaluation, _rows(evaluation, name, digits), digits, json_path)
    if not name:
        raise WrongValues(f"{word}: name the bound to invert, as in {word}.{_first(statement)}")
    if TARGET not in given:
        raise WrongValues(f"--solve-for needs the value of the bound: {TARGET}=NUMBER")
    wanted, between = given.pop(TARGET), given.pop(solve_for, None)
    solution = solve_bound(
        statement, name, solve_for, wanted, given, digits, chosen, _ends(solve_for, between)
    )
    return _report_solution(statement, name, solve_for, wanted, given, solution, json_path)


# --- what was typed -------------------------------------------------------------------------


def assigned(assignments: Sequence[str]) -> dict[str, str]:
    """Split ``sym=value`` texts.

    Raises
    ------
    WrongValues
        If one is none, or a symbol occurs twice.
    """
    given: dict[str, str] = {}
    for text in assignments:
        name, sign, value = (part.strip() for part in text.rpartition("="))
        if not sign or not name or not value:
            raise WrongValues(f"{text[:60]!r} is no assignment; write sym=value, as in w_0=1.5")
        if name in given:
            raise WrongValues(f"{name} is given twice")
        given[name] = value
    return given


def _loss(text: str | None) -> Loss | None:
    if text is None:
        return None
    from proofs_check.commands.loss import named_loss  # it loads all engines
    from theory.losses import LOSSES

    chosen = named_loss(text)
    if chosen is None:
        raise WrongValues(f"--loss {text[:60]!r}: choose one of {', '.join(LOSSES)}")
    return chosen


def _ends(symbol: str, between: str | None) -> tuple[str, str] | None:
    if between is None:
        return None
    low, sign, high = between.partition("..")
    if not sign:
        raise WrongValues(f"{symbol}={between[:60]} is to be solved for; leave it out")
    return low, high


def _first(statement: Statement) -> str:
    return next((bound.name for bound in statement.bounds), "NAME")


# --- values ---------------------------------------------------------------------------------


def _rows(evaluation: Evaluation, name: str, digits: int) -> list[Row]:
    """Evaluate the named bound, or all; what was asked for by name has to have a value."""
    statement = evaluation.statement
    if name:
        return [_row_of(evaluation, evaluation.bound(name), digits)]
    if not statement.bounds:
        raise WrongValues(f"{statement.id} gives no bounds; `kurdyka show` lists its claims")
    rows = [_row(evaluation, bound, digits) for bound in statement.bounds]
    lacking = {need for row in rows for need in row.needs}
    if lacking and not any(row.value and row.bound.value.free_symbols for row in rows):
        some = next(row for row in rows if row.needs)
        raise MissingValue(some.reason)
    return rows


def _row(evaluation: Evaluation, bound: Bound, digits: int) -> Row:
    holds = evaluation.standing(bound.name).holds
    try:
        return _row_of(evaluation, bound, digits)
    except MissingValue as problem:
        needs = tuple(map(str, evaluation.missing(bound.name)))
        return Row(bound, holds, reason=str(problem), needs=needs)
    except NoValue as problem:
        return Row(bound, holds, reason=str(problem))


def _row_of(evaluation: Evaluation, bound: Bound, digits: int) -> Row:
    """Evaluate a bound; where it does not hold, its formula's value is not given."""
    holds = evaluation.standing(bound.name).holds
    try:
        return Row(bound, holds, evaluation.value(bound.name, digits))
    except NotABound as problem:
        return Row(bound, holds, reason=str(problem))


def _report(evaluation: Evaluation, rows: Sequence[Row], digits: int, json_path: str | None) -> int:
    hypotheses = evaluation.hypotheses()
    if json_path != STDOUT:
        _print(evaluation, rows, hypotheses)
    if json_path is not None:
        write_json(document(evaluation, rows, hypotheses, digits), json_path)
    undefined = any(row.value is None and not row.needs for row in rows)
    return 1 if undefined or False in hypotheses.values() else 0


def document(
    evaluation: Evaluation, rows: Sequence[Row], hypotheses: Mapping[str, bool], digits: int
) -> dict[str, Any]:
    """Return the report as JSON data; a bound without a value is null, with its reason."""
    inputs, statement = evaluation.inputs, evaluation.statement
    return {
        "schema": "kurdyka.bound/1",
        "statement": statement.id,
        "values": {str(s): value_text(v) for s, v in inputs.values.items()},
        "loss": None if inputs.loss is None else inputs.loss.label,
        "digits": digits,
        "bounds": [
            {
                "name": row.bound.name,
                "meaning": row.bound.meaning,
                "side": row.bound.side,
                "formula": {"text": readable(row.bound.value), "latex": latex(row.bound.value)},
                "condition": _condition(row.bound, statement),
                "holds": row.holds,
                "value": None if row.value is None else row.value.to_json(),
                "needs": list(row.needs),
                "reason": row.reason or None,
            }
            for row in rows
        ],
        "hypotheses": [{"name": name, "holds": holds} for name, holds in hypotheses.items()],
    }


def _condition(bound: Bound, statement: Statement) -> dict[str, str] | None:
    wanted = condition(statement, bound)
    return None if wanted is true else {"text": readable(wanted), "latex": latex(wanted)}


def _print(evaluation: Evaluation, rows: Sequence[Row], hypotheses: Mapping[str, bool]) -> None:
    out, statement = console(), evaluation.statement
    out.print(Text.assemble((statement.id, "bold"), f"  {statement.title}"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for row in rows:
        grid.add_row(Text(f"  {row.bound.name}", style="cyan"), Text(_claim(row.bound, statement)))
        grid.add_row("", _shown(row))
    out.print(grid, soft_wrap=True)
    for hypothesis in statement.hypotheses:
        if hypotheses.get(hypothesis.name) is False:
            text = f"{hypothesis.name} does not hold here: {readable(hypothesis.formula)}"
            out.print(Text(f"  {text}; the theorem says nothing", style="yellow"))


def _claim(bound: Bound, statement: Statement) -> str:
    wanted = condition(statement, bound)
    where = "" if wanted is true else f", if {readable(wanted)}"
    return f"{bound.meaning}, {_SIGNS[bound.side]} {_formula(bound, statement)}{where}"


def _formula(bound: Bound, statement: Statement) -> str:
    """Return the formula, and what it stands for if it is a single defined symbol."""
    for definition in statement.definitions:
        if definition.head == bound.value:
            return f"{readable(bound.value)} = {readable(definition.value)}"
    return readable(bound.value)


def _shown(row: Row) -> Text:
    if row.needs:
        return Text(f"needs {', '.join(row.needs)}", style="dim")
    return Text(row.reason, style="yellow") if row.value is None else enclosure_text(row.value)


# --- inversion ------------------------------------------------------------------------------


def _report_solution(
    statement: Statement,
    name: str,
    symbol: str,
    wanted: str,
    given: Mapping[str, str],
    solution: Solution,
    json_path: str | None,
) -> int:
    low, high = (value_text(end) for end in solution.bracket)
    way = "increasing" if solution.increasing else "decreasing"
    if json_path is not None:
        made = {
            "schema": "kurdyka.bound/1",
            "statement": statement.id,
            "bound": name,
            "solve_for": symbol,
            "target": wanted,
            "values": dict(given),
            "solution": solution.root.to_json(),
            "monotone": way,
            "bracket": {"lower": low, "upper": high},
        }
        write_json(made, json_path)
    if json_path != STDOUT:
        out = console()
        out.print(Text(f"{statement.id}.{name} is {wanted} for {symbol} in"))
        out.print(Text.assemble("  ", enclosure_text(solution.root)), soft_wrap=True)
        out.print(Text(f"the only one between {low} and {high}, where it is {way}", style="dim"))
    return 0
