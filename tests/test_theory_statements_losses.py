"""Statements on separable losses against the losses as data, and what they must not prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import Expr, Rational, Symbol

from proofs_check.chain import check
from proofs_check.verdict import Verdict
from theory.formulas import substitute
from theory.losses import Loss, M, S, loss
from theory.registry import statement
from theory.settings.flow import x
from theory.statements._closed_forms import r
from theory.statements.kl_huber import delta
from theory.statements.kl_poisson import R, Y, profile
from theory.statements.kl_separable_power import m, p

TINY = Rational(1, 10**40)
DELTA, LEVEL = Rational(3, 4), Rational(5, 7)
NAMED = {
    "log_cosh": loss("log_cosh"),
    "cauchy": loss("cauchy"),
    "pseudo_huber": loss("pseudo_huber", delta=Fraction(3, 4)),
    "huber": loss("huber", delta=Fraction(3, 4)),
}


def number(term: Expr, values: Mapping[Symbol, Any]) -> Expr:
    return substitute(term, values).evalf(80)


@pytest.mark.parametrize("name", NAMED)
def test_a_named_loss_has_the_functions_of_its_statement(name: str) -> None:
    chosen, proved = NAMED[name], statement(f"kl_{name}")
    assert chosen.source == proved.id
    for level in (Rational(1, 10), Rational(9, 4)):
        at = {x: level, r: level, delta: DELTA}
        for bound, own in (("psi", chosen.desingularizer), ("primitive", chosen.primitive)):
            assert own is not None
            difference = number(own, {S: level}) - number(proved.bound(bound).value, at)
            constant = number(own, {S: LEVEL}) - number(proved.bound(bound).value, {**at, x: LEVEL})
            assert abs(difference - constant) < TINY
            assert bound == "primitive" or abs(difference) < TINY
        ratio = number(chosen.rho_derivative, {S: own_point(chosen, level)}) ** 2 / (2 * level)
        assert abs(ratio - number(proved.bound("mu").value, at)) < TINY


def own_point(chosen: Loss, level: Rational) -> Rational:
    return Rational(str(chosen.desingularizer.xreplace({S: level}).evalf(80)))


@pytest.mark.parametrize(("exponent", "bound"), [("1.5", "psi_small_p"), (3, "psi_large_p")])
def test_a_separable_power_has_the_function_of_its_statement(exponent: object, bound: str) -> None:
    chosen = loss("separable_power", p=exponent)
    values = {x: LEVEL, m: Rational(5), p: chosen.parameters["p"]}
    mine = number(chosen.desingularizer, {S: LEVEL, M: Rational(5)})
    assert abs(mine - number(statement("kl_separable_power").bound(bound).value, values)) < TINY


def test_the_poisson_loss_has_the_function_of_its_statement() -> None:
    chosen, misfit = loss("poisson").with_data([1.5, 0.25]), Rational(2, 3)
    level = profile(misfit).subs(Y, Rational(3, 2))
    assert abs(number(chosen.desingularizer, {S: level}) - misfit) < TINY
    mu = number(statement("kl_poisson").bound("mu").value, {R: misfit, Y: Rational(3, 2)})
    rate = misfit / (Rational(3, 2) + misfit)
    assert abs(mu - rate**2 / 2 / level.evalf(80)) < TINY


@pytest.mark.parametrize("id", ["separable_gain", "kl_separable", "kl_separable_pl", "kl_huber"])
def test_no_hypothesis_is_said_to_be_unused(id: str) -> None:
    """That each is proved, and from exactly what it names, is tested of all statements."""
    assert not any(finding.unused for finding in statement(id).findings)


@pytest.mark.parametrize(
    ("id", "hypothesis", "step"),
    [
        ("separable_gain", "H_zero", "subadditive"),
        ("separable_gain", "H_ratio", "subadditive"),
        ("separable_gain", "H_terms", "partial"),
        ("separable_gain", "H_sum", "gain"),
        ("kl_separable_pl", "H_constant", "gain"),
        ("kl_separable_pl", "H_positive", "gain"),
        ("kl_separable_convex", "H_convex", "tangent"),
    ],
)
def test_a_step_is_open_without_its_hypothesis(id: str, hypothesis: str, step: str) -> None:
    whole = statement(id)
    used = next(s for s in whole.steps if s.name == step)
    kept = tuple(u for u in used.uses if getattr(u, "name", u) != hypothesis)
    assert len(kept) < len(used.uses)
    before = whole.steps[: whole.steps.index(used)]
    steps = (*before, replace(used, uses=kept))
    assert check(replace(whole, steps=steps)).step(step).outcome.verdict is Verdict.UNDECIDED


def test_separable_powers_do_not_keep_the_range_of_an_operator() -> None:
    (finding,) = statement("kl_separable_power").findings
    steps = [s for s in statement("kl_separable_power").steps if s.name in finding.steps]
    assert len(steps) == 2
    assert all(step.kind == "ball" and not step.uses for step in steps)
