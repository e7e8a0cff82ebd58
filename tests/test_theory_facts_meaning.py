"""What cited facts mean: instances on which they hold, and instances that show each premise needed.

The reading is numerical and on the real line; it documents the facts and would notice a premise
that was forgotten or a conclusion that says too much.
"""

from math import ceil, copysign, cos, exp, gamma, log, sin, sqrt

import pytest
from numeric_reading import holds

from theory.facts import (
    TRUSTED,
    calculus,
    images,
    independent_sums,
    ode,
    operator_norms,
    operators,
    paths,
    probability,
    processes,
)


def step(at=0.5, low=0.0, high=1.0):
    """Return the function that jumps from ``low`` to ``high`` right after ``at``."""
    return lambda x: low if x <= at else high


def const(value):
    return lambda x: value


def line(slope=1.0, offset=0.0):
    return lambda x: slope * x + offset


def decay(rate=1.0, size=1.0):
    return lambda x: size * exp(-rate * x)


def square(x):
    return x * x


def double(x):
    return 2 * x


def root(x):
    return copysign(abs(x) ** (1 / 3), x)


TIMES = [0.0, 0.25, 0.5, 0.75, 1.0]  # coarser than the grid: points lie between any two
UNIT = {"a": 0.0, "b": 1.0}
LEVELS = UNIT | {"c": 0.0, "d": 1.0}
SINE = {"F": sin, "f": cos}
ZERO = UNIT | {"F": line(-1, 1), "T": TIMES}
FLOW = {
    "ell": lambda v: v * v / 2, "G": line(), "g": square, "J": double, "A": 3.0, "p": decay(),
    "p_dot": decay(1, -1), "y": lambda x: 3 * exp(-2 * x),
}  # fmt: skip
GRADIENT_FLOW = FLOW | {"g": line(), "J": const(1.0), "A": 1.0, "y": decay()}
ALONG = {"ell": square, "G": double, "p": decay(), "p_dot": decay(1, -1)}
SETTLING = {"p": lambda x: 1 + exp(-x), "z": 1.0, "c": 1.0, "ell": square, "G": double}
LIMIT = {
    "ell": square, "G": double, "g": line(), "J": const(1.0), "A": 1.0,
    "p": lambda x: 1 + exp(-x), "y": lambda x: 1 + exp(-x), "limit": 1.0, "c": 1.0,
}  # fmt: skip
RADIAL = {
    "ell": lambda v: (v - 1) ** 2 / 2, "G": line(1, -1), "rho": lambda x: x * x / 2,
    "rho_1": line(), "z": 1.0,
}  # fmt: skip
COMPARE = {
    "u": decay(2), "u_1": decay(2, -2), "U": decay(), "U_1": decay(1, -1), "N": line(),
    "P": const(1.0), "T": 1.0, "low": 0.001, "high": 1.0,
}  # fmt: skip

