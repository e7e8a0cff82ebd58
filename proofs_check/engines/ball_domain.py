"""The box on which an analytic inequality is claimed, read off the premises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from flint import ctx
from sympy.logic.boolalg import Boolean

from numerics.rigorous.balls import BallError, decide_at_point, evaluate_range
from numerics.rigorous.ranges import INFINITY, Range
from theory.formulas import conjuncts


class EmptyDomain(ValueError):
    """The premises leave no point, or it cannot be told whether they do."""


@dataclass(frozen=True)
class Side:
    """One end of an interval: a constant or ±∞, whether it belongs to it, and who says so."""

    value: Any
    closed: bool = False
    names: frozenset[str] = frozenset()

    @property
    def infinite(self) -> bool:
        """Whether there is no end."""
        return self.value in (sp.oo, -sp.oo)


@dataclass(frozen=True)
class Box:
    """A product of intervals, one for each symbol."""

    symbols: tuple[Any, ...]
    lower: tuple[Side, ...]
    upper: tuple[Side, ...]

    @property
    def names(self) -> frozenset[str]:
        """The premises that bound the box."""
        return frozenset().union(*(side.names for side in (*self.lower, *self.upper)))

    def restrict(self, symbols: set[Any]) -> Box:
        """Return the projection onto some of the symbols."""
        keep = [i for i, s in enumerate(self.symbols) if s in symbols]
        return Box(*(tuple(part[i] for i in keep) for part in self._parts()))

    def _parts(self) -> tuple[tuple[Any, ...], ...]:
        return self.symbols, self.lower, self.upper

    def without(self, symbol: Any) -> Box:
        """Return the face orthogonal to a symbol's axis."""
        return self.restrict(set(self.symbols) - {symbol})

    def side(self, symbol: Any) -> tuple[Side, Side]:
        """Return the two ends of a symbol's interval."""
        index = self.symbols.index(symbol)
        return self.lower[index], self.upper[index]

    def between(self, symbol: Any, lower: Side, upper: Side) -> Box:
        """Return the box with another interval for one symbol."""
        index = self.symbols.index(symbol)
        lows, highs = list(self.lower), list(self.upper)
        lows[index], highs[index] = lower, upper
        return Box(self.symbols, tuple(lows), tuple(highs))

    def ranges(self, precision: int = 64) -> dict[Any, Range]:
        """Return a range for each symbol that contains its interval."""
        pairs = zip(self.symbols, self.lower, self.upper, strict=True)
        return {s: Range(_end(lo, 0, precision), _end(hi, 1, precision)) for s, lo, hi in pairs}

    def relations(self) -> dict[str, Boolean]:
        """Return the interior of the box as premises."""
        found: dict[str, Boolean] = {}
        for s, low, high in zip(*self._parts(), strict=True):
            if not low.infinite:
                found[f"{s} from"] = sp.Gt(s, low.value, evaluate=False)
            if not high.infinite:
                found[f"{s} to"] = sp.Lt(s, high.value, evaluate=False)
        return found

    def bounds(self) -> dict[str, Boolean]:
        """Return exactly the points of the box as premises, its own faces included."""
        found: dict[str, Boolean] = {}
        for s, low, high in zip(*self._parts(), strict=True):
            if not low.infinite:
                head = sp.Ge if low.closed else sp.Gt
                found[f"{s} from"] = head(s, low.value, evaluate=False)
            if not high.infinite:
                head = sp.Le if high.closed else sp.Lt
                found[f"{s} to"] = head(s, high.value, evaluate=False)
        return found

    def __str__(self) -> str:
        parts = []
        for s, low, high in zip(*self._parts(), strict=True):
            left, right = "[" if low.closed else "(", "]" if high.closed else ")"
            parts.append(f"{s} in {left}{low.value}, {high.value}{right}")
        return ", ".join(parts)


def _end(side: Side, index: int, precision: int) -> Any:
    if side.infinite:
        return INFINITY if side.value == sp.oo else -INFINITY
    with ctx.workprec(precision):
        return evaluate_range(side.value, {}, precision)[index]


def box_of(symbols: tuple[Any, ...], premises: Mapping[str, Boolean]) -> Box:
    """Return the least box the premises give by bounds of single symbols.

    Raises
    ------
    EmptyDomain
        If the bounds of a symbol contradict each other, or cannot be compared.
    """
    lower = {s: Side(-sp.oo) for s in symbols}
    upper = {s: Side(sp.oo) for s in symbols}
    for name, premise in premises.items():
        for part in conjuncts(premise):
            for symbol, side, is_lower in _bounds(part, name):
                if symbol in lower:
                    ends, sense = (lower, 1) if is_lower else (upper, -1)
                    ends[symbol] = _tighter(ends[symbol], side, sense)
    for s in symbols:
        _check_not_empty(s, lower[s], upper[s])
    return Box(symbols, tuple(lower[s] for s in symbols), tuple(upper[s] for s in symbols))


def _bounds(part: Any, name: str) -> Iterator[tuple[Any, Side, bool]]:
    """Yield (symbol, side, whether it is a lower one) for a relation linear in one symbol."""
    if not isinstance(part, (sp.Le, sp.Lt, sp.Ge, sp.Gt)):
        return
    difference = part.gts - part.lts  # the relation says that this is ≥ 0, or > 0
    symbols = difference.free_symbols
    if len(symbols) != 1:
        return
    (symbol,) = symbols
    slope = sp.diff(difference, symbol)
    if slope.free_symbols or not slope.is_Rational or slope == 0:
        return
    value = sp.expand(-difference.subs(symbol, 0) / slope)
    if _is_constant(value):
        yield symbol, Side(value, isinstance(part, (sp.Le, sp.Ge)), frozenset({name})), slope > 0


def _is_constant(value: Any) -> bool:
    try:
        return bool(evaluate_range(value, {}).bounded)
    except BallError:
        return False


def compare(a: Any, b: Any) -> int:
    """Return the sign of a − b for constants or infinities.

    Raises
    ------
    EmptyDomain
        If it cannot be told.
    """
    if a == b:
        return 0
    if a in (sp.oo, -sp.oo) or b in (sp.oo, -sp.oo):
        return 1 if a == sp.oo or b == -sp.oo else -1
    if decide_at_point(sp.Gt(a, b, evaluate=False), {}):
        return 1
    if decide_at_point(sp.Lt(a, b, evaluate=False), {}):
        return -1
    if decide_at_point(sp.Eq(a, b, evaluate=False), {}):
        return 0
    raise EmptyDomain(f"the bounds {a} and {b} could not be compared")


def _tighter(old: Side, new: Side, sense: int) -> Side:
    order = sense * compare(new.value, old.value)
    if order == 0:
        return replace(old, closed=False, names=new.names) if old.closed > new.closed else old
    return new if order > 0 else old


def _check_not_empty(symbol: Any, lower: Side, upper: Side) -> None:
    order = compare(lower.value, upper.value)
    if order > 0 or (order == 0 and not (lower.closed and upper.closed)):
        names = ", ".join(sorted(lower.names | upper.names))
        raise EmptyDomain(f"contradictory premises: {names} leave no {symbol}")


def box_text(symbols: tuple[Any, ...], ranges: list[Range]) -> str:
    """Return ranges as text, with a few digits."""
    pairs = zip(symbols, ranges, strict=True)
    return ", ".join(f"{s} in [{r.lower.str(6)}, {r.upper.str(6)}]" for s, r in pairs)
