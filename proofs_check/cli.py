"""The ``kurdyka`` command. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated

import typer

from proofs_check import cli_random
from proofs_check.cli_errors import reported
from proofs_check.cli_running import Json
from proofs_check.cli_running import run_command as _run

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

Targets = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID | FILE.py]...", help="Statements, or lemma files; default: all."),
]
OneTarget = Annotated[str, typer.Argument(metavar="ID | FILE.py[:NAME]", help="One statement.")]
Problem = Annotated[str, typer.Argument(metavar="PROBLEM", help="A problem: TOML or .npz file.")]


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


@app.command()
def falsify(
    targets: Targets = None,
    budget: Annotated[
        float | None, typer.Option("--budget", metavar="SECONDS", help="Per statement; default 10.")
    ] = None,
    json: Json = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the search.")] = 0,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Also try every small change of each.")
    ] = False,
    table: Annotated[
        str | None, typer.Option("--table", metavar="FILE", help="Write their scores: Markdown.")
    ] = None,
    results: Annotated[
        str | None,
        typer.Option("--results", metavar="FILE", help="Keep their results; go on from them."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="So many of each; all.")
    ] = None,
    each: Annotated[
        float, typer.Option("--each", metavar="SECONDS", help="Processor time per change.")
    ] = 10.0,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Worker processes; default all cores.")
    ] = None,
) -> int:
    """Hunt for counterexamples; measure sharpness."""
    changes = None
    if mutants or table or results or sample:
        from proofs_check.commands.mutants import Options

        changes = Options(table, results, sample, each, jobs)
    return _run("falsify", targets or [], budget, json, seed, changes)


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
def certify(
    problem: Problem,
    residual: Annotated[
        str | None, typer.Option("--residual", metavar="R", help="How long to train to this one.")
    ] = None,
    json: Json = None,
) -> int:
    """Say which theorem applies to a problem."""
    return _run("certify", problem, json, residual)


@app.command()
def recheck(
    certificate: Annotated[
        str, typer.Argument(metavar="CERTIFICATE.json", help="What certify --json wrote.")
    ],
    json: Json = None,
) -> int:
    """Decide a certificate's claims again."""
    return _run("recheck", certificate, json)


@app.command()
def flow(
    problem: Problem,
    certified: Annotated[
        bool, typer.Option("--certified", help="Enclose the trajectory rigorously.")
    ] = False,
    plot: Annotated[
        str | None, typer.Option("--plot", metavar="FILE", help="Draw the trajectory.")
    ] = None,
    curve: Annotated[
        str | None, typer.Option("--curve", metavar="FILE.csv", help="Check a recorded loss curve.")
    ] = None,
    step: Annotated[
        str | None, typer.Option("--step", metavar="GAMMA", help="Its step size, for iterations.")
    ] = None,
    json: Json = None,
) -> int:
    """Follow a problem's gradient flow."""
    return _run("flow", problem, certified, plot, json, curve, step)


@app.command()
def constants(
    activation: Annotated[
        str | None, typer.Argument(metavar="ACTIVATION", help="A name, or an expression in x.")
    ] = None,
    digits: Annotated[
        int, typer.Option("--digits", min=1, max=1000, help="Each enclosure: below 10^-N wide.")
    ] = 30,
    table: Annotated[
        str | None, typer.Option("--table", metavar="FILE", help="Tabulate all into Markdown.")
    ] = None,
    json: Json = None,
) -> int:
    """Enclose an activation's constants."""
    return _run("constants", activation, digits, table, json)


@app.command()
def dimension(
    cone: Annotated[
        str | None, typer.Argument(metavar="CONE", help="A cone by name; none lists them.")
    ] = None,
    ambient: Annotated[
        str | None, typer.Option(metavar="N", help="Dimension of the space.")
    ] = None,
    of: Annotated[
        str | None, typer.Option("--dimension", metavar="D", help="Of a subspace.")
    ] = None,
    angle: Annotated[
        str | None, typer.Option(metavar="ALPHA", help="Of a circular cone, such as 0.3 or pi/4.")
    ] = None,
    sparsity: Annotated[
        str | None, typer.Option(metavar="S", help="Entries that are not 0, for l1.")
    ] = None,
    failure: Annotated[
        str, typer.Option(metavar="P", help="Failure probability of the measurements.")
    ] = "0.01",
    digits: Annotated[
        int, typer.Option("--digits", min=1, max=1000, help="Each enclosure: below 10^-N wide.")
    ] = 30,
    samples: Annotated[
        int | None, typer.Option("--samples", min=1, metavar="N", help="Simulate it too.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the simulation.")] = 0,
    json: Json = None,
) -> int:
    """Enclose a cone's statistical dimension."""
    given = {"ambient": ambient, "dimension": of, "angle": angle, "sparsity": sparsity}
    return _run("dimension", cone, given, failure, digits, samples, seed, json)


