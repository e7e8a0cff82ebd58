"""Vector statements of any dimension, as real arithmetic on inner products.

Vectors are expanded over atoms (vector symbols, values of vector functions, operators applied to
them). Inner products of atoms become real unknowns that form a positive semidefinite matrix, which
is all that is true of the inner products of arbitrary vectors; ⟨Mx, z⟩ and ⟨x, Mᵀz⟩ are one
unknown. The rest is the polynomial engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import sympy
from sympy import And, Basic, Eq, Expr, Ge, Lambda, Matrix, Ne, Symbol
from sympy.logic.boolalg import Boolean

from proofs_check.engines.polynomial import Question, question, settle
from proofs_check.engines.z3_search import Clock
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import rebuild
from theory.terms import Adjoint, Apply, Inner, Norm, Sort, is_zero, sort_of

KIND = "gram"

LinearForm = dict[Expr, Expr]


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide a claim about norms and inner products of vectors of any dimension.

    Parameters
    ----------
    goal : Goal
        Claim and premises; real arithmetic over ‖·‖, ⟨·,·⟩ and real terms, and equations between
        vectors.
    seconds : float
        Time after which the answer is UNDECIDED.

    Returns
    -------
    Outcome
        PROVED with the premises needed, REFUTED with a positive semidefinite matrix of inner
        products, or UNDECIDED.
    """
    clock = Clock(seconds)
    try:
        reduction = _Reduction(question(goal))
    except TypeError as error:
        return undecided(str(error))
    outcome = undecided("no time was left")
    for size, share in ((0, 0.15), (1, 0.2), (2, 0.4), (3, 0.6), (len(reduction.atoms), 1.0)):
        outcome = settle(reduction.question(size), clock.part(share).left)
        if outcome.verdict is not Verdict.UNDECIDED:
            return outcome
        if outcome.reason.startswith("contradictory"):
            return outcome
    return outcome


def linear_form(term: Expr) -> LinearForm:
    """Return a vector term as atoms with real coefficients.

    Raises
    ------
    TypeError
        If the term is not a vector.
    """
    if is_zero(term):
        return {}
    if isinstance(term, sympy.Add):
        return _combine((linear_form(arg), sympy.Integer(1)) for arg in term.args)
    if isinstance(term, sympy.Mul):
        scalars = [arg for arg in term.args if sort_of(arg) is Sort.REAL]
        rest = [arg for arg in term.args if sort_of(arg) is not Sort.REAL]
        if len(rest) != 1:
            raise TypeError(f"{term} is not a vector")
        return _combine([(linear_form(rest[0]), sympy.Mul(*scalars))])
    if isinstance(term, (Apply, Adjoint)):
        operators, vectors = operator_form(term.args[0]), linear_form(term.args[1])
        return _combine(
            ({term.func(m, x): sympy.Integer(1)}, a * b)
            for m, a in operators.items()
            for x, b in vectors.items()
        )
    if sort_of(term) is not Sort.VECTOR:
        raise TypeError(f"{term} is not a vector")
    return {term: sympy.Integer(1)}


def operator_form(term: Expr) -> LinearForm:
    """Return an operator term as operator atoms with real coefficients."""
    if isinstance(term, sympy.Add):
        return _combine((operator_form(arg), sympy.Integer(1)) for arg in term.args)
    if isinstance(term, sympy.Mul):
        scalars = [arg for arg in term.args if sort_of(arg) is Sort.REAL]
        rest = [arg for arg in term.args if sort_of(arg) is not Sort.REAL]
        if len(rest) != 1:
            raise TypeError(f"{term} is not an operator")
        return _combine([(operator_form(rest[0]), sympy.Mul(*scalars))])
    if is_zero(term):
        return {}
    if sort_of(term) is not Sort.OPERATOR:
        raise TypeError(f"{term} is not an operator")
    return {term: sympy.Integer(1)}


def _combine(parts: object) -> LinearForm:
    total: LinearForm = {}
    for form, factor in parts:  # type: ignore[attr-defined]
        for atom, coefficient in form.items():
            total[atom] = total.get(atom, sympy.Integer(0)) + factor * coefficient
    return {atom: c for atom, c in total.items() if c != 0}
