"""Functions of one variable as finitely many smooth pieces between rational kinks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from numerics.rigorous.balls import exact_fraction
from theory import cases
from theory.activations import X


@dataclass(frozen=True)
class Piece:
    """A smooth expression in ``X`` on a closed interval.

    Parameters
    ----------
    expression : Expr
        Without case distinctions, smooth up to the ends.
    low, high : Fraction or None
        The ends; None for an infinite one.
    """

    expression: sp.Expr
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def derivative(self) -> Piece:
        """The derivative, with one-sided values at the ends."""
        return Piece(sp.diff(self.expression, X), self.low, self.high)


def pieces_of(expression: sp.Expr) -> tuple[Piece, ...]:
    """Cut a function at the points where a part of its expression switches.

    Raises
    ------
    theory.cases.CasesUndecided
        If the switches are not found.
    """
    return tuple(
        Piece(part, *(None if end is None else exact_fraction(end) for end in domain))
        for part, domain in cases.pieces_of(expression, X)
    )
