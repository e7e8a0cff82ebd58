"""The Poisson loss on arrays: values, gradients, ψ, and brackets that contain them."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from numerics.losses.poisson import PoissonTerms, gap
from numerics.quantities import LossFunctions
from numerics.rigorous.rounding import Enclosed, exactly
from theory.losses import loss

DATA = [2.0, 0.5, 1.25]
FUNCTIONS = LossFunctions(loss("poisson").with_data(DATA), 3)
RESIDUALS = [np.array(r) for r in ([0.7, -0.3, 0.2], [-1.5, 4.0, 0.0], [1e-6, -2e-7, 3e-7])]


def reference(residual: np.ndarray) -> mpmath.mpf:
    with mpmath.workdps(40):
        pairs = [(mpmath.mpf(y), mpmath.mpf(float(r))) for y, r in zip(DATA, residual, strict=True)]
        return sum((r + y * mpmath.log(y / (y + r)) for y, r in pairs), mpmath.mpf(0))


@pytest.mark.parametrize("residual", RESIDUALS)
def test_value_and_misfit_are_those_of_high_precision(residual: np.ndarray) -> None:
    level = reference(residual)
    assert FUNCTIONS.value(residual) == pytest.approx(float(level), rel=1e-12)
    w = FUNCTIONS.misfit(residual)
    with mpmath.workdps(40):
        assert float((w - 2 * mpmath.log1p(mpmath.mpf(w) / 2)) / level) == pytest.approx(1, 1e-9)


@pytest.mark.parametrize("residual", RESIDUALS)
def test_the_bracket_contains_the_misfit_and_is_narrow(residual: np.ndarray) -> None:
    bracket = FUNCTIONS.misfit_bracket(exactly(residual))
    with mpmath.workdps(40):
        level = reference(residual)
        for end, sign in ((bracket.lower, 1), (bracket.upper, -1)):
            at_end = mpmath.mpf(end) - 2 * mpmath.log1p(mpmath.mpf(end) / 2)
            assert sign * (level - at_end) >= 0
    assert bracket.upper - bracket.lower <= 1e-14 * bracket.upper


def test_a_wider_residual_gives_a_wider_bracket() -> None:
    loose = Enclosed(RESIDUALS[0], np.full(3, 0.01))
    inner, outer = (FUNCTIONS.misfit_bracket(r) for r in (exactly(RESIDUALS[0]), loose))
    assert outer.lower < inner.lower <= inner.upper < outer.upper


def test_an_output_that_may_vanish_has_no_bound() -> None:
    assert FUNCTIONS.misfit_bracket(exactly(np.array([0.1, -0.5, 0.1]))).upper == np.inf
    assert FUNCTIONS.value(np.array([0.1, -0.6, 0.1])) == np.inf


def test_gradient_and_curvature_by_differences() -> None:
    residual, step = RESIDUALS[0], 1e-6
    for k, unit in enumerate(np.eye(3)):
        ahead, behind = residual + step * unit, residual - step * unit
        slope = (FUNCTIONS.value(ahead) - FUNCTIONS.value(behind)) / (2 * step)
        bend = (FUNCTIONS.gradient(ahead) - FUNCTIONS.gradient(behind)) / (2 * step)
        assert FUNCTIONS.gradient(residual)[k] == pytest.approx(slope, rel=1e-6)
        np.testing.assert_allclose(FUNCTIONS.hessian(residual)[k], bend, atol=1e-6)


def test_the_inequality_holds_and_is_attained_by_the_largest_datum() -> None:
    rng = np.random.default_rng(3)
    draws = [np.array(DATA) * (np.exp(rng.normal(size=3)) - 1) for _ in range(50)]
    ratios = []
    for residual in [np.array([0.9, 0.0, 0.0]), *draws]:
        w = FUNCTIONS.misfit(residual)
        ratios.append(np.linalg.norm(FUNCTIONS.gradient(residual)) / FUNCTIONS.kappa(w))
    assert ratios[0] == pytest.approx(1, rel=1e-9)
    assert min(ratios) >= 1 - 1e-9


def test_the_gap_is_smooth_across_its_two_forms() -> None:
    places = np.array([-1.0, -0.051, -0.049, 0.049, 0.051, 1e-9])
    with mpmath.workdps(40):
        wanted = [float(x - mpmath.log1p(x)) for x in map(mpmath.mpf, places[1:].tolist())]
    np.testing.assert_allclose(gap(places)[1:], wanted, rtol=1e-13)
    assert gap(places)[0] == np.inf


def test_zero_loss_has_zero_misfit() -> None:
    assert PoissonTerms([Fraction(1)]).desingularize(0.0) == 0
