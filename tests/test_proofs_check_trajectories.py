"""Certified claims against trajectories of generated problems, and against forty digits."""

from fractions import Fraction
from functools import cache
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from numerics.flow import integrate
from numerics.problems import problem_from_mapping
from numerics.rigorous.balls import rational_bounds
from proofs_check.certificate import certificate
from proofs_check.certifying.formulas import range_of
from proofs_check.instance import examine
from proofs_check.recheck import recheck_document
from proofs_check.trajectories.comparison import compare, envelope

LOSSES = (
    {"name": "squared"}, {"name": "squared"}, {"name": "power", "p": 3}, {"name": "log_cosh"},
    {"name": "huber", "delta": "0.5"}, {"name": "cauchy"},
)  # fmt: skip
ACTIVATIONS = ("tanh", "softplus", "sigmoid", "arctan", "gelu", "sin")


@st.composite
def problems(draw):
    """A network on a small problem, mostly below the thresholds, sometimes beyond."""
    seed = draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    n = draw(st.integers(1, 4))
    m = draw(st.integers(1, n))
    operator = rng.standard_normal((m, n)) * 10.0 ** draw(st.integers(-2, 2))
    operator += np.eye(m, n) * np.abs(operator).max() * draw(st.sampled_from([0, 3]))
    signal = rng.standard_normal(n) * draw(st.sampled_from([0.1, 1.0]))
    noise = rng.standard_normal(m) * 0.02 * np.abs(operator).max()
    return {
        "problem": {"operator": operator, "observation": operator @ signal + noise,
                    "signal": signal},
        "loss": draw(st.sampled_from(LOSSES)),
        "network": {
            "activation": draw(st.sampled_from(ACTIVATIONS)), "seed": seed,
            "width": draw(st.sampled_from([10, 300, 1500])), "input_dimension": 3,
            "train": draw(st.sampled_from(["hidden", "hidden", "both"])),
            "output_weights": draw(st.sampled_from(["rademacher", "uniform"])),
        },
    }  # fmt: skip


def upper(found):
    return float(rational_bounds(found.upper)[1])


