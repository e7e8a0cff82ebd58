"""What the cited facts on random processes and on images mean, on finite sample spaces.

Vectors are numbers, and on the line both unit vectors give a sum the same value: what needs a
plane, such as independence under symmetrisation, is computed there.
"""

from itertools import product
from math import comb, cos, exp, gamma, pi, sin, sqrt

import pytest
from fact_instances import (
    COINS,
    check_all_accounted_for,
    coin,
    concluded,
    const,
    identity,
    listed,
    unmet,
)
from numeric_reading import NORMAL

from theory.facts import images, processes


def same(i, omega):
    return coin(1, omega)


def total(omega):
    return coin(1, omega) + coin(2, omega)


SPACE = {"omega": COINS, "k": 2, "p": const(1.0)}
MEAN = SPACE | {"v": coin, "S": total, "N": lambda w: min(total(w), 1.0), "mu": 1.0}
TAIL = SPACE | {"v": coin, "S": total, "f": lambda i, a, b: abs(a * b), "c": 1.0, "t": 1.0}
BASIS = {"M": 2.0, "e": const(1 / sqrt(2)), "m": 2}
CUBE = {"w_of": const(1.0), "y": 1.5, "F": lambda s: s, "Z": const(0.75), "k": 2, "c": 1.0}

# One normal number that measures the half-line of the numbers that are not negative.
HALF_LINE = {
    "omega": NORMAL, "G": identity, "g": identity, "h": identity, "W": identity, "S": abs,
    "E": lambda z, b: z * b, "e": const(1.0), "chi": identity, "p": const(1.0), "Gamma": gamma,
    "m": 1, "w": 0.0, "t": 0.5,
}  # fmt: skip
SMALL = {"G": lambda w: w / 100, "S": lambda w: abs(w) / 100}
GRID = {"gordon": [-1, 0.5, 1, 2, 3]}

TRUE = {
    "gordon": [HALF_LINE, HALF_LINE | {"w": 0.2, "t": 0.0}],
    "independent_images": [SPACE | {"v": coin, "w_of": lambda i, a: i * a}],
    "symmetrisation_contraction": [MEAN, MEAN | {"mu": 0.5}],
    "mcdiarmid_least": [TAIL, TAIL | {"t": 0.0}],
    "frobenius_norm": [BASIS, BASIS | {"e": const(1.0), "m": 1}],
    "zonotope": [CUBE, CUBE | {"y": 3.0, "F": const(-1.0)}],
}
NEEDED = {
    ("gordon", "gamma"): HALF_LINE | {"Gamma": lambda x: exp(5 * x)},
    ("gordon", "rows"): HALF_LINE | {"m": 9, "e": const(0.0)},
    ("gordon", "orthogonal"): HALF_LINE | {"m": 9},
    ("gordon", "normal"): HALF_LINE | SMALL | {"g": lambda w: w / 100},
    ("gordon", "entries"): HALF_LINE | SMALL,
    ("gordon", "isometry"): HALF_LINE | SMALL | {"E": lambda z, b: z * b / 100},
    ("gordon", "attained"): HALF_LINE | {"S": const(-5.0)},
    ("gordon", "direction"): HALF_LINE | {
        "h": lambda w: w - 5, "W": lambda w: w - 5, "w": -5.0},
    ("gordon", "support"): HALF_LINE | {"W": const(-5.0), "w": -5.0},
    ("gordon", "width"): HALF_LINE | {"w": -5.0},
    ("gordon", "sign"): HALF_LINE | {"t": -1.0},
    ("independent_images", "independent"): SPACE | {"v": same, "w_of": lambda i, a: i * a},
    ("symmetrisation_contraction", "attained"): MEAN | {"S": const(-5.0)},
    ("symmetrisation_contraction", "means"): MEAN | {"mu": 5.0},
    ("mcdiarmid_least", "independent"): TAIL | {"v": same, "S": lambda w: 2 * coin(1, w)},
    ("mcdiarmid_least", "attained"): TAIL | {"S": lambda w: -9 * coin(1, w)},
    ("mcdiarmid_least", "least"): TAIL | {
        "f": lambda i, a, b: 9 * b, "p": lambda w: 1 - 2 * coin(1, w),
        "S": lambda w: 18 - 36 * coin(1, w)},
    ("mcdiarmid_least", "differences"): TAIL | {"c": 0.1},
    ("mcdiarmid_least", "sign"): TAIL | {"t": -1.0},
    ("frobenius_norm", "parseval"): BASIS | {"e": const(1.0)},
    ("zonotope", "support"): CUBE | {"y": 3.0, "Z": const(0.99)},
}  # fmt: skip

