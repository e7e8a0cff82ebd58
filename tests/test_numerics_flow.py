"""The reduced flow against the full one, against closed forms, and against exact laws."""

import numpy as np
import pytest
from full_network import FullNetwork
from scipy.integrate import solve_ivp
from scipy.special import lambertw

from numerics.elementwise import activation_functions
from numerics.errors import ProblemError
from numerics.flow import Trajectory, integrate
from numerics.problems import Problem, extremal_problem, problem_from_mapping
from numerics.quantities import LossFunctions
from theory.activations import activation
from theory.losses import loss

LOSSES = {
    "squared": {},
    "power": {"p": "2.5"},
    "separable_power": {"p": 3},
    "log_cosh": {},
    "huber": {"delta": "0.5"},
    "cauchy": {},
}


def pair(
    train: str, name: str, seed: int, deficient: bool = False, phi: str = "tanh"
) -> tuple[Problem, FullNetwork]:
    """A problem with ‖u‖ ≠ 1, and its network without reduction."""
    rng = np.random.default_rng(seed)
    m, n, k, d = 3, 4, 9, 3
    operator = rng.standard_normal((m, n))
    if deficient:
        operator[2] = operator[0] - operator[1]
    u, w = 1.4 * rng.standard_normal(d) / np.sqrt(d), rng.standard_normal((k, d))
    v = rng.choice([-1.0, 1.0], (n, k))
    tables = {
        "problem": {"operator": operator, "observation": rng.standard_normal(m)},
        "loss": {"name": name, **LOSSES[name]},
        "network": {"activation": phi, "train": train, "u": u, "W": w, "V": v},
    }
    functions = activation_functions(activation(phi))
    return problem_from_mapping(tables), FullNetwork(u, w, v, *functions, train == "both")


def assert_same(problem: Problem, full: FullNetwork, found: Trajectory) -> None:
    functions = LossFunctions(problem.loss, problem.measurements)
    theta = full.flow(problem.operator, problem.observation, functions.gradient, found.times)
    residuals = [problem.operator @ full.value(each) - problem.observation for each in theta]
    error = found.misfit_error + 1e-9
    misfits = [functions.misfit(r) for r in residuals]
    np.testing.assert_allclose(found.misfit, misfits, atol=10 * error, rtol=1e-6)
    np.testing.assert_allclose(found.residual, np.linalg.norm(residuals, axis=1), atol=1e-8)
    travels = np.linalg.norm(theta - full.parameters(), axis=1)
    np.testing.assert_allclose(found.travel, travels, atol=1e-8)
    jacobians = [full.jacobian(each) for each in theta]
    sigmas = [np.linalg.svd(j, compute_uv=False)[-1] for j in jacobians]
    np.testing.assert_allclose(found.sigma_min, sigmas, atol=1e-6)
    gradients = [
        j.T @ problem.operator.T @ functions.gradient(r)
        for j, r in zip(jacobians, residuals, strict=True)
    ]
    speeds = np.linalg.norm(gradients, axis=1)
    lengths = np.concatenate(
        [[0], np.cumsum(np.diff(found.times) * (speeds[1:] + speeds[:-1]) / 2)]
    )
    np.testing.assert_allclose(found.length, lengths, rtol=0.1, atol=1e-3)


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("name", LOSSES)
def test_reduced_flow_is_the_full_flow(train: str, name: str) -> None:
    problem, full = pair(train, name, 1)
    found = integrate(problem, 3.0)
    assert found.status == "complete"
    assert found.times[-1] == 3.0
    assert_same(problem, full, found)


@pytest.mark.parametrize("train", ["hidden", "both"])
@pytest.mark.parametrize("seed", [2, 3])
def test_rank_deficient_operators(train: str, seed: int) -> None:
    problem, full = pair(train, "squared", seed, deficient=True)
    found = integrate(problem, 2.0)
    assert_same(problem, full, found)
    assert found.misfit[-1] > 1e-3  # y is not in the range of A


@pytest.mark.parametrize("phi", ["gelu", "x/sqrt(1+x**2)", "softsign"])
def test_other_activations(phi: str) -> None:
    problem, full = pair("hidden", "squared", 5, phi=phi)
    assert_same(problem, full, integrate(problem, 2.0))


def envelope(sigma: float, sigma_0: float, slope: float, w: float, t: np.ndarray) -> np.ndarray:
    """W(t) of THEORY 3 for the squared loss."""
    q = slope * w / (sigma * sigma_0**2)
    a, b = sigma**2 * sigma_0**2 * (1 - 2 * q), 2 * slope * sigma
    if abs(a) < 1e-15:
        return w / (1 + b * w * t)
    return w / (np.exp(a * t) + b * w * np.expm1(a * t) / a)


