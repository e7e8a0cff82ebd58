"""Smallest conic singular values: brackets contain references, certificates bound every point."""

import math

import mpmath
import numpy as np
import pytest
import sympy as sp

from numerics.cones.circular import on_circular
from numerics.cones.dimension import conic_dimension
from numerics.cones.l1 import _certificate, l1_descent_generators, on_l1_descent
from numerics.cones.polyhedral import on_polyhedral
from numerics.cones.projections import (
    circular_lengths,
    l1_descent_lengths,
    onto_l1_descent,
    orthant_lengths,
    polyhedral_lengths,
    sampled_dimension,
    subspace_lengths,
)
from numerics.conic import ConicError, on_subspace
from theory.cones import alpha, cone, n, s


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def quotients(operator, points):
    return np.linalg.norm(operator @ points, axis=0) / np.linalg.norm(points, axis=0)


def holds(found, reference, width=1e-9):
    bracket = found.bracket
    assert bracket.rigorous
    assert bracket.lower <= reference <= bracket.upper
    assert bracket.upper - bracket.lower <= width * max(1.0, abs(float(reference)))


# --- subspaces --------------------------------------------------------------------------------


def exact_on_subspace(operator, basis):
    """Return the root of the smallest root of det(BᵀAᵀAB − ν BᵀB), in 40 digits."""
    with mpmath.workdps(40):
        a, b = mpmath.matrix(operator.tolist()), mpmath.matrix(basis.tolist())
        lower = mpmath.cholesky(b.T * b)
        inverse = mpmath.inverse(lower)
        values = mpmath.eigsy(inverse * (a * b).T * (a * b) * inverse.T, eigvals_only=True)
        return mpmath.sqrt(max(min(values), 0))


@pytest.mark.parametrize(("m", "ambient", "d"), [(4, 6, 2), (6, 6, 6), (3, 8, 3), (9, 5, 4)])
def test_a_subspace_is_enclosed(m, ambient, d):
    operator, basis = draw(m, m, ambient), draw(d, ambient, d)
    found = on_subspace(operator, basis)
    holds(found, exact_on_subspace(operator, basis), 1e-12)
    assert quotients(operator, found.point) <= found.bracket.upper * (1 + 1e-12)


def test_fewer_measurements_than_dimensions_give_zero():
    assert on_subspace(draw(0, 2, 5), np.eye(5)).bracket.upper < 1e-300
    assert on_subspace(draw(0, 2, 5), np.eye(5)[:, :2]).bracket.lower > 0


def test_the_basis_may_be_scaled_badly():
    basis = draw(3, 5, 2) @ np.array([[1e-6, 1e5], [0.0, 1e5]])
    holds(on_subspace(draw(4, 4, 5), basis), exact_on_subspace(draw(4, 4, 5), basis), 1e-8)


# --- polyhedral cones -------------------------------------------------------------------------


def by_enumeration(operator, generators):
    """Return the least value over all subsets whose bottom eigenvector is a point of the cone."""
    from itertools import combinations

    best = quotients(operator, generators).min()
    count = generators.shape[1]
    for size in range(2, min(generators.shape) + 1):
        for chosen in combinations(range(count), size):
            columns = generators[:, chosen]
            triangle = np.linalg.qr(columns, mode="r")
            if np.abs(np.diag(triangle)).min() < 1e-9:
                continue
            inverse = np.linalg.inv(triangle)
            weights = inverse @ np.linalg.svd(operator @ columns @ inverse)[2][-1]
            if (weights >= 0).all() or (weights <= 0).all():
                best = min(best, float(quotients(operator, columns @ weights)))
    return best


SHAPES = [(2, 3, 3), (3, 3, 3), (3, 5, 5), (5, 5, 5), (4, 4, 7), (3, 3, 8), (2, 3, 6), (6, 4, 6)]


