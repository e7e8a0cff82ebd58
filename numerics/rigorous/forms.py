"""Other forms of one expression, which interval evaluation may bound better.

Where a function is rational in x and in a few exponentials (other functions are taken as
unknowns), it is brought to lowest terms, with every exponential written as one that decays as
x → ∞, and with r² = 1 + x² used for a root r: differences such as 1 − tanh² then lose nothing.
A function that is rational in x alone is also split into partial fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

import sympy as sp

from numerics.rigorous.tails import scaled_tail
from theory.activations import X

_LARGEST_FORM = 200
_LARGEST_EXPONENT = 8
_MOST_UNKNOWNS = 4
_FAR = Fraction(64)


def simplest(expression: sp.Expr) -> sp.Expr:
    """Return the form with the fewest operations."""
    return min(forms(expression), key=sp.count_ops)


@lru_cache(maxsize=256)
def forms(expression: sp.Expr) -> tuple[sp.Expr, ...]:
    """Return the expression and its other forms; all agree wherever they are defined."""
    if X not in expression.free_symbols:
        return (expression,)
    plain = _in_exponentials(expression)
    unknowns = _unknowns(plain)
    reduced = plain.xreplace(unknowns.inward)
    if not _is_small(reduced, unknowns):
        return (expression,)
    made = [expression, _lowest_terms(reduced, unknowns).xreplace(unknowns.outward)]
    if not unknowns.outward:
        made.append(sp.apart(reduced, X))
    return tuple(dict.fromkeys(made))


def _lowest_terms(reduced: sp.Expr, unknowns: _Unknowns) -> sp.Expr:
    made = sp.cancel(sp.together(reduced))
    for name, relation in unknowns.relations.items():
        parts = [sp.rem(part, relation, name) for part in sp.fraction(made)]
        made = sp.cancel(parts[0] / parts[1])
    return made


@dataclass(frozen=True)
class _Unknowns:
    """Parts of an expression as powers of new symbols, back again, and what is 0 for a root."""

    inward: dict[sp.Expr, sp.Expr]
    outward: dict[sp.Expr, sp.Expr]
    relations: dict[sp.Expr, sp.Expr]


def _in_exponentials(expression: sp.Expr) -> sp.Expr:
    """Write hyperbolic functions and powers such as 2^x through the exponential function."""
    expression = expression.replace(
        lambda node: (
            isinstance(node, sp.Pow) and not node.base.free_symbols and X in node.exp.free_symbols
        ),
        lambda node: sp.exp(node.exp * sp.log(node.base)),
    )
    for name, form in _HYPERBOLIC.items():
        expression = expression.replace(name, form)
    return expression.replace(lambda node: isinstance(node, sp.exp), _split)


def _split(node: sp.exp) -> sp.Expr:
    """Write e^{c+u} as e^c·e^u."""
    constant, rest = node.args[0].as_independent(X, as_Add=True)
    return sp.exp(constant) * sp.exp(rest)


_HYPERBOLIC = {
    sp.tanh: lambda u: (1 - sp.exp(-2 * u)) / (1 + sp.exp(-2 * u)),
    sp.cosh: lambda u: (sp.exp(u) + sp.exp(-u)) / 2,
    sp.sinh: lambda u: (sp.exp(u) - sp.exp(-u)) / 2,
}


def _unknowns(plain: sp.Expr) -> _Unknowns:
    found = _Unknowns({}, {}, {})
    exponents = sorted({e.args[0] for e in plain.atoms(sp.exp)}, key=sp.default_sort_key)
    for group in _proportional([e for e in exponents if X in e.free_symbols]):
        _name_exponentials(group, found)
    others = _others(plain.xreplace(found.inward))
    _name_roots([part for part in others if _is_root(part)], found)
    for part in others:
        if not _is_root(part):
            found.inward[part] = sp.Dummy("u")
            found.outward[found.inward[part]] = part
    return found


def _is_root(part: sp.Expr) -> bool:
    """Whether a part is a power with a fractional exponent of a rational polynomial in x."""
    if not (isinstance(part, sp.Pow) and part.exp.is_Rational and part.base.is_polynomial(X)):
        return False
    return all(c.is_Rational for c in sp.Poly(part.base, X).all_coeffs())


def _name_roots(parts: Sequence[sp.Pow], found: _Unknowns) -> None:
    """Write the powers of one polynomial as powers of its root, r^q = polynomial."""
    for base in dict.fromkeys(part.base for part in parts):
        powers = [part for part in parts if part.base == base]
        q = lcm(*(int(part.exp.q) for part in powers))
        name = sp.Dummy("r", positive=True)
        found.outward[name] = base ** sp.Rational(1, q)
        found.relations[name] = name**q - base
        for part in powers:
            found.inward[part] = name ** (part.exp * q)


def _proportional(exponents: Sequence[sp.Expr]) -> list[dict[sp.Expr, sp.Rational]]:
    """Group exponents that are rational multiples of each other, with their ratios."""
    groups: list[dict[sp.Expr, sp.Rational]] = []
    for exponent in exponents:
        for group in groups:
            ratio = sp.cancel(exponent / next(iter(group)))
            if ratio.is_Rational:
                group[exponent] = ratio
                break
        else:
            groups.append({exponent: sp.Integer(1)})
    return groups


def _name_exponentials(group: dict[sp.Expr, sp.Rational], found: _Unknowns) -> None:
    """Write each exponential of a group as a power of one that decays, if that is known."""
    base = next(iter(group))
    order, factor = scaled_tail(base, _FAR)
    sign = 1 if order.grows and factor.defined and factor.upper < 0 else -1
    step = sp.Rational(sign, lcm(*(int(ratio.q) for ratio in group.values())))
    name = sp.Dummy("e", positive=True)
    found.outward[name] = sp.exp(base * step)
    for exponent, ratio in group.items():
        found.inward[sp.exp(exponent)] = name ** (ratio / step)


def _others(expression: sp.Expr) -> list[sp.Expr]:
    """Return the greatest parts that are neither rational operations nor rational numbers."""
    if expression.is_Rational or expression.is_Symbol:
        return []
    arithmetic = isinstance(expression, (sp.Add, sp.Mul)) or (
        isinstance(expression, sp.Pow) and expression.exp.is_Integer
    )
    if not arithmetic:
        return [expression]
    args = expression.args[:1] if isinstance(expression, sp.Pow) else expression.args
    return list(dict.fromkeys(part for arg in args for part in _others(arg)))


def _is_small(reduced: sp.Expr, unknowns: _Unknowns) -> bool:
    exponents = (abs(power.exp) for power in reduced.atoms(sp.Pow))
    return bool(
        len(unknowns.outward) <= _MOST_UNKNOWNS
        and sp.count_ops(reduced) <= _LARGEST_FORM
        and max(exponents, default=0) <= _LARGEST_EXPONENT
    )