# By fact: instances on which premises and conclusions hold. What a fact says to exist is given as
# a list of candidates, of which one has to do.
TRUE = {
    "nonincreasing": [UNIT | {"F": line(-1), "f": const(-1.0)},
                      {"a": 2.0, "b": 3.0} | SINE],
    "increasing": [UNIT | SINE, UNIT | {"F": lambda x: sqrt(max(x, 0)),
                                        "f": lambda x: 0.5 / sqrt(x) if x > 0 else 0.0}],
    "differentiable_is_continuous": [UNIT | SINE, UNIT | {"F": exp, "f": exp}],
    "barrier": [LEVELS | {"F": line(-1)}, LEVELS | {"F": lambda x: -square(x - 0.5)}],
    "first_zero": [ZERO, ZERO | {"F": lambda x: max(0.5 - x, 0)}, ZERO | {"F": const(0.0)}],
    "first_zero_after": [ZERO, ZERO | {"F": lambda x: max(0.5 - x, 0)}],
    "limit_of_inequality": [UNIT | {"F": line(1, -1), "c": 0.0}, UNIT | {"F": sin, "c": 1.0}],
    "primitive": [UNIT | {"f": cos, "F": [sin]},
                  UNIT | {"f": abs, "F": [lambda x: x * abs(x) / 2]}],
    "length": [{"p": sin, "p_dot": const(0.0), "S": [const(0.0)]} | {"p": const(2.0)},
               {"p": line(-2), "p_dot": const(-2.0), "S": [line(2)]}],
    "finite_length": [{"p": decay(), "S": decay(1, -1), "c": 0.0, "limit": [0.0]},
                      {"p": const(3.0), "S": const(1.0), "c": 1.0, "limit": [0.0, 3.0]}],
    "tends_to_zero": [{"F": decay(), "S": lambda d: 1 / d, "c": 1.0},
                      {"F": lambda x: max(1 - x, 0), "S": const(1.0), "c": 0.5}],
    "limit_within": [{"p": decay(), "a": 0.0, "c": 1.0, "limit": 0.0},
                     {"p": const(2.0), "a": 1.0, "c": 0.0, "limit": 2.0}],
    "inverse_derivative": [{"F": line(2), "f": const(2.0), "S": line(0.5), "a": 0.0},
                           {"F": exp, "f": exp, "S": log, "a": 0.0}],
    "bounded_above": [UNIT | {"F": exp, "c": [0.0, 3.0]}, UNIT | {"F": sin, "c": [1.0]}],
    "below_nearby": [UNIT | {"F": line(-1, 1), "c": 0.5, "T": TIMES},
                     UNIT | {"F": const(0.0), "c": 0.5, "T": TIMES}],
    "chain_rule": [FLOW, GRADIENT_FLOW],
    "continuous_pullback": [GRADIENT_FLOW],
    "fermat": [{"ell": square, "G": double, "z": 0.0},
               {"ell": lambda v: 1 - cos(v), "G": sin, "z": 0.0}],
    "chain_rule_along": [ALONG, ALONG | {"p": sin, "p_dot": cos}],
    "continuous_along": [ALONG | {"c": -1.0}, ALONG | {"p": sin, "p_dot": cos, "c": 2.0}],
    "gradient_curve": [{"ell": lambda v: v * v / 2, "G": line(), "z": 2.0, "c": 0.0,
                        "p": [decay(1, 2)]}],
    "value_at_limit": [SETTLING, SETTLING | {"p": const(1.0)}],
    "radial_gradient": [RADIAL],
    "loss_at_limit": [LIMIT, LIMIT | {"A": 2.0, "y": lambda x: 2 + 2 * exp(-x), "c": 4.0}],
    "weyl": [{"M": 2.0, "N": -3.0}, {"M": 0.5, "N": 0.0}],
    "sigma_min_greatest": [{"M": 2.0, "c": 4.0}, {"M": 2.0, "c": -1.0}],
    "sigma_min": [{"M": 2.0, "z": -1.0}, {"M": 0.0, "z": 3.0}],
    "range": [{"M": 2.0, "v": 1.0}, {"M": 0.0, "v": 1.0}],
    "comparison": [COMPARE, COMPARE | {"u": decay(), "u_1": decay(1, -1)}],
    "archimedean": [{"N": [ceil]}],
    "gamma_function": [{"Gamma": [gamma]}],
    "s_lemma": [{"M": 2.0, "d": 1.0, "a": 1.0, "b": 0.5, "x": 1.0, "tau": [0.0]},
                {"M": 1.0, "d": -2.0, "a": 1.0, "b": 3.0, "x": 0.5, "tau": [0.0, 2.0]}],
}  # fmt: skip