@pytest.mark.parametrize(
    "case",
    [(1, 1, 0, 1), (1, 1, 0.2, 1), (2, 0.7, 0.3, 1), (0.3, 2, 0.1, 5), (1, 1, 0.49, 1)],
)
def test_extremal_flow_is_the_envelope(case: tuple[float, float, float, float]) -> None:
    found = integrate(extremal_problem(*case))
    wanted = envelope(*case, found.times)
    np.testing.assert_allclose(found.misfit, wanted, rtol=1e-4, atol=found.misfit_error)
    np.testing.assert_allclose(found.misfit, wanted, rtol=1e-6, atol=1e-9)
    sigma, sigma_0, slope, w = case
    energy = found.misfit + sigma * (sigma_0 * found.length - slope * found.length**2 / 2)
    np.testing.assert_allclose(energy, w, rtol=1e-8)
    np.testing.assert_allclose(found.travel, found.length, rtol=1e-12)
    np.testing.assert_allclose(found.sigma_min, sigma_0 - slope * found.length, rtol=1e-12)
    assert found.status == "settled"
    assert found.misfit[-1] <= 1e-6 * w


def test_extremal_flow_stalls_beyond_the_threshold() -> None:
    found = integrate(extremal_problem(1, 1, 0.8, 1), 400.0)
    assert found.status == "complete"
    assert found.misfit[-1] == pytest.approx(1 - 1 / 1.6, rel=1e-6)
    np.testing.assert_allclose(found.misfit, envelope(1, 1, 0.8, 1, found.times), rtol=1e-6)


def test_at_the_threshold_the_decay_is_like_one_over_t() -> None:
    found = integrate(extremal_problem(1, 1, 0.5, 1), 1000.0)
    np.testing.assert_allclose(found.misfit, 1 / (1 + found.times), rtol=1e-5)


@pytest.mark.parametrize("p", ["1.5", "3"])
def test_extremal_flow_of_a_power_loss(p: str) -> None:
    """Ẇ = −(a + bW)W^{p−1}, here from an integration of its own."""
    problem = extremal_problem(1.3, 0.9, 0.2, 1, loss("power", p=p))
    found = integrate(problem, 4.0)
    q = 0.2 / (1.3 * 0.81)
    a, b = (1.3 * 0.9) ** 2 * (1 - 2 * q), 2 * 0.2 * 1.3
    power = float(p) - 1

    def slope(_: float, w: np.ndarray) -> np.ndarray:
        return -(a + b * w) * np.maximum(w, 0) ** power

    wanted = solve_ivp(slope, (0, found.times[-1]), [1.0], "DOP853", found.times, rtol=1e-12,
                       atol=1e-14).y[0]  # fmt: skip
    np.testing.assert_allclose(found.misfit, wanted, rtol=1e-6, atol=2e-7)


def test_log_cosh_in_one_dimension_has_a_closed_form() -> None:
    """Linear generator, A = 1: ẇ = −tanh(w), so sinh w = sinh(w₀)e^{−t}."""
    tables = {
        "problem": {"operator": [[1.0]], "observation": [2.0]},
        "loss": {"name": "log_cosh"},
        "network": {"activation": "identity", "u": [1.0], "W": [[0.0]], "V": [[1.0]]},
    }
    found = integrate(problem_from_mapping(tables))
    np.testing.assert_allclose(
        np.sinh(found.misfit), np.sinh(2.0) * np.exp(-found.times), rtol=1e-5
    )


def test_pseudo_huber_in_one_dimension_has_a_closed_form() -> None:
    """ẇ = −w/c with c = √(1 + w²): c + log((c − 1)/w) + t is constant."""
    tables = {
        "problem": {"operator": [[1.0]], "observation": [2.0]},
        "loss": {"name": "pseudo_huber"},
        "network": {"activation": "identity", "u": [1.0], "W": [[0.0]], "V": [[1.0]]},
    }
    found = integrate(problem_from_mapping(tables))
    c = np.sqrt(1 + found.misfit**2)
    law = c + np.log((c - 1) / found.misfit) + found.times
    np.testing.assert_allclose(law, law[0], rtol=1e-4)
    assert lambertw(1).real == pytest.approx(0.5671433)


def test_neuron_invariant() -> None:
    """Both layers, tanh: ‖V_i‖² − sinh²(h_i)/‖u‖² is constant (THEORY section 6)."""
    problem, full = pair("both", "squared", 7)
    found = integrate(problem, 5.0)
    h0, v0 = full.W @ full.u, full.V
    h = h0 + found.final_state[: h0.size]
    v = v0 + found.final_state[h0.size :].reshape(v0.shape)
    size = full.u @ full.u
    before = np.sum(v0**2, axis=0) - np.sinh(h0) ** 2 / size
    after = np.sum(v**2, axis=0) - np.sinh(h) ** 2 / size
    np.testing.assert_allclose(after, before, atol=1e-8)


