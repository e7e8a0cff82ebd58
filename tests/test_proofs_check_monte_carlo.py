"""Statements about random networks, tried on random networks.

Each test draws with a fixed seed, so it never flakes; with a new seed it would fail by chance with
a probability of at most ``ERROR``, and this file with at most ``len(CLAIMS) * ERROR`` (Clopper and
Pearson's intervals are exact). For claims of each kind there is a sharper, false one that the same
sample refutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from numerics.activation_constants import activation_constants
from numerics.bounds import evaluate_bound
from proofs_check.interpretations.monte_carlo import ERROR, Frequency
from theory.registry import statement

TRIALS, N, K = 3000, 2, 160
MATRIX = np.array([[1.0, 0.5], [0.0, 0.75]])
Array = np.ndarray


@cache
def constants() -> dict[str, Fraction]:
    """Return the constants of tanh, as exact numbers within rounding of them."""
    found = activation_constants("tanh", 15)
    squares = {"C_phi": "C_phi_squared", "C_dphi": "C_dphi_squared"}
    roots = {name: Fraction(math.sqrt(found[key].lower)) for name, key in squares.items()}
    return roots | {"B_1": Fraction(1), "B_2": found["B2"].upper, "M_4": found["M4"].upper}


def bound(id: str, name: str, **values: object) -> float:
    """Evaluate a statement's own bound, rounded up."""
    exact = {key: Fraction(str(value)) if isinstance(value, float) else value
             for key, value in values.items()}  # fmt: skip
    return float(evaluate_bound(statement(id), name, exact, 12).upper)


@cache
def networks(k: int = K, trials: int = TRIALS) -> tuple[Array, Array]:
    """Return pre-activations h, iid normal, and output weights V, iid signs."""
    rng = np.random.default_rng(20)
    return rng.normal(size=(trials, k)), rng.choice([-1.0, 1.0], (trials, N, k))


def smallest_eigenvalues(k: int = K, trials: int = TRIALS) -> Array:
    """Return λ_min(J_W J_Wᵀ) of each network, ‖u‖ = 1."""
    h, V = networks(k, trials)
    slopes = (1 - np.tanh(h) ** 2) ** 2
    gram = np.einsum("tik,tk,tjk->tij", V, slopes, V) / k
    smallest: Array = np.linalg.eigvalsh(gram)[:, 0]
    return smallest


def outputs(k: int = K, trials: int = TRIALS) -> Array:
    """Return ‖A V φ(h)‖/√k of each network."""
    h, V = networks(k, trials)
    y = np.einsum("ij,tjk,tk->ti", MATRIX, V, np.tanh(h)) / math.sqrt(k)
    return np.linalg.norm(y, axis=1)


def _gram_w(delta: float) -> tuple[Array, float]:
    c = constants()
    failure = bound("init_gram_w", "failure", B_1=1, D=1, n=N, k=K, delta=delta,
                    C_dphi=c["C_dphi"])  # fmt: skip
    return smallest_eigenvalues() <= (1 - delta) * float(c["C_dphi"]) ** 2, failure


def _gram_v(delta: float) -> tuple[Array, float]:
    c = constants()
    failure = bound("init_gram_v", "failure", delta=delta, k=K, C_phi=c["C_phi"], M_4=c["M_4"])
    mean = (np.tanh(networks()[0]) ** 2).mean(axis=1)
    return mean <= (1 - delta) * float(c["C_phi"]) ** 2, failure


def _hidden(p: float) -> tuple[Array, float]:
    level = bound("init_hidden_norm", "level", B_1=1, C_phi=constants()["C_phi"], k=K, p_h=p)
    return np.sqrt((np.tanh(networks()[0]) ** 2).mean(axis=1)) >= level, p


def _sizes(operator: Array) -> dict[str, Fraction]:
    return {
        "FrobeniusNorm(A)": Fraction(float(np.linalg.norm(operator))),
        "OperatorNorm(A)": Fraction(float(np.linalg.norm(operator, 2))),
    }


def _output(p: float) -> tuple[Array, float]:
    """The claim is for a fixed hidden layer: here the first network's, with all the V."""
    h, V = networks()
    hidden = np.tanh(h[0]) / math.sqrt(K)
    level = bound("init_output", "level", H=Fraction(float(np.linalg.norm(hidden))), s=1, p_x=p,
                  **_sizes(MATRIX))  # fmt: skip
    return np.linalg.norm(np.einsum("ij,tjk,k->ti", MATRIX, V, hidden), axis=1) >= level, p


def _misfit(p: float) -> tuple[Array, float]:
    level = bound("initial_misfit", "misfit", B_1=1, C_phi=constants()["C_phi"], k=K, p_h=p,
                  p_x=p, s=1, **{"Norm(y)": 0}, **_sizes(MATRIX))  # fmt: skip
    return outputs() >= level, 2 * p