# Premises without such an instance, and why.
FINITE = "every variable on a finite sample space has an expectation"
EMPTY = "a sum without terms is 0 on both sides"
WITHOUT = {
    ("gordon", "count"): "makes the number of rows one",
    ("gordon", "integrable"): FINITE,
    ("symmetrisation_contraction", "count"): EMPTY,
    ("symmetrisation_contraction", "square"): FINITE,
    ("symmetrisation_contraction", "integrable"): FINITE,
    ("symmetrisation_contraction", "independent"): "fails in the plane, see below",
    ("mcdiarmid_least", "count"): "keeps the exponent from being undefined",
    ("frobenius_norm", "count"): "without terms, only the space {0} is spanned",
    ("zonotope", "count"): EMPTY,
    ("zonotope", "sign"): "follows from the support, wherever there are unit vectors",
}
FACTS = (*images.FACTS, *processes.FACTS)
INSTANCES = listed(TRUE)


@pytest.mark.parametrize(("name", "env"), INSTANCES, ids=[name for name, _ in INSTANCES])
def test_a_fact_holds_on_instances_of_its_premises(name, env):
    assert unmet(name, env, GRID.get(name)) == []
    assert concluded(name, env, GRID.get(name))


@pytest.mark.parametrize(("name", "premise"), NEEDED, ids=lambda part: part)
def test_a_fact_fails_without_the_premise(name, premise):
    env = NEEDED[name, premise]
    assert unmet(name, env, GRID.get(name)) == [premise]
    assert not concluded(name, env, GRID.get(name))


def test_every_fact_has_an_instance_and_every_premise_is_accounted_for():
    check_all_accounted_for(FACTS, TRUE, NEEDED, WITHOUT)


DIRECTIONS = [(cos(turn * pi / 4), sin(turn * pi / 4)) for turn in range(4)]
FINE = [(cos(turn * pi / 64), sin(turn * pi / 64)) for turn in range(64)]


def _along(vectors, b):
    return sum(abs(x * b[0] + y * b[1]) for x, y in vectors)


def _signed(vectors):
    """Return the mean of ‖Σ ±v_i‖ over all signs."""
    signs = list(product((1, -1), repeat=len(vectors)))
    sums = ([sum(s * v[axis] for s, v in zip(sign, vectors, strict=True)) for axis in (0, 1)]
            for sign in signs)  # fmt: skip
    return sum(sqrt(x * x + y * y) for x, y in sums) / len(signs)


def test_symmetrisation_in_the_plane_needs_independence():
    """Directions at random: each on its own, then the same one for all of 64 vectors."""
    count = 4
    draws = list(product(DIRECTIONS, repeat=count))
    least = sum(min(_along(draw, b) for b in FINE) for draw in draws) / len(draws)
    one = min(sum(abs(x * b[0] + y * b[1]) for x, y in DIRECTIONS) for b in FINE) / 4
    assert least >= count * one - 2 * sum(map(_signed, draws)) / len(draws)

    copies = 64
    signed = sum(comb(copies, j) * abs(copies - 2 * j) for j in range(copies + 1)) / 2**copies
    assert min(_along([DIRECTIONS[0]] * copies, b) for b in FINE) < 1e-9
    assert copies * one - 2 * signed > 1e-9
