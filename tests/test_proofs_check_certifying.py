"""Formulas read off statements, and numbers as text that is rounded to the safe side."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examined_problems import ends
from sympy import Rational, Symbol

from numerics.rigorous.rounding import Bracket
from proofs_check.certifying.formulas import Formulas, range_of
from proofs_check.certifying.text import above, below, decimals, shown
from proofs_check.instance import expanded
from theory import registry
from theory.losses import squared
from theory.settings import flow as setting

# ---------------------------------------------------------------- formulas of statements


def test_expanding_leaves_only_measured_quantities():
    sharp = registry.statement("flow_sharp")
    for bound in sharp.bounds:
        free = expanded(sharp, bound.value).free_symbols
        assert free <= {setting.sigma_A, setting.sigma_0, setting.Lambda, setting.w_0, setting.t}


def test_formulas_follow_the_statement_that_is_registered(monkeypatch):
    """One source of a formula: change the statement and the value changes."""
    values = {setting.sigma_A: 1.0, setting.sigma_0: 2.0, setting.Lambda: 0.5, setting.w_0: 1.0}
    at = {s: range_of(Bracket(v, v)) for s, v in values.items()}
    before = ends(Formulas(squared(), 1, at).bound("flow_sharp", "q"))
    assert before[0] <= Fraction(1, 8) <= before[1]
    original = registry.statement
    sharp = original("flow_sharp")
    doubled = replace(sharp, bounds=tuple(replace(b, value=2 * b.value) for b in sharp.bounds))
    monkeypatch.setattr(
        registry, "statement", lambda id: doubled if id == "flow_sharp" else original(id)
    )
    after = ends(Formulas(squared(), 1, at).bound("flow_sharp", "q"))
    assert after[0] <= Fraction(1, 4) <= after[1]


def test_a_value_that_may_not_exist_is_none():
    at = {setting.sigma_A: range_of(Bracket(0.0, 1.0)), setting.t: range_of(Bracket(1.0, 1.0))}
    formulas = Formulas(squared(), 1, at)
    assert formulas.evaluated(1 / setting.sigma_A) is None
    assert formulas.evaluated(Symbol("unheard_of")) is None
    assert ends(formulas.evaluated(setting.sigma_A + Rational(1, 2))) == (
        Fraction(1, 2), Fraction(3, 2),
    )  # fmt: skip


# ---------------------------------------------------------------- text


def test_short_decimals_are_rounded_to_the_safe_side():
    bracket = Bracket(0.123456789, 0.123456799)
    assert Fraction(below(bracket)) <= Fraction(bracket.lower)
    assert Fraction(above(bracket)) >= Fraction(bracket.upper)
    assert shown(bracket) == "0.123456…"
    assert shown(Bracket(0.5, 0.5)) == "0.5"
    assert shown(Bracket(np.nextafter(0.5, 0), np.nextafter(0.5, 1))) == "≈ 0.5"
    assert shown(Bracket(0.25, 0.75)) == "[0.25, 0.75]"
    assert shown(None) == shown(Bracket(0.0, np.inf)) == "unknown"


@pytest.mark.parametrize("value", [0.0, 1 / 3, 1e-30, 1.7e25, 5e-324])
def test_decimals_enclose(value):
    found = decimals(Bracket(value, value))
    assert Fraction(found["lower"]) <= Fraction(value) <= Fraction(found["upper"])


def test_what_is_not_bounded_has_no_decimals():
    assert decimals(Bracket(0.0, np.inf)) is None
    assert decimals(None) is None
