"""Measure σ₀, Λ and w₀ of a network of one's own, and write them into problem.toml.

The network has biases, which kurdyka's own two-layer network has not:

    g(W, b) = k^(-1/2) V tanh(W u + b),   W and b trained, V and u fixed.

Run ``python measure.py`` in this folder. Its Jacobian comes from PyTorch's automatic
differentiation where PyTorch is installed, otherwise from the formula, in NumPy. ``python
measure.py --train`` also trains it, and records the loss in loss.csv.
"""

from __future__ import annotations

import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

FOLDER = Path(__file__).parent
OUTPUTS, WIDTH, INPUTS = 6, 4000, 8
SEED = 3
STEP, ITERATIONS = 0.02, 2500


class Network(NamedTuple):
    """The network at initialisation."""

    u: np.ndarray  # (d,), of length 1
    weights: np.ndarray  # W, (k, d)
    biases: np.ndarray  # b, (k,)
    output: np.ndarray  # V, (n, k)


def problem() -> tuple[np.ndarray, np.ndarray]:
    """Return A, a moving average of which every other entry is kept, and the data y."""
    average = sum(np.eye(OUTPUTS, k=k) / 3 for k in (-1, 0, 1))[::2]
    signal = np.sin(np.arange(OUTPUTS))
    return average, average @ signal


def network() -> Network:
    """Draw the network."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    u = rng.standard_normal(INPUTS)
    output = rng.choice([-1.0, 1.0], (OUTPUTS, WIDTH))
    weights, biases = rng.standard_normal((WIDTH, INPUTS)), rng.standard_normal(WIDTH)
    return Network(u / np.linalg.norm(u), weights, biases, output)


def value_and_jacobian_by_torch(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return g and its Jacobian, (n, k·d + k), by automatic differentiation."""
    import torch

    u, output = (torch.from_numpy(part) for part in (net.u, net.output))

    def model(weights: torch.Tensor, biases: torch.Tensor) -> torch.Tensor:
        return output @ torch.tanh(weights @ u + biases) / WIDTH**0.5

    start = torch.from_numpy(net.weights), torch.from_numpy(net.biases)
    parts = torch.autograd.functional.jacobian(model, start)
    jacobian = torch.cat([part.reshape(OUTPUTS, -1) for part in parts], dim=1)
    return model(*start).numpy(), jacobian.numpy()


def value_and_jacobian_by_numpy(net: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return the same by the chain rule."""
    phi = np.tanh(net.weights @ net.u + net.biases)
    inner = net.output * (1 - phi**2) / WIDTH**0.5
    outer = (inner[:, :, None] * net.u).reshape(OUTPUTS, -1)
    return net.output @ phi / WIDTH**0.5, np.hstack([outer, inner])


def measured() -> dict[str, Decimal]:
    """Return σ₀ rounded down, and Λ and w₀ rounded up, to six digits.

    σ₀ and w₀ are computed. Λ is not something to sample, as the largest quotient of a sample is
    only a lower bound: with h = Wu + b, J moves by k^(-1/2) V diag(φ'(h) − φ'(h₀)) times (u, 1), so
    Λ = (‖u‖² + 1)·sup|φ''|·max‖V_i‖/√k, and sup|tanh''| = 4/(3√3).
    """
    net, (operator, data) = network(), problem()
    by_torch = find_spec("torch") is not None
    value, jacobian = (value_and_jacobian_by_torch if by_torch else value_and_jacobian_by_numpy)(
        net
    )
    column = np.linalg.norm(net.output, axis=0).max()
    slope = (net.u @ net.u + 1) * 4 / (3 * np.sqrt(3)) * column / np.sqrt(WIDTH)
    return {
        "sigma_0": _rounded(np.linalg.svd(jacobian, compute_uv=False)[-1], ROUND_FLOOR),
        "lipschitz": _rounded(slope, ROUND_CEILING),
        "misfit": _rounded(np.linalg.norm(operator @ value - data), ROUND_CEILING),
    }


def _rounded(number: float, direction: str) -> Decimal:
    return Context(prec=6, rounding=direction).create_decimal(float(number))


def trained() -> list[tuple[Decimal, float]]:
    """Return (time, loss) along gradient descent, whose steps are so small that it is a flow."""
    net, (operator, data) = network(), problem()
    hidden, size = net.weights @ net.u + net.biases, net.u @ net.u + 1
    rows = []
    for iteration in range(ITERATIONS + 1):
        residual = operator @ (net.output @ np.tanh(hidden)) / WIDTH**0.5 - data
        if iteration % 50 == 0:
            rows.append((iteration * Decimal(str(STEP)), residual @ residual / 2))
        pull = net.output.T @ (operator.T @ residual) / WIDTH**0.5
        hidden = hidden - STEP * size * (1 - np.tanh(hidden) ** 2) * pull
    return rows


def main() -> None:
    """Write the problem, and the loss curve if it is asked for."""
    operator, data = problem()
    np.save(FOLDER / "A.npy", operator)
    np.save(FOLDER / "y.npy", data)
    lines = [f'{name} = "{value}"' for name, value in measured().items()]
    (FOLDER / "problem.toml").write_text(
        '# Written by measure.py.\n\n[problem]\noperator = "A.npy"\nobservation = "y.npy"\n'
        'noise_norm = 0.01\n\n[loss]\nname = "squared"\n\n[measured]\n' + "\n".join(lines) + "\n"
    )
    if "--train" in sys.argv[1:]:
        rows = [f"{time},{loss:.9g}" for time, loss in trained()]
        (FOLDER / "loss.csv").write_text("time,loss\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
