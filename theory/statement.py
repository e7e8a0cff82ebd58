"""The model of a statement: what is claimed, over what, whose it is, and how it is proved.

A statement is data. It refuses to exist when it is malformed, and it knows nothing of engines
or verdicts: those live in ``proofs_check``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sympy import Expr, Lambda, Symbol, true
from sympy.core.function import UndefinedFunction
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, Formula
from theory.instances import Instance
from theory.wellformed import StatementError as StatementError
from theory.wellformed import check_statement, check_step

STEP_KINDS = (
    "algebra", "polynomial", "ball", "calculus", "cited", "lemma", "gram", "induction",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Whose a statement is.

    Parameters
    ----------
    layer : {"published", "sharp", "user"}
        Published in the literature, this project's own, or a user's.
    keys : tuple of str
        Bibliography keys (``theory.bibliography``).
    section : str
        Where THEORY treats it.
    """

    layer: Literal["published", "sharp", "user"]
    keys: tuple[str, ...] = ()
    section: str = ""


USER = Source("user")


@dataclass(frozen=True)
class Quantity:
    """A symbol or undefined function of the statement, with its range and its meaning.

    The range, where there is one, is a premise whose name is the symbol's name.
    """

    symbol: Symbol | UndefinedFunction
    meaning: str
    range: Boolean = true
    measured: str = ""

    @property
    def name(self) -> str:
        """The symbol's name."""
        return str(self.symbol)


@dataclass(frozen=True)
class Hypothesis:
    """A named assumption of the theorem."""

    name: str
    formula: Formula
    meaning: str = ""


@dataclass(frozen=True)
class Definition:
    """An abbreviation: ``symbol`` (or ``symbol(args)``) stands for ``value``."""

    head: Expr
    value: Expr
    meaning: str = ""

    @property
    def symbol(self) -> Symbol | UndefinedFunction:
        """What is defined."""
        return self.head if isinstance(self.head, Symbol) else self.head.func

    @property
    def name(self) -> str:
        """The defined symbol's name."""
        return str(self.symbol)


@dataclass(frozen=True)
class Use:
    """A premise used at chosen values of its bound variables."""

    name: str
    values: tuple[tuple[Any, Any], ...] = ()


def at(name: str, values: Mapping[Any, Any]) -> Use:
    """Return the instance of the premise ``name`` at ``values`` (bound variable to term)."""
    return Use(name, tuple(values.items()))


@dataclass(frozen=True)
class Step:
    """One step of a proof.

    Parameters
    ----------
    name : str
        Unique within the statement.
    kind : str
        The engine that decides it, one of ``STEP_KINDS``.
    claim : Formula, optional
        What it establishes; computed by the checker for ``cited`` and ``lemma``.
    uses : tuple of str or Use
        The premises it may see: hypotheses, ranges, definitions, earlier steps. A quantified
        premise is instantiated at variables of the same name unless ``at`` says otherwise.
    fact : str
        For ``cited``: the fact of the trusted base. For ``lemma``: ``"id.conclusion"``.
    values : mapping
        For ``cited`` and ``lemma``: the substitution.
    over : tuple of Symbol
        For ``cited`` and ``lemma``: the variables that stay free (a time, say) ...
    given : Boolean
        ... and the assumption on them under which the fact is applied.
    """

    name: str
    kind: str
    claim: Formula | None = None
    uses: tuple[str | Use, ...] = ()
    fact: str = ""
    values: Mapping[Any, Any] = field(default_factory=dict)
    over: tuple[Symbol, ...] = ()
    given: Boolean = true

    def __post_init__(self) -> None:
        for use in self.uses:
            if not isinstance(use, (str, Use)):
                raise StatementError(
                    f"step {self.name!r}: uses {use!r}; give a premise's name, or at(name, ...)"
                )
        check_step(self, STEP_KINDS)

    @property
    def premises(self) -> tuple[Use, ...]:
        """The premises as ``Use`` objects."""
        return tuple(u if isinstance(u, Use) else Use(u) for u in self.uses)


@dataclass(frozen=True)
class Bound:
    """A formula the statement gives: a name, an expression, and what it bounds.

    Parameters
    ----------
    of : tuple of str
        The conclusions it is read off: it holds on the domain of any of them. A bound of none is
        an abbreviation, or needs no more than the ranges of its symbols.
    condition : Boolean, optional
        Where it holds, if that is not the domain of these conclusions.
    """

    name: str
    value: Expr
    meaning: str = ""
    side: Literal["upper", "lower", "value"] = "upper"
    of: tuple[str, ...] = ()
    condition: Boolean | None = None


@dataclass(frozen=True)
class Mutant:
    """A nearby statement that is false: part of the statement replaced by the least change.

    Parameters
    ----------
    name : str
        What is wrong with it.
    replace : mapping
        Names of hypotheses, conclusions or definitions, with their mutated formula or value;
        ``None`` drops a hypothesis.
    breaks : str, optional
        The conclusion that becomes false; where none is named, all are attacked.
    """

    name: str
    replace: Mapping[str, Any]
    breaks: str = ""


