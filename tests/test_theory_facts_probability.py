"""What the cited facts of probability mean: where they hold, and where they fail without a premise.

Sample spaces are finite, or a fine grid with normal weights; vectors and operators are numbers.
"""

from math import exp, log, sqrt

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

from theory.facts import probability

FAIR = [(1.0, 0.5), (-1.0, 0.5)]


def same(i, omega):
    return coin(1, omega)


def square(x):
    return x * x


COIN = {"omega": COINS, "k": 2}
SUM = COIN | {"X": coin, "f": lambda i, x: x, "u": const(log((1 + exp(1)) / 2))}
PAIRS = COIN | {"X": lambda i, w: coin(1, w) if i == 1 else 0.0, "f": identity, "g": identity,
                "v": lambda i, w: coin(2, w) if i == 1 else 1.0}  # fmt: skip
LAZY = COIN | {"X": lambda i, w: coin(1, w), "f": identity, "g": identity,
               "v": lambda i, w: coin(1, w)}  # fmt: skip
VECTORS = COIN | {
    "X": coin, "f": identity, "w_of": identity, "total": 3.0, "mu": 0.5, "c": 0.5,
    "Y_of": lambda w: coin(1, w) + 2 * coin(2, w),
}  # fmt: skip
CHERNOFF = COIN | {
    "v": coin, "M": lambda w: sqrt(coin(1, w) + coin(2, w)), "n": 1, "R": 1.0, "mu": 1.0,
    "delta": 0.75,
}  # fmt: skip
GAUSS = {"omega": NORMAL, "v": identity, "F": identity, "Lip": 1.0, "t": 1.0}
KAKADE = {"omega": FAIR, "xi": identity, "A": 2.0, "s": 1.0, "t": 0.5, "c": 25.0}
EVENT = {"omega": COINS, "X": lambda w: w - 2, "Y": lambda w: w - 1}
ABOVE = {"omega": COINS, "X": lambda w: w - 2, "Y": lambda w: w / 2}
MEANS = {"omega": COINS, "X": identity, "Y": square, "Z": lambda w: 1 + 2 * w - w * w,
         "c_0": 1.0, "c_1": 2.0, "c_2": -1.0}  # fmt: skip

TRUE = {
    "monotone_probability": [EVENT, EVENT | {"X": const(-1.0)}],
    "union_bound": [EVENT | {"X": lambda w: abs(w - 1.5) - 1, "Y": lambda w: -w,
                             "Z": lambda w: w - 3}],
    "impossible_event": [EVENT | {"X": const(-1.0)}],
    "conditioning": [{"omega": COINS, "v": lambda w: coin(1, w), "B": lambda w: coin(2, w),
                      "F": lambda a, b: b - 1, "p": 0.5}],
    "expectation_bound": [MEANS, MEANS | {"Z": const(-5.0)}],
    "indicator": [ABOVE, ABOVE | {"Y": const(1.0)}],
    "expectation_scale": [{"omega": COINS, "X": identity, "Y": lambda w: 3 * w, "c": 3.0}],
    "integrable_scale": [{"omega": COINS, "X": identity, "Y": lambda w: 3 * w, "c": 3.0}],
    "expectation_sum": [COIN | {"Z": lambda i, w: i * w}],
    "bounded_integrable": [{"omega": COINS, "X": identity, "c": 3.0}],
    "jensen_square": [{"omega": COINS, "X": identity}, {"omega": NORMAL, "X": square}],
    "independent_product": [PAIRS],
    "independent_map": [PAIRS | {"f": lambda x: 2 * x - 1}],
    "independent_values": [COIN | {"X": coin, "v": lambda i, x: i * x}],
    "bienayme": [VECTORS],
    "independent_exponential": [SUM],
    "matrix_chernoff": [CHERNOFF, CHERNOFF | {"delta": 0.0}],
    "gaussian_concentration": [GAUSS, GAUSS | {"F": abs, "t": 0.3}],
    "hsu_kakade_zhang": [KAKADE],
    "multiple_in_space": [{"omega": COINS, "v": 1.0, "n": 1.0, "c": 2.0}],
}  # fmt: skip

