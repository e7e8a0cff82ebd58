"""Proof of first_moment_kurtosis (THEORY section 3b): moments entry by entry, then one parabola.

With S the sum over the first j entries and x the next entry times its coordinate, the powers of
S + x are expanded; x is independent of S and centred, so odd powers of x leave nothing.
"""

from collections.abc import Iterator, Sequence

from sympy import Abs, And, Eq, Expr, Integer, Lambda, expand, sqrt, true
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, forall
from theory.probability import OMEGA, expectation
from theory.settings.initial import i, j, n
from theory.statement import Step, at
from theory.statements._first_moment import (
    FIRST,
    D,
    a,
    along,
    coordinate,
    moment_at_least,
    over_entries,
    squared,
)
from theory.steps import cite, induction, polynomial
from theory.terms import IsInteger, Norm, function_of, real, real_function

entry = real_function("v")
kappa, x, x_1 = real("kappa x x_1")

NOT_LAST = And(IsInteger(j), j >= 1, j < n)
weighted = coordinate(i, a) * entry(i, OMEGA)

past, reach = over_entries(weighted, j), over_entries(Abs(coordinate(i, a)), j)
following, factor = entry(j + 1, OMEGA), coordinate(j + 1, a)
squares, fourths = over_entries(squared, j), over_entries(coordinate(i, a) ** 4, j)
total = past + factor * following


def fourth_at_most(factor: Expr) -> ForAll:
    """Return that the fourth moment is at most that of a normal variable, and a correction."""
    correction = (kappa - 3) * over_entries(coordinate(i, a) ** 4)
    return forall(a, true, expectation(along**4) <= factor * (3 * Norm(a) ** 4 + correction))


def _bounded(term: Expr, bound: Expr) -> Boolean:
    return And(-bound <= term, term <= bound)


def _integrable(name: str, term: Expr, bound: Expr, *steep: int) -> Iterator[Step]:
    """Yield that the first four powers of a bounded term have expectations.

    ``steep`` are the powers whose bound is no matter of course: it is an instance of "powers".
    """
    for power in (1, 2, 3, 4):
        why = (at("powers", {x: term, x_1: bound}),) if power in steep else ()
        yield cite(f"{name}_{power}", "bounded_integrable", name, *why, over=(j, a), given=FIRST,
                   X=function_of(OMEGA, term**power), c=bound**power)  # fmt: skip


SIZES = (
    polynomial("powers", forall((x, x_1), And(-x_1 <= x, x <= x_1), And(
               *(_bounded(x**power, x_1**power) for power in (2, 3, 4))))),
    induction("sum", forall((j, a, OMEGA), FIRST, _bounded(past, D * reach)),
              at("H_bounded", {i: j})),
    polynomial("next", forall((j, a, OMEGA), FIRST, _bounded(following, D)),
               at("H_bounded", {i: j + 1})),
    *_integrable("sum", past, D * reach, 3, 4),
    *_integrable("next", following, D),
)  # fmt: skip


def _product(power: int, following_power: int) -> Step:
    """Return that a power of the sum and a power of the next entry are uncorrelated."""
    return cite(f"product_{power}{following_power}", "independent_next", "H_independent",
                f"sum_{power}", f"next_{following_power}", over=(a,), X=entry,
                f=Lambda((i, x), coordinate(i, a) * x), F=Lambda(x, x**power),
                g=Lambda(x, x**following_power), k=n)  # fmt: skip


PRODUCTS = tuple(_product(*powers) for powers in ((1, 1), (3, 1), (2, 2), (1, 3)))


def _linear(
    name: str, first: Expr, c_1: Expr, second: Expr, c_2: Expr, *why: str
) -> tuple[Step, Expr]:
    """Return the expectation of a combination of two terms, and the combination."""
    both = c_1 * first + c_2 * second
    step = cite(name, "expectation_linear", *why, over=(j, a), given=NOT_LAST,
                X=function_of(OMEGA, first), Y=function_of(OMEGA, second),
                Z=function_of(OMEGA, both), c_0=0, c_1=c_1, c_2=c_2)  # fmt: skip
    return step, both


def _expansion(power: int, terms: Sequence[tuple[int, int, int, str]]) -> Iterator[Step]:
    """Yield the steps to E(S + cx)^p as the sum of its terms, one term after the other."""
    so_far, why, scale = past**power, f"sum_{power}", Integer(1)
    for number, (coefficient, of_sum, of_next, source) in enumerate(terms):
        term, c_2 = past**of_sum * following**of_next, coefficient * factor**of_next
        step, so_far = _linear(f"power_{power}_{number}", so_far, scale, term, c_2, why, source)
        yield step
        why = f"power_{power}_{number}.integrable"


MOMENTS = (
    *_expansion(1, [(1, 0, 1, "next_1")]),
    *_expansion(2, [(2, 1, 1, "product_11.integrable"), (1, 0, 2, "next_2")]),
    *_expansion(4, [(4, 3, 1, "product_31.integrable"), (6, 2, 2, "product_22.integrable"),
                    (4, 1, 3, "product_13.integrable"), (1, 0, 4, "next_4")]),
)  # fmt: skip


