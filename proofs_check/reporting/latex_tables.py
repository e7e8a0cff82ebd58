"""Tables for LaTeX: the bounds' values as ``kurdyka bound`` gives them, and published beside sharp.

Where a bound is attained is computed on the statement's own models, never declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Rational, Symbol
from sympy.core.relational import Relational

from numerics.bounds import Evaluation, MissingValue, NoValue
from numerics.enclosures import Enclosure
from numerics.inputs.values import SIZES, InputError, read_inputs, value_text
from numerics.unfolding import Unfolding
from proofs_check.falsify import models_of
from proofs_check.interpretations.models import Interpretation
from proofs_check.reporting.findings import Sharpness
from proofs_check.searching.sharpness import sharpness
from theory.formulas import parts
from theory.latex import LatexLayout
from theory.statement import Bound, Statement
from theory.typesetting.document import RAGGED
from theory.typesetting.labels import breakable
from theory.typesetting.statement import Decimals, Writer
from theory.typesetting.words import math, prose

DIGITS = 12
_SHOWN = 4
_CELL = 14.0  # the width of a formula's column, in em
_LONGEST = 9
_FRACTION = re.compile(r"-?\d+/\d+")
_LAYER = re.compile(r"_(published|sharp)$")


@dataclass(frozen=True)
class Values:
    """The bounds of a statement at one choice of values.

    Parameters
    ----------
    given : sequence of (term, Fraction)
        Symbols and other terms with their values.
    bounds : mapping of str to Enclosure
        The bounds that have a value there, by name.
    """

    given: Sequence[tuple[Any, Fraction]]
    bounds: Mapping[str, Enclosure]


def values_of(
    statement: Statement, given: Mapping[str, str] | None = None, digits: int = DIGITS
) -> Values | None:
    """Return a statement's bounds at given values, by default those of its first witness.

    Raises
    ------
    InputError
        If values are given and one is wrong.
    """
    chosen: Mapping[Any, Any] | None = given or _witness(statement)
    if not statement.bounds or chosen is None:
        return None
    inputs = read_inputs(statement, chosen)
    evaluation, found = Evaluation(statement, inputs), dict[str, Enclosure]()
    for bound in statement.bounds:
        try:
            found[bound.name] = evaluation.value(bound.name, digits)
        except (MissingValue, NoValue):
            continue  # the table says that it has no value there
    terms = inputs.unfold.terms
    return Values([(terms.get(s, s), v) for s, v in inputs.values.items()], found)


def _witness(statement: Statement) -> dict[Symbol, Rational] | None:
    """Return rational values at which a statement's bounds are shown: those of a model's witness.

    What a witness leaves open, such as the time, and the size of a vector or operator, is 1.
    """
    unfold = Unfolding(statement, ())
    asked = {s for bound in statement.bounds for s in unfold.missing(unfold(bound.value))}
    models = [model for model in models_of(statement) if model.witness]
    for values in [*(Interpretation(statement, m, m.witness).values for m in models), {}]:
        near = {s: _near(values.get(s)) for s in asked}
        chosen = {s: value for s, value in near.items() if value is not None}
        ones = {s for s in asked - set(chosen) if _may_be_one(statement, unfold.terms[s])}
        try:
            read_inputs(statement, chosen | dict.fromkeys(ones, Rational(1)))
        except InputError:
            continue  # a model may speak of its symbols in its own way
        if chosen or ones:
            return chosen | dict.fromkeys(ones, Rational(1))
    return None


def _may_be_one(statement: Statement, term: Any) -> bool:
    declared = {q.symbol for q in statement.quantities}
    return isinstance(term, SIZES) or (type(term) is Symbol and term not in declared)


def _near(value: Any) -> Rational | None:
    """Return a value if it is rational, else a short decimal near it, which the table shows."""
    if getattr(value, "is_Rational", False):
        return value
    if not getattr(value, "is_number", False) or not value.is_real:
        return None
    return Rational(str(value.evalf(_SHOWN)))


def printed(writer: Writer, statement: Statement, values: Values | None) -> Decimals | None:
    """Return certified decimals as a theorem shows them."""
    if values is None:
        return None
    write = writer.sentences(statement).layout
    given = ", ".join(f"${write.text(term)} = {value_text(v)}$" for term, v in values.given)
    return Decimals(given, {name: decimals(value) for name, value in values.bounds.items()})


def decimals(value: Enclosure) -> str:
    """Return an enclosure in LaTeX."""
    low, high = value.decimals
    return f"${low}$" if low == high else rf"$[{low},\, {high}]$"


# --- published beside sharp -----------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """A published bound beside the sharp one.

    Parameters
    ----------
    name : str
        What both bound.
    published, sharp : (Statement, Bound)
        Where the two stand.
    attained : Sharpness or None
        How much of the sharp bound is reached; None where no claim is an inequality with it.
    """

    name: str
    published: tuple[Statement, Bound]
    sharp: tuple[Statement, Bound]
    attained: Sharpness | None


def comparisons(statements: Iterable[Statement]) -> list[Comparison]:
    """Return the bounds that the statements give in a published and in a sharp form.

    Statements ``x_published`` and ``x_sharp`` go together, and within a statement bounds of such
    names; a bound without either suffix is of its statement's layer.
    """
    found: dict[tuple[str, str], dict[str, tuple[Statement, Bound]]] = {}
    for statement in statements:
        for bound in statement.bounds:
            suffix = _LAYER.search(bound.name)
            layer = suffix[1] if suffix else statement.source.layer
            key = _LAYER.sub("", statement.id), _LAYER.sub("", bound.name)
            found.setdefault(key, {}).setdefault(layer, (statement, bound))
    return [
        Comparison(name, both["published"], both["sharp"], _attained(*both["sharp"]))
        for (_, name), both in found.items()
        if {"published", "sharp"} <= set(both)
    ]


def _attained(statement: Statement, bound: Bound) -> Sharpness | None:
    """Measure the claim whose inequality the bound is a side of, or occurs in."""
    if bound.value.is_number:
        return None
    for name in (*_claims_with(statement, bound, True), *_claims_with(statement, bound, False)):
        measured = sharpness(statement, name)
        if measured is not None:
            return measured
    return None


def _claims_with(statement: Statement, bound: Bound, whole: bool) -> Iterator[str]:
    for name, formula in statement.conclusions.items():
        relations = [r for part in parts(formula) for r in part.atoms(Relational)]
        sides = [side for relation in relations for side in relation.args]
        if any(side == bound.value if whole else side.has(bound.value) for side in sides):
            yield name


def comparison_table(writer: Writer, rows: Sequence[Comparison]) -> str:
    """Return the table published, sharp, and where the sharp bound is attained."""
    head = "quantity & published & sharp & the sharp one is attained"
    lines = [
        " & ".join((
            f"{prose(row.sharp[1].meaning)} ({breakable(row.sharp[0].id)})",
            writer.bound_formula(*row.published, line=_CELL),
            writer.bound_formula(*row.sharp, line=_CELL),
            attained_text(writer, row.attained),
        ))
        for row in rows
    ]  # fmt: skip
    columns = "".join(rf"{RAGGED}p{{{part}\linewidth}}" for part in (0.14, 0.3, 0.3, 0.18))
    return "\n".join(
        [
            r"\section*{Published and sharp bounds}",
            rf"{{\small\begin{{longtable}}{{@{{}}{columns}@{{}}}} \hline",
            rf"{head} \\[0.5ex] \hline \noalign{{\smallskip}} \endhead",
            *(rf"{line} \\[1ex]" for line in lines),
            r"\hline \end{longtable}}",
        ]
    )


def attained_text(writer: Writer, measured: Sharpness | None) -> str:
    """Say in words where a bound is attained."""
    if measured is None:
        return "--"
    naming = LatexLayout(writer.macros.symbol)
    at = ", ".join(
        f"${naming.name(name)} {_shown(value)}$" for name, value in measured.instance.items()
    )
    low, _ = measured.ratio
    if measured.mode == "equality":
        return f"with equality, as at {at}"
    if measured.mode == "limit":
        return f"in the limit: ratio at least {low} at {at}"
    return f"ratio at least {low} at {at}"


def _shown(value: str) -> str:
    """Write that a symbol has this value; a long fraction is shown by some of its decimals."""
    if len(value) <= _LONGEST or not _FRACTION.fullmatch(value):
        return f"= {math(value)}"
    return rf"\approx {float(Fraction(value)):.{_SHOWN}g}"
