"""``kurdyka falsify``: the search for counterexamples, and how sharp what withstands it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from proofs_check.commands.mutants import Options, scored_text, tried, write_page
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.commands.targets import Target, select
from proofs_check.errors import UserError
from proofs_check.manifest import manifest
from proofs_check.mutants.score import Score
from proofs_check.mutants.score import document as mutation_document
from proofs_check.reporting.documents import (
    counterexample,
    sharpness,
    sharpness_text,
    values_text,
)
from proofs_check.reporting.findings import sharpest
from proofs_check.reporting.terminal import counterexample_lines
from proofs_check.searching.attacks import BUDGET, Falsified, falsify

SCHEMA = "kurdyka.falsify/1"


class BudgetRefused(UserError):
    """The time to spend is no positive number of seconds."""


def run(
    words: Sequence[str],
    budget: float | None = None,
    json_path: str | None = None,
    seed: int = 0,
    mutants: Options | None = None,
) -> int:
    """Attack what is named, print and write what was found; return the exit status.

    With ``mutants``, also every small change of each statement that withstands.
    """
    check_writable(json_path, mutants.table if mutants else None)
    seconds = BUDGET if budget is None else budget
    _refuse(seconds)
    targets = select(words)
    out = console()
    quiet = json_path == STDOUT
    found = []
    for target in targets:
        with console(stderr=True).status(f"{target.label}: searching"):
            found.append(falsify(target.statement, seconds, seed))
        if not quiet:
            _print(target, found[-1], out)
    stand = [t for t, f in zip(targets, found, strict=True) if not f.counterexample]
    scores = tried(stand, mutants, seed) if mutants else {}
    for target in stand if not quiet else ():
        if target.id in scores:
            out.print(Text(scored_text(target.label, scores[target.id])), soft_wrap=True)
    if mutants and mutants.table:
        write_page(list(scores.values()), mutants.table)
    if json_path is not None:
        made = manifest([t.file for t in targets], seed)
        write_json(document(found, made, scores), json_path)
    wrong = any(s.contradictions for s in scores.values())
    return 1 if wrong or any(result.counterexample for result in found) else 0


def _refuse(seconds: float) -> None:
    if not 0 < seconds < float("inf"):
        raise BudgetRefused(f"--budget {seconds}: has to be a positive number of seconds")


def document(
    found: Sequence[Falsified], manifest: Mapping[str, Any], scores: Mapping[str, Score]
) -> dict[str, Any]:
    """Return what was found as JSON data; its first key is ``schema``."""
    return {
        "schema": SCHEMA,
        "statements": [_entry(result, scores.get(result.statement.id)) for result in found],
        "manifest": dict(manifest),
    }


def _entry(found: Falsified, mutants: Score | None) -> dict[str, Any]:
    return {
        "id": found.statement.id,
        "sharpness": sharpness(sharpest(found.sharpness)),
        "counterexample": counterexample(found.counterexample),
        "conclusions": [
            {"name": name, "sharpness": sharpness(found.sharpness.get(name))}
            for name in found.statement.conclusions
        ],
        "model": found.model or None,
        "models": list(found.models),
        "left_out": list(found.left_out),
        "unmeasured": list(found.unmeasured),
        "passes": found.passes,
        "mutants": None if mutants is None else mutation_document(mutants),
    }


def _print(target: Target, found: Falsified, out: Console) -> None:
    out.print(Text(f"{target.label}: {_summary(found)}", style="bold"))
    if found.counterexample is not None:
        for line in counterexample_lines(found.counterexample):
            out.print(line, soft_wrap=True)
    for name, measured in found.sharpness.items():
        instance = values_text(measured.instance)
        text = f"  {name}: {sharpness_text(measured)}" + (f" at {instance}" if instance else "")
        out.print(Text(text), soft_wrap=True)
    if found.unmeasured and found.attacked:
        out.print(Text(f"  no time left to see how sharp: {_list(found.unmeasured)}"))
    if found.left_out:
        out.print(Text(f"  not attacked, it says that something exists: {_list(found.left_out)}"))


def _summary(found: Falsified) -> str:
    if found.counterexample is not None:
        return "counterexample found"
    if not found.attacked:
        return "not attacked: declare a Model that says what its functions are"
    return f"no counterexample in {_passes(found.passes)} over {_list(found.models)}"


def _passes(number: int) -> str:
    if number == 0:
        return "a part of one pass"
    return "1 pass" if number == 1 else f"{number} passes"


def _list(names: Sequence[str]) -> str:
    shown = list(names[:4]) + ([f"{len(names) - 4} more"] if len(names) > 4 else [])
    return ", ".join(shown)