def test_default_horizon_reaches_the_floor() -> None:
    rng = np.random.default_rng(0)
    operator = rng.standard_normal((4, 8))
    tables = {
        "problem": {"operator": operator, "observation": 0.3 * rng.standard_normal(4)},
        "network": {"activation": "tanh", "width": 3000, "input_dimension": 5},
    }
    found = integrate(problem_from_mapping(tables))
    assert found.status == "settled"
    assert found.misfit[-1] <= 1e-6 * found.misfit[0]
    assert found.times[-1] <= found.horizon
    assert np.all(np.diff(found.loss) <= 0)
    assert np.all(np.diff(found.times) > 0)
    assert np.all(found.travel <= found.length * (1 + 1e-9))


def test_a_perfect_start_is_settled() -> None:
    tables = {
        "problem": {"operator": [[1.0]], "observation": [0.0]},
        "network": {"activation": "tanh", "u": [1.0], "W": [[0.0]], "V": [[1.0]]},
    }
    found = integrate(problem_from_mapping(tables))
    assert found.status == "settled"
    assert found.misfit.tolist() == [0.0]


def test_steps_may_run_out_and_points_are_thinned() -> None:
    problem, _ = pair("hidden", "squared", 1)
    short = integrate(problem, 100.0, max_steps=5)
    assert (short.status, short.steps) == ("step_limit", 5)
    assert short.times[-1] < 100
    full = integrate(problem, 100.0)
    thin = integrate(problem, 100.0, max_points=8)
    assert 8 <= thin.times.size <= 17
    assert thin.times[0] == 0
    assert thin.times[-1] == full.times[-1]
    assert set(thin.times) <= set(full.times)


def out_of_reach() -> Problem:
    """tanh is bounded, the data are not: w falls by 4% only, and ever more slowly."""
    stream = np.random.default_rng(0)
    network = {
        "u": [1.0, 0.5], "W": stream.standard_normal((6, 2)), "V": stream.standard_normal((3, 6))
    }  # fmt: skip
    operator = np.diag([1, 1e-2]) @ stream.standard_normal((2, 3))
    tables = {"problem": {"operator": operator, "observation": [5.0, -7.0]}}
    return problem_from_mapping(tables | {"network": {"activation": "tanh", **network}})


def test_a_misfit_that_stays_large_is_followed_with_fewer_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = out_of_reach()
    exact = integrate(problem)
    monkeypatch.setattr("numerics.flow.PATIENCE", 100)
    found = integrate(problem, max_steps=600)
    assert (found.status, exact.status) == ("complete", "complete")
    assert 100 < found.steps < 600
    assert found.evaluations > found.steps
    assert exact.misfit_error < 1e-8 < found.misfit_error < 1e-4 * found.misfit[-1]
    assert found.misfit[-1] > 0.5 * found.misfit[0]
    at = np.interp(found.times, exact.times, exact.misfit)
    np.testing.assert_allclose(found.misfit, at, rtol=1e-2)  # between the points kept
    assert found.misfit[-1] == pytest.approx(exact.misfit[-1], abs=found.misfit_error)


def test_a_given_tolerance_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.flow.PATIENCE", 20)
    found = integrate(out_of_reach(), rtol=1e-9, max_steps=60)
    assert (found.status, found.steps) == ("step_limit", 60)
    assert found.misfit_error < 1e-6


def test_patience_is_not_lost_with_a_flow_that_gets_on(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, _ = pair("hidden", "squared", 1)
    wanted = integrate(problem)
    monkeypatch.setattr("numerics.flow.PATIENCE", wanted.steps * 2 // 3)
    found = integrate(problem, max_steps=2 * wanted.steps)
    assert (found.steps, found.misfit_error) == (wanted.steps, wanted.misfit_error)


def test_tolerance_follows_the_margin() -> None:
    problem = extremal_problem(1, 1, 0.2, 1)
    errors = []
    for margin in (1e-1, 1e-5):
        found = integrate(problem, margin=margin)
        errors.append(np.max(np.abs(found.misfit / envelope(1, 1, 0.2, 1, found.times) - 1)))
    assert errors[1] < errors[0] < 1e-1
    assert errors[1] < 1e-5


def test_progress_is_reported() -> None:
    seen: list[tuple[float, float]] = []
    found = integrate(
        extremal_problem(1, 1, 0.2, 1), 3.0, progress=lambda t, T: seen.append((t, T))
    )
    assert len(seen) == found.steps
    assert seen[-1] == (3.0, 3.0)


@pytest.mark.parametrize(
    "arguments",
    [
        {"horizon": 0},
        {"horizon": -1},
        {"horizon": float("nan")},
        {"horizon": float("inf")},
        {"margin": 0},
        {"floor": 2},
    ],
)
def test_bad_arguments(arguments: dict[str, float]) -> None:
    with pytest.raises(ProblemError):
        integrate(extremal_problem(1, 1, 0.2, 1), **arguments)  # type: ignore[arg-type]


def test_asserted_quantities_cannot_flow() -> None:
    tables = {
        "problem": {"operator": [[1.0]], "observation": [1.0]},
        "measured": {"sigma_0": 1, "lipschitz": 0, "misfit": 1},
    }
    with pytest.raises(ProblemError, match="network"):
        integrate(problem_from_mapping(tables))
