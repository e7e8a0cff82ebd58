"""Constructors of proof steps, one per kind, so that a proof reads line by line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Integer, Symbol, true
from sympy.logic.boolalg import Boolean

from theory.formulas import Formula
from theory.statement import Step, Use

Premise = str | Use


def algebra(name: str, claim: Formula, *uses: Premise) -> Step:
    """Return a step that is an exact identity."""
    return Step(name, "algebra", claim, uses)


def polynomial(name: str, claim: Formula, *uses: Premise) -> Step:
    """Return a step of real arithmetic: the premises and the negated claim exclude each other."""
    return Step(name, "polynomial", claim, uses)


def ball(name: str, claim: Formula, *uses: Premise) -> Step:
    """Return an analytic inequality on a box or half-line, decided in ball arithmetic."""
    return Step(name, "ball", claim, uses)


def calculus(name: str, claim: Formula, *uses: Premise) -> Step:
    """Return a derivative or primitive identity."""
    return Step(name, "calculus", claim, uses)


def gram(name: str, claim: Formula, *uses: Premise) -> Step:
    """Return a vector statement of any dimension, decided on inner products."""
    return Step(name, "gram", claim, uses)


def induction(name: str, claim: Formula, *uses: Premise) -> Step:
    """Return a claim about finite sums or sequences, for every n from a start."""
    return Step(name, "induction", claim, uses)


def cite(
    name: str,
    fact: str,
    *uses: Premise,
    over: tuple[Symbol, ...] = (),
    given: Boolean = true,
    **values: Any,
) -> Step:
    """Return an instance of a fact of the trusted base; parameters are given by name.

    ``over`` are the variables that stay free, ``given`` what is assumed of them.
    """
    return Step(name, "cited", None, uses, fact, _exact(values), over, given)


def lemma(
    name: str,
    conclusion: str,
    *uses: Premise,
    over: tuple[Symbol, ...] = (),
    given: Boolean = true,
    **values: Any,
) -> Step:
    """Return an instance of ``"id.conclusion"`` of another statement; symbols given by name.

    A symbol that is not given stands for the symbol of the same name here.
    """
    return Step(name, "lemma", None, uses, conclusion, _exact(values), over, given)


def claims_of(steps: Iterable[Step]) -> dict[str, Any]:
    """Return what the steps claim, by name; facts and lemmas are left to the checker."""
    return {step.name: step.claim for step in steps if step.claim is not None}


def _exact(values: dict[str, Any]) -> dict[str, Any]:
    return {k: Integer(v) if isinstance(v, int) else v for k, v in values.items()}
