"""How much of a statement its proof and the search see: the verdicts on all its small changes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Implies

from proofs_check.chain import check
from proofs_check.engines import settle
from proofs_check.falsify import all_models, also_fails, find_counterexample
from proofs_check.mutation import MUTANT_SECONDS, attacked, mutated, untouched
from proofs_check.premises import open_claim
from proofs_check.systematic_mutants import systematic
from proofs_check.verdict import Goal, Verdict
from theory.formulas import canonical
from theory.statement import Mutant, Statement, StatementError

WEAKER = "weaker: follows from the original"
UNNEEDED = "the proof does without it"
SECONDS = 2.0


@dataclass(frozen=True)
class Tried:
    """One mutant: its verdict, and why it survives where it is not refuted."""

    mutant: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Score:
    """The mutants of a statement.

    ``made`` is how many there are, ``tried`` what became of those that the budget allowed.
    """

    id: str
    made: int
    tried: tuple[Tried, ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many mutants have this verdict."""
        return Counter(t.verdict for t in self.tried)[verdict]

    @property
    def weaker(self) -> int:
        """How many of the proved ones say less than the original."""
        return sum(t.reason == WEAKER for t in self.tried)

    @property
    def survivors(self) -> list[Tried]:
        """Mutants that are neither refuted nor weaker than the original."""
        return [t for t in self.tried if t.verdict is not Verdict.REFUTED and t.reason != WEAKER]

    @property
    def killed(self) -> float:
        """The share refuted of the mutants that are not weaker; 1 where there is none."""
        wanted = len(self.tried) - self.weaker
        return self.count(Verdict.REFUTED) / wanted if wanted else 1.0


def score(statement: Statement, budget: float = 60.0, seed: int = 0) -> Score:
    """Try every mutant of a statement that is taken to be proved.

    Parameters
    ----------
    statement : Statement
        The original.
    budget : float
        Seconds of processor time; mutants are taken evenly from all kinds if it is short.
    seed : int
        Seed of the searches.
    """
    mutants = list(_distinct(statement))
    start, tried = _spent(), []
    for mutant in _spread(mutants):
        if _spent() - start > budget:
            break
        found = _try(statement, mutant, seed)
        if found is not None:
            tried.append(found)
    return Score(statement.id, len(mutants), tuple(sorted(tried, key=lambda t: t.mutant)))


def _spent() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _distinct(statement: Statement) -> Iterable[Mutant]:
    names: Counter[str] = Counter()
    for mutant in systematic(statement):
        names[mutant.name] += 1
        again = names[mutant.name]
        name = f"{mutant.name} ({again})" if again > 1 else mutant.name
        yield Mutant(name, mutant.replace, mutant.breaks)


def _spread(mutants: Sequence[Mutant]) -> list[Mutant]:
    """Return the mutants in an order of which every beginning is a fair choice."""
    stride = next((s for s in (7, 11, 13) if len(mutants) % s), 1)
    return [mutants[(i * stride) % len(mutants)] for i in range(len(mutants))]


def _try(statement: Statement, mutant: Mutant, seed: int) -> Tried | None:
    """Return what becomes of a mutant, or None where it is no well-formed statement."""
    try:
        false = mutated(statement, mutant)
    except StatementError:
        return None
    if _is_weaker(statement, mutant):
        return Tried(mutant.name, Verdict.PROVED, WEAKER)
    found = find_counterexample(false, attacked(mutant, false), seed, all_models(false))
    if found is not None and not also_fails(statement, found[1]):
        values = ", ".join(f"{k} = {v}" for k, v in found[0].values.items())
        return Tried(mutant.name, Verdict.REFUTED, values)
    kept = untouched(statement, false, mutant)
    chain = check(false, seconds=MUTANT_SECONDS, decided=kept, stop_when_open=True)
    if chain.verdict.established:
        dropped = all(new is None for new in mutant.replace.values())
        return Tried(mutant.name, Verdict.PROVED, UNNEEDED if dropped else "proved as it stands")
    last = chain.steps[-1] if chain.steps else None
    why = f"open: {last.name}" if last is not None else "no step claims it"
    return Tried(mutant.name, Verdict.UNDECIDED, f"no counterexample found, {why}")


def _is_weaker(statement: Statement, mutant: Mutant) -> bool:
    """Whether the changed conclusion follows from the original one and the ranges."""
    for name, new in mutant.replace.items():
        if name not in statement.conclusions:
            return False
        variables, given, body = open_claim(canonical(new))
        _, _, original = open_claim(canonical(statement.conclusions[name]))
        ranges = {q.name: q.range for q in statement.quantities if q.range != True}  # noqa: E712
        premises = {**ranges, "original": original}
        if variables:
            premises["given"] = given
        goal = Goal(body, {n: p for n, p in premises.items() if p != True})  # noqa: E712
        if isinstance(body, Implies) or not settle("polynomial", goal, SECONDS).proved:
            return False
    return True


def document(s: Score) -> dict[str, Any]:
    """Return the mutants of a statement as JSON data."""
    return {
        "made": s.made,
        "tried": len(s.tried),
        "refuted": s.count(Verdict.REFUTED),
        "weaker": s.weaker,
        "score": round(s.killed, 4),
        "mutants": [
            {"name": t.mutant, "verdict": t.verdict.value, "reason": t.reason} for t in s.tried
        ],
    }


PAGE = """# Mutation score

Written by `kurdyka falsify ID ... --mutants --table FILE`. Every statement is changed
mechanically: in conclusions and definitions each constant goes up and down by a tenth, each
exponent by one, each minimum and maximum is swapped; each conclusion is reversed and made a tenth
sharper; each hypothesis and each range is dropped. A change that says less than the original is
*weaker* and proves nothing about the checks. The score is the share refuted of the others. Each
that survives is listed: *PROVED* means that the statement can be sharpened or does without a
hypothesis, *UNDECIDED* that no counterexample was found and the proof does not go through.

"""


def page(scores: Sequence[Score]) -> str:
    """Return the page of scores and survivors."""
    return PAGE + markdown(scores)


def markdown(scores: Sequence[Score]) -> str:
    """Return the table of scores and the survivors, as a part of a page."""
    head = "| statement | mutants | refuted | weaker | proved | open | score |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    lines += [_row(s) for s in scores]
    lines.append(_total(scores))
    for s in scores:
        if s.survivors:
            lines += ["", f"**{s.id}**", ""]
            lines += [f"- {t.mutant}: {t.verdict.value}, {t.reason}" for t in s.survivors]
    return "\n".join(lines) + "\n"


def _row(s: Score) -> str:
    tried = str(s.made) if s.made == len(s.tried) else f"{len(s.tried)} of {s.made}"
    proved = s.count(Verdict.PROVED) - s.weaker
    cells = (s.id, tried, s.count(Verdict.REFUTED), s.weaker, proved)
    return (
        "| "
        + " | ".join(map(str, cells))
        + (f" | {s.count(Verdict.UNDECIDED)} | {100 * s.killed:.0f}% |")
    )


def _total(scores: Sequence[Score]) -> str:
    whole = Score("all", sum(s.made for s in scores), tuple(t for s in scores for t in s.tried))
    return _row(whole)
