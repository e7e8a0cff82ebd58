"""The law b^(u+v) = b^u b^v for exponentials and powers with symbolic exponents, in Z3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, TypeAlias

import z3
from sympy import Add, Expr, Rational, gcd

Exponential: TypeAlias = tuple[Expr, Expr, Any]

_LARGEST = 12


def power_laws(
    exponentials: list[Exponential], bases: Mapping[Expr, Any], fresh: Callable[[str], Any]
) -> list[Any]:
    """Return what powers of one positive base have to do with each other.

    Exponents are taken apart as they are written, sums of rational multiples of terms, so nothing
    is assumed about a term that is not defined.

    Parameters
    ----------
    exponentials : list of (base, exponent, Z3 term)
        The powers that occur.
    bases : mapping
        The Z3 term of each base.
    fresh : callable
        Makes a new real variable.
    """
    groups: dict[Expr, list[tuple[dict[Expr, Rational], Any]]] = defaultdict(list)
    for base, exponent, value in exponentials:
        groups[base].append((_multiples(exponent), value))
    return [law for base, group in groups.items() for law in _group_laws(group, bases[base], fresh)]


def _multiples(exponent: Expr) -> dict[Expr, Rational]:
    pairs = (term.as_coeff_Mul() for term in Add.make_args(exponent))
    return {monomial: coefficient for coefficient, monomial in pairs}


def _group_laws(
    group: list[tuple[dict[Expr, Rational], Any]], base: Any, fresh: Callable[[str], Any]
) -> list[Any]:
    occurring = [monomial for multiples, _ in group for monomial in multiples]
    if len(set(occurring)) == len(occurring):
        return []  # no two exponents share a term
    units = {
        m: reduce(gcd, (abs(multiples[m]) for multiples, _ in group if m in multiples))
        for m in dict.fromkeys(occurring)
    }
    powers = {m: fresh("power") for m in units}
    laws = [power > 0 for power in powers.values()]
    laws += [
        _power(powers[m], unit.q) == _power(base, unit.p)
        for m, unit in units.items()
        if m == 1 and max(unit.p, unit.q) <= _LARGEST
    ]
    for multiples, value in group:
        exponents = {m: int(c / units[m]) for m, c in multiples.items()}
        if sum(map(abs, exponents.values())) <= _LARGEST:
            laws.append(_law(value, {powers[m]: k for m, k in exponents.items()}))
    return [z3.Implies(base > 0, z3.And(*laws))]


def _law(value: Any, factors: Mapping[Any, int]) -> Any:
    left, right = value, z3.RealVal(1)
    for power, exponent in factors.items():
        if exponent > 0:
            right = right * _power(power, exponent)
        else:
            left = left * _power(power, -exponent)
    return left == right


def _power(value: Any, exponent: int) -> Any:
    return z3.Product([value] * int(exponent))
