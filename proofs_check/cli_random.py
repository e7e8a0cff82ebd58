"""The commands that try random networks, as they are typed."""

from __future__ import annotations

from typing import Annotated

import typer

from proofs_check.cli_running import Json, run_command


def phase(
    sweep: Annotated[str, typer.Argument(metavar="SWEEP.toml", help="What to vary, and how far.")],
    store: Annotated[
        str | None, typer.Option("--store", metavar="FILE", help="Keep and reuse samples here.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Worker processes; default: all cores.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Of a Dask cluster.")
    ] = None,
    plot: Annotated[
        str | None, typer.Option("--plot", metavar="FILE", help="Draw the phase diagram.")
    ] = None,
    json: Json = None,
) -> int:
    """Try many random networks, and count."""
    return run_command("phase", sweep, store, jobs, scheduler, plot, json)


def gap(
    write: Annotated[
        str | None, typer.Option("--write", metavar="FILE", help="Write the page: Markdown.")
    ] = None,
    networks: Annotated[
        int | None, typer.Option("--networks", min=1, metavar="N", help="How many are tried.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the networks.")] = 0,
    json: Json = None,
) -> int:
    """Compare published, sharp and observed."""
    return run_command("gap", write, networks, seed, json)
