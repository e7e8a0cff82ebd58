"""What the facts on paths and on the operator norm mean: instances, and each premise needed."""

from math import cos, sin

import pytest
from numeric_reading import holds
from test_theory_facts_meaning import (
    BACKWARDS,
    TIMES,
    UNIT,
    conclusions_hold,
    const,
    decay,
    double,
    known,
    line,
    square,
)

from theory.facts import TRUSTED, operators, paths

STILL = {"F": const(0.0), "f": const(0.0)}
DIP = {"F": lambda x: x * x - x / 2, "f": lambda x: 2 * x - 0.5, "T": TIMES}
QUOTIENT = {"p": line(), "M": 1.0, "v": 1.0, "c": 1.0, "a": 0.0, "b": 1.0}
COMPONENTS = {"p": sin, "S": lambda x, v: sin(x) * v, "B": lambda x, v: cos(x) * v}
PULLED = {"ell": square, "G": double, "g": square, "J": double, "A": 3.0}
MAP = {"g": square, "J": double, "p": sin, "p_dot": cos}

TRUE = {
    "mean_value_inequality": [
        UNIT | {"p": sin, "p_dot": cos, "F": line(), "f": const(1.0)},
        UNIT | {"p": line(-1), "p_dot": const(-1.0), "F": line(), "f": const(1.0)},
    ],
    "difference_quotient": [QUOTIENT, QUOTIENT | {"p": sin, "M": 2.0, "c": 2.0}],
    "first_return": [UNIT | DIP],
    "chain_rule_map": [MAP],
    "componentwise": [COMPONENTS | {"p_dot": [cos]}],
    "pullback_gradient": [PULLED],
    "partial_sums": [{"f": line(), "S": [lambda n: n * (n - 1) / 2]}],
    "operator_norm": [{"M": 2.0, "v": -1.0}, {"M": 0.0, "v": 1.0}],
    "operator_norm_adjoint": [{"M": -2.0, "z": 3.0}],
    "operator_norm_triangle": [{"M": 2.0, "N": -1.0}, {"M": 1.0, "N": 1.0}],
    "right_inverse": [{"M": 2.0, "K": [0.0, 0.5]}],
}
NEEDED = {
    ("mean_value_inequality", "ordered"): BACKWARDS
    | {"p": line(), "p_dot": const(1.0), "F": line(), "f": const(1.0)},
    ("mean_value_inequality", "velocity"): UNIT | STILL | {"p": line(2), "p_dot": const(0.0)},
    ("mean_value_inequality", "derivative"): UNIT
    | {"p": line(), "p_dot": const(1.0), "F": const(0.0), "f": const(1.0)},
    ("mean_value_inequality", "speed"): UNIT | STILL | {"p": line(), "p_dot": const(1.0)},
    ("difference_quotient", "ordered"): QUOTIENT | BACKWARDS | {"c": 5.0},
    ("difference_quotient", "slope"): QUOTIENT | {"p": const(0.0), "M": 0.0},
    ("difference_quotient", "chords"): QUOTIENT | {"c": 2.0},
    ("first_return", "ordered"): BACKWARDS | {"F": line(-1, 1), "f": const(-1.0), "T": TIMES},
    ("first_return", "derivative"): UNIT | {"F": line(), "f": const(-1.0), "T": TIMES},
    ("first_return", "start"): UNIT | {"F": decay(), "f": decay(1, -1), "T": TIMES},
    ("first_return", "slope"): UNIT | {"F": line(), "f": const(1.0), "T": TIMES},
    ("first_return", "end"): UNIT | {"F": line(-1), "f": const(-1.0), "T": TIMES},
    ("chain_rule_map", "jacobian"): MAP | {"J": const(0.0)},
    ("chain_rule_map", "velocity"): MAP | {"p_dot": const(5.0)},
    ("componentwise", "components"): {
        "p": line(),
        "S": lambda x, v: 0.0,
        "B": lambda x, v: 0.0,
        "p_dot": [const(0.0), const(1.0)],
    },
    ("componentwise", "rates"): COMPONENTS | {"B": lambda x, v: 0.0, "p_dot": [cos, const(0.0)]},
    ("pullback_gradient", "gradient"): PULLED | {"G": const(0.0)},
    ("pullback_gradient", "jacobian"): PULLED | {"J": const(0.0)},
    ("right_inverse", "injective"): {"M": 0.0, "K": [0.0, 1.0, 5.0]},
}
FACTS = (*paths.FACTS, *operators.FACTS)
INSTANCES = [(name, env) for name, envs in TRUE.items() for env in envs]


@pytest.mark.parametrize(("name", "env"), INSTANCES, ids=[name for name, _ in INSTANCES])
def test_a_fact_holds_on_instances_of_its_premises(name, env):
    fact = TRUSTED[name]
    for premise, formula in fact.premises.items():
        assert holds(formula, known(fact, env)), premise
    assert conclusions_hold(fact, env)


@pytest.mark.parametrize(("name", "premise"), NEEDED, ids=lambda part: part)
def test_a_fact_fails_without_the_premise(name, premise):
    fact, env = TRUSTED[name], NEEDED[name, premise]
    kept = {p: holds(f, known(fact, env)) for p, f in fact.premises.items()}
    assert [p for p, is_met in kept.items() if not is_met] == [premise]
    assert not conclusions_hold(fact, env)


def test_every_fact_has_an_instance_and_needs_its_premises():
    assert set(TRUE) == {fact.name for fact in FACTS}
    assert set(NEEDED) == {(fact.name, premise) for fact in FACTS for premise in fact.premises}
