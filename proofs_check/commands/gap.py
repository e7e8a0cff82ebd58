"""``kurdyka gap``: published, sharp and observed, bound by bound and for the width."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from proofs_check.commands.output import STDOUT, check_writable, console, write_json, write_text
from proofs_check.errors import OutputError
from proofs_check.gaps.draws import draw_shares
from proofs_check.gaps.measure import FLOWS, NETWORKS, flow_gaps
from proofs_check.gaps.page import (
    DRAW_HEADS,
    FLOW_HEADS,
    Gaps,
    document,
    draw_rows,
    flow_rows,
    page,
    width_heads,
    width_rows,
)
from proofs_check.gaps.widths import SAMPLES, SIZES, width_gap
from proofs_check.manifest import manifest


def run(
    path: str | None = None,
    networks: int | None = None,
    seed: int = 0,
    json_path: str | None = None,
) -> int:
    """Compare everything; return 1 if a bound that is claimed is exceeded, else 0."""
    check_writable(json_path, path)
    if path is not None and path == json_path:
        raise OutputError("--write and --json cannot both write to the same place")
    found = measured(networks, seed)
    if path is not None:
        write_text(page(found, networks or NETWORKS), path)
    if STDOUT not in (json_path, path):
        print_gaps(found, console())
    if json_path is not None:
        write_json(document(found) | {"manifest": manifest([], seed)}, json_path)
    return int(bool(found.exceeded))


def measured(networks: int | None, seed: int) -> Gaps:
    """Measure everything, on a fixed set of instances for each seed."""
    with console(stderr=True).status("following flows") as status:
        flows = {train: flow_gaps(train, networks or NETWORKS, seed) for train in FLOWS}
        status.update("drawing networks")
        draws = draw_shares(seed=seed)
        widths = [
            width_gap(sizes, networks or SAMPLES, seed, lambda text: status.update(text))
            for sizes in SIZES
        ]
    return Gaps(flows, draws, widths)


def print_gaps(found: Gaps, out: Console) -> None:
    """Print the part of each bound that is reached, and the widths."""
    out.print(Text("The part of each bound that is reached; 1 is equality (SAMPLED)", style="bold"))
    for train, rows in found.flows.items():
        _print(f"Along the flow, {train}", FLOW_HEADS, flow_rows(rows), out)
    _print("At initialisation", DRAW_HEADS, draw_rows(found.draws), out)
    widths = width_rows(found.widths)
    _print("The whole chain: widths that are enough", width_heads(found.widths), widths, out)
    for name in found.exceeded:
        out.print(Text(f"VIOLATION: {name}", style="bold red"))


def _print(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], out: Console) -> None:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for i, head in enumerate(heads):
        made.add_column(head if i else f"  {head}", justify="right" if i else "left")
    for first, *rest in rows:
        made.add_row(f"  {first}", *rest)
    out.print()
    out.print(Text(title, style="bold"))
    out.print(made)
