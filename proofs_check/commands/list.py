"""``kurdyka list``: the statements that ship, by layer."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from proofs_check.commands.output import STDOUT, console, write_json
from theory.registry import statements
from theory.statement import Statement

LAYERS = {
    "published": "published in the literature",
    "sharp": "this project's own, with every constant explicit",
    "user": "without a layer",
}


def run(json_path: str | None = None) -> int:
    """List all statements; return the exit status."""
    found = statements()
    if json_path is not None:
        write_json(_document(found), json_path)
    if json_path != STDOUT:
        _print(found)
    return 0


def _document(found: tuple[Statement, ...]) -> dict[str, Any]:
    return {
        "schema": "kurdyka.list/1",
        "statements": [
            {
                "id": s.id,
                "title": s.title,
                "layer": s.source.layer,
                "sources": list(s.source.keys),
                "section": s.source.section,
                "hypotheses": [h.name for h in s.hypotheses],
                "conclusions": list(s.conclusions),
                "steps": len(s.steps),
                "mutants": len(s.mutants),
            }
            for s in found
        ],
    }


def _print(found: tuple[Statement, ...]) -> None:
    out = console()
    for layer, meaning in LAYERS.items():
        chosen = [s for s in found if s.source.layer == layer]
        if chosen:
            out.print(_table(chosen, f"{layer}: {meaning}"))
            out.print()
    out.print("kurdyka show ID prints one of them; kurdyka verify ID checks it.", style="dim")


def _table(found: list[Statement], title: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in ("id", "§", "what it says", "conclusions"):
        table.add_column(column, no_wrap=column == "id")
    for s in found:
        table.add_row(s.id, s.source.section, s.title, ", ".join(s.conclusions))
    return table
