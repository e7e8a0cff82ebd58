"""What a conclusion rests on, read off the proof as written, before any engine is asked."""

from __future__ import annotations

from functools import lru_cache

from proofs_check.claims import Lookup, claims
from theory import registry
from theory.formulas import canonical
from theory.statement import Statement


def named_premises(
    statement: Statement, conclusion: str, lookup: Lookup = registry.statement
) -> frozenset[str]:
    """Return the premises of a statement that the steps towards a conclusion may see.

    A lemma applied for one of its conclusions needs these premises and no others. The lookup has
    to be the one its proof is checked with: a step whose claim were not found would leave the
    conclusion to a later step, which may name fewer premises.
    """
    return _named(_Key(statement, conclusion, lookup))


class _Key:
    """A statement and a conclusion; the cache knows a statement by its identity."""

    def __init__(self, statement: Statement, conclusion: str, lookup: Lookup) -> None:
        self.statement, self.conclusion, self.lookup = statement, conclusion, lookup

    def __hash__(self) -> int:
        return hash((id(self.statement), self.conclusion))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and self.statement is other.statement
            and self.conclusion == other.conclusion
            and self.lookup is other.lookup
        )


@lru_cache(maxsize=256)
def _named(key: _Key) -> frozenset[str]:
    statement = key.statement
    goal = canonical(statement.conclusions[key.conclusion])
    claimed = claims(statement, key.lookup)
    earning = [name for name, claim in claimed.items() if canonical(claim) == goal]
    uses = {step.name: [use.name for use in step.premises] for step in statement.steps}
    found: set[str] = set()
    waiting = earning[:1] or list(statement.premises)
    while waiting:
        name = waiting.pop()
        step = name if name in uses else name.partition(".")[0]
        if name in found:
            continue
        found.add(name)
        waiting += uses.get(step, [])
    return frozenset(found) & frozenset(statement.premises)
