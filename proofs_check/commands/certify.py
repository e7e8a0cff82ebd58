"""``kurdyka certify``: which theorem applies to a problem, and what it promises."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from numerics.inputs.tables import decimal_number
from numerics.problems import Problem, read_problem
from proofs_check.certificate import certificate
from proofs_check.certifying.advice import advice
from proofs_check.certifying.reading import Reading
from proofs_check.certifying.text import above, below, shown
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.instance import Instance, examine
from proofs_check.reporting.terminal import verdict_text


def run(problem: str, json_path: str | None = None, residual: str | None = None) -> int:
    """Certify a problem; return 0 if a theorem applies, else 1."""
    check_writable(json_path)
    wanted = None if residual is None else decimal_number(residual, "--residual", positive=True)
    with console(stderr=True).status(f"{problem}: reading") as status:
        read = read_problem(problem)
        status.update(f"{problem}: measuring")
        instance = examine(read)
    if json_path != STDOUT:
        print_certificate(instance, problem, console(), wanted)
    if json_path is not None:
        source = Path(problem)
        folder = _folder(source, json_path)
        write_json(certificate(instance, source, folder, wanted), json_path)
    return 0 if instance.applies else 1


def _folder(source: Path, json_path: str) -> str | None:
    """Return the problem's folder as seen from where the certificate will be."""
    if json_path == STDOUT:
        return None
    return Path(os.path.relpath(source.parent, Path(json_path).parent)).as_posix()


def print_certificate(
    instance: Instance, name: str, out: Console, residual: Fraction | None = None
) -> None:
    """Print a certificate: measured quantities, the theorems, the hypotheses, and what it means."""
    out.print(Text(f"{name}: {describe(instance.problem)}", style="bold"))
    out.print(_quantities(instance))
    out.print()
    out.print(_theorems(instance))
    out.print()
    out.print(Text("Hypotheses", style="bold"))
    out.print(_indented(_hypotheses(instance)))
    out.print()
    out.print(Text("In plain words", style="bold"))
    for line in advice(instance, residual):
        out.print(_indented(Text(line)))


def _indented(body: RenderableType) -> Padding:
    return Padding(body, (0, 0, 0, 2), expand=False)


def describe(problem: Problem) -> str:
    """Return a problem in a line: loss, sizes, network."""
    sizes = f"{problem.loss.label} loss, m = {problem.measurements}, n = {problem.outputs}"
    network = problem.network
    if network is None:
        return f"{sizes}, a network known by asserted quantities"
    layers = "both layers" if network.train == "both" else "hidden layer"
    return f"{sizes}, {network.width} {network.activation} neurons, {layers} trained"


def _quantities(instance: Instance) -> Table:
    found, asserted = instance.measured, instance.measured.asserted
    rows = (
        ("σ_A", "smallest non-zero singular value of A", found.spectrum.sigma_A, "sigma_A"),
        ("‖A‖", "operator norm", found.spectrum.norm, "operator_norm"),
        ("σ₀", "σ_min of the Jacobian at θ₀", found.sigma_0, "sigma_0"),
        ("Λ", "Lipschitz constant of the Jacobian at θ₀", found.lipschitz, "lipschitz"),
        ("w₀", "initial misfit ψ(L(y(0)))", found.misfit, "misfit"),
        ("‖ε‖", "noise level", found.noise, "noise_norm"),
    )
    grid = Table.grid(padding=(0, 2, 0, 0))
    for symbol, meaning, value, key in rows:
        mark = "asserted" if key in asserted else ""
        mark = "estimate" if value is not None and not value.rigorous else mark
        grid.add_row(Text(f"  {symbol}", style="cyan"), shown(value), meaning, mark)
    return grid


_Cell = Callable[[Reading], str]


def _bound(name: str, upper: bool) -> _Cell:
    def cell(reading: Reading) -> str:
        value = reading.bound(name)
        return "–" if value is None else (above(value) if upper else below(value))

    return cell


_ROWS: tuple[tuple[str, _Cell], ...] = (
    ("applies", lambda r: {True: "yes", False: "no", None: "undecided"}[r.applies]),
    ("q", lambda r: shown(r.q)),
    ("has to be below", lambda r: "unknown" if r.limit is None else f"{float(r.limit.upper):g}"),
    ("Λ", lambda r: shown(r.lipschitz)),
    ("‖θ(t) − θ₀‖ ≤", _bound("travel_radius", upper=True)),
    ("σ_min(J(θ(t))) ≥", _bound("conditioning", upper=False)),
    ("exponential rate ≥", lambda r: "–" if r.rate is None else below(r.rate)),
    ("w(t) ≤ ‖ε‖ from t =", lambda r: "–" if r.stopping_time is None else above(r.stopping_time)),
)
_APPLIES = {"yes": "bold green", "no": "bold red", "undecided": "bold yellow"}


def _theorems(instance: Instance) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column("  theorem")
    for name in ("published", "sharp", "sharp, for AJ"):
        made.add_column(name, justify="right", min_width=12)
    for label, cell in _ROWS:
        cells = (cell(reading) for reading in instance.readings.values())
        styled = (Text(text, style=_APPLIES.get(text, "")) for text in cells)
        made.add_row(f"  {label}", *styled)
    return made


def _hypotheses(instance: Instance) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for report in instance.hypotheses:
        grid.add_row(Text(report.name), verdict_text(report.verdict), Text(report.reason))
    return grid
