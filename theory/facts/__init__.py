"""The trusted base: cited facts as schemas, one file per field, found by themselves."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from theory.as_written import relations_as_written
from theory.facts.schema import Basis, Fact, Rank

_FIELDS = sorted(m.name for m in iter_modules(__path__) if m.name != "schema")

with relations_as_written():
    TRUSTED: dict[str, Fact] = {
        fact.name: fact for field in _FIELDS for fact in import_module(f"{__name__}.{field}").FACTS
    }


def ranked(names: Iterable[str]) -> dict[Rank, list[Fact]]:
    """Return the facts of these names by rank, theorems of THEORY section 11 first."""
    facts = [TRUSTED[name] for name in names if name in TRUSTED]
    groups = {rank: [fact for fact in facts if fact.basis.rank is rank] for rank in Rank}
    return {rank: group for rank, group in groups.items() if group}


__all__ = ["TRUSTED", "Basis", "Fact", "Rank", "ranked"]
