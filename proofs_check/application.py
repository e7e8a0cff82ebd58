"""Applying a theorem that is already known: a cited fact, or another statement.

The step gives only a substitution. The claim is computed here, every substituted premise has to
follow from the premises the step names, and what the theorem asserts to exist gets a fresh name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from sympy import And, Basic, Expr, Lambda, Symbol, nan, oo, zoo
from sympy.core.function import AppliedUndef, UndefinedFunction

from proofs_check.duties import Application, Duty, duties, variables_apart
from proofs_check.premises import UnresolvedUse, hidden, under
from proofs_check.verdict import Verdict
from theory.facts import TRUSTED
from theory.formulas import (
    Formula,
    free_symbols,
    functions_in,
    parts,
    substitute,
)
from theory.registry import UnknownStatement
from theory.statement import Statement, Step, defined_term
from theory.terms import Sort, sort_of


def apply_fact(
    step: Step,
    known: Mapping[str, Formula],
    introduced: dict[str, str],
) -> Application:
    """Apply a fact of the trusted base.

    Raises
    ------
    UnresolvedUse
        If the fact is unknown, or the substitution does not fit its parameters.
    """
    if step.fact not in TRUSTED:
        raise UnresolvedUse(f"cites {step.fact!r}, which is not in the trusted base")
    fact = TRUSTED[step.fact]
    missing = [str(p) for p in fact.parameters if str(p) not in step.values]
    if missing:
        raise UnresolvedUse(f"the substitution for {step.fact!r} misses {missing[0]}")
    formulas = (*fact.premises.values(), *fact.conclusions.values())
    given = _by_symbol(step, fact.parameters, formulas)
    values = _with_fresh(step, given, fact.introduces, known, introduced)
    claims = _claims(step, fact.conclusions, values)
    owed = partial(duties, step, fact.premises, values, dict(known))
    return Application(claims, owed, Verdict.CITED)


def apply_lemma(
    step: Step,
    known: Mapping[str, Formula],
    introduced: dict[str, str],
    lookup: Callable[[str], Statement],
) -> Application:
    """Apply one conclusion of another statement; ``step.fact`` is ``"id.conclusion"``.

    Raises
    ------
    UnresolvedUse
        If there is no such conclusion, or the substitution does not fit.
    """
    id, _, name = step.fact.partition(".")
    try:
        lemma = lookup(id)
    except UnknownStatement as error:
        raise UnresolvedUse(str(error)) from None
    if name not in lemma.conclusions:
        raise UnresolvedUse(f"uses {step.fact!r}, but {id} has no conclusion {name!r}")
    symbols = [q.symbol for q in lemma.quantities] + [d.symbol for d in lemma.definitions]
    formulas = (*lemma.premises.values(), *lemma.conclusions.values())
    given = _by_symbol(step, tuple(symbols), formulas)
    fresh = tuple(existential(lemma))
    values = _with_fresh(step, given, fresh, known, introduced, _key(id, given, fresh))
    _unfold(lemma, values, known)
    claims = _claims(step, {"": lemma.conclusions[name]}, values)
    needed = partial(_needed, lemma, name, lookup, frozenset(given), frozenset(known))
    owed = partial(_lemma_duties, step, needed, values, dict(known))
    return Application(claims, owed, Verdict.PROVED)


def _needed(
    lemma: Statement,
    name: str,
    lookup: Callable[[str], Statement],
    given: frozenset[Any],
    known: frozenset[str],
) -> dict[str, Formula]:
    """Return the premises of a lemma that its conclusion rests on."""
    # Claims are computed here, and which premises a claim rests on is read off the claims.
    from proofs_check.support import named_premises

    needed = named_premises(lemma, name, lookup)
    # What the step gives a defined symbol has to be what the lemma defines it as.
    written_out = (d for d in lemma.definitions if d.symbol not in given)
    unfolded = {d.name for d in written_out if d.name not in known}
    return {n: f for n, f in lemma.premises.items() if n in needed - unfolded}


def _lemma_duties(
    step: Step,
    premises: Callable[[], Mapping[str, Formula]],
    values: Mapping[Any, Any],
    known: Mapping[str, Formula],
) -> list[Duty]:
    return duties(step, premises(), values, known)


def _unfold(lemma: Statement, values: dict[Any, Any], known: Mapping[str, Formula]) -> None:
    """Write out the lemma's abbreviations that have no counterpart here."""
    for definition in lemma.definitions:
        if definition.symbol in values or definition.name in known:
            continue
        values[definition.symbol] = substitute(defined_term(definition), values)


def existential(lemma: Statement) -> list[Any]:
    """Return the symbols whose existence the lemma asserts: in no premise, introduced by a step.

    What a lemma's own lemmas introduce is not looked up: with one, all free symbols count.
    """
    used: set[Any] = set()
    for formula in lemma.premises.values():
        used |= free_symbols(formula) | functions_in(formula)
    free = [q.symbol for q in lemma.quantities if q.symbol not in used]
    if any(step.kind == "lemma" for step in lemma.steps):
        return free
    cited = [(s, TRUSTED[s.fact]) for s in lemma.steps if s.kind == "cited" and s.fact in TRUSTED]
    made = {_head(s.values.get(str(p), p)) for s, fact in cited for p in fact.introduces}
    return [symbol for symbol in free if symbol in made]


