"""The same problem said differently gets the same certificate; and flows keep to their bounds.

Each change of a problem has an exact effect on the numbers of the theorem (THEORY, section 6). They
are enclosures, so what is equal has to overlap after the known factor, and what is not must not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from numerics.flow import integrate
from proofs_check import certify, networks, operators, problems
from proofs_check.instance import examine
from proofs_check.trajectories.comparison import compare

Array = np.ndarray
NUMBERS = ("sigma_A", "sigma_0", "lipschitz", "misfit", "q")
M, N, K, D = 2, 3, 400, 4


@dataclass(frozen=True)
class Said:
    """A problem with a trained hidden layer, as arrays."""

    A: Array
    y: Array
    u: Array
    W: Array
    V: Array
    train: str = "hidden"

    def numbers(self) -> dict[str, tuple[Fraction, Fraction]]:
        """Return the numbers of the sharp theorem, as enclosures."""
        network = {"activation": "tanh", "u": self.u, "W": self.W, "V": self.V,
                   "train": self.train}  # fmt: skip
        document = certify(self.A, self.y, network=network).document
        found = {name: document[name] for name in NUMBERS}
        return {n: (Fraction(e["lower"]), Fraction(e["upper"])) for n, e in found.items()}


@cache
def plain(train: str = "hidden") -> Said:
    rng = np.random.default_rng(3)
    u = np.array([0.5, 0.5, -0.5, 0.5])
    return Said(
        rng.normal(size=(M, N)), rng.normal(size=M), u, rng.normal(size=(K, D)),
        rng.choice([-1.0, 1.0], (N, K)), train,
    )  # fmt: skip


def signed(size: int) -> Array:
    """Return an orthogonal matrix that floating point applies without error."""
    turned: Array = np.eye(size)[::-1] * np.where(np.arange(size) % 2, -1.0, 1.0)
    return turned


def rotated(said: Said) -> Said:
    P, Q = signed(M), signed(N)
    return replace(said, A=P @ said.A @ Q, y=P @ said.y, V=Q.T @ said.V)


def permuted(said: Said) -> Said:
    order = np.random.default_rng(1).permutation(K)
    return replace(said, W=said.W[order], V=said.V[:, order])


def in_more_inputs(said: Said) -> Said:
    more = np.random.default_rng(2).normal(size=(K, 3))
    return replace(said, u=np.r_[said.u, np.zeros(3)], W=np.hstack([said.W, more]))


def input_halved(said: Said) -> Said:
    return replace(said, u=said.u / 2, W=2 * said.W)


def doubled_data(said: Said) -> Said:
    return replace(said, A=2 * said.A, y=2 * said.y)


def neurons_four_times(said: Said) -> Said:
    """Copies with half the weight outside: the output stays, what can be learnt does not."""
    return replace(said, W=np.tile(said.W, (4, 1)), V=np.tile(said.V, (1, 4)) / 2)


def neurons_mirrored(said: Said) -> Said:
    """Tanh is odd: a neuron with both its signs changed is the same neuron."""
    return replace(said, W=-said.W, V=-said.V)


SAME: Mapping[str, int | Fraction] = dict.fromkeys(NUMBERS, 1)
# What each change multiplies: σ_A, σ_0, Λ, w₀ and q = Λw₀/(σ_Aσ₀²).
CHANGES: dict[str, Any] = {
    "orthogonal change of basis in signal and data space": (rotated, SAME),
    "permutation of the neurons": (permuted, SAME),
    "embedding in more input dimensions": (in_more_inputs, SAME),
    "both signs of every neuron": (neurons_mirrored, SAME),
    "operator and data twice as large": (doubled_data, {**SAME, "sigma_A": 2, "misfit": 2}),
    "input half as long, weights twice": (
        input_halved, {**SAME, "sigma_0": Fraction(1, 2), "lipschitz": Fraction(1, 4)}),
    "every neuron four times": (
        neurons_four_times,
        {**SAME, "sigma_0": Fraction(1, 2), "lipschitz": Fraction(1, 4)}),
}  # fmt: skip


def overlap(first: tuple[Fraction, Fraction], second: tuple[Fraction, Fraction]) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_problem_has_the_same_numbers(name: str) -> None:
    change, factors = CHANGES[name]
    before, after = plain().numbers(), change(plain()).numbers()
    for number in NUMBERS:
        low, high = before[number]
        scaled = (factors[number] * low, factors[number] * high)
        assert overlap(scaled, after[number]), number
        assert after[number][1] - after[number][0] <= Fraction(1, 10**6) * after[number][1]


UNMOVED = [
    name for name, (_, factors) in CHANGES.items() if factors is SAME and "inputs" not in name
]


@pytest.mark.parametrize("name", UNMOVED)
def test_so_it_has_when_both_layers_are_trained(name: str) -> None:
    change, _ = CHANGES[name]
    before, after = plain("both").numbers(), change(plain("both")).numbers()
    assert all(overlap(before[number], after[number]) for number in NUMBERS)


def test_another_problem_has_other_numbers() -> None:
    """The comparison can fail: a matrix that is not orthogonal changes σ_A and q."""
    before = plain().numbers()
    after = replace(plain(), A=plain().A @ np.diag([1.0, 1.0, 1.0 + 1e-6])).numbers()
    assert not overlap(before["sigma_A"], after["sigma_A"])
    assert not overlap(before["q"], after["q"])
    fewer = replace(plain(), W=plain().W[1:], V=plain().V[:, 1:]).numbers()
    assert not overlap(before["sigma_0"], fewer["sigma_0"])


# --- trajectories ----------------------------------------------------------------------------

WIDE = networks(
    width=st.integers(2000, 6000), activation=st.sampled_from(["tanh", "sigmoid", "arctan"]),
    train=["hidden"],
)  # fmt: skip
MILD = operators(st.lists(st.floats(0.5, 2, width=32), min_size=1, max_size=2))


@settings(
    max_examples=8, derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(problems(MILD, WIDE, observation=0.5))
def test_no_flow_of_a_random_network_exceeds_a_bound(problem: Any) -> None:
    """Every bound of both theorems that applies, along the whole trajectory."""
    instance = examine(problem)
    assume(instance.applies)
    found = integrate(problem, max_points=200)
    comparisons = compare(instance, found)
    assert comparisons
    assert not [c for c in comparisons if c.violated]


def test_a_bound_that_is_too_small_is_exceeded() -> None:
    """The comparison can fail: a flow that goes on from where another one started."""
    said = plain()
    table = {"activation": "tanh", "width": 3000, "input_dimension": 4, "seed": 0}
    easy = certify(said.A, said.y / 50, network=table).instance
    hard = certify(said.A, said.y * 2, network=table).instance
    assert easy.applies
    comparisons = compare(easy, integrate(hard.problem, horizon=5.0))
    assert [c for c in comparisons if c.violated]
