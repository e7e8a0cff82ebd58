"""F' = 1/φ', and F⁻¹, for every activation whose flow separates."""

import numpy as np
import pytest
from scipy.integrate import quad

from numerics.elementwise import activation_functions
from numerics.flows.separation import PLACES, PlaceError, Separation, separation
from theory.activations import ACTIVATIONS, activation


def found(name: str) -> Separation:
    kind = separation(activation(name))
    assert kind is not None
    return kind


def test_every_increasing_activation_separates_and_no_other() -> None:
    assert set(PLACES) == {name for name, entry in ACTIVATIONS.items() if entry.increasing}


@pytest.mark.parametrize("name", PLACES)
def test_the_place_is_a_primitive_of_one_over_the_slope(name: str) -> None:
    _, slope = activation_functions(activation(name))
    place = PLACES[name]
    for low, high in ((-2.1, -0.3), (-0.4, 0.5), (0.2, 2.3)):
        wanted = quad(lambda h: float(1 / slope(np.array([h]))[0]), low, high, epsabs=1e-12)[0]
        ends = place(np.array([low, high]))
        assert ends[1] - ends[0] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("size", [1e-9, 1e-3, 0.1, 3.0])
def test_moves_solve_for_the_place(name: str, size: float) -> None:
    stream = np.random.default_rng(1)
    kind, (phi, slope) = found(name), activation_functions(activation(name))
    old = kind.at(stream.standard_normal((2, 200)))
    place = old.place + size * stream.standard_normal((2, 200))
    if name == "softplus":  # its places end at F(h) = h − e^{−h}, all numbers; but stay moderate
        place = np.maximum(place, -30.0)
    new = kind.moved(old, place)
    np.testing.assert_array_equal(new.place, place)
    hidden = kind.hidden(new)
    np.testing.assert_allclose(PLACES[name](hidden) * new.slope, place * new.slope, atol=2e-9)
    exact = hidden - slope(hidden) * (PLACES[name](hidden) - place)
    np.testing.assert_allclose(new.value, phi(exact), atol=2e-14)
    np.testing.assert_allclose(new.slope, slope(exact), atol=1e-8)


def test_tanh_takes_the_same_moves_as_newtons_method() -> None:
    stream = np.random.default_rng(2)
    fast = found("tanh")
    plain = Separation(PLACES["tanh"], *activation_functions(activation("tanh")))
    hidden = np.concatenate([stream.standard_normal(300), [0.0, 25.0, -40.0]])
    for size in (1e-6, 0.02, 0.2, 2.0):
        old = fast.at(hidden)
        place = old.place + size * stream.standard_normal(hidden.size)
        np.testing.assert_allclose(
            fast.moved(old, place).value, plain.moved(old, place).value, atol=3e-15, rtol=0
        )


def test_hidden_values_of_tanh_are_found_however_large() -> None:
    kind = found("tanh")
    hidden = np.array([-60.0, -9.0, -3.0, -0.1, 0.0, 1e-8, 2.0, 2.6, 2.7, 14.0, 60.0])
    old = kind.at(hidden)
    new = kind.moved(old, old.place * (1 + 1e-9))
    np.testing.assert_allclose(kind.hidden(new), hidden, rtol=2e-9, atol=1e-15)


def test_far_places_are_found_too() -> None:
    kind = found("tanh")
    old = kind.at(np.zeros(3))
    new = kind.moved(old, np.array([1e6, -1e9, 12.0]))
    np.testing.assert_allclose(PLACES["tanh"](kind.hidden(new)), [1e6, -1e9, 12.0], rtol=1e-9)


def test_what_cannot_be_found_is_refused() -> None:
    kind = found("tanh")
    with pytest.raises(PlaceError):
        kind.moved(kind.at(np.zeros(2)), np.array([np.nan, 0.0]))
    with pytest.raises(PlaceError):
        kind.at(np.array([1e3]))


@pytest.mark.parametrize("name", ["gelu", "sin", "x/sqrt(2+x**2)", "x**3"])
def test_others_do_not_separate(name: str) -> None:
    assert separation(activation(name)) is None
