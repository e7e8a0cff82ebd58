"""The ``kurdyka`` command. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated, Any

import typer

USAGE, INTERNAL, INTERRUPTED, BROKEN_PIPE = 2, 70, 130, 141

app = typer.Typer(
    name="kurdyka",
    help="Check the convergence and recovery theory of neural networks on inverse problems.",
    epilog="Exit status: 0 all proved, 1 something is refuted or open, 2 wrong usage or input.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,  # plain help: loading the formatter costs more than all the rest
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[
    str | None, typer.Option("--json", metavar="PATH", help="Write JSON; - for standard output.")
]
Targets = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID | FILE.py]...", help="Statements, or lemma files; default: all."),
]
OneTarget = Annotated[str, typer.Argument(metavar="ID | FILE.py[:NAME]", help="One statement.")]
Problem = Annotated[str, typer.Argument(metavar="PROBLEM", help="A problem: TOML or .npz file.")]


def _run(command: str, *arguments: Any) -> int:
    """Import a command and run it; an interruption is answered here, before Typer sees it."""
    try:
        work: Callable[..., int] = import_module(f"proofs_check.commands.{command}").run
        status = work(*arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return _silenced()
    return status


@app.callback(invoke_without_command=True)
def _kurdyka(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"kurdyka {installed('kurdyka')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def verify(
    targets: Targets = None,
    json: Json = None,
    html: Annotated[
        str | None, typer.Option("--html", metavar="PATH", help="Write a self-contained page.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Worker processes; default: all cores.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the searches.")] = 0,
) -> int:
    """Check statements: proof, witness, mutants."""
    return _run("verify", targets or [], json, html, jobs, seed)


@app.command("list")
def list_statements(json: Json = None) -> int:
    """List the statements that ship."""
    return _run("list", json)


@app.command()
def show(target: OneTarget, json: Json = None) -> int:
    """Show one statement with its proof."""
    return _run("show", target, json)


@app.command()
def explain(
    target: Annotated[
        str,
        typer.Argument(metavar="ID[.STEP] | FILE.py[:NAME[.STEP]]", help="Statement or step."),
    ],
    step: Annotated[str, typer.Option("--step", metavar="STEP", help="The step, by name.")] = "",
    json: Json = None,
) -> int:
    """Say why a step is open, and what to try."""
    return _run("explain", target, step, json)


@app.command()
def cite(target: OneTarget, json: Json = None) -> int:
    """Print BibTeX of sources and cited facts."""
    return _run("cite", target, json)


@app.command()
def certify(problem: Problem, json: Json = None) -> int:
    """Say which theorem applies to a problem."""
    return _run("certify", problem, json)


@app.command()
def flow(
    problem: Problem,
    certified: Annotated[
        bool, typer.Option("--certified", help="Enclose the trajectory rigorously.")
    ] = False,
    plot: Annotated[
        str | None, typer.Option("--plot", metavar="FILE", help="Draw the trajectory.")
    ] = None,
    json: Json = None,
) -> int:
    """Follow a problem's gradient flow."""
    return _run("flow", problem, certified, plot, json)


@app.command()
def constants(
    activation: Annotated[
        str, typer.Argument(metavar="ACTIVATION", help="A name, or an expression in x.")
    ],
    digits: Annotated[
        int, typer.Option("--digits", min=1, max=1000, help="Each enclosure: below 10^-N wide.")
    ] = 30,
    json: Json = None,
) -> int:
    """Enclose an activation's constants."""
    return _run("constants", activation, digits, json)


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status; no exception leaves.

    Parameters
    ----------
    arguments : sequence of str
        What was typed after ``kurdyka``.
    """
    try:
        result = typer.main.get_command(app).main(
            list(arguments), prog_name="kurdyka", standalone_mode=False
        )
    except Exception as error:  # the last line of defence: no traceback reaches a user
        return _reported(error)
    return result if isinstance(result, int) else 0


def _reported(error: Exception) -> int:
    if isinstance(error, typer.BadParameter.__mro__[2]):  # Click's own: wrong usage
        return _say(_usage(error), USAGE)
    if isinstance(error, _mistakes()):
        return _say(str(error), USAGE)
    if isinstance(error, OSError) and error.filename is not None:
        return _say(f"{error.filename}: {error.strerror}", USAGE)
    if os.environ.get("KURDYKA_TRACEBACK"):
        raise error
    text = f"internal error, {type(error).__name__}: {error} (KURDYKA_TRACEBACK=1 shows where)"
    return _say(text, INTERNAL)


def _mistakes() -> tuple[type[Exception], ...]:
    """Return the errors that a user can cause; imported late, as they are rarely needed."""
    from numerics.errors import ProblemError
    from proofs_check.errors import UserError
    from theory.registry import UnknownStatement
    from theory.statement import StatementError

    return UserError, ProblemError, UnknownStatement, StatementError


def _usage(error: Any) -> str:
    context = getattr(error, "ctx", None)
    hint = f"; see `{context.command_path} --help`" if context is not None else ""
    return error.format_message().rstrip(".") + hint


def _say(message: str, status: int) -> int:
    sys.stderr.write(f"kurdyka: {' '.join(message.split())}\n")
    return status


def _silenced() -> int:
    """End quietly when nobody reads any more, as in ``kurdyka list | head -1``."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return BROKEN_PIPE


def main() -> None:
    """Run the command that was typed; the process ends with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without σ shows \\u03c3 and goes on
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