def _moment(power: int, count: Expr = j) -> Expr:
    return expectation(over_entries(weighted, count) ** power)


def _whole(power: int) -> Iterator[Step]:
    """Yield a moment of the sum with the next entry as that of its expansion."""
    longer, source = over_entries(weighted, j + 1) ** power, f"raised_{power}"
    yield polynomial(source, forall((j, a, OMEGA), FIRST, Eq(longer, total**power)), "peeled")
    yield cite(f"whole_{power}", "expectation_scale", source, over=(j, a), given=NOT_LAST,
               X=function_of(OMEGA, expand(total**power)), Y=function_of(OMEGA, longer),
               c=1)  # fmt: skip


def _one(power: int) -> Step:
    """Return a moment of a single entry times its coordinate."""
    return cite(f"one_{power}", "expectation_scale", over=(i, a),
                X=function_of(OMEGA, entry(i, OMEGA) ** power),
                Y=function_of(OMEGA, weighted**power), c=coordinate(i, a) ** power)  # fmt: skip


MEMBER = And(IsInteger(j), j >= 1, j <= n)
ENTRY_MOMENTS = (at("H_centred", {i: j}), at("H_variance", {i: j}))
INDUCTIONS = (
    induction("peeled", forall((j, a, OMEGA), FIRST,
              Eq(over_entries(weighted, j + 1), total))),
    *map(_one, (1, 2, 4)), *_whole(2), *_whole(4),
    induction("means", forall((j, a), MEMBER, Eq(_moment(1), 0)), at("one_1", {i: j}),
              "power_1_0", at("H_centred", {i: j})),
    induction("variances", forall((j, a), MEMBER, Eq(_moment(2), squares)), at("one_2", {i: j}),
              "power_2_0", "power_2_1", "product_11", "whole_2", *ENTRY_MOMENTS),
    induction("kurtoses", forall((j, a), MEMBER,
              _moment(4) <= 3 * squares**2 + (kappa - 3) * fourths), at("one_4", {i: j}),
              "power_4_0", "power_4_1", "power_4_2", "power_4_3",
              "product_31", "product_22", "product_13", "whole_4", "means", "variances",
              *ENTRY_MOMENTS, at("H_kurtosis", {i: j})),
)  # fmt: skip
SMALL = And(x >= 0, x * Norm(a) <= 1)
whole = over_entries(weighted)
PARABOLA = (
    polynomial("along", forall((a, OMEGA), true, Eq(along**4, 1 * whole**4)), "H_entries"),
    cite("along_fourth", "expectation_scale", "along", over=(a,),
         X=function_of(OMEGA, whole**4), Y=function_of(OMEGA, along**4), c=1),
    polynomial("fourth", fourth_at_most(Integer(1)), "along_fourth", at("kurtoses", {j: n}),
               "H_coordinates", "n"),
    induction("positive", forall((j, a), FIRST, fourths >= 0)),
    polynomial("gaussian", forall(a, true, _moment(4, n) <= 3 * Norm(a) ** 4),
               at("kurtoses", {j: n}), at("positive", {j: n}), "H_coordinates", "kappa", "n"),
    polynomial("size", forall((a, OMEGA), true, _bounded(Abs(along), D * over_entries(
               Abs(coordinate(i, a))))), at("sum", {j: n}), "H_entries", "n"),
    cite("size_integrable", "bounded_integrable", "size", over=(a,),
         X=function_of(OMEGA, Abs(along)), c=D * over_entries(Abs(coordinate(i, a)))),
    polynomial("parabola", forall((a, x, OMEGA), x >= 0,
               whole**2 * x <= 2 / sqrt(3) * Abs(along) + x**3 / 9 * whole**4), "H_entries"),
    cite("least_integrable", "integrable_scale", at("sum_2", {j: n}), "n", over=(a, x),
         X=function_of(OMEGA, whole**2), Y=function_of(OMEGA, whole**2 * x), c=x),
    cite("least_mean", "expectation_scale", over=(a, x),
         X=function_of(OMEGA, whole**2), Y=function_of(OMEGA, whole**2 * x), c=x),
    cite("below", "expectation_bound", "size_integrable", at("sum_4", {j: n}), "least_integrable",
         "parabola", "n", over=(a, x), given=x >= 0, X=function_of(OMEGA, Abs(along)),
         Y=function_of(OMEGA, whole**4), Z=function_of(OMEGA, whole**2 * x), c_0=0,
         c_1=2 / sqrt(3), c_2=x**3 / 9),
    polynomial("all", forall((a, x), SMALL, 2 / sqrt(3) * expectation(Abs(along))
               >= x * Norm(a) ** 2 - x**3 * Norm(a) ** 4 / 3), "below", "least_mean", "gaussian",
               at("variances", {j: n}), "H_coordinates", "n"),
    polynomial("off_zero", forall(a, Norm(a) > 0,
               expectation(Abs(along)) >= Norm(a) / sqrt(3)), at("all", {x: 1 / Norm(a)})),
    polynomial("moment", moment_at_least(1 / sqrt(3)), "off_zero", at("all", {x: 0})),
)  # fmt: skip
STEPS = (*SIZES, *PRODUCTS, *MOMENTS, *INDUCTIONS, *PARABOLA)
