"""How much of a statement its proof and the search see: the verdicts on all its small changes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proofs_check.mutants.declared import mutated
from proofs_check.mutants.systematic import systematic
from proofs_check.mutants.verdicts import Tried, Why
from proofs_check.verdict import Verdict
from theory.statement import Mutant, Statement, StatementError

FINDINGS = (Why.IMPLIED, Why.UNNEEDED, Why.SHARPER)


@dataclass(frozen=True)
class Score:
    """The mutants of a statement.

    ``made`` is how many there are, ``tried`` what became of those that were drawn, with ``seed``.
    """

    id: str
    made: int
    tried: tuple[Tried, ...]
    seed: int = 0

    def count(self, verdict: Verdict) -> int:
        """Return how many mutants have this verdict."""
        return Counter(t.verdict for t in self.tried)[verdict]

    @property
    def weaker(self) -> int:
        """How many say less than the original."""
        return sum(t.why is Why.WEAKER for t in self.tried)

    @property
    def findings(self) -> list[Tried]:
        """Mutants that are true and say more: the statement can be sharpened, or needs less."""
        return [t for t in self.tried if t.why in FINDINGS]

    @property
    def survivors(self) -> list[Tried]:
        """Mutants that are neither refuted nor weaker than the original."""
        return [t for t in self.tried if t.verdict is not Verdict.REFUTED and t.why != Why.WEAKER]

    @property
    def contradictions(self) -> list[Tried]:
        """Mutants both refuted and proved: then something is wrong with the checks."""
        return [t for t in self.tried if t.why is Why.CONTRADICTION]

    @property
    def killed(self) -> float:
        """The share refuted of the mutants that are not known to be true; 1 where there is none."""
        wanted = self.count(Verdict.REFUTED) + self.count(Verdict.UNDECIDED)
        return self.count(Verdict.REFUTED) / wanted if wanted else 1.0


def drawn(statement: Statement, sample: int | None, seed: int) -> tuple[int, list[Mutant]]:
    """Return how many mutants a statement has, and those to try.

    Without a sample size that is all of them; with one, so many drawn with the seed, the same ones
    whatever else is run.
    """
    mutants = list(well_formed(statement))
    if sample is None or sample >= len(mutants):
        return len(mutants), mutants
    chosen = set(random.Random(f"{seed} {statement.id}").sample(range(len(mutants)), sample))
    return len(mutants), [m for i, m in enumerate(mutants) if i in chosen]


def well_formed(statement: Statement) -> Iterator[Mutant]:
    """Yield the mutants that are statements, each with a name of its own."""
    names: Counter[str] = Counter()
    for mutant in systematic(statement):
        try:
            mutated(statement, mutant)
        except StatementError:
            continue
        names[mutant.name] += 1
        again = names[mutant.name]
        name = f"{mutant.name} ({again})" if again > 1 else mutant.name
        yield Mutant(name, mutant.replace, mutant.breaks)


def together(scores: Sequence[Score]) -> Score:
    """Return one score for several statements."""
    return Score("all", sum(s.made for s in scores), tuple(t for s in scores for t in s.tried))


def document(s: Score) -> dict[str, Any]:
    """Return the mutants of a statement as JSON data."""
    return {
        "made": s.made,
        "tried": len(s.tried),
        "seed": s.seed,
        "refuted": s.count(Verdict.REFUTED),
        "weaker": s.weaker,
        "score": round(s.killed, 4),
        "mutants": [
            {
                "name": t.mutant,
                "verdict": t.verdict.value,
                "reason": t.why.value,
                "detail": t.detail,
                "seconds": t.seconds,
            }
            for t in s.tried
        ],
    }
