"""A counterexample made readable: each number as short as hypotheses and violation allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sympy import Integer, Rational, Symbol

from proofs_check.searching.failures import failing
from proofs_check.searching.hunting import Hunt
from proofs_check.searching.search import decimal
from proofs_check.searching.targets import Candidate

PLAIN = tuple(Rational(text) for text in ("0", "1", "-1", "2", "-2", "1/2", "-1/2", "3", "-3"))
ROUNDS = 3


def shrunk(hunt: Hunt, candidate: Candidate) -> Candidate:
    """Return a certain counterexample with shorter numbers, or the same one.

    Every attempt is decided in balls; of the last one the engines prove the hypotheses again.
    """
    short = candidate
    for _ in range(ROUNDS):
        before = short.point
        for symbol in candidate.target.box.symbols:
            short = _shortened(hunt, short, symbol)
        short = _positive(hunt, short)
        if short.point == before:
            break
    if short is candidate or not hunt.hypotheses_hold(short.point):
        return candidate
    return short


def _positive(hunt: Hunt, candidate: Candidate) -> Candidate:
    """Return the candidate without signs, where all of them can go at once."""
    ranges = candidate.target.box.ranges
    plain = {s: abs(candidate.point[s]) for s in ranges}
    if all(low <= plain[s] <= high for s, (low, high) in ranges.items()):
        return _fails(hunt, candidate, plain) or candidate
    return candidate


def _shortened(hunt: Hunt, candidate: Candidate, symbol: Symbol) -> Candidate:
    box = candidate.target.box
    low, high = box.ranges[symbol]
    for value in _shorter(candidate.point[symbol]):
        if low <= value <= high:
            free = {s: candidate.point[s] for s in box.symbols}
            found = _fails(hunt, candidate, {**free, symbol: value})
            if found is not None:
                return found
    return candidate


def _fails(hunt: Hunt, candidate: Candidate, free: Mapping[Symbol, Any]) -> Candidate | None:
    values = hunt.admitted(candidate.target, free)
    if values is None:
        return None
    relation = failing(candidate.target.body, values)
    found = None if relation is None else replace(candidate, point=values, relation=relation)
    return found if found is not None and hunt.certain(found) else None


def _shorter(value: Rational) -> Iterator[Rational]:
    """Yield numbers that are shorter to write, the shortest first."""
    size = _length(value)
    options = [*PLAIN, *_powers(value), *(decimal(float(value), digits) for digits in (1, 2, 3))]
    yield from (v for v in dict.fromkeys(options) if _length(v) < size and v != value)


def _powers(value: Rational) -> list[Rational]:
    """Return the powers of ten around a number."""
    if value == 0:
        return []
    exponent = len(str(abs(value.p))) - len(str(value.q))
    sign = Integer(1 if value > 0 else -1)
    return [sign * Rational(10) ** (exponent + k) for k in (-1, 0, 1)]


def _length(value: Rational) -> tuple[int, int, int]:
    """Return how long a number is to read: small integers first, positive before negative."""
    plain = PLAIN.index(value) if value in PLAIN else len(PLAIN)
    return len(str(abs(value))), plain, int(bool(value < 0))
