"""The trusted base: cited facts as schemas, one file per field, found by themselves."""

from importlib import import_module
from pkgutil import iter_modules

from theory.facts.schema import Fact

_FIELDS = sorted(m.name for m in iter_modules(__path__) if m.name != "schema")

TRUSTED: dict[str, Fact] = {
    fact.name: fact for field in _FIELDS for fact in import_module(f"{__name__}.{field}").FACTS
}

__all__ = ["TRUSTED", "Fact"]