@settings(
    max_examples=6, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(problems())
def test_no_claim_is_violated_by_a_trajectory(tables):
    problem = problem_from_mapping(tables)
    instance = examine(problem)
    document = certificate(instance)
    assert [c for c in recheck_document(document, Path()) if not c.holds] == []
    if not any(reading.bounds_misfit for reading in instance.readings.values()):
        return
    found = integrate(problem, max_steps=20_000)
    violated = [c for c in compare(instance, found) if c.violated]
    assert not violated, [(c.theorem, c.quantity, c.slack[c.worst]) for c in violated]
    _check_product_variant(instance, found)
    _check_stopping(instance, found)
    _check_recovery(instance, found)


def _check_product_variant(instance, found):
    """The theorem for AJ bounds the same trajectory."""
    reading = instance.readings["aj"]
    slack = 1 + 1e-6
    if reading.bounds_misfit and reading.envelope is not None:
        bound = np.array(reading.envelope.uppers(found.times))
        assert np.all(found.misfit <= bound * slack + found.misfit_error)
    if reading.applies:
        assert found.travel.max() <= upper(reading.bound("travel_radius")) * slack


def _check_stopping(instance, found):
    """From each theorem's stopping time on, the misfit is at most the noise level."""
    noise = instance.measured.noise.upper
    for reading in instance.readings.values():
        if reading.stopping_time is not None:
            late = found.times >= upper(reading.stopping_time)
            assert np.all(found.misfit[late] <= noise * (1 + 1e-6) + found.misfit_error)


def _check_recovery(instance, found):
    """The bound of recovery_lazy at the misfit that is reached in the end."""
    if isinstance(instance.recovery, str):
        return
    problem = instance.problem
    gap = float(np.linalg.norm(problem.generator.value(found.final_state) - problem.signal))
    from numerics.rigorous.rounding import Bracket

    level = float(found.misfit[-1]) + found.misfit_error
    assert gap <= upper(instance.recovery.at(range_of(Bracket(level, level)))) * (1 + 1e-6)


# ---------------------------------------------------------------- forty digits


@cache
def held_out(seed, train):
    """A small instance with its certificate, and the same quantities to forty-five digits."""
    rng = np.random.default_rng(1000 + seed)
    m, n, k, d = 2, 3, 40, 2
    arrays = {
        "u": rng.standard_normal(d), "W": rng.standard_normal((k, d)),
        "V": rng.uniform(-1.7, 1.7, (n, k)),
    }  # fmt: skip
    operator, signal = rng.standard_normal((m, n)), rng.standard_normal(n) / 50
    start = arrays["V"] @ np.tanh(arrays["W"] @ arrays["u"]) / np.sqrt(k)
    observation = operator @ (start + signal) + 1e-3  # a small misfit, so that q is small
    tables = {
        "problem": {"operator": operator, "observation": observation, "signal": start + signal},
        "network": {"activation": "tanh", "train": train, **arrays},
    }
    instance = examine(problem_from_mapping(tables))
    return instance, _reference(operator, observation, start + signal, arrays, train)


def _reference(operator, observation, signal, arrays, train):
    """Everything again in mpmath, written by hand."""
    with mpmath.workdps(45):
        a, u, w, v = (
            mpmath.matrix(x.tolist()) for x in (operator, arrays["u"], arrays["W"], arrays["V"])
        )
        y, x = mpmath.matrix(observation.tolist()), mpmath.matrix(signal.tolist())
        h, k = w * u, v.cols
        phi, size = h.apply(mpmath.tanh), mpmath.norm(u)
        slope = mpmath.diag([1 - p**2 for p in phi])
        gram = size**2 / k * (v * slope * slope * v.T)
        if train == "both":
            gram += mpmath.eye(v.rows) * (mpmath.norm(phi) ** 2 / k)
        start = v * phi / mpmath.sqrt(k)
        eigenvalues = mpmath.eigsy(gram, eigvals_only=True)
        sigma_0, spread = mpmath.sqrt(min(eigenvalues)), mpmath.sqrt(max(eigenvalues))
        sigma_a = min(mpmath.svd_r(a, compute_uv=False))
        c = 4 / (3 * mpmath.sqrt(3)) * size**2 * max(mpmath.norm(v[:, i]) for i in range(k))
        edge = 2 * size if train == "both" else 0
        slope_constant = (c + mpmath.sqrt(c**2 + edge**2)) / (2 * mpmath.sqrt(k))
        misfit = mpmath.norm(a * start - y)
        q = slope_constant * misfit / (sigma_a * sigma_0**2)
        project = gram * a.T * (a * gram * a.T) ** -1
        leak = mpmath.eye(v.rows) - project * a
        share = 1 - mpmath.sqrt(1 - 2 * q)
        gain, lost = (max(mpmath.svd_r(z, compute_uv=False)) for z in (project, leak))
        kappa = spread / sigma_0
        bend = -share - mpmath.log(1 - share)
        drift = sigma_0**2 / slope_constant * (lost * share**2 / 2 + min(1, lost) * kappa * bend)
        unseen, noise = mpmath.norm(leak * (x - start)), mpmath.norm(a * x - y)
        return {
            "sigma_A": sigma_a, "sigma_0": sigma_0, "lipschitz": slope_constant, "misfit": misfit,
            "q": q, "noise_norm": noise,
            "sharp.travel_radius": 2 * misfit / (sigma_a * sigma_0 * (2 - share)),
            "sharp.rate": sigma_a**2 * sigma_0**2 * (1 - 2 * q),
            "recovery.lazy.gain": gain, "recovery.lazy.leak": lost,
            "recovery.lazy.condition": kappa, "recovery.lazy.drift": drift,
            "recovery.lazy.unseen": unseen,
            "recovery.lazy.in_the_limit": unseen + gain * noise + drift,
        }  # fmt: skip


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("seed", range(3))
def test_enclosures_contain_references_of_forty_digits(seed, train):
    instance, reference = held_out(seed, train)
    document = certificate(instance)
    assert document["sharp"]["applies"] is True
    for name, value in reference.items():
        enclosure = document
        for key in name.split("."):
            enclosure = enclosure[key]
        exact = Fraction(mpmath.nstr(value, 40, min_fixed=-1, max_fixed=-1))
        low, high = Fraction(enclosure["lower"]), Fraction(enclosure["upper"])
        assert low <= exact <= high, name
        assert high - low <= Fraction(1, 10**6) * abs(exact), name


def test_an_envelope_keeps_its_side_where_the_misfit_falls_at_constant_speed():
    """One linear neuron and log-cosh: sinh r(t) = sinh(r₀)e^{−ct}, and the bound is attained.

    The misfit falls from 4000 to 1 at constant speed, so that a relative error of 10⁻⁸ at the start
    is one of 10⁻⁵ at the end.
    """
    operator, first = 125730.22109339, 0.10490012
    tables = {
        "problem": {"operator": np.array([[operator]]), "observation": np.array([-0.13210486])},
        "loss": {"name": "log_cosh"},
        "network": {
            "activation": "identity", "train": "hidden", "u": np.array([0.3]),
            "W": np.array([[first]]), "V": np.array([[-1.0]]),
        },
    }  # fmt: skip
    problem = problem_from_mapping(tables)
    instance = examine(problem)
    found = integrate(problem, max_steps=1500, max_points=200)
    assert instance.readings["sharp"].bounds_misfit
    assert not [c for c in compare(instance, found) if c.violated]
    bound = envelope(instance.readings["sharp"], found.times)
    with mpmath.workdps(50):
        start, rate = mpmath.mpf(operator) * 0.3 * first - 0.13210486, (operator * 0.3) ** 2
        exact = [float(mpmath.asinh(mpmath.sinh(start) * mpmath.exp(-rate * mpmath.mpf(t))))
                 for t in found.times]  # fmt: skip
    assert (bound >= exact).all()
    assert (bound <= np.multiply(exact, 1.001)).all()
