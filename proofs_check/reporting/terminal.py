"""The verdict table and what goes with it, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from numerics.enclosures import Enclosure
from proofs_check.reporting.documents import (
    cited,
    conclusion_verdicts,
    sharpness_text,
    values_text,
)
from proofs_check.reporting.findings import (
    Counterexample,
    MutantReport,
    StatementReport,
    sharpest,
)
from proofs_check.verdict import Verdict
from theory.facts import Fact, Rank, ranked

STYLES = {
    Verdict.PROVED: "bold green",
    Verdict.CITED: "cyan",
    Verdict.REFUTED: "bold red",
    Verdict.UNDECIDED: "bold yellow",
    Verdict.SAMPLED: "yellow",
}
_COLUMNS = ("statement", "verdict", "steps", "conclusions", "witness", "mutants", "sharpness", "s")


def print_verification(
    reports: Sequence[StatementReport], console: Console, labels: Mapping[str, str]
) -> None:
    """Print the verdicts, the trusted base, the findings, and what is open.

    Parameters
    ----------
    reports : sequence of StatementReport
        What verification found.
    console : Console
        Where to print.
    labels : mapping
        From a statement's id to how the command names it.
    """
    console.print(table(reports))
    for part in (_trusted_base(reports), _findings(reports), *_troubles(reports, labels)):
        if part is not None:
            console.print()
            console.print(part)
    console.print()
    console.print(_summary(reports))


def verdict_text(verdict: Verdict) -> Text:
    """Return a verdict in its colour."""
    return Text(verdict.value, style=STYLES[verdict])


def enclosure_text(value: Enclosure) -> Text:
    """Return an enclosure with its ends below each other, which shows the digits they share."""
    low, high = value.decimals
    return Text(low if low == high else f"[{low},\n {high}]")


def table(reports: Sequence[StatementReport]) -> Table:
    """Return one row for each statement."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in _COLUMNS:
        numeric = column in ("steps", "conclusions", "mutants", "s")
        made.add_column(column, justify="right" if numeric else "left", no_wrap=True)
    for report in reports:
        made.add_row(*_row(report))
    return made


def _row(report: StatementReport) -> list[RenderableType]:
    steps, proved = report.chain.steps, report.conclusions.values()
    return [
        report.statement.id,
        verdict_text(report.verdict),
        _ratio([s.outcome.verdict.established for s in steps]),
        _ratio([v.established for v in proved]),
        _witness(report),
        _ratio([m.killed for m in report.mutants]) if report.mutants else "–",
        sharpness_text(sharpest(report.sharpness)),
        f"{report.seconds:.1f}",
    ]


def _ratio(met: Sequence[bool]) -> Text:
    text = f"{sum(met)}/{len(met)}"
    return Text(text, style="" if all(met) else "bold yellow")


def _witness(report: StatementReport) -> Text:
    if report.witness is None:
        return Text("none", style="dim")
    if not report.witness.holds:
        return Text("fails", style="bold red")
    return Text("degenerate" if report.witness.degenerate else "holds")


def _trusted_base(reports: Sequence[StatementReport]) -> Group | None:
    groups = ranked(cited(reports))
    if not groups:
        return None
    parts = [Text("Trusted base: cited, not proved here", style="bold")]
    return Group(*parts, *(p for rank, facts in groups.items() for p in _ranked(rank, facts)))


def _ranked(rank: Rank, facts: Sequence[Fact]) -> tuple[Text, Table]:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for fact in facts:
        name, source = Text(f"  {fact.name}", style="cyan"), Text(fact.source, style="dim")
        grid.add_row(name, Text(fact.reading), source)
    return Text(f"  {rank.value} ({len(facts)})", style="italic"), grid


def _findings(reports: Sequence[StatementReport]) -> Group | None:
    found = [f for report in reports for f in report.findings]
    unused = [
        f"{report.statement.id} does not use its hypothesis {name}."
        for report in reports
        if report.verdict.established
        for name in report.chain.unused_hypotheses
    ]
    if not found and not unused:
        return None
    lines = [Text.assemble("  ", (f.id, "cyan"), f" {f.claim}") for f in found]
    return Group(Text("Findings", style="bold"), *lines, *(Text(f"  {line}") for line in unused))


def _troubles(
    reports: Sequence[StatementReport], labels: Mapping[str, str]
) -> list[RenderableType]:
    return [
        _trouble(report, labels.get(report.statement.id, report.statement.id))
        for report in reports
        if not report.succeeds
    ]


def _trouble(report: StatementReport, label: str) -> Group:
    lines: list[RenderableType] = [
        Text.assemble((report.statement.id, "bold"), ": ", verdict_text(report.verdict))
    ]
    if report.counterexample is not None:
        lines += counterexample_lines(report.counterexample)
    lines += _open_steps(report, label) + _open_conclusions(report)
    if report.witness is not None and not report.witness.holds:
        lines += _failed_witness(report)
    lines += [_survivor(m) for m in report.mutants if not m.killed]
    return Group(*lines)


def counterexample_lines(found: Counterexample) -> list[Text]:
    """Return a counterexample, a line for each thing there is to say."""
    values = values_text(found.values)
    (left, left_up), (right, right_up) = found.left, found.right
    return [
        Text(f"  counterexample to {found.conclusion}: {found.relation}"),
        Text(f"    at {values or 'every instance'}"),
        Text(f"    left side in [{left}, {left_up}], right side in [{right}, {right_up}]"),
        Text(f"    left minus right in [{found.margin[0]}, {found.margin[1]}]"),
    ]


def _open_steps(report: StatementReport, label: str) -> list[Text]:
    lines = []
    for step in report.chain.steps:
        if step.outcome.verdict.established:
            continue
        what = f"{step.name} ({step.step.kind}) {step.outcome.verdict.value}"
        lines.append(Text(f"  step {what}: {step.outcome.reason}"))
        if step.outcome.witness:
            values = values_text(step.outcome.witness)
            lines.append(Text(f"    its premises hold and its claim fails at {values}"))
        lines.append(Text(f"    more: kurdyka explain {label}.{step.name}", style="dim"))
    return lines


def _open_conclusions(report: StatementReport) -> list[Text]:
    return [
        Text(f"  conclusion {name} {verdict.value}: {report.reasons.get(name, '')}")
        for name, verdict in conclusion_verdicts(report).items()
        if not verdict.established
    ]


def _failed_witness(report: StatementReport) -> list[Text]:
    assert report.witness is not None
    failed = [h for h in report.witness.hypotheses if h.verdict is not Verdict.PROVED]
    return [
        Text(f"  witness {report.witness.name}: {h.name} {h.verdict.value}: {h.reason}")
        for h in failed
    ]


def _survivor(mutant: MutantReport) -> Text:
    what = f"{mutant.verdict.value}, its proof {'fails' if mutant.chain_fails else 'still checks'}"
    return Text(f"  mutant {mutant.name} survives: {what}; {mutant.reason}".rstrip("; "))


def _summary(reports: Sequence[StatementReport]) -> Text:
    good = sum(report.succeeds for report in reports)
    killed = sum(m.killed for report in reports for m in report.mutants)
    total = sum(len(report.mutants) for report in reports)
    text = f"{good} of {len(reports)} statements stand"
    if total:
        text += f"; {killed} of {total} mutants refuted"
    return Text(text, style="bold green" if good == len(reports) else "bold red")
