"""``kurdyka loss``: what a loss brings into the theory: its regime, ψ, Ψ and its constant μ(r)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb
from rich.table import Table
from rich.text import Text
from sympy import Expr, Rational

from numerics.enclosures import Enclosure
from numerics.rigorous.balls import BallError, exact_fraction
from numerics.rigorous.ranges import Range, to_ball
from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.errors import UserError
from proofs_check.reporting.terminal import verdict_text
from proofs_check.typed_losses.checks import ProfileRefused, checked_profile
from proofs_check.typed_losses.closed_forms import LEVEL, inverse_form, primitive_form
from proofs_check.typed_losses.regimes import Regimes, modulus, regimes
from proofs_check.verdict import Outcome, Verdict
from theory.activations import X
from theory.expressions import ExpressionError, parse_expression
from theory.losses import LOSSES, Loss, LossError, S
from theory.losses import loss as loss_by_name

_CALL = re.compile(r"(?P<name>[a-z_]+)\s*(?:\(\s*(?:(?P<key>[a-z]+)\s*=\s*)?(?P<value>[^()=]*)\))?")
_SUPREMUM_DIGITS = 12
_QUESTIONS = {
    "ratio": "ρ'²/ρ does not increase",
    "convex": "G = (ρ')²∘ρ⁻¹ is convex",
}


class LossRefused(UserError):
    """A loss is unknown, unreadable or not one that the theory covers."""


@dataclass(frozen=True)
class LossReport:
    """What is known of a loss.

    Parameters
    ----------
    name : str
        As it was typed.
    rho : Expr
        ρ, in ``theory.activations.X``.
    regimes : Regimes
        What the engines decided.
    inverse : str or None
        ρ⁻¹ in closed form, as text in L.
    primitive : str or None
        P with P' = −1/ρ', as text in s.
    Psi : str or None
        Ψ in closed form where the loss is a named one, as text in L.
    level : Fraction or None
        The sublevel r that was asked about.
    modulus : Enclosure or str or None
        μ(r), or why it is open.
    """

    name: str
    rho: Expr
    regimes: Regimes
    inverse: str | None
    primitive: str | None
    Psi: str | None
    level: Fraction | None
    modulus: Enclosure | str | None

    @property
    def psi(self) -> str | None:
        """How ψ is made from ρ⁻¹, None if neither regime is proved."""
        if self.regimes.ratio.proved:
            return "rho^-1(L)"
        return "sqrt(m)*rho^-1(L/m)" if self.regimes.convex.proved else None

    @property
    def decided(self) -> bool:
        """Whether nothing that was asked is open."""
        answers = (self.regimes.ratio, self.regimes.convex)
        known = all(a.verdict is not Verdict.UNDECIDED for a in answers)
        return known and not isinstance(self.modulus, str)


def run(
    text: str, sublevel: str | None = None, digits: int = 30, json_path: str | None = None
) -> int:
    """Decide a loss's regime; return 0 if nothing is open, else 1.

    Raises
    ------
    LossRefused
        If the loss or the sublevel cannot be read, or ρ is not the profile of a loss.
    """
    check_writable(json_path)
    level = _level(sublevel)
    with console(stderr=True).status(f"{text[:60]}: deciding"):
        report = examine(text, level, digits)
    if json_path != STDOUT:
        _print(report)
    if json_path is not None:
        write_json(document(report, digits), json_path)
    return 0 if report.decided else 1


def examine(text: str, level: Fraction | None = None, digits: int = 30) -> LossReport:
    """Return what is known of a loss.

    Parameters
    ----------
    text : str
        ρ as an expression in s, or the name of a loss, with its parameter in parentheses.
    level : Fraction, optional
        The sublevel on which μ is asked for.
    digits : int
        How narrow its enclosure has to be: below 10^−digits.

    Raises
    ------
    LossRefused
        If the loss cannot be read, or ρ is not the profile of a loss.
    """
    known = named_loss(text)
    try:
        rho = known.rho.xreplace({S: X}) if known else parse_expression(text, {"s": X})
        found = regimes(checked_profile(rho))
    except (ExpressionError, ProfileRefused, BallError) as problem:
        raise LossRefused(f"{text[:60]!r}: {problem}") from problem
    known = known or _same_as(rho)
    constant = None if level is None else _enclosed(modulus(found, level, digits), digits)
    return LossReport(
        text, rho, found, _text(inverse_form(found.profile), "L"),
        primitive_form(found.profile), _text(known.primitive if known else None, "L"),
        level, constant,
    )  # fmt: skip


def named_loss(text: str) -> Loss | None:
    """Return the loss that is asked for by name, or None for an expression."""
    match = _CALL.fullmatch(text.strip())
    if match is None or match["name"] not in LOSSES:
        return None
    name, value = match["name"], (match["value"] or "").strip()
    if name == "poisson":
        raise LossRefused("'poisson': its terms depend on y_i too; `kurdyka show kl_poisson` has ψ")
    _, required, optional = LOSSES[name]
    key = match["key"] or next(iter((*required, *optional)), "")
    try:
        chosen = loss_by_name(name, **({key: value} if value else {}))
    except LossError as problem:
        raise LossRefused(f"{text[:60]!r}: {problem}") from problem
    return chosen


def _same_as(rho: Expr) -> Loss | None:
    """Return the named loss without required parameter whose ρ this is."""
    plain = (loss_by_name(name) for name, (_, required, _) in LOSSES.items() if not required)
    return next((known for known in plain if known.rho.xreplace({S: X}) == rho), None)


def _level(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        value = parse_expression(text, ())
    except ExpressionError as problem:
        raise LossRefused(f"--sublevel {text[:40]}: {problem}") from problem
    if not isinstance(value, Rational) or value <= 0:
        raise LossRefused(f"--sublevel {text[:40]}: give a positive rational number such as 0.5")
    return exact_fraction(value)


def _enclosed(found: arb | str, digits: int) -> Enclosure | str:
    if isinstance(found, str):
        return found
    enclosure = Enclosure.to_places(found, digits)
    if enclosure.width >= Fraction(1, 10**digits):
        return f"the enclosure is wider than 10^-{digits}"
    return enclosure


def _text(term: Expr | None, variable: str) -> str | None:
    if term is None:
        return None
    own = LEVEL if variable == "L" else S
    return str(term.xreplace({S: own}))


def document(report: LossReport, digits: int) -> dict[str, Any]:
    """Return the report as JSON data; what is not known is null."""
    found = report.regimes
    return {
        "schema": "kurdyka.loss/1",
        "loss": report.name,
        "rho": _in_s(report.rho),
        "ratio_nonincreasing": _answer(found.ratio),
        "gain_convex": _answer(found.convex),
        "psi": report.psi,
        "rho_inverse": report.inverse,
        "Psi": report.Psi if found.ratio.proved else None,
        "Psi_of_rho": report.primitive,
        "supremum": _supremum(found.supremum),
        "unbounded": True if found.unbounded else (False if found.supremum else None),
        "sublevel": None if report.level is None else str(report.level),
        "mu": report.modulus.to_json() if isinstance(report.modulus, Enclosure) else None,
        "undecided": report.modulus if isinstance(report.modulus, str) else None,
        "digits": digits,
    }


def _in_s(rho: Expr) -> str:
    return str(rho.xreplace({X: S}))


def _answer(outcome: Outcome) -> dict[str, Any]:
    point = outcome.witness.get("s")
    return {"verdict": outcome.verdict.value, "reason": outcome.reason, "point": point}


def _supremum(value: Range | None) -> dict[str, str] | None:
    return None if value is None else Enclosure.from_ball(to_ball(value), 10).to_json()


def _print(report: LossReport) -> None:
    out, found = console(), report.regimes
    out.print(Text(f"{report.name}: ρ(s) = {_in_s(report.rho)}", style="bold"))
    out.print("  ρ is even and C¹, ρ(0) = 0, ρ' > 0 on (0, ∞)")
    grid = Table.grid(padding=(0, 2, 0, 0))
    for name, outcome in (("ratio", found.ratio), ("convex", found.convex)):
        grid.add_row(f"  {_QUESTIONS[name]}", verdict_text(outcome.verdict), Text(outcome.reason))
    out.print(grid)
    for line in _lines(report):
        out.print(Text(f"  {line}"), soft_wrap=True)


def _lines(report: LossReport) -> list[str]:
    inverse = f" = {report.inverse}" if report.inverse else ""
    lines = ["as a radial loss L = ρ(‖v − y‖): ψ(L) = ρ⁻¹(L)" + inverse + _where(report)]
    lines.append(_separable(report))
    if report.Psi and report.regimes.ratio.proved:
        lines.append(f"Ψ(L) = {report.Psi}")
    elif report.primitive:
        argument = "ρ(s)" if report.regimes.ratio.proved else "m ρ(s)"
        lines.append(f"Ψ({argument}) = {report.primitive}")
    if report.level is not None:
        lines.append(f"μ({report.level}) = inf ρ'²/(2ρ) where ρ ≤ {report.level}: {_mu(report)}")
    return lines


def _separable(report: LossReport) -> str:
    start = "as a separable loss L = Σ ρ(v_i − y_i): "
    if report.regimes.ratio.proved:
        return start + "ψ = ρ⁻¹ as well, attained with one coordinate off" + _where(report)
    if report.regimes.convex.proved:
        return start + "ψ(L) = √m ρ⁻¹(L/m), attained with all coordinates equally off"
    return start + "no ψ from either regime; μ(r) (--sublevel) gives ψ(L) = √(2L/μ) where L ≤ r"


def _where(report: LossReport) -> str:
    if report.regimes.unbounded:
        return ""
    if report.regimes.supremum is None:
        return ", for L < sup ρ"
    return f", for L < sup ρ ∈ {Enclosure.from_ball(to_ball(report.regimes.supremum), 10)}"


def _mu(report: LossReport) -> str:
    if isinstance(report.modulus, str):
        return f"UNDECIDED, {report.modulus}"
    if report.modulus is not None and report.modulus.upper == 0:
        return "0, so no Polyak–Łojasiewicz inequality holds there"
    return str(report.modulus)