UPWARDS = {"F": line(), "f": const(1.0)}
DOWNWARDS = {"F": line(-1), "f": const(-1.0)}
BACKWARDS = {"a": 1.0, "b": 0.0}
LATE_STEP = {"ell": step(1.0, 0.0, 5.0), "G": const(0.0)}
# By fact and premise: an instance that violates this premise only, and the conclusion with it.
NEEDED = {
    ("nonincreasing", "ordered"): BACKWARDS | DOWNWARDS,
    ("nonincreasing", "derivative"): UNIT | UPWARDS | {"f": const(-1.0)},
    ("nonincreasing", "sign"): UNIT | UPWARDS,
    ("increasing", "ordered"): BACKWARDS | UPWARDS,
    ("increasing", "continuous"): UNIT | UPWARDS | {"F": lambda x: x if x > 0 else 5.0},
    ("increasing", "derivative"): UNIT | DOWNWARDS | {"f": const(1.0)},
    ("increasing", "sign"): UNIT | DOWNWARDS,
    ("differentiable_is_continuous", "derivative"): UNIT | {"F": step(), "f": const(0.0)},
    ("barrier", "continuous"): LEVELS | {"F": step(high=2.0)},
    ("barrier", "start"): LEVELS | {"F": const(2.0)},
    ("barrier", "gap"): LEVELS | {"F": line(), "d": -1.0},
    ("barrier", "no_entry"): LEVELS | {"F": line()},
    ("first_zero", "continuous"): ZERO | {"F": step(low=1.0, high=0.0)},
    ("first_zero", "ordered"): ZERO | BACKWARDS | {"F": line()},
    ("first_zero", "start"): ZERO | {"F": line(1, -1)},
    ("first_zero", "end"): ZERO | {"F": const(1.0)},
    ("first_zero_after", "continuous"): ZERO | {"F": step(low=1.0, high=0.0)},
    ("first_zero_after", "ordered"): ZERO | BACKWARDS | {"F": line()},
    ("first_zero_after", "start"): ZERO | {"F": lambda x: x * (1 - x)},
    ("first_zero_after", "end"): ZERO | {"F": const(1.0)},
    ("limit_of_inequality", "continuous"): UNIT | {"F": lambda x: float(x >= 1), "c": 0.0},
    ("limit_of_inequality", "ordered"): {"a": 1.0, "b": 1.0, "F": const(1.0), "c": 0.0},
    ("limit_of_inequality", "below"): UNIT | {"F": const(1.0), "c": 0.0},
    ("primitive", "continuous"): UNIT | {
        "f": step(), "F": [lambda x: max(x - 0.5, 0), line(), const(0.0)]},
    ("length", "velocity"): {"p": line(), "p_dot": const(0.0), "S": [const(0.0), line()]},
    ("length", "continuous"): {
        "p": lambda x: x * x * sin(1 / x) if x else 0.0,
        "p_dot": lambda x: 2 * x * sin(1 / x) - cos(1 / x) if x else 0.0,
        "S": [const(0.0), line(), line(0.6366)]},
    ("finite_length", "chord"): {
        "p": sin, "S": const(0.0), "c": 1.0, "limit": [-1.0, -0.5, 0.0, 0.5, 1.0]},
    ("finite_length", "bounded"): {
        "p": line(), "S": line(), "c": 1.0, "limit": [0.0, 1.0, 1000.0]},
    ("tends_to_zero", "positive"): {"F": const(1.0), "S": const(0.0), "c": 0.0},
    ("tends_to_zero", "nonnegative"): {"F": const(-1.0), "S": const(0.0), "c": 1.0},
    ("tends_to_zero", "small"): {"F": const(1.0), "S": const(0.0), "c": 1.0},
    ("limit_within", "converges"): {"p": const(0.0), "a": 0.0, "c": 1.0, "limit": 5.0},
    ("limit_within", "within"): {"p": decay(), "a": 0.0, "c": 0.5, "limit": 0.0},
    ("inverse_derivative", "derivative"): {
        "F": line(2), "f": const(1.0), "S": line(0.5), "a": 0.0},
    ("inverse_derivative", "sign"): {
        "F": lambda x: (x - 1) ** 3, "f": lambda x: 3 * (x - 1) ** 2,
        "S": lambda s: 1 + root(s), "a": 0.0},
    ("inverse_derivative", "inverse"): {
        "F": line(2), "f": const(2.0), "S": const(0.0), "a": 0.0},
    ("bounded_above", "continuous"): UNIT | {
        "F": lambda x: 1 / x if x > 0 else 0.0, "c": [0.0, 1.0, 10.0, 100.0]},
    ("below_nearby", "continuous"): UNIT | {
        "F": lambda x: 0.0 if x >= 1 else 2.0, "c": 1.0, "T": TIMES},
    ("below_nearby", "ordered"): BACKWARDS | {"F": const(0.0), "c": 1.0, "T": TIMES},
    ("below_nearby", "end"): UNIT | {"F": const(1.0), "c": 1.0, "T": TIMES},
    ("chain_rule", "gradient"): FLOW | {"G": double},
    ("chain_rule", "jacobian"): FLOW | {"J": const(0.0)},
    ("chain_rule", "output"): FLOW | {"y": line()},
    ("chain_rule", "velocity"): FLOW | {"p_dot": const(7.0)},
    ("fermat", "gradient"): {"ell": square, "G": const(1.0), "z": 0.0},
    ("fermat", "nonnegative"): {"ell": line(), "G": const(1.0), "z": 0.0},
    ("fermat", "zero"): {"ell": square, "G": double, "z": 1.0},
    ("chain_rule_along", "gradient"): ALONG | {"G": const(0.0)},
    ("chain_rule_along", "velocity"): ALONG | {"p_dot": const(5.0)},
    ("continuous_along", "gradient"): {
        "ell": abs, "G": step(0.0, -1.0, 1.0), "p": line(1, -1), "p_dot": const(1.0), "c": 1.0},
    ("continuous_along", "velocity"): ALONG | {"p": step(1.0), "p_dot": const(0.0), "c": 1.0},
    ("gradient_curve", "bounded"): {
        "ell": lambda v: -(v**4) / 4, "G": lambda v: -(v**3), "z": 1.0, "c": -10.0,
        "p": [lambda x: 1 / sqrt(1 - 2 * x) if x < 0.5 else 0.0, const(1.0), exp]},
    ("gradient_curve", "gradient"): {
        "ell": abs, "G": step(0.0, -1.0, 1.0), "z": 0.0, "c": 0.0,
        "p": [const(0.0), line(), line(-1)]},
    ("value_at_limit", "gradient"): SETTLING | LATE_STEP | {
        "p": lambda x: 1 + 1 / (1 + abs(x)), "c": 5.0},
    ("value_at_limit", "converges"): SETTLING | {"z": 7.0},
    ("value_at_limit", "values"): SETTLING | {"c": 3.0},
    ("radial_gradient", "gradient"): RADIAL | {"G": line(2, -2)},
    ("radial_gradient", "radial"): RADIAL | {"ell": line(), "G": const(1.0)},
    ("radial_gradient", "profile"): RADIAL | {"rho_1": const(1.0)},
    ("loss_at_limit", "gradient"): LIMIT | LATE_STEP | {
        "p": lambda x: 1 + 1 / (1 + abs(x)), "y": lambda x: 1 + 1 / (1 + abs(x)), "c": 5.0},
    ("loss_at_limit", "jacobian"): LIMIT | {
        "g": step(1.0, 0.0, 5.0), "J": const(0.0), "p": lambda x: 1 + 1 / (1 + abs(x)),
        "y": const(5.0), "c": 25.0},
    ("loss_at_limit", "output"): LIMIT | {"y": const(3.0), "c": 9.0},
    ("loss_at_limit", "parameters"): LIMIT | {"limit": 2.0},
    ("loss_at_limit", "loss"): LIMIT | {"c": 4.0},
    ("sigma_min_greatest", "bounded_below"): {"M": 1.0, "c": 4.0},
    ("comparison", "ordered"): COMPARE | {"T": -1.0},
    ("comparison", "start"): COMPARE | {"u": decay(2, 10), "u_1": decay(2, -20), "high": 10.0},
    ("comparison", "u_derivative"): COMPARE | {"u": const(1.0), "u_1": const(-2.0)},
    ("comparison", "U_derivative"): COMPARE | {"U": decay(5), "U_1": const(0.0)},
    ("comparison", "u_below"): COMPARE | {"u": const(1.0), "u_1": const(0.0)},
    ("comparison", "U_above"): COMPARE | {"U": decay(5), "U_1": decay(5, -5)},
    ("comparison", "positive"): COMPARE | {
        "P": const(-1.0), "N": const(1.0), "high": 2.0, "u": line(1.5, 0.1), "u_1": const(1.5),
        "U": line(0.5, 0.1), "U_1": const(0.5)},
}  # fmt: skip
NEEDED["s_lemma", "implied"] = {
    "M": 0.0, "d": 1.0, "a": 1.0, "b": 0.5, "x": 1.0, "tau": [0.0, 1.0, 100.0]}  # fmt: skip