@app.command()
def loss(
    rho: Annotated[
        str, typer.Argument(metavar="RHO", help="An expression in s, or a name: huber(0.5).")
    ],
    sublevel: Annotated[
        str | None, typer.Option("--sublevel", metavar="R", help="Enclose mu on L <= R.")
    ] = None,
    digits: Annotated[
        int, typer.Option("--digits", min=1, max=1000, help="Each enclosure: below 10^-N wide.")
    ] = 30,
    json: Json = None,
) -> int:
    """Decide a loss's regime; give psi and mu(r)."""
    return _run("loss", rho, sublevel, digits, json)


@app.command()
def bound(
    target: Annotated[
        str,
        typer.Argument(metavar="ID[.NAME] | FILE.py[:NAME[.BOUND]]", help="Statement or bound."),
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="[sym=value]...", help="Decimals or fractions, taken exactly."),
    ] = None,
    solve_for: Annotated[
        str | None, typer.Option(metavar="SYM", help="Invert the bound; give value=NUMBER.")
    ] = None,
    loss: Annotated[
        str | None, typer.Option(metavar="NAME", help="What psi and Psi are: squared, power(3).")
    ] = None,
    digits: Annotated[
        int, typer.Option("--digits", min=1, max=1000, help="Each enclosure: below 10^-N wide.")
    ] = 30,
    json: Json = None,
) -> int:
    """Enclose a statement's bounds at values."""
    return _run("bound", target, values or [], solve_for, loss, digits, json)


@app.command()
def latex(
    targets: Targets = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Default: standard output.")
    ] = None,
    document: Annotated[
        bool, typer.Option("--document", help="A document that compiles as it stands.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Ask the engines, and print their verdicts.")
    ] = False,
    at: Annotated[
        list[str] | None, typer.Option(metavar="sym=value", help="Values for the bounds' table.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, help="Worker processes, with --verify.")
    ] = 1,
    json: Json = None,
) -> int:
    """Write statements and proofs as LaTeX."""
    return _run("latex", targets or [], output, document, verify, at or [], jobs, json)


@app.command()
def width(
    problem: Annotated[
        str | None, typer.Argument(metavar="[PROBLEM]", help="A problem file; none: see below.")
    ] = None,
    outputs: Annotated[
        str | None, typer.Option(metavar="N", help="Dimension of the signal.")
    ] = None,
    measurements: Annotated[
        str | None, typer.Option(metavar="M", help="Number of measurements.")
    ] = None,
    inputs: Annotated[
        str | None, typer.Option(metavar="D", help="Dimension of the input u.")
    ] = None,
    activation: Annotated[
        str | None, typer.Option(metavar="NAME", help="A name, or an expression in x.")
    ] = None,
    sigma_min: Annotated[
        str | None, typer.Option(metavar="S", help="Smallest non-zero singular value of A.")
    ] = None,
    operator_norm: Annotated[
        str | None, typer.Option(metavar="S", help="Largest singular value of A.")
    ] = None,
    frobenius_norm: Annotated[
        str | None, typer.Option(metavar="F", help="Frobenius norm of A; default: its largest.")
    ] = None,
    observation_norm: Annotated[
        str | None, typer.Option(metavar="Y", help="Norm of the observation; default 1.")
    ] = None,
    output_weights: Annotated[
        str | None, typer.Option(metavar="LAW", help="rademacher or uniform.")
    ] = None,
    failure: Annotated[
        str | None, typer.Option(metavar="P", help="Failure probability; default 1/n + 1/d.")
    ] = None,
    train: Annotated[
        str | None, typer.Option(metavar="LAYERS", help="hidden or both; default: each.")
    ] = None,
    json: Json = None,
) -> int:
    """Say how wide is wide enough."""
    given = {
        "outputs": outputs, "measurements": measurements, "inputs": inputs,
        "activation": activation, "sigma_min": sigma_min, "operator_norm": operator_norm,
        "frobenius_norm": frobenius_norm, "observation_norm": observation_norm,
        "output_weights": output_weights, "failure": failure, "train": train,
    }  # fmt: skip
    return _run("width", problem, given, json)


for random_command in (cli_random.phase, cli_random.gap):
    app.command()(random_command)


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
        return reported(error)
    return result if isinstance(result, int) else 0


def main() -> None:
    """Run the command that was typed; the process ends with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without σ shows \\u03c3 and goes on
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
