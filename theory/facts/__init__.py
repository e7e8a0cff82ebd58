"""The trusted base: cited facts as schemas, one file per field."""

from theory.facts import calculus, gradients, limits, linear_algebra, ode
from theory.facts.schema import Fact

TRUSTED: dict[str, Fact] = {
    fact.name: fact
    for field in (calculus, gradients, limits, linear_algebra, ode)
    for fact in field.FACTS
}

__all__ = ["TRUSTED", "Fact"]
