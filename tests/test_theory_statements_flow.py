"""The flow theorems at and beyond the threshold q = 1/2: their formulas, and who uses them."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest
from sympy import Rational, Symbol

from numerics.bounds import evaluate_bound
from numerics.problems import problem_from_mapping
from numerics.rigorous.balls import decide_at_point, rational_bounds
from proofs_check.certifying.formulas import exact_range
from proofs_check.duties import _as_it_stands
from proofs_check.instance import examine
from theory.formulas import substitute
from theory.registry import statement
from theory.settings.data import e
from theory.settings.flow import (
    Lambda,
    a,
    b,
    q,
    sigma_0,
    sigma_A,
    t,
    theta,
    w_0,
    y,
)
from theory.steps import lemma
from theory.witnesses import extremal

AT = {sigma_A: Rational(3, 2), sigma_0: Rational(2, 3), extremal.w_start: Rational(4, 5)}


def applied(term, values):
    """Return a term of the critical instance at numbers."""
    return substitute(substitute(term, extremal.CRITICAL), AT | values)


@pytest.mark.parametrize("time", [0, 1, 7, 100])
def test_on_the_critical_instance_the_misfit_is_the_envelope(time):
    misfit = extremal.w_start - applied(y(t), {t: time})
    bound = statement("envelope_squared").bound("envelope_critical").value
    curve = substitute(bound, {b: 2 * Lambda * sigma_A, w_0: extremal.w_start})
    assert substitute(misfit, AT) == applied(curve, {t: time})


def test_the_critical_instance_has_the_ratio_one_half_and_its_path_the_length_of_the_bound():
    slope = applied(Lambda, {})
    ratio = slope * AT[extremal.w_start] / (AT[sigma_A] * AT[sigma_0] ** 2)
    assert ratio == Rational(1, 2)
    far = float(applied(theta(t), {t: 10**12}))
    longest = float(AT[sigma_0] / slope)
    assert longest * (1 - 2e-6) < far < longest


@pytest.mark.parametrize("name", ["travel", "vanishing", "tail_critical"])
def test_the_threshold_itself_is_within_the_claims(name):
    claim = statement("flow_sharp").conclusions[name]
    domain = claim.args[0] if name == "vanishing" else claim.given
    for ratio, inside in ((Rational(1, 2), True), (Rational(51, 100), False)):
        assert decide_at_point(domain, {q: ratio, t: Rational(1), Lambda: Rational(1)}) is inside


def stopping(name, rate):
    """Return early_stopping's formula at w₀ = 1, e = 1/4, b = 1 with a rate a, σ_A²σ₀² = a + b."""
    formula = statement("early_stopping").bound(name).value
    size = mpmath.sqrt(1 + mpmath.mpf(rate))
    values = {a: rate, b: 1, w_0: 1, e: Rational(1, 4), sigma_A: 1, sigma_0: Symbol("root")}
    found = substitute(formula, values)
    return mpmath.mpf(str(found.evalf(30, subs={Symbol("root"): str(size)})))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_critical_stopping_time_is_the_limit_of_the_regular_one(sign):
    with mpmath.workdps(30):
        critical = stopping("stopping_time_critical", Rational(0))
        assert critical == 3
        near = stopping("stopping_time_sharp", Rational(sign, 10**6))
        assert 0 < abs(near - critical) < 1e-4


def certified(slope, noise):
    """Examine a network of which σ₀ = 1, w₀ = 1 and Λ are asserted, for A = 1."""
    return examine(
        problem_from_mapping(
            {
                "problem": {"operator": [[1.0]], "observation": [1.0], "noise_norm": noise},
                "loss": {"name": "squared"},
                "measured": {"sigma_0": "1", "lipschitz": slope, "misfit": "1"},
            }
        )
    )


def ends(found):
    return [
        float(side) for side in (rational_bounds(found.lower)[0], rational_bounds(found.upper)[1])
    ]


def test_at_the_threshold_itself_the_critical_stopping_time_is_used():
    reading = certified("0.5", 0.25).readings["sharp"]
    exact = {sigma_A: 1, a: 0, b: 1}
    values = reading.formulas.values | {k: exact_range(Fraction(v)) for k, v in exact.items()}
    critical = replace(reading, formulas=replace(reading.formulas, values=values))
    low, high = ends(critical.stopping_time)
    assert 3 <= low <= high < 3.00001


def test_where_the_sign_of_the_margin_cannot_be_told_the_general_stopping_time_is_given():
    low, high = ends(certified("0.5", 0.25).readings["sharp"].stopping_time)
    time = math.log(4) / 0.25  # Psi(e) - Psi(w0) over a + b e, with a = 0 and b = 1
    assert low <= time * (1 + 1e-12)
    assert time * (1 - 1e-12) <= high < time * 1.00001


def test_beyond_the_threshold_a_level_above_the_stalling_one_has_a_stopping_time():
    time = float(mpmath.log1p(mpmath.mpf("-0.2") * 3) / mpmath.mpf("-0.2"))
    low, high = ends(certified("0.6", 0.25).readings["sharp"].stopping_time)
    assert low <= time <= high
    assert time * 0.99999 < low
    assert high < time * 1.00001


def test_beyond_the_threshold_a_level_below_the_stalling_one_has_none():
    assert certified("0.6", 0.16).readings["sharp"].stopping_time is None


def test_what_is_left_and_what_is_removed_make_up_the_initial_misfit():
    at = {"sigma_A": "3/2", "sigma_0": "1/2", "Lambda": "2", "w_0": "7/5"}
    left, removed = (evaluate_bound(statement("flow_squared"), n, at) for n in ("left", "removed"))
    assert left.lower <= Rational(7, 5) - Rational(3, 32) <= left.upper
    assert removed.lower <= Rational(3, 32) <= removed.upper


GUARDED, CLOSED, OPEN = Symbol("x") > 0, Symbol("c") > 1, Symbol("x") > 1


def as_it_stands(whole, known):
    step = lemma("name", "id.conclusion", "known", over=(Symbol("x"),), given=GUARDED)
    return _as_it_stands(whole, step, {"known": known})


def test_a_premise_without_the_variables_of_a_step_holds_whatever_the_step_assumes():
    found = as_it_stands(CLOSED, CLOSED)
    assert found is not None
    assert found.proved
    assert found.needed == {"known"}


def test_a_premise_about_the_variables_of_a_step_is_not_taken_for_a_closed_one():
    assert as_it_stands(OPEN, OPEN) is None
    assert as_it_stands(CLOSED, Symbol("c") > 2) is None


def test_below_the_threshold_nothing_is_left_and_all_is_removed():
    at = {"sigma_A": "1", "sigma_0": "1", "Lambda": "1/3", "w_0": "6/5"}
    left, removed = (evaluate_bound(statement("flow_squared"), n, at) for n in ("left", "removed"))
    assert left.upper == 0
    assert removed.lower <= Rational(6, 5) <= removed.upper
