"""How far a flow has been followed, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from proofs_check.commands.output import console


@contextmanager
def progress_bar(problem: str, doing: str) -> Iterator[Callable[[float, float], None]]:
    """Show how much is done of what is to do; only where somebody watches.

    Parameters
    ----------
    problem : str
        What to call the problem.
    doing : str
        What is being done to it, once it is read.
    """
    err = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    shown = (*columns, TimeElapsedColumn())
    with Progress(*shown, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(f"{problem}: reading", total=None)

        def report(done: float, whole: float) -> None:
            bar.update(task, description=f"{problem}: {doing}", completed=done, total=whole)

        yield report
