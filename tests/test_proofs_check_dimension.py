"""``kurdyka dimension``: enclosures against independent values, exact cases, refusals."""

import json
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy as sp

from numerics.cones.dimension import conic_dimension, enclosed
from proofs_check.cli import run
from theory.bibliography import BIBLIOGRAPHY
from theory.cones import CONES, Infimum, alpha, cone, d, n, s, tau


def report(capsys, *arguments):
    status = run(["dimension", *arguments, "--json", "-"])
    return status, json.loads(capsys.readouterr().out)


def ends(document, name):
    return Fraction(document[name]["lower"]), Fraction(document[name]["upper"])


def dimension(name, digits=20, **values):
    symbols = {"n": n, "d": d, "s": s, "alpha": alpha}
    exact = {symbols[key]: sp.Rational(value) for key, value in values.items()}
    return conic_dimension(cone(name), exact, sp.Rational(1, 100), digits).dimension


def reference_circular(ambient, angle):
    """Return δ by quadrature in polar coordinates, the radius included."""
    with mpmath.workdps(40):
        a = mpmath.mpf(angle.numerator) / angle.denominator
        weight = lambda x: mpmath.sin(x) ** (ambient - 2)  # noqa: E731
        knots = [0, a / 2, a, (a + mpmath.pi) / 2, mpmath.pi]
        share = lambda x: 1 if x <= a else max(mpmath.cos(x - a), 0) ** 2  # noqa: E731
        knots = sorted({*knots, min(a + mpmath.pi / 2, mpmath.pi)})
        top = mpmath.quad(lambda x: share(x) * weight(x), knots)
        return ambient * top / mpmath.quad(weight, knots)


def reference_l1(ambient, sparsity):
    """Return the infimum from the integral of THEORY section 5, by an independent minimiser."""
    with mpmath.workdps(30):
        root = mpmath.sqrt(2 / mpmath.pi)

        def slope(x):
            tail = mpmath.quad(lambda u: (u - x) * mpmath.exp(-u * u / 2), [x, x + 4, mpmath.inf])
            return sparsity * x - (ambient - sparsity) * root * tail

        x = mpmath.findroot(slope, (0.1, 3), solver="anderson")
        tail = mpmath.quad(lambda u: (u - x) ** 2 * mpmath.exp(-u * u / 2), [x, x + 4, mpmath.inf])
        return sparsity * (1 + x * x) + (ambient - sparsity) * root * tail


@pytest.mark.parametrize(("ambient", "angle"), [(2, "1"), (3, "3/10"), (7, "6/5"), (50, "1/2")])
def test_a_circular_cone_is_enclosed(ambient, angle):
    found = dimension("circular", n=ambient, alpha=angle)
    reference = reference_circular(ambient, Fraction(angle))
    assert 0 < found.upper - found.lower < Fraction(1, 10**20)
    with mpmath.workdps(40):
        low, high = (mpmath.mpf(e.numerator) / e.denominator for e in (found.lower, found.upper))
        assert low < reference < high


@pytest.mark.parametrize(("ambient", "sparsity"), [(20, 3), (1000, 10)])
def test_the_l1_bound_is_the_least_value(ambient, sparsity):
    found = dimension("l1", n=ambient, s=sparsity)
    reference = reference_l1(ambient, sparsity)
    assert abs(mpmath.mpf(found.upper.numerator) / found.upper.denominator - reference) < 1e-14
    gap = 2 * (Fraction(ambient, sparsity)) ** Fraction(1, 2)
    assert found.lower >= sparsity - Fraction(1, 2)
    assert float(found.upper - found.lower) < float(gap) + 1e-9


def test_exact_dimensions_are_single_numbers():
    assert dimension("subspace", n=9, d=4) == dimension("orthant", n=8)
    assert dimension("subspace", n=9, d=0).upper == 0
    for name, value in (("orthant", "7/2"), ("self-dual", "7/2"), ("halfspace", "13/2")):
        found = dimension(name, n=7)
        assert found.lower == found.upper == Fraction(value)
    assert dimension("ray", n=7).upper == Fraction(1, 2)


