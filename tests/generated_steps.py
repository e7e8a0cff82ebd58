"""Steps of known truth, generated from a seed: what the engines may prove, and must refuse."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
from sympy import (
    Abs,
    And,
    Eq,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    expand,
    sqrt,
)

from proofs_check.verdict import Goal
from theory.terms import (
    Adjoint,
    Apply,
    Inner,
    IsInteger,
    Norm,
    operator,
    real,
    real_function,
    vector,
)

mp = mpmath.mp.clone()
mp.dps = 60
x, y, z, n = real("x y z n")
a, b, c = vector("a"), vector("b"), vector("c")
f = real_function("f")
TINY = Rational(1, 10**12)

Case = tuple[bool, Goal]


def relation(head: Any, left: Any, right: Any) -> Any:
    return head(left, right, evaluate=False)


def small(rng: random.Random, low: int = -3, high: int = 3) -> Rational:
    return Rational(rng.randint(low, high), rng.choice((1, 1, 2, 3)))


def linear(rng: random.Random) -> Any:
    return small(rng) * x + small(rng) * y + small(rng)


def signs_of_squares(rng: random.Random, count: int) -> Iterator[Case]:
    """Σ squares shifted by 0, ± a tiny amount, the zero of the squares being known."""
    for _ in range(count):
        x0, y0 = small(rng), small(rng)
        u, v = x - x0, y - y0
        k, m = small(rng, 1, 3), small(rng)
        squares = expand(k * (u + m * v) ** 2 + small(rng, 1, 3) * v**2)
        shift = rng.choice((0, TINY, -TINY, 1))
        strict = rng.random() < 0.5
        head = Gt if strict else Ge
        yield shift > 0 or (shift == 0 and not strict), Goal(relation(head, squares + shift, 0))


def identities(rng: random.Random, count: int) -> Iterator[Case]:
    """An expanded product, as it is or with one coefficient changed."""
    for _ in range(count):
        product = Mul(linear(rng), linear(rng), linear(rng), evaluate=False)
        wrong = rng.random() < 0.5
        error = (
            rng.choice((TINY, Rational(-1, 3))) * rng.choice((x**2, x * y, y, 1)) if wrong else 0
        )
        yield not wrong, Goal(relation(Eq, product, expand(product) + error))


def endpoints(rng: random.Random, count: int) -> Iterator[Case]:
    """A linear bound on an interval, touched at an end or missed by a tiny amount."""
    for _ in range(count):
        low = small(rng)
        high = low + small(rng, 1, 4)
        slope = small(rng, 1, 3) * rng.choice((1, -1))
        top = slope * (high if slope > 0 else low)
        shift = rng.choice((0, TINY, -TINY))
        closed, strict = rng.random() < 0.5, rng.random() < 0.5
        inside = (Ge, Le) if closed else (Gt, Lt)
        premises = {"low": relation(inside[0], x, low), "high": relation(inside[1], x, high)}
        truth = shift > 0 or (shift == 0 and not (strict and closed))
        yield truth, Goal(relation(Lt if strict else Le, slope * x, top + shift), premises)


def partial_operations(rng: random.Random, count: int) -> Iterator[Case]:
    """Division, roots and logarithms, whose domain the premises do or do not secure."""
    for _ in range(count):
        p, k = small(rng), small(rng, 1, 3)
        secured = rng.random() < 0.5
        margin = rng.choice((0, TINY, 1))
        edge = p + margin if secured else p - margin
        strict = relation(Gt, x, edge)
        term, sign = rng.choice(
            ((k / (x - p), Gt), (sqrt(x - p) + k, Ge), (k / sqrt(x - p), Gt), ((x - p) ** -2, Gt))
        )
        premise = strict if secured else relation(Ge, x, edge)
        undefined = not secured and not (margin == 0 and term.has(sqrt(x - p)) and sign is Ge)
        yield not undefined, Goal(relation(sign, term, 0), {"domain": premise})


def congruences(rng: random.Random, count: int) -> Iterator[Case]:
    """Equal arguments give equal values, never the other way round."""
    for _ in range(count):
        u, v = linear(rng), linear(rng)
        if expand(u - v) == 0:
            continue
        forward = rng.random() < 0.5
        arguments, values = relation(Eq, u, v), relation(Eq, f(u) * z, f(v) * z)
        plain = relation(Eq, f(u), f(v))
        goal = Goal(values, {"p": arguments}) if forward else Goal(arguments, {"p": plain})
        if u.free_symbols | v.free_symbols:
            yield forward, goal


def root(value: Any, degree: int) -> Any:
    if value < 0:
        raise ValueError("root of a negative number")
    return mp.root(value, degree)


Pair = tuple[Any, Any]
OPERATIONS: tuple[Callable[[Pair, Pair], Pair], ...] = (
    lambda u, v: (u[0] + v[0], u[1] + v[1]),
    lambda u, v: (u[0] * v[0], u[1] * v[1]),
    lambda u, v: (u[0] / v[0], u[1] / v[1]),
    lambda u, v: (sqrt(u[0]), root(u[1], 2)),
    lambda u, v: (u[0] ** Rational(-2, 3), 1 / root(u[1], 3) ** 2),
    lambda u, v: (Abs(u[0] - v[0]), abs(u[1] - v[1])),
    lambda u, v: (Max(u[0], v[0]), max(u[1], v[1])),
    lambda u, v: (Min(u[0], v[0]), min(u[1], v[1])),
    lambda u, v: (
        Piecewise((u[0], relation(Gt, v[0], 0)), (v[0], True), evaluate=False),
        u[1] if v[1] > 0 else v[1],
    ),
)


def random_term(rng: random.Random, depth: int, point: dict[Any, Rational]) -> Pair:
    """Return a term and its value at the point, to 60 digits, computed beside it."""
    if depth == 0:
        term = rng.choice((x, y, x, y, small(rng)))
        value = point.get(term, term)
        return term, mp.mpf(int(value.p)) / int(value.q)
    pairs = [random_term(rng, depth - 1, point) for _ in range(2)]
    return rng.choice(OPERATIONS)(*pairs)


def evaluations(rng: random.Random, count: int) -> Iterator[Case]:
    """Random terms at a rational point, compared with a number just above or below."""
    while count:
        point = {x: small(rng), y: small(rng)}
        try:
            term, value = random_term(rng, 3, point)
        except (ValueError, ZeroDivisionError, TypeError):
            continue
        near = Rational(mp.nstr(value, 40)) + rng.choice((1, -1, TINY, -TINY))
        truth = value > mp.mpf(int(near.p)) / int(near.q)
        premises = {str(s): relation(Eq, s, v) for s, v in point.items()}
        count -= 1
        yield truth, Goal(relation(Gt, term, near), premises)


def combination(rng: random.Random) -> tuple[Any, tuple[Rational, Rational]]:
    p, q = small(rng), small(rng)
    return p * a + q * b, (p, q)


def inner_products(rng: random.Random, count: int) -> Iterator[Case]:
    """Cauchy–Schwarz, the triangle inequality and a binomial, with right and wrong constants."""
    while count:
        (u, (p, q)), (v, (r, s)) = combination(rng), combination(rng)
        if p * s == q * r:
            continue
        count -= 1
        k = rng.choice((1, 1 + TINY, 1 - TINY, Rational(99, 100)))
        e = rng.choice((0, TINY, -1))
        square = Norm(u) ** 2 + 2 * Inner(u, v) + Norm(v) ** 2
        yield rng.choice(
            (
                (k >= 1, Goal(relation(Le, Inner(u, v), k * Norm(u) * Norm(v)))),
                (k >= 1, Goal(relation(Le, Inner(u, v) ** 2, k * (Norm(u) * Norm(v)) ** 2))),
                (k >= 1, Goal(relation(Le, Norm(a + b) ** 2, k * (Norm(a) + Norm(b)) ** 2))),
                (e == 0, Goal(relation(Eq, Norm(u + v) ** 2, square + e * Norm(a) ** 2))),
            )
        )


def vector_equations(rng: random.Random, count: int) -> Iterator[Case]:
    """Consequences of equations between vectors, adjoints on the right and the wrong side."""
    operator_m, t = operator("M"), real("t")
    for _ in range(count):
        u, v = combination(rng)[0], combination(rng)[0]
        k, e = small(rng, 1, 3), rng.choice((0, 1))
        equation = {"p": relation(Eq, c, u + k * a)}
        image, back = Apply(operator_m, u + a), Adjoint(operator_m, v + b)
        yield rng.choice(
            (
                (e == 0, Goal(relation(Eq, c - u, (k + e * TINY) * a), equation)),
                (e == 0, Goal(relation(Eq, Inner(c, b), Inner(u + (k + e) * a, b)), equation)),
                (e == 0, Goal(relation(Eq, Inner(image, v + b), (1 + e) * Inner(u + a, back)))),
                (False, Goal(relation(Eq, a, b), {"p": relation(Eq, Norm(a), Norm(b))})),
                (False, Goal(relation(Eq, t * a, t * b), {"p": relation(Eq, t**2 * a, t * b)})),
            )
        )


def closed_forms(rng: random.Random, count: int) -> Iterator[Case]:
    """Telescoping and geometric sums, and recurrences, with right and wrong closed forms."""
    i, r, d, u = real("i"), real("r"), real("d"), real_function("u")
    given = {"given": And(IsInteger(n), relation(Ge, n, 0))}
    recurrence = given | {"rec": relation(Eq, u(n + 1), u(n) + d)}
    decrease = given | {"rec": relation(Le, u(n + 1), u(n)), "start": relation(Eq, u(0), 1)}
    for _ in range(count):
        p = sum(small(rng) * Symbol("i") ** k for k in range(1, 5))
        e = rng.choice((0, 0, TINY, n, n * (n - 1)))
        total = Sum(expand(p - p.subs(i, i - 1)), (i, 0, n)) if p != 0 else Integer(0)
        geometric = relation(Eq, (1 - r) * Sum(r**i, (i, 0, n)), 1 - r ** (n + 1) + e * r)
        yield rng.choice(
            (
                (e == 0, Goal(relation(Eq, total, (p - p.subs(i, -1)).subs(i, n) + e), given)),
                (e == 0, Goal(geometric, given)),
                (e == 0, Goal(relation(Eq, u(n), u(0) + n * d + e), recurrence)),
                (e == 0, Goal(relation(Le if e == 0 else Ge, u(n), 1 + e), decrease)),
                (False, Goal(relation(Le, u(n), 1 - TINY), decrease)),
            )
        )