def _key(id: str, values: Mapping[Any, Any], fresh: tuple[Any, ...]) -> str:
    given = sorted(f"{k}={v}" for k, v in values.items() if k not in fresh)
    return f"{id}[{', '.join(given)}]"


def _by_symbol(
    step: Step, parameters: tuple[Any, ...], formulas: Iterable[Formula]
) -> dict[Any, Any]:
    named = {str(p): p for p in parameters}
    unknown = sorted(set(step.values) - set(named))
    if unknown:
        raise UnresolvedUse(f"{step.fact} has no parameter {unknown[0]!r} to substitute")
    applied = {a for f in formulas for part in parts(f) for a in part.atoms(AppliedUndef)}
    for name, value in step.values.items():
        if not _fits(named[name], value, applied):
            raise UnresolvedUse(f"the parameter {name!r} of {step.fact!r} cannot be {value}")
    return {named[name]: value for name, value in step.values.items()}


def _fits(parameter: Any, value: Any, applied: set[AppliedUndef]) -> bool:
    """Whether a value is a term of the parameter's sort, or a function of its arguments."""
    if isinstance(value, Basic) and value.has(oo, -oo, zoo, nan):
        return False  # a parameter stands for a number: what holds of all numbers says nothing of ∞
    try:
        if isinstance(parameter, Symbol):
            plain = isinstance(value, (Expr, int)) and not isinstance(value, Lambda)
            return plain and (value == 0 or sort_of(value) is sort_of(parameter))
        if isinstance(value, UndefinedFunction):
            return sort_of(value(0)) is sort_of(parameter(0))
        uses = [a.args for a in applied if a.func == parameter]
        return isinstance(value, Lambda) and _maps(value, sort_of(parameter(0)), uses)
    except TypeError:  # the value mixes numbers with vectors
        return False


def _maps(value: Lambda, sort: Sort, uses: list[tuple[Basic, ...]]) -> bool:
    for arguments in uses:
        if len(arguments) != len(value.variables):
            return False
        pairs = zip(arguments, value.variables, strict=True)
        if any(argument != 0 and sort_of(argument) is not sort_of(v) for argument, v in pairs):
            return False
    return value.expr == 0 or sort_of(value.expr) is sort


def _with_fresh(
    step: Step,
    given: dict[Any, Any],
    introduces: tuple[Any, ...],
    known: Mapping[str, Formula],
    introduced: dict[str, str],
    key: str = "",
) -> dict[Any, Any]:
    """Check the names chosen for what the theorem says to exist: Skolem terms over ``step.over``.

    Two conclusions of one lemma at one substitution (the same ``key``) speak of the same objects.
    """
    values = dict(given)
    for parameter in introduces:
        chosen = values.setdefault(parameter, parameter)
        symbol = _skolem_head(chosen, step)
        if not key or introduced.get(str(symbol)) != key:
            others = [value for p, value in values.items() if p != parameter]
            _refuse_stale(symbol, known, others, step)
        introduced[str(symbol)] = key
    return values


def _skolem_head(chosen: Any, step: Step) -> Any:
    if isinstance(chosen, AppliedUndef) and chosen.args == step.over and step.over:
        return chosen.func
    if isinstance(chosen, (Symbol, UndefinedFunction)) and not step.over:
        return chosen
    raise UnresolvedUse(
        f"{chosen} stands for something {step.fact!r} introduces: give a fresh name applied to "
        f"exactly the step's variables {step.over}"
    )


def _refuse_stale(
    symbol: Any, known: Mapping[str, Formula], others: Iterable[Any], step: Step
) -> None:
    terms = [*known.values(), *(v for v in others if isinstance(v, Basic))]
    used = any(symbol in free_symbols(term) | functions_in(term) for term in terms)
    if used or any(_head(value) == symbol for value in others):
        raise UnresolvedUse(f"{symbol} is not fresh: {step.fact!r} needs a new name for it")


def _head(value: Any) -> Any:
    return value.func if isinstance(value, AppliedUndef) else value


def _claims(
    step: Step, conclusions: Mapping[str, Formula], values: Mapping[Any, Any]
) -> dict[str, Formula]:
    return {
        part: under(step.over, step.given, _where_defined(formula, values))
        for part, formula in conclusions.items()
    }


def _where_defined(formula: Formula, values: Mapping[Any, Any]) -> Formula:
    """Return a substituted conclusion, claimed only where all the values in it exist."""
    separate = variables_apart(formula, values)
    lost = [condition for part in parts(separate) for condition in hidden(part, values)]
    filled = substitute(separate, values)
    return under((), And(*lost), filled) if lost else filled