@pytest.mark.parametrize("ambient", [2, 5, 400])
def test_limits_of_the_circular_cone(ambient):
    """A ray, a self-dual cone and a half-space are circular; the dimension grows with the angle."""
    cases = ((sp.Integer(0), Fraction(1, 2)), (sp.pi / 4, Fraction(ambient, 2)),
             (sp.pi / 2, ambient - Fraction(1, 2)))  # fmt: skip
    found = []
    for angle, exact in cases:
        values = {n: sp.Integer(ambient), alpha: angle}
        result = conic_dimension(cone("circular"), values, sp.Rational(1, 2), 25)
        assert result.dimension.lower <= exact <= result.dimension.upper
        assert result.polar.lower <= ambient - exact <= result.polar.upper
        found.append(result.dimension)
    assert all(a.upper < b.lower for a, b in pairwise(found))


def test_an_l1_cone_without_zeros_is_a_half_space():
    assert dimension("l1", n=6, s=6) == dimension("halfspace", n=6)


def test_projections_agree_with_the_formulas():
    """E‖Π(g)‖² by simulation, the projections by formulas of their own; ten standard errors."""
    rng = np.random.default_rng(0)
    g = rng.standard_normal((40_000, 6))
    angle = 0.7
    axis, rest = g[:, 0], np.linalg.norm(g[:, 1:], axis=1)
    away = np.arctan2(rest, axis) - angle
    circular = np.where(away <= 0, 1, np.maximum(np.cos(np.minimum(away, np.pi / 2)), 0))
    samples = {
        "circular": (circular**2 * (g**2).sum(axis=1), {"n": 6, "alpha": "7/10"}),
        "orthant": ((np.maximum(g, 0) ** 2).sum(axis=1), {"n": 6}),
    }
    for name, (drawn, values) in samples.items():
        exact = dimension(name, **values)
        error = 10 * drawn.std() / np.sqrt(len(drawn))
        assert abs(drawn.mean() - float(exact.upper)) < error


def test_every_infimum_is_of_a_convex_function():
    """The second derivative of the one there is: 2s + 2(n − s) erfc(τ/√2) ≥ 0."""
    found = {node for entry in CONES.values() for node in entry.upper.atoms(Infimum)}
    assert len(found) == 1
    (function,) = found.pop().args
    curvature = sp.diff(function(tau), tau, 2)
    claimed = 2 * s + 2 * (n - s) * sp.erfc(tau / sp.sqrt(2))
    assert sp.simplify(sp.expand(curvature - claimed)) == 0


@pytest.mark.parametrize(
    ("body", "least"),
    [((tau - 3) ** 2 + 1, 1), (sp.exp(tau), 1), (tau**2 - 5, -5), (sp.exp(-tau) + tau, 1),
     ((tau - 1000) ** 2, 0)],
)  # fmt: skip
def test_infima_inside_at_the_end_and_far_away(body, least):
    ball = enclosed(Infimum(sp.Lambda(tau, body)), {}, 30)
    assert ball.contains(least)
    assert ball.rad() < 1e-30


def test_a_function_that_never_increases_has_no_certified_infimum():
    with pytest.raises(ValueError, match="does not certainly increase"):
        enclosed(Infimum(sp.Lambda(tau, sp.exp(-tau))), {}, 10)


def test_the_report_has_the_counts(capsys):
    status, document = report(
        capsys, "subspace", "--dimension", "5", "--ambient", "100", "--failure", "1e-3"
    )
    assert status == 0
    assert document["schema"] == "kurdyka.dimension/1"
    assert next(iter(document)) == "schema"
    assert ends(document, "statistical_dimension") == (5, 5)
    assert ends(document, "polar_dimension") == (95, 95)
    low, high = ends(document, "measurement_bound")
    with mpmath.workdps(40):
        exact = (mpmath.sqrt(5) + mpmath.sqrt(2 * mpmath.log(1000))) ** 2 + mpmath.mpf(1) / 2
        assert mpmath.mpf(low.numerator) / low.denominator < exact
        assert exact < mpmath.mpf(high.numerator) / high.denominator
    assert document["measurements"] == 36


