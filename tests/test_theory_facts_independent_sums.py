"""What the cited facts on independent sums mean: where they hold, and fail without a premise."""

from itertools import product
from math import sqrt

import numpy as np
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

from theory.facts import independent_sums


def sign(i, omega):
    return 2 * coin(i, omega) - 1


def same(i, omega):
    return sign(1, omega)


# |ε₁ + ε₂| has mean 1, its root of a sum of squares is √2: Szarek's constant is attained.
SIGNS = {
    "omega": COINS, "k": 2, "X": sign, "R": const(1.0), "f": const(1.0),
    "Y": lambda w: sign(1, w) + sign(2, w), "Z": const(sqrt(2)),
}  # fmt: skip

HALF = SIGNS | {"Z": const(1.0)}
NEXT = {"omega": COINS, "k": 2, "X": coin, "f": lambda i, x: i * x, "F": lambda x: x * x,
        "g": identity}  # fmt: skip
LINEAR = {"omega": COINS, "X": identity, "Y": lambda w: w * w, "Z": lambda w: 1 + 2 * w - w * w,
          "c_0": 1.0, "c_1": 2.0, "c_2": -1.0}  # fmt: skip

TRUE = {
    "khintchine": [SIGNS, HALF, SIGNS | {"f": const(0.0), "Y": const(0.0), "Z": const(0.0)}],
    "independent_next": [NEXT, NEXT | {"F": const(1.0)}],
    "expectation_linear": [LINEAR],
}
NEEDED = {
    ("khintchine", "independent"): SIGNS | {
        "X": lambda i, w: sign(1, w) * (1 if i == 1 else -1), "Y": const(0.0)},
    ("khintchine", "signs"): SIGNS | {
        "X": lambda i, w: sign(i, w) / 2, "Y": lambda w: (sign(1, w) + sign(2, w)) / 2},
    ("khintchine", "centred"): SIGNS | {
        "X": const(1.0), "f": lambda i: 3 - 2 * i, "Y": const(0.0)},
    ("khintchine", "sum"): SIGNS | {"Y": const(0.0)},
    ("khintchine", "root"): SIGNS | {"Z": const(2.0)},
    ("independent_next", "independent"): NEXT | {"X": lambda i, w: coin(1, w)},
    ("expectation_linear", "combination"): LINEAR | {"Z": const(9.0)},
}  # fmt: skip

# Premises without such an instance, and why.
FINITE = "every variable on a finite sample space has an expectation"
WITHOUT = {
    ("khintchine", "count"): "a sum without terms is 0 on both sides",
    ("khintchine", "integrable"): FINITE,
    ("independent_next", "past"): FINITE,
    ("independent_next", "next"): FINITE,
    ("expectation_linear", "first"): FINITE,
    ("expectation_linear", "second"): FINITE,
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
    check_all_accounted_for(independent_sums.FACTS, TRUE, NEEDED, WITHOUT)


def test_khintchine_holds_for_all_signs_of_random_numbers_and_is_attained():
    rng = np.random.default_rng(5)
    for count in range(1, 9):
        signs = np.array(list(product((1, -1), repeat=count)))
        for _ in range(20):
            a = rng.standard_normal(count) * rng.choice([1e-3, 1.0, 5.0], count)
            assert np.abs(signs @ a).mean() >= np.linalg.norm(a) / sqrt(2) * (1 - 1e-12)
    assert np.abs(np.array([2, 0, 0, -2])).mean() == pytest.approx(sqrt(2) / sqrt(2))
