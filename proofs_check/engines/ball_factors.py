"""What the derivative ladder needs to know about an expression before it climbs.

Factors, smoothness, signs at sample points, pieces of an interval, behaviour near an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

import sympy as sp
from flint import ctx

from numerics.rigorous.balls import rational_ball
from numerics.rigorous.programs import BallError, Program
from numerics.rigorous.ranges import enclose
from proofs_check.engines.ball_domain import Box, EmptyDomain, Side, compare
from proofs_check.engines.ball_limits import constant_sign
from proofs_check.engines.ball_points import inner_points
from proofs_check.engines.signs import positive

_SIZE = 600  # operations above which an expression is not factored
_ORDERS = 8


def factors_of(f: Any) -> list[tuple[Any, Any]]:
    """Return factors with exponents; their product has the sign of f."""
    if f.count_ops() > _SIZE:
        return [(f, sp.S.One)]
    found: dict[Any, Any] = {}
    combined = sp.factor(sp.together(f))
    for part in sp.Mul.make_args(combined):
        base, exponent = part.as_base_exp()
        if isinstance(part, sp.exp) or base is sp.E:
            base, exponent = part, sp.S.One
        if not exponent.is_Integer:
            base, exponent = part, sp.S.One
        found[base] = found.get(base, sp.S.Zero) + exponent
    return list(found.items())


def is_algebraic(f: Any) -> bool:
    """Whether only roots, quotients and polynomials occur."""
    heads = (sp.Symbol, sp.Rational, sp.Add, sp.Mul, sp.Pow, sp.Abs)
    return all(
        isinstance(node, heads) and (not isinstance(node, sp.Pow) or node.exp.is_Rational)
        for node in sp.preorder_traversal(f)
    )


def sampled_sign(f: Any, box: Box) -> int | None:
    """Return the sign of f at inner points, None if it changes or is never certain."""
    try:
        program = Program(f, box.symbols)
    except BallError:
        return None
    signs = set()
    with ctx.workprec(256):
        for point in islice(inner_points(box), 24):
            value = program.run([enclose(rational_ball(x)) for x in point])
            if value.defined and (value.lower > 0 or value.upper < 0):
                signs.add(1 if value.lower > 0 else -1)
    return signs.pop() if len(signs) == 1 else None


KINKED = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Piecewise)


def smoothness_margins(f: Any) -> Iterator[Any]:
    """Yield what must be positive for f to be differentiable, not only defined."""
    for node in sp.preorder_traversal(f):
        if isinstance(node, sp.Pow) and not node.exp.is_Integer and not positive(node.base):
            yield node.base
        elif isinstance(node, sp.acosh):
            yield node.args[0] - 1
        elif isinstance(node, (sp.asin, sp.acos)):
            yield from (1 - node.args[0], 1 + node.args[0])
        elif isinstance(node, sp.LambertW):
            yield node.args[0] + sp.exp(-1)


def pieces(symbol: Any, box: Box, cuts: list[tuple[Any, Any]]) -> Iterator[Box]:
    """Yield the boxes between the cuts, and the cuts, in order."""
    low, high = box.side(symbol)
    for left, right in cuts:
        yield box.between(symbol, low, Side(left, True))
        yield box.between(symbol, Side(left, True), Side(right, True))
        low = Side(right, True)
    yield box.between(symbol, low, high)


def are_ordered(symbol: Any, box: Box, cuts: list[tuple[Any, Any]]) -> bool:
    """Whether the cuts certainly follow one another strictly inside the interval."""
    low, high = box.side(symbol)
    ends = [low.value, *(end for left, right in cuts for end in (left, right)), high.value]
    try:
        orders = [compare(b, a) for a, b in pairwise(ends)]
    except EmptyDomain:
        return False
    within = orders[1::2]
    return all(o > 0 for o in orders[::2]) and all(o >= 0 for o in within)


def positive_near(f: Any, symbol: Any, side: Side, box: Box) -> Any | None:
    """Return a point up to which, from an end, f is certainly positive; None if nowhere.

    At the end f and its first derivatives may vanish, exactly; the first that does not decides,
    by Taylor's formula, as far as its enclosure keeps the sign. The end itself is returned where
    f is positive there. f is continuous up to the end.
    """
    order, value = _first_nonzero(f, symbol, side.value)
    if order is None or value is None:
        return None
    low, high = (s.value for s in box.side(symbol))
    inward = 1 if side.value == low else -1
    if value * inward**order < 0:
        return None
    if order == 0:
        return side.value
    program = Program(value * sp.diff(f, symbol, order), box.symbols)
    for halving in range(2, 30):
        point = side.value + inward * (high - low) / 2**halving
        ends = (side.value, point) if inward > 0 else (point, side.value)
        strip = box.between(symbol, Side(ends[0], True), Side(ends[1], True))
        with ctx.workprec(96):
            found = program.run(list(strip.ranges(96).values()))
        if found.defined and found.lower > 0:
            return point
    return None


def _first_nonzero(f: Any, symbol: Any, end: Any) -> tuple[int | None, int | None]:
    """Return the order and the sign of the first derivative that is not exactly 0 at an end."""
    for order in range(_ORDERS):
        value = constant_sign(sp.diff(f, symbol, order).subs(symbol, end))
        if value != 0:
            return order, value
    return None, None