@pytest.mark.parametrize(("m", "ambient", "count"), SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_a_polyhedral_cone_is_enclosed(m, ambient, count, seed):
    generators = np.abs(draw(seed, ambient, count)) if seed else draw(seed, ambient, count)
    operator = draw(100 + seed, m, ambient)
    found = on_polyhedral(operator, generators)
    holds(found, by_enumeration(operator, generators), 1e-6)
    weights = np.random.default_rng(seed).exponential(size=(count, 2000)) ** 3
    assert found.bracket.lower <= quotients(operator, generators @ weights).min()


def test_kernels_that_meet_the_cone_or_miss_it():
    operator = np.array([[1.0, 1.0, 1.0]])
    assert on_polyhedral(operator, np.eye(3)).bracket.lower == pytest.approx(1.0)  # at e_i
    found = on_polyhedral(np.array([[1.0, -1.0, 0.5]]), np.eye(3))
    assert found.bracket.lower == 0.0
    assert found.bracket.upper < 1e-14


def test_multiple_eigenvalues_and_symmetric_cones():
    generators = np.array([[1.0, -1.0, 0.3], [1.0, 1.0, -0.2], [3.0, 2.0, 5.0]])
    holds(on_polyhedral(np.diag([1.0, 1.0, 2.0]), generators), math.sqrt(3))
    holds(on_polyhedral(np.eye(4), np.eye(4)), 1.0)
    assert on_polyhedral(np.diag([1.0, 2.0]), np.eye(2)).bracket.upper == pytest.approx(1.0)


def test_dependent_generators_and_lines():
    operator = draw(7, 3, 4)
    basis = draw(8, 4, 2)
    lines = np.concatenate([basis, -basis], axis=1)
    on_line = on_subspace(operator, basis)
    holds(on_polyhedral(operator, lines), on_line.bracket.middle)
    twice = np.concatenate([np.eye(4), 2 * np.eye(4), np.ones((4, 1))], axis=1)
    holds(on_polyhedral(operator, twice), on_polyhedral(operator, np.eye(4)).bracket.middle)


@pytest.mark.parametrize("nodes", [1, 5, 40])
def test_a_search_cut_short_still_brackets(nodes):
    operator, generators = draw(3, 4, 6), np.eye(6)
    exact = on_polyhedral(operator, generators)
    short = on_polyhedral(operator, generators, nodes=nodes)
    assert short.bracket.lower <= exact.bracket.upper
    assert exact.bracket.lower <= short.bracket.upper


# --- circular cones ---------------------------------------------------------------------------


def on_the_boundary(operator, axis, angle):
    """Return the least value on {angle β ≤ α from the axis}, on a fine grid of R³."""
    e = axis / np.linalg.norm(axis)
    frame = np.linalg.svd(e[None, :])[2][1:].T
    tilt, turn = np.meshgrid(np.linspace(0, angle, 400), np.linspace(0, 2 * np.pi, 800))
    around = np.cos(turn).ravel() * frame[:, :1] + np.sin(turn).ravel() * frame[:, 1:]
    points = np.cos(tilt.ravel()) * e[:, None] + np.sin(tilt.ravel()) * around
    return quotients(operator, points).min()


@pytest.mark.parametrize("angle", [1e-6, 0.05, 0.4, 1.0, 1.5])
@pytest.mark.parametrize("m", [2, 3, 5])
def test_a_circular_cone_is_enclosed(m, angle):
    operator, axis = draw(m, m, 3), 10 * draw(m + 1, 3)
    found = on_circular(operator, axis, angle)
    reference = on_the_boundary(operator, axis, angle)
    size = np.linalg.norm(operator, 2)
    assert found.bracket.lower <= reference + 1e-12
    assert found.bracket.upper >= reference - 2e-3 * size
    assert found.bracket.upper - found.bracket.lower < 2e-6 * size  # the point moves inside
    e = axis / np.linalg.norm(axis)
    z = found.point / np.linalg.norm(found.point)
    assert z @ e >= math.cos(angle) * (1 - 1e-12)


def test_edge_cases_of_the_angle():
    operator, axis = draw(1, 2, 3), np.array([0.0, 3.0, 4.0])
    holds(on_circular(operator, axis, 0.0), quotients(operator, axis), 1e-12)
    for angle in (math.pi / 2 + 1e-9, 2.0, math.pi):  # a half-space and more: the kernel is met
        assert on_circular(operator, axis, angle).bracket.upper < 1e-300
    square = draw(2, 3, 3)
    smallest = np.linalg.svd(square)[1][-1]
    holds(on_circular(square, axis, 1.8), smallest, 1e-12)


def test_the_hard_case_of_the_s_lemma():
    """The axis is the worst direction of A, and the best multiplier has a multiple eigenvalue."""
    operator, axis, angle = np.diag([2.0, 1.0, 1.0]), np.array([1.0, 0.0, 0.0]), 0.6
    exact = math.sqrt(4 * math.cos(angle) ** 2 + math.sin(angle) ** 2)
    found = on_circular(operator, axis, angle)
    assert found.bracket.lower <= exact <= found.bracket.upper
    assert found.bracket.upper - found.bracket.lower < 1e-9


# --- l1 descent cones -------------------------------------------------------------------------


def sparse_point(ambient, sparsity, seed=0):
    point = np.zeros(ambient)
    point[:sparsity] = np.random.default_rng(seed).choice([-2.0, 3.0], sparsity)
    return point


@pytest.mark.parametrize(("m", "ambient", "sparsity"), [(6, 8, 1), (9, 12, 2), (12, 16, 2)])
def test_an_l1_cone_is_bracketed(m, ambient, sparsity):
    operator, point = draw(m, m, ambient), sparse_point(ambient, sparsity)
    found = on_l1_descent(operator, point)
    signs = np.sign(point)
    assert 0 < found.bracket.lower <= found.bracket.upper < 1.1 * found.bracket.lower
    assert signs @ found.point + np.abs(found.point[signs == 0]).sum() <= 1e-15
    points = onto_l1_descent(draw(1, 4000, ambient), signs)
    points = points[np.linalg.norm(points, axis=1) > 1e-6].T
    assert found.bracket.lower <= quotients(operator, points).min()


@pytest.mark.parametrize(("m", "ambient", "sparsity"), [(3, 4, 1), (3, 4, 2), (4, 5, 1)])
def test_the_certificate_stays_below_the_exact_value(m, ambient, sparsity):
    operator, point = draw(m, m, ambient), sparse_point(ambient, sparsity)
    exact = on_polyhedral(operator, l1_descent_generators(np.sign(point)))
    certified = _certificate(operator, np.sign(point))
    assert certified <= exact.bracket.upper
    assert certified >= 0.8 * exact.bracket.lower
    found = on_l1_descent(operator, point)
    assert found.bracket.upper - found.bracket.lower < 1e-9


def test_an_l1_cone_without_zeros_is_a_half_space():
    operator = draw(5, 4, 3)
    found = on_l1_descent(operator, np.array([1.0, -2.0, 3.0]))
    holds(found, np.linalg.svd(operator)[1][-1], 1e-12)


def test_generators_span_the_descent_cone():
    signs = np.array([1.0, 0.0, -1.0, 0.0])
    generators = l1_descent_generators(signs)
    assert (signs @ generators + np.abs(generators[signs == 0]).sum(axis=0) <= 0).all()
    from scipy.optimize import nnls

    for point in onto_l1_descent(draw(0, 50, 4), signs):
        assert nnls(generators, point)[1] < 1e-9


# --- mistakes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda: on_subspace(np.eye(2), np.ones((2, 2))), "dependent"),
        (lambda: on_subspace(np.eye(2), np.ones((3, 1))), "lies in R\\^3"),
        (lambda: on_subspace(np.eye(2), np.ones((2, 3))), "dependent"),
        (lambda: on_polyhedral(np.eye(2), np.array([[1.0, 0.0], [0.0, 0.0]])), "zero"),
        (lambda: on_polyhedral(np.eye(2), np.array([[np.nan], [1.0]])), "not finite"),
        (lambda: on_circular(np.eye(2), np.zeros(2), 0.3), "axis"),
        (lambda: on_circular(np.eye(2), np.ones(2), -0.3), "angle"),
        (lambda: on_circular(np.eye(2), np.ones(2), math.nan), "angle"),
        (lambda: on_l1_descent(np.eye(2), np.zeros(2)), "zero"),
        (lambda: on_l1_descent(np.ones(2), np.ones(2)), "shape"),
    ],
)
def test_mistakes_are_named(work, said):
    with pytest.raises(ConicError, match=said):
        work()


