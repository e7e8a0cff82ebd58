"""``kurdyka explain``: open goals, with what the engines saw and said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.commands.targets import Target, select_steps
from proofs_check.explain import TRIALS_SECONDS, Explainer, Explanation
from proofs_check.reporting.documents import values_text
from proofs_check.reporting.terminal import verdict_text
from theory.typesetting.notation import readable


@dataclass(frozen=True)
class Found:
    """What is open in one statement: steps, and conclusions with the reason."""

    target: Target
    steps: list[Explanation]
    conclusions: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Whether a step or a conclusion is not established."""
        undecided = (not e.outcome.verdict.established for e in self.steps)
        return bool(self.conclusions) or any(undecided)


def run(word: str, step: str = "", json_path: str | None = None) -> int:
    """Explain a step, or every open step; return 0 if nothing is open."""
    check_writable(json_path)
    targets, wanted = select_steps(word, step)
    if wanted is not None:
        explanation = Explainer(targets[0].statement, targets[0].lookup).explain(wanted)
        found = [Found(targets[0], [explanation], {})]
    else:
        found = [_open(target) for target in targets]
    if json_path != STDOUT:
        for each in found:
            _print(each, console())
    if json_path is not None:
        write_json(_document(found), json_path)
    return int(any(each.is_open for each in found))


def _open(target: Target) -> Found:
    explainer = Explainer(target.statement, target.lookup)
    with console(stderr=True).status(f"{target.id}: checking") as status:
        steps, conclusions = explainer.open_steps(
            lambda name: status.update(f"{target.id}: {name}")
        )
        share = TRIALS_SECONDS / max(1, len(steps) // 3)
        explained = [explainer.explain(step, share) for step in steps]
    return Found(target, explained, conclusions)


def _print(found: Found, out: Console) -> None:
    if not found.steps and not found.conclusions:
        out.print(f"{found.target.id}: nothing is open.")
    for explanation in found.steps:
        _print_step(found.target, explanation, out)
    for name, reason in found.conclusions.items():
        out.print(Text(f"{found.target.id}: conclusion {name} is open: {reason}"))


def _print_step(target: Target, found: Explanation, out: Console) -> None:
    title = Text.assemble((f"{target.id}.{found.step.name}", "bold"), f" ({found.step.kind}) ")
    out.print(title + verdict_text(found.outcome.verdict))
    for heading, lines in _sections(found):
        if lines:
            out.print(Text(f"  {heading}", style="bold"))
            out.print(Padding(Text("\n".join(lines)), (0, 0, 0, 4), expand=False))
    out.print()


def _sections(found: Explanation) -> list[tuple[str, list[str]]]:
    asked = [] if found.goal is None else [f"{n}: {readable(p)}" for n, p in _premises(found)]
    return [
        ("claim", _claims(found)),
        ("substitution", [f"{k} := {readable(v)}" for k, v in found.step.values.items()]),
        ("premises the engine saw", asked),
        ("premises named", [] if asked else [use.name for use in found.step.premises]),
        ("the engine says", [found.outcome.reason]),
        ("values", [values_text(found.outcome.witness)] if found.outcome.witness else []),
        ("its model", found.model.splitlines()),
        ("what to try next", [found.advice]),
        ("SMT-LIB", found.smtlib.splitlines()),
    ]


def _premises(found: Explanation) -> list[tuple[str, Any]]:
    return [] if found.goal is None else list(found.goal.premises.items())


def _claims(found: Explanation) -> list[str]:
    if found.goal is not None:
        return [readable(found.goal.claim)]
    return [f"{part}: {readable(c)}" if part else readable(c) for part, c in found.claims.items()]


def _document(found: list[Found]) -> dict[str, Any]:
    return {
        "schema": "kurdyka.explain/1",
        "statements": [
            {
                "id": each.target.id,
                "steps": [_step(explanation) for explanation in each.steps],
                "open_conclusions": [
                    {"name": name, "reason": reason} for name, reason in each.conclusions.items()
                ],
            }
            for each in found
        ],
    }


def _step(found: Explanation) -> dict[str, Any]:
    return {
        "name": found.step.name,
        "kind": found.step.kind,
        "verdict": found.outcome.verdict.value,
        "reason": found.outcome.reason,
        "claim": _claims(found),
        "premises": {name: readable(formula) for name, formula in _premises(found)},
        "uses": [use.name for use in found.step.premises],
        "fact": found.step.fact or None,
        "witness": dict(found.outcome.witness) or None,
        "model": found.model or None,
        "smtlib": found.smtlib or None,
        "closing": list(found.closing),
        "advice": found.advice,
    }
