"""Points that satisfy the hypotheses by construction: equations solved, quantified ones sampled.

Nothing here is trusted: the engines decide every hypothesis at the point that is found. It only
keeps the search from drawing points that satisfy none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sympy import (
    And,
    Eq,
    Expr,
    Implies,
    Integer,
    Mul,
    Rational,
    Symbol,
    expand,
    factor,
    fraction,
    together,
    true,
)
from sympy.logic.boolalg import Boolean

from proofs_check.interpretations.derivatives import differentiated
from theory.formulas import ForAll, conjuncts, free_symbols, substitute
from theory.terms import IsInteger

# Where a hypothesis on all values of a variable is tried first; several variables take these in
# different orders.
TRIED = (0, 1, Rational(1, 2), 3, Rational(1, 10), 10, -1, Rational(-5, 2), 100)


def solutions(formulas: Iterable[Boolean], free: Sequence[Symbol]) -> dict[Symbol, Expr]:
    """Return symbols that the equations among formulas determine, as terms in the others.

    Only equations that are linear in some symbol are solved: the solution is then a rational
    number wherever the others and the coefficients are.
    """
    solved: dict[Symbol, Expr] = {}
    for equation in formulas:
        if not isinstance(equation, Eq):
            continue
        difference = substitute(equation.lhs - equation.rhs, solved)
        numerator, _ = fraction(together(difference))
        left = [s for s in free if s not in solved and s in numerator.free_symbols]
        branches = [_linear(expand(f), left) for f in Mul.make_args(factor(numerator))]
        # Of a product that vanishes, the factor in which a symbol has not to be 0 says more.
        known = sorted((b for b in branches if b is not None), key=lambda b: b[1].is_zero is True)
        for found in known[:1]:
            symbol, value = found
            solved = {s: substitute(v, {symbol: value}) for s, v in solved.items()}
            solved[symbol] = value
    return solved


def _linear(term: Expr, symbols: Sequence[Symbol]) -> tuple[Symbol, Expr] | None:
    """Solve term = 0 for a symbol with a constant coefficient, else for one with any."""
    found = None
    for symbol in symbols:
        slope = term.diff(symbol)
        if symbol in slope.free_symbols or slope.is_zero:
            continue
        rest = expand(term - slope * symbol)
        if symbol in rest.free_symbols:
            continue
        if slope.is_number:
            return symbol, -rest / slope
        found = found or (symbol, -rest / slope)
    return found


def completed(
    point: Mapping[Symbol, Any], solved: Mapping[Symbol, Expr]
) -> dict[Symbol, Any] | None:
    """Return a point with the determined symbols, or None where one has no rational value."""
    values = {symbol: Rational(value) for symbol, value in point.items()}
    for symbol, term in solved.items():
        value = substitute(term, values)
        if not isinstance(value, Rational) or not value.is_finite:
            return None
        values[symbol] = value
    return values


def sampled(formula: ForAll) -> Iterator[Boolean]:
    """Yield what a quantified hypothesis says at a few values of its variables."""
    for shift in range(len(TRIED)):
        chosen = {v: Integer(0) + TRIED[(shift * (i + 1) + i) % len(TRIED)]
                  for i, v in enumerate(formula.variables)}  # fmt: skip
        given, body = (substitute(part, chosen) for part in (formula.given, formula.body))
        given, body = differentiated(_settled(given), body)
        given = _settled(given)
        if given == False:  # noqa: E712
            continue
        yield from conjuncts(body) if given is true else [Implies(given, body, evaluate=False)]


def _settled(given: Boolean) -> Boolean:
    """Return a domain with relations of numbers decided by SymPy, which is right about these."""
    kept = []
    for part in conjuncts(given):
        if isinstance(part, IsInteger) and part.args[0].is_number:
            part = true if part.args[0].is_integer else ~true
        elif not free_symbols(part) and part.is_Relational:
            part = part.func(*part.args)
        kept.append(part)
    return And(*kept)