SPARSE = [0.0, 0.25, 0.5, 1.0, 2.0]  # near 0 the curve of this instance turns too fast for a grid
GRIDS = {("length", "continuous"): SPARSE}
# Premises without such an instance, and why.
WITHOUT = {
    ("bounded_above", "ordered"): "between b and a there is nothing to bound",
    ("comparison", "u_values"): "a u that leaves the interval downwards stays below",
    ("comparison", "U_values"): "a U that comes from above the interval is above u when it does",
    ("comparison", "N_continuous"): "makes the primitive of P/N exist; fails only for wild N",
    ("comparison", "P_continuous"): "makes the primitive of P/N exist; fails only for wild P",
}
INSTANCES = [(name, env) for name, envs in TRUE.items() for env in envs]


def candidates(fact, env):
    """Yield the instance with each candidate for what the fact says to exist."""
    names = [str(p) for p in fact.introduces]
    if not names:
        yield env
    for name in names:
        for value in env[name]:
            yield env | {name: value}


def conclusions_hold(fact, env, grid=None):
    return any(
        all(holds(formula, full, grid) for formula in fact.conclusions.values())
        for full in candidates(fact, env)
    )


def known(fact, env):
    return {k: v for k, v in env.items() if k not in {str(p) for p in fact.introduces}}