NEEDED = {
    ("monotone_probability", "implies"): EVENT | {"Y": lambda w: w - 3},
    ("union_bound", "implies"): EVENT | {"Y": const(-1.0), "Z": lambda w: w - 3},
    ("impossible_event", "never"): EVENT,
    ("conditioning", "independent"): {
        "omega": COINS, "v": lambda w: coin(1, w), "B": lambda w: 1 - coin(1, w),
        "F": lambda a, b: -abs(a + b - 1), "p": 0.5},
    ("conditioning", "given"): {
        "omega": COINS, "v": lambda w: coin(1, w), "B": lambda w: coin(2, w),
        "F": lambda a, b: b - 1, "p": 0.25},
    ("expectation_bound", "pointwise"): MEANS | {"Z": lambda w: 5 * w},
    ("indicator", "above"): ABOVE | {"Y": const(0.0)},
    ("expectation_scale", "multiple"): {
        "omega": COINS, "X": identity, "Y": square, "c": 3.0},
    ("independent_product", "independent"): LAZY,
    ("independent_map", "independent"): LAZY | {"v": const(1.0), "X": same},
    ("independent_values", "independent"): COIN | {"X": same, "v": lambda i, x: x},
    ("bienayme", "independent"): VECTORS | {"X": same, "Y_of": lambda w: 3 * coin(1, w)},
    ("bienayme", "moments"): VECTORS | {"mu": 0.25},
    ("bienayme", "sum"): VECTORS | {"Y_of": const(0.0)},
    ("bienayme", "total"): VECTORS | {"total": 0.0},
    ("independent_exponential", "independent"): SUM | {"X": same},
    ("independent_exponential", "each"): SUM | {"u": const(0.0)},
    ("matrix_chernoff", "independent"): CHERNOFF | {
        "v": lambda i, w: same(i, w), "M": lambda w: sqrt(2 * coin(1, w)), "delta": 0.99},
    ("matrix_chernoff", "range"): CHERNOFF | {"R": 0.1},
    ("matrix_chernoff", "space"): CHERNOFF | {"n": 0},
    ("matrix_chernoff", "sum"): CHERNOFF | {"M": const(0.0)},
    ("matrix_chernoff", "mean"): CHERNOFF | {"mu": 4.0},
    ("gaussian_concentration", "normal"): GAUSS | {"v": lambda x: 3 * x, "t": 3.0},
    ("gaussian_concentration", "lipschitz"): GAUSS | {"F": lambda x: 3 * x, "t": 3.0},
    ("gaussian_concentration", "sign"): GAUSS | {"t": -1.0},
    ("hsu_kakade_zhang", "subgaussian"): KAKADE | {"xi": lambda w: 10 * w},
    ("hsu_kakade_zhang", "threshold"): KAKADE | {"c": 1.0},
}  # fmt: skip

# Premises without such an instance, and why.
FINITE = "every variable on a finite sample space has an expectation"
WITHOUT = {
    ("expectation_bound", "first"): FINITE,
    ("expectation_bound", "second"): FINITE,
    ("expectation_bound", "bounded"): FINITE,
    ("integrable_scale", "multiple"): FINITE,
    ("integrable_scale", "integrable"): FINITE,
    ("expectation_sum", "integrable"): FINITE,
    ("expectation_sum", "count"): "a sum without terms is 0 on both sides",
    ("bounded_integrable", "bounded"): FINITE,
    ("jensen_square", "integrable"): FINITE,
    ("indicator", "integrable"): FINITE,
    ("bienayme", "count"): "a sum without terms is 0 on both sides",
    ("independent_exponential", "count"): "a sum without terms is 0 on both sides",
    ("matrix_chernoff", "count"): "a sum without terms has mean 0",
    ("matrix_chernoff", "parameters"): "keeps the bound from being undefined",
    ("hsu_kakade_zhang", "sign"): "keeps the root from being undefined",
    ("multiple_in_space", "member"): "the reading has one space",
}
INSTANCES = listed(TRUE)


@pytest.mark.parametrize(("name", "env"), INSTANCES, ids=[name for name, _ in INSTANCES])
def test_a_fact_holds_on_instances_of_its_premises(name, env):
    assert unmet(name, env) == []
    assert concluded(name, env)


@pytest.mark.parametrize(("name", "premise"), NEEDED, ids=lambda part: part)
def test_a_fact_fails_without_the_premise(name, premise):
    env = NEEDED[name, premise]
    assert unmet(name, env) == [premise]
    assert not concluded(name, env)


def test_every_fact_has_an_instance_and_every_premise_is_accounted_for():
    check_all_accounted_for(probability.FACTS, TRUE, NEEDED, WITHOUT)