def _width(p: float) -> tuple[Array, float]:
    """At the width that the theorem asks for, q = Λw₀/(σ_Aσ₀²) is below the threshold."""
    c, trials, delta, threshold = constants(), 100, 0.5, 0.5
    values = {"B_1": 1, "B_2": c["B_2"], "C_dphi": c["C_dphi"], "C_phi": c["C_phi"], "D": 1,
              "delta": delta, "n": N, "p_h": p, "p_x": p, "q_star": threshold, "s": 1,
              "sigma_A": 1, "Norm(y)": 0, **_sizes(np.eye(N))}  # fmt: skip
    k = 1500
    assert k > bound("width_w", "k_lipschitz", k=k, **values)
    needed = {name: values[name] for name in ("B_1", "C_dphi", "D", "delta", "n")}
    assert k >= bound("width_w", "k_gram", p_J=p, **needed)
    h, V = networks(k, trials)
    start = np.linalg.norm(np.einsum("tik,tk->ti", V, np.tanh(h)), axis=1) / math.sqrt(k)
    lipschitz = float(c["B_2"]) * math.sqrt(N / k)
    return lipschitz * start / smallest_eigenvalues(k, trials) >= threshold, 3 * p


@dataclass(frozen=True)
class Claim:
    """A probability statement at the numbers of the theorem, and at numbers that make it false."""

    sample: Callable[[float], tuple[Array, float]]
    at: float
    spoiled: float | None = None


CLAIMS = {
    "init_gram_w": Claim(_gram_w, 0.5, 0.02),
    "init_gram_v": Claim(_gram_v, 0.4, 0.01),
    "init_hidden_norm": Claim(_hidden, 0.3),
    "init_output": Claim(_output, 0.2),
    "initial_misfit": Claim(_misfit, 0.1),
    "width_w": Claim(_width, 0.1),
}


@pytest.mark.parametrize("id", CLAIMS)
def test_a_theorem_about_random_networks_holds_on_them(id: str) -> None:
    claim = CLAIMS[id]
    events, probability = claim.sample(claim.at)
    assert probability < 1
    assert not Frequency(int(events.sum()), len(events)).contradicts(probability)


@pytest.mark.parametrize("id", [id for id, claim in CLAIMS.items() if claim.spoiled])
def test_the_sample_refutes_a_sharper_claim(id: str) -> None:
    """A smaller deviation with the probability of the larger one is certain to be too much."""
    claim = CLAIMS[id]
    _, probability = claim.sample(claim.at)
    assert claim.spoiled is not None
    events, _ = claim.sample(claim.spoiled)
    assert Frequency(int(events.sum()), len(events)).contradicts(probability)


def test_the_sample_refutes_levels_without_their_deviation() -> None:
    """Half of all networks exceed the mean: a level without its deviation fails at p = 0.2."""
    h, _ = networks()
    size = np.sqrt((np.tanh(h) ** 2).mean(axis=1))
    for values, level in ((size, float(constants()["C_phi"]) * 0.995), (outputs(), 0.4)):
        events = values >= level
        assert Frequency(int(events.sum()), TRIALS).contradicts(0.2)


# --- the intervals ---------------------------------------------------------------------------


@pytest.mark.parametrize(("seen", "trials"), [(0, 10), (10, 10), (3, 50), (999, 1000), (1, 10**6)])
def test_the_interval_is_exact(seen: int, trials: int) -> None:
    """At each end the tail of the binomial law is the error rate itself: scipy's, not ours."""
    found = Frequency(seen, trials, 1e-4)
    assert 0 <= found.lower <= seen / trials <= found.upper <= 1
    if seen > 0:
        assert binom.sf(seen - 1, trials, found.lower) == pytest.approx(1e-4, rel=1e-6)
    if seen < trials:
        assert binom.cdf(seen, trials, found.upper) == pytest.approx(1e-4, rel=1e-6)


@pytest.mark.parametrize("probability", [0.01, 0.3, 0.97])
def test_a_true_claim_is_contradicted_no_more_often_than_declared(probability: float) -> None:
    """Summed over all outcomes, not sampled: at most the error rate."""
    trials, error = 400, 0.01
    risk = sum(
        binom.pmf(seen, trials, probability)
        for seen in range(trials + 1)
        if Frequency(seen, trials, error).contradicts(probability)
    )
    assert 0 < risk <= error


@pytest.mark.parametrize(
    "wrong",
    [(5, 4, 0.1), (-1, 4, 0.1), (0, 0, 0.1), (1, 4, 0.0), (1, 4, 0.7)],
)
def test_what_is_no_frequency_is_refused(wrong: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="is no"):
        Frequency(*wrong)


def test_the_declared_error_of_this_file() -> None:
    assert len(CLAIMS) * ERROR < 1e-8
