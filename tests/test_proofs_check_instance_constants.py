"""Constants, radii and times of concrete problems, against references of many digits."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from examined_problems import ends, examined, tables

from numerics.problems import extremal_problem, problem_from_mapping
from numerics.rigorous.rounding import Bracket
from proofs_check.certifying import measure as instance_measure
from proofs_check.certifying.formulas import range_of
from proofs_check.instance import examine
from theory.losses import loss as loss_named


def test_both_layers_need_the_two_point_constant_on_its_ball():
    problem = problem_from_mapping(tables(width=3000, train="both"))
    measured = instance_measure.measure(problem)
    assert measured.lipschitz_pairs.lower > measured.lipschitz.upper
    radius = measured.sigma_0.upper / (2 * measured.lipschitz_pairs.lower)
    network = problem.generator
    # The constant claimed on that ball is at least the formula's value at its radius.
    needed = instance_measure.two_point_lipschitz(network, radius * (1 - 1e-9))
    assert measured.lipschitz_pairs.upper >= needed.lower
    instance = examine(problem)
    assert ends(instance.readings["published"].q)[0] > ends(instance.readings["sharp"].q)[1]


def test_two_point_constant_bounds_the_jacobian_on_its_ball():
    """Random pairs in the ball: the quotient of J stays below the constant."""
    problem = problem_from_mapping(tables(width=30, train="both"))
    network = problem.generator
    pairs, sigma_0 = (
        instance_measure.published_lipschitz(
            network, network.jacobian_lipschitz(), network.sigma_min_init()
        ),
        network.sigma_min_init(),
    )
    radius = sigma_0.lower / (2 * pairs.upper)
    rng = np.random.default_rng(5)
    for _ in range(20):
        (h1, v1), (h2, v2) = (_inside(network, rng, radius) for _ in range(2))
        gap = _full_jacobian(network, h1, v1) - _full_jacobian(network, h2, v2)
        distance = np.hypot(np.linalg.norm(h1 - h2), np.linalg.norm(v1 - v2))
        assert np.linalg.norm(gap, 2) <= pairs.upper * distance * (1 + 1e-12)


def _inside(network, rng, radius):
    step = rng.standard_normal(network.size)
    step *= radius * rng.uniform() / np.linalg.norm(step)
    k = network.width
    return network.hidden + step[:k], network.output_weights + step[k:].reshape(-1, k)


def _full_jacobian(network, hidden, weights):
    """J in the coordinates (h, V), ‖u‖ being 1: n × (k + nk)."""
    slope = 1 - np.tanh(hidden) ** 2
    first = weights * slope
    second = np.kron(np.eye(network.outputs), np.tanh(hidden))
    return np.hstack([first, second]) / np.sqrt(network.width)


@pytest.mark.parametrize("seed", range(3))
def test_enclosures_contain_a_reference_of_40_digits(seed):
    rng = np.random.default_rng(seed)
    m, n, k, d = 2, 3, 6, 3
    operator, y = rng.standard_normal((m, n)), rng.standard_normal(m)
    u, w, v = rng.standard_normal(d), rng.standard_normal((k, d)), rng.standard_normal((n, k))
    problem = problem_from_mapping({
        "problem": {"operator": operator, "observation": y},
        "loss": {"name": "squared"},
        "network": {"activation": "tanh", "u": u, "W": w, "V": v},
    })  # fmt: skip
    instance = examine(problem)
    exact = _reference(operator, y, u, w, v)
    measured = instance.measured
    for name, bracket in {
        "sigma_A": measured.spectrum.sigma_A, "norm": measured.spectrum.norm,
        "sigma_0": measured.sigma_0, "lipschitz": measured.lipschitz, "misfit": measured.misfit,
        "sigma_output": measured.sigma_output,
    }.items():  # fmt: skip
        value = Fraction(str(mpmath.nstr(exact[name], 35)))
        assert Fraction(bracket.lower) <= value <= Fraction(bracket.upper), name
        assert bracket.upper - bracket.lower < 1e-6 * bracket.upper
    low, high = ends(instance.readings["sharp"].q)
    assert low <= Fraction(str(mpmath.nstr(exact["q"], 35))) <= high


def _reference(operator, y, u, w, v):
    with mpmath.workdps(45):
        a, u, w, v = (mpmath.matrix(x.tolist()) for x in (operator, u, w, v))
        y = mpmath.matrix(y.tolist())
        k = v.cols
        h = w * u
        scale = 1 / mpmath.sqrt(k)
        size = mpmath.norm(u)
        slope = mpmath.diag([1 - mpmath.tanh(x) ** 2 for x in h])
        gram = size**2 * scale**2 * (v * slope * slope * v.T)
        singular = sorted(mpmath.svd_r(a, compute_uv=False), reverse=True)
        eigenvalues = sorted(mpmath.eigsy(gram, eigvals_only=True))
        image = sorted(mpmath.eigsy(a * gram * a.T, eigvals_only=True))
        column = max(mpmath.norm(v[:, i]) for i in range(k))
        found = {
            "norm": singular[0], "sigma_A": singular[-1], "sigma_0": mpmath.sqrt(eigenvalues[0]),
            "sigma_output": mpmath.sqrt(image[0]),
            "lipschitz": 4 / (3 * mpmath.sqrt(3)) * size**2 * column * scale,
            "misfit": mpmath.norm(a * (v * h.apply(mpmath.tanh)) * scale - y),
        }  # fmt: skip
        ratio = found["lipschitz"] * found["misfit"]
        return found | {"q": ratio / (found["sigma_A"] * found["sigma_0"] ** 2)}


def test_times_and_radius_of_the_extremal_instance():
    """Against closed forms at q = 0.3, written here by hand."""
    with mpmath.workdps(30):
        q, w0 = mpmath.mpf("0.3"), mpmath.mpf(0.3)
        a, b, e = 1 - 2 * q, mpmath.mpf(2), mpmath.mpf(0.01)
        radius = 1 - mpmath.sqrt(a)
        time = mpmath.log1p(a * (w0 - e) / e) / a
        level = w0 / (mpmath.exp(a * 3) + b * w0 * mpmath.expm1(a * 3) / a)
    reading = examine(extremal_problem(1.0, 1.0, 1.0, 0.3)).readings["sharp"]
    near = 1e-12
    assert float(ends(reading.bound("travel_radius"))[1]) == pytest.approx(float(radius), abs=near)
    found = reading.time_to(range_of(Bracket(0.01, 0.01)))
    assert float(ends(found)[1]) == pytest.approx(float(time), abs=1e-9)
    assert float(ends(reading.envelope.at(3.0))[1]) == pytest.approx(float(level), abs=near)
    # the bound on w at that time is indeed the level asked for
    assert float(ends(reading.envelope.at(float(time)))[1]) == pytest.approx(0.01, abs=1e-9)


@pytest.mark.parametrize(("loss", "parameters"), [
    ("power", {"p": 3}), ("power", {"p": "1.5"}), ("log_cosh", {}),
])  # fmt: skip
def test_other_losses_have_times_but_an_exponential_rate_only_where_it_is_one(loss, parameters):
    reading = examined(width=10_000, loss=loss, parameters=parameters).readings["sharp"]
    assert reading.applies is True
    assert (reading.rate is None) == (loss == "power")
    assert reading.envelope is None
    early, late = (reading.time_to(range_of(Bracket(level, level))) for level in (0.1, 0.01))
    assert 0 < ends(early)[0] < ends(late)[0]
    assert ends(reading.time_to(range_of(Bracket(1e3, 1e3)))) == (0, 0)


@pytest.mark.parametrize(("misfit", "level", "found"), [
    (0.3, 0.1, (10 - 1 / 0.3) / 0.6), (0.5, 0.1, 40), (0.8, 0.5, 1.875),
])  # fmt: skip
def test_the_stopping_time_of_any_loss_below_at_and_beyond_the_threshold(misfit, level, found):
    """For κ(w) = w²: (1/e − 1/w₀)/(a + be), and the extremal instance is not slower than that."""
    cubic = loss_named("power", p=3)
    reading = examine(extremal_problem(1.0, 1.0, 1.0, misfit, cubic)).readings["sharp"]
    low, high = ends(reading.time_to(range_of(Bracket(level, level))))
    assert float(low) == pytest.approx(found, rel=1e-9)
    with mpmath.workdps(20):
        true = mpmath.quad(lambda w: 1 / ((1 - 2 * misfit + 2 * w) * w**2), [level, misfit])
    assert found / 2 < true <= float(high)
    stall = max(0.0, misfit - 0.5)
    assert reading.time_to(range_of(Bracket(stall, stall))) is None


def test_the_stopping_time_where_the_rate_may_be_zero():
    """Neither closed form is known to hold: the time that holds for any loss still does."""
    reading = examine(extremal_problem(1.0, 1.0, 1.0, 0.5)).readings["sharp"]
    low, _ = ends(reading.time_to(range_of(Bracket(0.1, 0.1))))
    assert float(low) == pytest.approx(float(mpmath.log(5)) / 0.2, rel=1e-9)


def test_width_estimate_brings_q_below_the_threshold():
    instance = examined(width=60)
    wide = examined(width=2 * instance.width_estimate("sharp"))
    assert wide.readings["sharp"].applies is True
    assert instance.width_estimate("published") > 3 * instance.width_estimate("sharp")