@pytest.mark.parametrize(("name", "env"), INSTANCES, ids=[name for name, _ in INSTANCES])
def test_a_fact_holds_on_instances_of_its_premises(name, env):
    fact = TRUSTED[name]
    for premise, formula in fact.premises.items():
        assert holds(formula, known(fact, env)), premise
    assert conclusions_hold(fact, env)


@pytest.mark.parametrize(("name", "premise"), NEEDED, ids=lambda part: part)
def test_a_fact_fails_without_the_premise(name, premise):
    fact, env, grid = TRUSTED[name], NEEDED[name, premise], GRIDS.get((name, premise))
    kept = {p: holds(f, known(fact, env), grid) for p, f in fact.premises.items()}
    assert [p for p, is_met in kept.items() if not is_met] == [premise]
    assert not conclusions_hold(fact, env, grid)


def test_every_fact_has_an_instance():
    # Those of these fields have their own files, test_theory_facts_<field>.py.
    fields = (
        probability, paths, operators, operator_norms, processes, images, independent_sums,
    )  # fmt: skip
    elsewhere = {fact.name for field in fields for fact in field.FACTS}
    assert set(TRUE) == set(TRUSTED) - elsewhere


def test_every_premise_of_a_fact_of_calculus_is_needed():
    wanted = {(f.name, p) for f in (*calculus.FACTS, *ode.FACTS) for p in f.premises}
    assert wanted <= set(NEEDED) | set(WITHOUT)
    assert not set(NEEDED) & set(WITHOUT)
    assert all(premise in TRUSTED[name].premises for name, premise in (*NEEDED, *WITHOUT))
