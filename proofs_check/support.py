"""What a conclusion rests on, read off the proof as written, before any engine is asked."""

from __future__ import annotations

from functools import lru_cache

from proofs_check.claims import Lookup, claims
from proofs_check.identity import Keyed
from theory import registry
from theory.formulas import Formula, canonical
from theory.statement import Statement


def named_premises(
    statement: Statement, conclusion: str, lookup: Lookup = registry.statement
) -> frozenset[str]:
    """Return the premises of a statement that the steps towards a conclusion may see.

    A lemma applied for one of its conclusions needs these premises and no others. The lookup has
    to be the one its proof is checked with: a step whose claim were not found would leave the
    conclusion to a later step, which may name fewer premises.
    """
    return _named(_Proof(statement, lookup), conclusion)


class _Proof(Keyed):
    """A statement, known by its identity, and how its proof finds lemmas."""

    def __init__(self, statement: Statement, lookup: Lookup) -> None:
        self.statement, self.lookup = statement, lookup
        super().__init__(id(statement), lookup)


@lru_cache(maxsize=256)
def _earned(proof: _Proof) -> dict[Formula, str]:
    """Return what the steps claim, with the name of the first that claims it."""
    named = claims(proof.statement, proof.lookup)
    return {canonical(claim): name for name, claim in reversed(named.items())}


@lru_cache(maxsize=1024)
def _named(proof: _Proof, conclusion: str) -> frozenset[str]:
    statement = proof.statement
    earning = _earned(proof).get(canonical(statement.conclusions[conclusion]))
    uses = {step.name: [use.name for use in step.premises] for step in statement.steps}
    found: set[str] = set()
    waiting = list(statement.premises) if earning is None else [earning]
    while waiting:
        name = waiting.pop()
        step = name if name in uses else name.partition(".")[0]
        if name in found:
            continue
        found.add(name)
        waiting += uses.get(step, [])
    return frozenset(found) & frozenset(statement.premises)