def test_more_digits_nest_and_more_confidence_costs_more(capsys):
    typed = ("circular", "--ambient", "40", "--angle", "0.3")
    found = [report(capsys, *typed, "--digits", digits)[1] for digits in ("5", "30", "100")]
    for coarse, fine in pairwise(found):
        for name in ("statistical_dimension", "gaussian_width", "measurement_bound"):
            outer, inner = ends(coarse, name), ends(fine, name)
            assert outer[0] <= inner[0] <= inner[1] <= outer[1]
    sure = report(capsys, *typed, "--failure", "1e-9")[1]
    assert sure["measurements"] > found[0]["measurements"]


def test_without_a_cone_the_cones_are_listed(capsys):
    assert run(["dimension"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in CONES)
    assert len(report(capsys)[1]["cones"]) == len(CONES)


def test_the_text_says_when_the_ambient_space_is_enough(capsys):
    assert run(["dimension", "orthant", "--ambient", "4"]) == 0
    assert "no more than 4" in capsys.readouterr().out
    assert run(["dimension", "orthant", "--ambient", "400"]) == 0
    assert "no more than" not in capsys.readouterr().out


PARAMETERS = {"ambient": "12", "dimension": "5", "angle": "0.7", "sparsity": "2"}


@pytest.mark.parametrize("entry", CONES.values(), ids=lambda entry: entry.name)
def test_a_simulation_agrees_with_every_cone(capsys, entry):
    """Each interval misses with probability 1e-6 over the draws; the seed is fixed besides."""
    typed = [part for q in entry.parameters for part in (f"--{q.name}", PARAMETERS[q.name])]
    status, document = report(capsys, entry.name, *typed, "--samples", "4000", "--seed", "1")
    assert status == 0
    low, high = ends(document, "statistical_dimension")
    drawn = document["simulated"]
    assert drawn["lower"] <= high
    assert low <= drawn["upper"]
    assert drawn["upper"] - drawn["lower"] < 1.5
    assert drawn["samples"] == 4000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["circluar"], "did you mean circular"),
        (["l1", "--ambient", "4"], "needs --sparsity"),
        (["l1", "--ambient", "4", "--sparsity", "5"], "1 <= sparsity <= ambient"),
        (["circular", "--ambient", "4", "--angle", "2"], "not convex"),
        (["circular", "--ambient", "4", "--angle", "-0.1"], "not convex"),
        (["circular", "--ambient", "1", "--angle", "0.1"], "ambient >= 2"),
        (["orthant", "--ambient", "1.5"], "whole number"),
        (["orthant", "--ambient", "10**10"], "whole number"),
        (["orthant", "--ambient", "9**9**9"], "too large"),
        (["orthant", "--ambient", "__import__('os')"], "cannot occur"),
        (["orthant", "--ambient", "5", "--angle", "1"], "takes --ambient only"),
        (["orthant", "--ambient", "5", "--failure", "1"], "below 1"),
        (["orthant", "--ambient", "5", "--failure", "0"], "above 0"),
        (["orthant", "--ambient", "5", "--digits", "0"], "digits"),
        (["orthant", "--ambient", "5", "--samples", "0"], "samples"),
        (["orthant", "--ambient", "10**9", "--samples", "3"], "at most 2"),
    ],
)
def test_mistakes_are_one_line_and_status_2(capsys, arguments, said):
    assert run(["dimension", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert said in captured.err


@pytest.mark.parametrize("entry", CONES.values(), ids=lambda entry: entry.name)
def test_every_cone_is_complete(entry):
    """Options exist for every parameter, every symbol is a parameter, every source is known."""
    import inspect

    from proofs_check.cli import dimension as command

    options = {"dimension" if name == "of" else name for name in
               inspect.signature(command).parameters}  # fmt: skip
    assert {q.name for q in entry.parameters} <= options
    symbols = {q.symbol for q in entry.parameters}
    bounds = [entry.upper] + ([] if entry.lower is None else [entry.lower])
    assert set().union(*(b.free_symbols for b in bounds)) <= symbols
    assert n in symbols
    assert entry.meaning
    assert entry.derivation
    assert set(entry.keys) <= set(BIBLIOGRAPHY)
