"""Bregman divergences: the integral agrees with closed forms and with what a divergence is."""

import numpy as np
import pytest

from numerics.elementwise import activation_functions
from numerics.flows.separation import PLACES
from numerics.widths.bregman import divergences
from theory.activations import ACTIVATIONS

INCREASING = [a for a in ACTIVATIONS.values() if a.increasing]
RNG = np.random.default_rng(3)
STARTS, TARGETS = RNG.standard_normal(40), 2 * RNG.standard_normal(40)


def test_tanh_has_a_closed_form():
    """F(h) = h/2 + sinh(2h)/4 and Ω(h) = sinh²(h)/2."""
    place, other = PLACES["tanh"], lambda h: np.sinh(h) ** 2 / 2
    gap = np.tanh(TARGETS) * (place(TARGETS) - place(STARTS))
    exact = gap - (other(TARGETS) - other(STARTS))
    found, error = divergences(ACTIVATIONS["tanh"], STARTS, TARGETS)
    assert np.all(np.abs(found - exact) <= error + 1e-12 * (1 + np.abs(exact)))
    assert np.all(error <= 1e-9 * (1 + np.abs(exact)))


def test_linear_neurons_have_half_the_squared_distance():
    found, error = divergences(ACTIVATIONS["identity"], STARTS, TARGETS)
    assert np.all(np.abs(found - (STARTS - TARGETS) ** 2 / 2) <= error)


@pytest.mark.parametrize("activation", INCREASING, ids=lambda a: a.name)
def test_a_divergence_is_positive_and_zero_only_at_its_target(activation):
    found, error = divergences(activation, STARTS, TARGETS)
    assert np.all(found > error)
    assert np.all(divergences(activation, TARGETS, TARGETS)[0] == 0)
    further = divergences(activation, TARGETS + 2 * (STARTS - TARGETS), TARGETS)[0]
    assert np.all(further > found)


@pytest.mark.parametrize("activation", INCREASING, ids=lambda a: a.name)
def test_three_points_obey_the_law_of_divergences(activation):
    """D(z*, h) − D(z*, g) − D(φ(g), h) = (φ(h*) − φ(g))(F(g) − F(h))."""
    middles = STARTS[::-1].copy()
    to_target, e_1 = divergences(activation, STARTS, TARGETS)
    between, e_2 = divergences(activation, middles, TARGETS)
    short, e_3 = divergences(activation, STARTS, middles)
    place = PLACES[activation.name]
    phi = activation_functions(activation)[0]
    turned = (phi(TARGETS) - phi(middles)) * (place(middles) - place(STARTS))
    scale = np.abs(to_target) + np.abs(between) + np.abs(short) + np.abs(turned)
    assert np.all(np.abs(to_target - between - short - turned) <= e_1 + e_2 + e_3 + 1e-9 * scale)


def test_what_overflows_is_infinite_and_not_a_wrong_number():
    found, error = divergences(ACTIVATIONS["tanh"], np.array([400.0]), np.array([0.0]))
    assert not np.isfinite(found).any()
    assert np.all(error == 0)
