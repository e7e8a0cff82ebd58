"""Probability in the vocabulary of a statement: events, expectations and declared laws.

A random variable is a function of a sample point ω, which is bound wherever it occurs; one may
think of ω as a real number, since every standard probability space is a law on the line. An event
is written by its margin, X(ω) ≥ 0. Functions of random variables are read as Borel functions, and
``Expect`` of a variable without an expectation is 0 by convention, which is why the facts that need
an expectation to exist ask for ``Integrable``.
"""

from __future__ import annotations

from sympy import Expr, Function, Ge, Le, Symbol

from theory.terms import Predicate, function_of, real
from theory.wellformed import StatementError

OMEGA = real("omega")


class Prob(Function):
    """Probability that the margin (a Lambda of the sample point) is at least 0.

    It is the outer probability, so that monotonicity and the union bound hold for every margin.
    """

    nargs = 1
    is_commutative = True  # a number, though its argument is a function


class Expect(Function):
    """Expectation of a random variable (a Lambda of the sample point)."""

    nargs = 1
    is_commutative = True


class Integrable(Predicate):
    """The random variable (a Lambda of the sample point) has a finite expectation."""


class Independent(Predicate):
    """The first so many (second) members of a family i ↦ ω ↦ X(i, ω) (first) are independent."""


class IndependentPairs(Predicate):
    """All members 1, ..., k (third) of two families (first, second) are independent together."""


class IndependentOf(Predicate):
    """Two random variables (Lambdas of the sample point) are independent."""


class GaussianVector(Predicate):
    """The random vector (a Lambda of the sample point) has the standard normal law."""


class InSpace(Predicate):
    """The vector (first) lies in a space of so many dimensions (second)."""


def probability(event: Ge | Le, sample: Symbol = OMEGA) -> Prob:
    """Return the probability of ``left >= right`` or ``left <= right`` over the sample point.

    Raises
    ------
    StatementError
        If the event is strict, or SymPy has decided it.
    """
    if not isinstance(event, (Ge, Le)):
        raise StatementError(
            f"probability({event}): an event is left >= right or left <= right; where SymPy "
            "decides it, build it with evaluate=False"
        )
    return Prob(function_of(sample, event.gts - event.lts))


def expectation(variable: Expr, sample: Symbol = OMEGA) -> Expect:
    """Return the expectation of a term over the sample point."""
    return Expect(function_of(sample, variable))


def random(variable: Expr, sample: Symbol = OMEGA) -> Expr:
    """Return a term as a function of the sample point."""
    return function_of(sample, variable)


def family(variable: Expr, index: Symbol, sample: Symbol = OMEGA) -> Expr:
    """Return a term as a family of random variables, index ↦ sample point ↦ term."""
    return function_of(index, function_of(sample, variable))
