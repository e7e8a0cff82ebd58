"""In which order the parts of a term stand in a paper; SymPy's own is for machines.

In a product: numbers, constants, variables, functions, sums, roots, exponentials, sums over ranges.
In a sum: what is added before what is subtracted. In a norm: θ(t) − θ₀ and not θ₀ − θ(t).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Add, Expr, Integer, Mul, Number, Pow, Rational, Symbol, exp
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef
from sympy.core.numbers import NumberSymbol

from theory.heads import ELEMENTARY
from theory.names import GREEK, parse

_LATE = {"t", "tau", "x", "z", "s"}


def in_fraction(term: Expr) -> tuple[bool, list[Expr], list[Expr]]:
    """Return a product's sign, and the factors above and below the bar, each in order."""
    negative, above, below = False, list[Expr](), list[Expr]()
    for factor in Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if isinstance(factor, Rational):
            negative ^= bool(factor < 0)
            above.append(Integer(abs(factor.p)))
            below.append(Integer(factor.q))
        elif _all_negative(factor):
            negative = not negative
            above.append(-factor)
        elif exponent.is_Rational and exponent < 0 and not isinstance(factor, exp):
            below.append(Pow(base, -exponent))
        else:
            above.append(factor)
    _lower_roots(above, below)
    over, under = (
        in_order_of_a_product(_joined_roots([f for f in side if f != 1])) for side in (above, below)
    )
    return negative, over or [Integer(1)], under


def _all_negative(term: Expr) -> bool:
    return isinstance(term, Add) and all(in_fraction(part)[0] for part in term.args)


def _is_root(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == Rational(1, 2)


def _lower_roots(above: list[Expr], below: list[Expr]) -> None:
    """Write √2/2 as 1/√2."""
    for root in [f for f in above if _is_root(f) and f.base.is_Integer]:
        for number in [f for f in below if f.is_Integer and f % root.base == 0]:
            above.remove(root)
            below[below.index(number)] = number / root.base
            below.append(root)
            break


def _joined_roots(factors: list[Expr]) -> list[Expr]:
    """Write √2·√x as √(2x)."""
    numbers = [f for f in factors if _is_root(f) and f.base.is_Integer]
    others = [f for f in factors if _is_root(f) and not f.base.is_Integer]
    if len(numbers) != 1 or len(others) != 1:
        return factors
    inside = Mul(numbers[0].base, *Mul.make_args(others[0].base), evaluate=False)
    joined = Pow(inside, Rational(1, 2), evaluate=False)
    return [f for f in factors if f not in (*numbers, *others)] + [joined]


def in_order_of_a_sum(term: Add) -> list[Expr]:
    """Return the terms of a sum: numbers first, then what is added, sums over ranges last."""

    def place(part: Expr) -> tuple[bool, bool, bool]:
        return in_fraction(part)[0], part.has(ExprWithLimits), not isinstance(part, Number)

    return sorted(term.as_ordered_terms(), key=place)


def in_order_of_a_product(factors: Sequence[Expr]) -> list[Expr]:
    """Return the factors of a product as they stand in a paper."""
    return sorted(factors, key=_place)


def _place(factor: Expr) -> tuple[Any, ...]:
    base, exponent = factor.as_base_exp()
    if isinstance(factor, ExprWithLimits):
        return (8, factor.sort_key())
    if isinstance(factor, exp):
        return (7, factor.sort_key())
    if isinstance(factor, Number):
        return (0, 0)
    if isinstance(base, (Number, NumberSymbol)):
        return (1, 0) if exponent.is_Number else (7, factor.sort_key())
    if isinstance(base, Symbol):
        return (2, *_letters(base))
    if exponent.is_Rational and not exponent.is_Integer:
        return (5, factor.sort_key())
    if type(base).__name__ in ELEMENTARY:
        return (6, factor.sort_key())
    return (4 if isinstance(base, Add) else 3, factor.sort_key())


def balanced(term: Expr) -> Expr:
    """Return a − b or b − a, whichever is usual in a norm: θ(t) − θ₀, J(ϑ) − J(θ₀)."""
    if not isinstance(term, Add) or len(term.args) != 2:
        return term
    taken = [p for p in term.args if in_fraction(p)[0]]
    if len(taken) != 1:
        return term
    [given] = [p for p in term.args if p not in taken]
    return -term if _plainness(-taken[0]) < _plainness(given) else term


def _plainness(term: Expr) -> tuple[bool, int]:
    applied = term.atoms(AppliedUndef)
    names = [s.name for s in term.free_symbols] + [a.func.__name__ for a in applied]
    fixed = sum(any(arg.is_number for arg in a.args) for a in applied)
    return isinstance(term, Symbol), fixed + sum(bool(parse(n).subscripts) for n in names)


def _letters(symbol: Symbol) -> tuple[Any, ...]:
    """Constants before variables, capitals first, Latin before Greek, σ_A before σ₀."""
    name = parse(symbol.name)
    subscripts = tuple((part.isdigit(), part) for part in name.subscripts)
    late = name.base in _LATE and not subscripts
    return (late, not name.base[:1].isupper(), name.base in GREEK, name.base, subscripts)
