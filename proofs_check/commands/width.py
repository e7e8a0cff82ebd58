"""``kurdyka width``: how wide is wide enough (THEORY section 8), published and sharp."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from numerics.inputs.values import exact_value, value_text
from numerics.widths.chances import Chance
from numerics.widths.least import Width
from numerics.widths.routes import ROUTES, Route
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import UserError
from proofs_check.manifest import manifest
from proofs_check.width_growth import growth
from proofs_check.widths import (
    Levels,
    Question,
    Reach,
    constants_of,
    levels_of_problem,
    levels_of_sizes,
)

_SIZES = ("outputs", "measurements", "inputs")
_NORMS = ("sigma_min", "operator_norm", "frobenius_norm", "observation_norm")
_NEEDED = ("outputs", "measurements", "inputs", "activation", "sigma_min", "operator_norm")
_CONDITIONS = {
    "H_gram_width": "Gram matrix, hidden layer",
    "H_output_width": "Gram matrix, outer layer",
    "H_width": "q below its threshold",
    "H_width_outputs": "q below its threshold",
    "H_width_published": "q below its threshold, two-point constant",
}
_OUTPUT = "y an output of the network"

_GROWING = {
    "n": "n", "m": "m", "sigma_A": "σ_A", "operator_norm": "‖A‖", "observation_norm": "‖y‖",
    "n_and_m": "n = m",
}  # fmt: skip


class WidthRefused(UserError):
    """A size, a norm or a probability is missing, unreadable or impossible."""


def run(
    problem: str | None,
    given: Mapping[str, str | None],
    json_path: str | None = None,
) -> int:
    """Print the widths; return 0 if one is found for every theorem asked, else 1.

    Parameters
    ----------
    problem : str or None
        A problem file; None if sizes and norms are given.
    given : mapping of str to (str or None)
        What was typed for each option, by the option's name.
    json_path : str or None
        Where to write JSON.
    """
    check_writable(json_path)
    with console(stderr=True).status("choosing δ and the split of the failure probability"):
        found = _of_problem(problem, given) if problem else _of_sizes(given)
    if json_path != STDOUT:
        print_levels(found, console())
    if json_path is not None:
        files = [Path(problem)] if problem else []
        write_json(document(found) | {"manifest": manifest(files)}, json_path)
    return 0 if found.complete else 1


def _of_sizes(given: Mapping[str, str | None]) -> Levels:
    missing = [name for name in _NEEDED if given[name] is None]
    if missing:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise WidthRefused(f"give {options}, or a problem file")
    outputs, measurements, inputs = (_count(name, given[name]) for name in _SIZES)
    sigma, norm, frobenius, observation = (_norm(name, given[name]) for name in _NORMS)
    activation = str(given["activation"])
    constants = constants_of(activation, f"--activation {activation[:60]}")
    return levels_of_sizes(Question(
        outputs=outputs, measurements=measurements, inputs=inputs,
        constants=constants, sigma_A=sigma, norm=norm,
        frobenius=frobenius, observation=Fraction(1) if observation is None else observation,
        law=given["output_weights"] or "rademacher", failure=_failure(given["failure"]),
        train=_train(given["train"]),
    ))  # fmt: skip


def _of_problem(problem: str, given: Mapping[str, str | None]) -> Levels:
    extra = [name for name in (*_SIZES, *_NORMS, "activation", "train") if given[name] is not None]
    if extra:
        raise WidthRefused(f"--{extra[0].replace('_', '-')}: the problem file says it already")
    return levels_of_problem(problem, given["output_weights"], _failure(given["failure"]))


def _count(name: str, text: str | None) -> int:
    value = exact_value(text, f"--{name}")
    if value.denominator != 1 or not 1 <= value <= 10**9:
        raise WidthRefused(f"--{name} {text}: give a whole number from 1 to 10^9")
    return int(value)


def _norm(name: str, text: str | None) -> Any:
    if text is None:
        return None
    option = f"--{name.replace('_', '-')}"
    value = exact_value(text, option)
    if value < 0 or (value == 0 and name != "observation_norm"):
        raise WidthRefused(f"{option} {text}: give a positive number")
    return value


def _failure(text: str | None) -> Fraction | None:
    if text is None:
        return None
    value = exact_value(text, "--failure")
    if not 0 < value < 1:
        raise WidthRefused(f"--failure {text}: give a probability above 0 and below 1")
    return value


def _train(text: str | None) -> tuple[str, ...]:
    if text is None:
        return tuple(ROUTES)
    if text not in ROUTES:
        raise WidthRefused(f"--train {text}: give {' or '.join(ROUTES)}")
    return (text,)


def print_levels(found: Levels, out: Console) -> None:
    """Print the three levels, one table each."""
    out.print(Text(found.title, style="bold"))
    for line in found.inputs:
        out.print(Text(f"  {line}"))
    for train, widths in found.a_priori.items():
        layers = "both layers" if train == "both" else "hidden layer"
        out.print()
        out.print(Text(f"A priori, {layers} trained: k is enough from", style="bold"))
        out.print(_widths_table(widths))
        out.print(_growth_table(train))
    _print_given(found, out)
    _print_posteriori(found, out)


def _widths_table(widths: Mapping[str, Width | str]) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("", "k", "δ", "failure probabilities", "asked for by"):
        made.add_column(head, overflow="fold")
    for name, width in widths.items():
        if isinstance(width, str):
            made.add_row(f"  {name}", "–", "", "", width)
            continue
        risks = ", ".join(f"{risk} {float(p):.4g}" for risk, p in width.risks.items())
        delta = "–" if width.delta is None else f"{float(width.delta):.4g}"
        made.add_row(f"  {name}", f"{width.width:,}", delta, risks, _asked(width))
    return made


def _asked(width: Width) -> str:
    knows_q = width.route.threshold is not None
    lines = (
        f"{part.upper_float:,.0f} {_CONDITIONS[c] if knows_q else _OUTPUT}"
        for c, part in width.parts.items()
    )
    return "\n".join(lines)


def _growth_table(train: str) -> Table:
    made = Table(box=None, pad_edge=False, header_style="dim")
    made.add_column("  grows, each alone, like")
    for name in _GROWING.values():
        made.add_column(name, justify="right")
    for route in ROUTES[train]:
        powers = growth(route)
        made.add_row(f"  {route.name}", *(f"^{powers[key]}" for key in _GROWING), style="dim")
    return made


def _print_given(found: Levels, out: Console) -> None:
    if not found.given:
        return
    out.print()
    out.print(Text("Given the output weights, the hidden weights still random", style="bold"))
    for name, chance in found.given.items():
        out.print(Text(f"  {name}: {_said(chance)}"))


_REACHED = {
    True: "y is an output of the network: the flow reaches zero loss at this width, certified",
    False: "y is not even a limit of outputs: the loss stays above zero, certified",
    None: "undecided whether y is an output of the network",
}


def _said(chance: Chance | Reach | str) -> str:
    if isinstance(chance, str):
        return chance
    if isinstance(chance, Reach):
        return _REACHED[chance.enough]
    risks = f"but for probability {value_text(sum(chance.risks.values(), Fraction(0)))}"
    if chance.q is None:
        return "the Gram matrix has no bound at this width"
    verdict = "enough" if chance.enough else "not shown to be enough"
    limit = _threshold(chance.route)
    return f"q < {chance.q.upper_float:.6g} {risks}; it has to be below {limit}: {verdict}"


def _print_posteriori(found: Levels, out: Console) -> None:
    if not found.a_posteriori:
        return
    out.print()
    out.print(Text("A posteriori, all weights known (kurdyka certify)", style="bold"))
    for name, said in found.a_posteriori.items():
        out.print(Text(f"  {name}: {said}"))


def document(found: Levels) -> dict[str, Any]:
    """Return the widths as plain data."""
    return {
        "schema": "kurdyka.width/1",
        "inputs": found.data,
        "a_priori": {
            train: {name: _width_data(width) for name, width in widths.items()}
            for train, widths in found.a_priori.items()
        },
        "growth": {
            train: {route.name: growth(route) for route in ROUTES[train]}
            for train in found.a_priori
        },
        "given_weights": {name: _chance_data(chance) for name, chance in found.given.items()},
        "a_posteriori": dict(found.a_posteriori),
    }


def _width_data(width: Width | str) -> dict[str, Any]:
    if isinstance(width, str):
        return {"width": None, "reason": width}
    return {
        "width": width.width,
        "statement": width.route.statement,
        "threshold": _threshold(width.route),
        "delta": None if width.delta is None else value_text(width.delta),
        "failure": {name: value_text(p) for name, p in width.risks.items()},
        "conditions": {name: part.to_json() for name, part in width.parts.items()},
    }


def _threshold(route: Route) -> str | None:
    return None if route.threshold is None else value_text(route.threshold)


def _chance_data(chance: Chance | Reach | str) -> dict[str, Any]:
    if isinstance(chance, str):
        return {"enough": None, "reason": chance}
    if isinstance(chance, Reach):
        return {"enough": chance.enough, "reason": _REACHED[chance.enough]}
    return {
        "enough": chance.enough,
        "q": chance.q and chance.q.to_json(),
        "threshold": _threshold(chance.route),
        "delta": value_text(chance.delta),
        "failure": {name: value_text(p) for name, p in chance.risks.items()},
    }
