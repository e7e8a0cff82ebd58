"""The gap between published, sharp and observed as tables: terminal, JSON, Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from proofs_check.gaps.draws import DRAWS, PROBABILITY, WIDTH
from proofs_check.gaps.levels import Share
from proofs_check.gaps.measure import FLOWS, Reached
from proofs_check.gaps.widths import SHARE, WidthGap

_INTRODUCTION = """
This page is written by `kurdyka gap --write docs/left_on_the_table.md`. A number is the part of a
bound that is reached: 1 is equality, 0.1 says that the bound is ten times too large. Bounds are the
statements' own, rounded outward; what reaches them are random networks, followed in floating point.
That is SAMPLED: it tells how much better a bound could be at best, and proves nothing. A dash says
that there is no such bound.
"""
_FLOWS = """
Problems with n = 4 outputs, m = 2 measurements, κ(A) = 2 and 10% noise; tanh, Rademacher output
weights, squared loss; {networks} networks for each table, {widths}. The largest part reached by any
of them is shown, beside that of the scalar instance A = σ_A, g(θ) = σ₀θ − Λθ²/2 at q = 0.249, just
below the published threshold. There the sharp theorem is attained: it cannot be improved without
further hypotheses. The published tail is stated in the published envelope, the sharp one in w(t)
itself. The published recovery theorem says nothing for m < n (`recovery_vacuity`).
"""
_DRAWS = f"""
{DRAWS:,} networks, n = 4, k = {WIDTH}. Each bound fails with a probability of at most
{PROBABILITY:g}; shown is the part of it that the quantile of this probability reaches. The
literature leaves the constants of these bounds open: there is nothing published to compare with.
"""
_WIDTHS = f"""
Hidden layer trained, tanh, Rademacher output weights, squared loss, ‖A‖ = ‖A x̄‖ = 1. The theorems'
widths are certified to be enough for a loss of zero with probability {float(SHARE):g}. Observed is
the least width, of those tried, at which at least {100 * float(SHARE):g}% of the networks come down
to a loss of 1e-8, by the lower end of an exact 99% interval; how many did is in brackets.
"""


@dataclass(frozen=True)
class Gaps:
    """Everything that is compared; parts that were not asked for are empty.

    Parameters
    ----------
    flows : mapping of str to sequence of Reached
        By what is trained.
    draws : mapping of str to Share
        At initialisation.
    widths : sequence of WidthGap
        By size of the problem.
    """

    flows: Mapping[str, Sequence[Reached]]
    draws: Mapping[str, Share]
    widths: Sequence[WidthGap]

    @property
    def exceeded(self) -> list[str]:
        """Names of the bounds that are exceeded by more than the error of integration."""
        found = [
            f"{row.name}, {train}"
            for train, rows in self.flows.items()
            for row in rows
            if any(_beyond(share) for share in (row.networks, row.extremal))
        ]
        return found + [name for name, share in self.draws.items() if _beyond(share)]


TOLERANCE = 1e-4
"""How far above 1 floating point may carry a part of a bound that is attained."""


def _beyond(share: Share) -> bool:
    return any(v is not None and v > 1 + TOLERANCE for v in (share.published, share.sharp))


def part(value: float | None) -> str:
    """Return a part of a bound, rounded to three digits, as it is printed."""
    if value is None:
        return "–"
    return f"{value:.3f}" if value >= 0.01 else f"{value:.1e}"


FLOW_HEADS = (
    "inequality", "of published", "of sharp", "extremal: of published", "extremal: of sharp",
)  # fmt: skip


DRAW_HEADS = ("bound", "of sharp")


def flow_rows(rows: Sequence[Reached]) -> list[list[str]]:
    """Return a row of text for each inequality."""
    return [
        [row.name, *map(part, (row.networks.published, row.networks.sharp,
                               row.extremal.published, row.extremal.sharp))]
        for row in rows
    ]  # fmt: skip


def draw_rows(draws: Mapping[str, Share]) -> list[list[str]]:
    """Return a row of text for each bound at initialisation."""
    return [[name, part(share.sharp)] for name, share in draws.items()]


def width_heads(widths: Sequence[WidthGap]) -> list[str]:
    """Return the heads of the table of widths; the theorems are those that give one."""
    theorems = list(widths[0].theorems) if widths else []
    return ["n", "m", "κ(A)", *theorems, "observed", *(f"{name} / observed" for name in theorems)]


def width_rows(widths: Sequence[WidthGap]) -> list[list[str]]:
    """Return a row of text for each size of problem."""
    return [
        [
            *(str(gap.sizes[name]) for name in ("outputs", "measurements", "condition_number")),
            *(_width(enough.width) for enough in gap.theorems.values()),
            _observed(gap),
            *(_ratio(enough.width, gap.width) for enough in gap.theorems.values()),
        ]
        for gap in widths
    ]


def _width(width: int | None) -> str:
    return "–" if width is None else f"{width:,}"


def _observed(gap: WidthGap) -> str:
    if gap.observed is None:
        return "–"
    return f"{gap.width} ({gap.observed.successes}/{gap.observed.samples})"


def _ratio(width: int | None, observed: int | None) -> str:
    return "–" if width is None or observed is None else f"{width / observed:,.0f}"


def page(gaps: Gaps, networks: int) -> str:
    """Return the whole page as Markdown."""
    widths = ", ".join(f"k = {entry['width']:,} with {n}" for n, entry in FLOWS.items())
    blocks = ["# How much is left on the table\n", _filled(_INTRODUCTION)]
    blocks += ["## Along the flow\n", _filled(_FLOWS.format(networks=networks, widths=widths))]
    for train, rows in gaps.flows.items():
        blocks += [f"### {train[0].upper()}{train[1:]}\n", markdown(FLOW_HEADS, flow_rows(rows))]
    blocks += [
        "## At initialisation\n",
        _filled(_DRAWS),
        markdown(DRAW_HEADS, draw_rows(gaps.draws)),
    ]
    blocks += ["## The whole chain: how wide is wide enough\n", _filled(_WIDTHS)]
    blocks += [markdown(width_heads(gaps.widths), width_rows(gaps.widths))]
    return "\n".join(blocks)


def _filled(text: str) -> str:
    return fill(" ".join(text.split()), 100, break_long_words=False, break_on_hyphens=False) + "\n"


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def document(gaps: Gaps) -> dict[str, Any]:
    """Return everything as plain data; all parts of bounds are floats, and SAMPLED."""
    return {
        "schema": "kurdyka.gap/1",
        "verdict": "SAMPLED",
        "flows": {
            train: [
                {"inequality": row.name, "networks": _plain(row.networks), "tried": row.tried,
                 "extremal": _plain(row.extremal)}
                for row in rows
            ]
            for train, rows in gaps.flows.items()
        },
        "initialisation": {name: _plain(share) for name, share in gaps.draws.items()},
        "widths": [_width_data(gap) for gap in gaps.widths],
        "exceeded": gaps.exceeded,
    }  # fmt: skip


def _plain(share: Share) -> dict[str, float | None]:
    return {"of_published": share.published, "of_sharp": share.sharp}


def _width_data(gap: WidthGap) -> dict[str, Any]:
    seen = gap.observed
    return {
        **gap.sizes,
        "theorems": {name: enough.to_json() for name, enough in gap.theorems.items()},
        "observed": None if seen is None else {
            "width": gap.width, "successes": seen.successes, "samples": seen.samples,
            "probability": seen.probability.to_json(),
        },
    }  # fmt: skip