# --- statistical dimension by simulation ------------------------------------------------------


def closed_form(name, **values):
    symbols = {"n": n, "s": s, "alpha": alpha}
    exact = {symbols[key]: sp.Rational(value) for key, value in values.items()}
    return conic_dimension(cone(name), exact, sp.Rational(1, 2), 8).dimension


def test_simulated_dimensions_agree_with_closed_forms():
    """Each interval misses with probability 1e-9 over the draws; the seed is fixed besides."""
    frame, axis = draw(0, 6, 2), draw(1, 6)
    signs = np.sign(sparse_point(30, 2))
    cases = [
        (subspace_lengths(frame), 6, closed_form("orthant", n=4)),  # dimension 2
        (orthant_lengths, 6, closed_form("orthant", n=6)),
        (polyhedral_lengths(np.eye(6)), 6, closed_form("orthant", n=6)),
        (circular_lengths(axis, 0.7), 6, closed_form("circular", n=6, alpha="7/10")),
        (l1_descent_lengths(signs), 30, closed_form("l1", n=30, s=2)),
    ]
    for lengths, ambient, exact in cases:
        found = sampled_dimension(lengths, ambient, 3000, failure=1e-9)
        assert found.lower <= exact.upper
        assert exact.lower <= found.upper
        assert found.upper - found.lower < 2


def test_an_interval_misses_a_wrong_dimension():
    found = sampled_dimension(orthant_lengths, 20, 20_000, failure=1e-6)
    assert found.lower > 9.5
    assert found.upper < 10.5


def test_projections_are_optimal():
    """Moreau: the rest is orthogonal to the projection and in the polar cone."""
    signs = np.array([1.0, -1.0, 0.0, 0.0, 0.0])
    points = draw(2, 200, 5)
    inside = onto_l1_descent(points, signs)
    rest = points - inside
    assert np.abs((inside * rest).sum(axis=1)).max() < 1e-12
    others = onto_l1_descent(draw(3, 200, 5), signs)
    assert (rest @ others.T).max() < 1e-12
    assert (inside @ signs + np.abs(inside[:, 2:]).sum(axis=1)).max() < 1e-12
