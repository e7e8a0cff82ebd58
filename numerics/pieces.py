"""Functions of one variable as finitely many smooth pieces between rational kinks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy as sp

from numerics.balls import exact_fraction
from theory.activations import X
from theory.smoothness import breakpoints, resolve


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
    theory.expressions.ExpressionError
        If a switch is not an affine condition with rational coefficients.
    """
    cuts = [exact_fraction(cut) for cut in breakpoints(expression, X)]
    ends: list[Fraction | None] = [None, *cuts, None]
    return tuple(
        Piece(resolve(expression, X, sp.Rational(_inside(low, high))), low, high)
        for low, high in pairwise(ends)
    )


def _inside(low: Fraction | None, high: Fraction | None) -> Fraction:
    if low is None:
        return Fraction(0) if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2