NORMAL: Literal["normal"] = "normal"
# The law of a model's sample point: finitely many points with weights, or a standard normal number.
Law = tuple[tuple[Any, Any], ...] | Literal["normal"]


@dataclass(frozen=True)
class Model:
    """A one-dimensional interpretation: every symbol and function as an explicit expression.

    Vectors and operators are interpreted as reals, ‖·‖ as the absolute value. The parameters
    are free rationals in the ranges given; the engines check that all hypotheses hold.

    Parameters
    ----------
    name : str
        What the model is.
    values : mapping
        Symbols to expressions, functions to ``Lambda``.
    parameters : mapping
        Parameter symbol to (low, high), the box in which a search may move.
    witness : mapping
        One exact value for each parameter, at which every hypothesis holds.
    limit : tuple, optional
        (parameter, sequence of values): along it a bound is approached.
    sample : tuple of (point, weight), or NORMAL
        The law of the sample point, where the statement speaks of probabilities.
    """

    name: str
    values: Mapping[Any, Any]
    parameters: Mapping[Symbol, tuple[Any, Any]] = field(default_factory=dict)
    witness: Mapping[Symbol, Any] = field(default_factory=dict)
    limit: tuple[Symbol, tuple[Any, ...]] | None = None
    sample: Law = ()


@dataclass(frozen=True)
class Finding:
    """Something the engines showed about a theorem beyond its own claim.

    It is reported only when its evidence is there: every named step PROVED, and every named
    hypothesis unused.
    """

    id: str
    claim: str
    steps: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A theorem with its proof.

    Parameters
    ----------
    title : str
        In words.
    quantities : tuple of Quantity
        Every symbol and function, with its range. One that no hypothesis mentions is something
        the theorem asserts to exist.
    hypotheses : tuple of Hypothesis
        What is assumed.
    conclusions : mapping of str to Formula
        What is claimed, by name.
    steps : tuple of Step
        The proof, in order.
    id : str
        The file's name, for statements that ship.
    source : Source
        Whose it is.
    definitions : tuple of Definition
        Abbreviations, each in terms of what is declared before it.
    bounds : tuple of Bound
        The formulas it gives.
    models : tuple of Model
        One-dimensional instances: extremal ones, and those in which mutants fail.
    instance : Instance, optional
        A generic instance in coordinates, on which all hypotheses hold.
    witness_problem : mapping, optional
        A generic problem on which all hypotheses hold, as a problem file would say it.
    mutants : tuple of Mutant
        Nearby false statements.
    findings : tuple of Finding
        What the proof shows beyond the claim.
    characterised : mapping of str to Formula
        Equations that determine what the theorem asserts to exist; a model has to satisfy them.
    degenerate : str
        Why the witness is not generic, where it cannot be.
    """

    title: str
    quantities: tuple[Quantity, ...]
    hypotheses: tuple[Hypothesis, ...]
    conclusions: Mapping[str, Formula]
    steps: tuple[Step, ...]
    id: str = ""
    source: Source = USER
    definitions: tuple[Definition, ...] = ()
    bounds: tuple[Bound, ...] = ()
    models: tuple[Model, ...] = ()
    instance: Instance | None = None
    witness_problem: Mapping[str, Any] | None = None
    mutants: tuple[Mutant, ...] = ()
    findings: tuple[Finding, ...] = ()
    characterised: Mapping[str, Formula] = field(default_factory=dict)
    degenerate: str = ""

    def __post_init__(self) -> None:
        check_statement(self)

    @property
    def premises(self) -> dict[str, Formula]:
        """Everything a step may name before any step is proved, by name."""
        named: dict[str, Formula] = {q.name: q.range for q in self.quantities if q.range != true}
        named |= {d.name: defining_formula(d) for d in self.definitions}
        return named | {h.name: h.formula for h in self.hypotheses}

    def bound(self, name: str) -> Bound:
        """Return the named bound.

        Raises
        ------
        KeyError
            If the statement gives no such bound.
        """
        for bound in self.bounds:
            if bound.name == name:
                return bound
        known = ", ".join(b.name for b in self.bounds) or "none"
        raise KeyError(f"{self.id} gives no bound {name!r}; it gives {known}")


def defined_term(definition: Definition) -> Expr:
    """Return what the defined symbol stands for: a term, or a function of its arguments.

    Substitute into it, rather than into the value alone: the arguments are bound.
    """
    if isinstance(definition.head, Symbol):
        return definition.value
    return Lambda(definition.head.args, definition.value)


def defining_formula(definition: Definition) -> Formula:
    """Return the definition as an equation, quantified over its arguments."""
    from sympy import Eq

    equation = Eq(definition.head, definition.value, evaluate=False)
    if isinstance(definition.head, Symbol):
        return equation
    return ForAll(tuple(definition.head.args), true, equation)
