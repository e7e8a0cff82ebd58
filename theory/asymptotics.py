"""How a bound grows: the exponent of each quantity in it, derived symbolically (THEORY section 8).

For terms built of positive parts, the exponent of a product is the sum of its factors' exponents,
and that of a sum is the largest as the quantity tends to infinity, the least as it tends to 0.
"""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, Symbol, log, oo


class NoExponent(ValueError):
    """A term is no sum and product of positive parts: its growth is not read off."""


def exponent(term: Expr, symbol: Symbol, towards: Expr = oo) -> Expr:
    """Return the power with which a positive term grows in a symbol.

    Parameters
    ----------
    term : Expr
        Sums, products, powers and logarithms of positive quantities.
    symbol : Symbol
        What varies; the other symbols are positive constants.
    towards : {oo, 0}
        Whether it becomes large or small.

    Returns
    -------
    Expr
        2 for n², −2 for 1/σ², 0 for what stays bounded; logarithms count as bounded.

    Raises
    ------
    NoExponent
        If the symbol occurs in a difference, in an exponent or in another function.
    """
    if term == symbol:
        return Integer(1)
    if not term.has(symbol) or isinstance(term, log):
        return Integer(0)
    if isinstance(term, Mul):
        return Add(*(exponent(factor, symbol, towards) for factor in term.args))
    if isinstance(term, Pow) and term.exp.is_Rational:
        return exponent(term.base, symbol, towards) * term.exp
    if isinstance(term, Add) and not any(part.could_extract_minus_sign() for part in term.args):
        found = [exponent(part, symbol, towards) for part in term.args]
        return max(found) if towards == oo else min(found)
    raise NoExponent(f"the growth of {term} in {symbol} is not read off its form")
