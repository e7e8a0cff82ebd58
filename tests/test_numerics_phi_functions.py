"""φ-functions against their series in high precision."""

import mpmath
import numpy as np
import pytest

from numerics.flows.phi_functions import phi_functions


def exact(j: int, z: float) -> float:
    """φ_j(z) = ∫₀¹ e^{(1−x)z} x^{j−1}/(j−1)! dx = ₁F₁(1; j+1; z)/j!."""
    with mpmath.workdps(40):
        return float(mpmath.hyp1f1(1, j + 1, mpmath.mpf(z)) / mpmath.factorial(j))


@pytest.mark.parametrize(
    "z", [0.0, -1e-300, -1e-9, -0.3, -0.999999, -1.000001, -3.0, -40.0, -1e4, -1e12, 0.7, 2.5]
)
def test_values(z: float) -> None:
    found = phi_functions(np.array([z, -z / 2 - 1]), 10)
    assert found.shape == (11, 2)
    wanted = [exact(j, z) for j in range(11)]
    np.testing.assert_allclose(found[:, 0], wanted, rtol=2e-9)
    np.testing.assert_allclose(found[:6, 0], wanted[:6], rtol=1e-12, atol=1e-300)


def test_they_are_the_integrals_of_the_linear_flow() -> None:
    """The solution of x' = zx + 1 + t, x(0) = 0, at t = 1 is φ_1 + φ_2."""
    for z in (-0.2, -5.0):
        found = phi_functions(np.array([z]), 2)[:, 0]
        wanted = (np.expm1(z) - z) / z**2 + np.expm1(z) / z
        assert found[1] + found[2] == pytest.approx(wanted, rel=1e-13)


def test_shape_and_last_index() -> None:
    z = -np.arange(6.0).reshape(2, 3)
    assert phi_functions(z, 0).shape == (1, 2, 3)
    np.testing.assert_array_equal(phi_functions(z, 0)[0], np.exp(z))
