"""What a model of the sample space does not tell: where a law fails, and values off the sample.

A counterexample may rest on neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Symbol
from sympy.core.function import AppliedUndef

from theory.formulas import ForAll, Formula, conjuncts, free_symbols, parts
from theory.probability import (
    OMEGA,
    GaussianVector,
    Independent,
    IndependentOf,
    IndependentPairs,
    InSpace,
)
from theory.statement import Model, Statement

# In a model these are read as conditions that are sufficient for them, not necessary.
SUFFICIENT = (Independent, IndependentPairs, IndependentOf, GaussianVector, InSpace)


def beyond_the_sample(statement: Statement, model: Model, name: str) -> bool:
    """Whether what a model says of its sample space could not refute a conclusion."""
    if not model.sample:
        return False
    read = (*statement.premises.values(), *statement.conclusions.values())
    finite = not isinstance(model.sample, str)
    return claims_a_law(statement.conclusions[name]) or (finite and leaves_the_sample(read))


def claims_a_law(formula: Formula) -> bool:
    """Whether a formula speaks of a law that a model may have without its being seen."""
    return any(part.has(*SUFFICIENT) for part in parts(formula))


def denies_a_law(formula: Formula) -> bool:
    """Whether a law stands elsewhere than among the claims of a formula."""
    body = formula.body if isinstance(formula, ForAll) else formula
    given = isinstance(formula, ForAll) and formula.given.has(*SUFFICIENT)
    claims = conjuncts(body)
    return given or any(c.has(*SUFFICIENT) and not isinstance(c, SUFFICIENT) for c in claims)


def leaves_the_sample(formulas: Iterable[Formula]) -> bool:
    """Whether a function of the sample point is also applied to something else.

    A finite model looks at random variables at its points only; elsewhere they are not described.
    """
    formulas = list(formulas)
    if any(OMEGA in free_symbols(formula) for formula in formulas):
        return True  # a constant of that name, which need not be one of the points
    terms = [part for formula in formulas for part in parts(formula)]
    applied = {use for term in terms for use in term.atoms(AppliedUndef)}
    places = {(u.func, i) for u in applied for i, a in enumerate(u.args) if a == OMEGA}
    return any(
        (u.func, i) in places and not _is_sample(argument)
        for u in applied
        for i, argument in enumerate(u.args)
    )


def _is_sample(argument: Any) -> bool:
    """Whether a term is the sample point, free or bound: no symbol of a statement begins so."""
    return argument == OMEGA or (isinstance(argument, Symbol) and argument.name.startswith("_"))
