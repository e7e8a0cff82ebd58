"""What a conclusion rests on, read off the proof as written, before any engine is asked."""

from __future__ import annotations

from functools import lru_cache

from proofs_check.claims import claims
from theory.formulas import canonical
from theory.statement import Statement


def named_premises(statement: Statement, conclusion: str) -> frozenset[str]:
    """Return the premises of a statement that the steps towards a conclusion may see.

    A lemma applied for one of its conclusions needs these premises and no others.
    """
    return _named(_Key(statement, conclusion))


class _Key:
    """A statement and a conclusion; the cache knows a statement by its identity."""

    def __init__(self, statement: Statement, conclusion: str) -> None:
        self.statement, self.conclusion = statement, conclusion

    def __hash__(self) -> int:
        return hash((id(self.statement), self.conclusion))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and self.statement is other.statement
            and self.conclusion == other.conclusion
        )


@lru_cache(maxsize=256)
def _named(key: _Key) -> frozenset[str]:
    statement = key.statement
    goal = canonical(statement.conclusions[key.conclusion])
    claimed = claims(statement)
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
