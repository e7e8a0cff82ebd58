"""The contenders: each integrates one case up to a time T and returns y(T) − y.

Ours takes a tolerance; the full-parameter ones are what one writes without the reductions. Heavy
libraries are imported when a contender is prepared, which is not timed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.cases import Array, Case

if TYPE_CHECKING:
    from numerics.problems import Problem

Solve = Callable[[float], "tuple[Array, int]"]
"""Takes T; returns the residual there and the number of evaluations."""

RTOL, ATOL = 1e-8, 1e-10


@dataclass(frozen=True)
class Contender:
    """A way to integrate the flow.

    Parameters
    ----------
    title : str
        For the table.
    needs : tuple of str
        Modules that have to be installed.
    prepare : callable
        Makes the function to be timed.
    quick : bool
        Whether it is always run to the horizon.
    flow : bool
        Whether it follows the flow, to a tolerance; else times are not compared with its own.
    """

    title: str
    needs: tuple[str, ...]
    prepare: Callable[[Case], Solve]
    quick: bool = False
    flow: bool = True


def network_problem(case: Case) -> Problem:
    """Return a case as a problem of ours."""
    from numerics.problems import problem_from_mapping

    at = case.arrays
    network = {"activation": "tanh", "train": case.train}
    return problem_from_mapping(
        {
            "problem": {"operator": at["A"], "observation": at["y"]},
            "network": network | {name: at[name] for name in ("u", "W", "V")},
        }
    )


def ours(accuracy: float) -> Callable[[Case], Solve]:
    """Return the reduced flow, with an error of the outputs of ``accuracy`` times ‖y(0) − y‖."""

    def prepare(case: Case) -> Solve:
        from numerics.flows.reductions import ReducedFlow, form_of

        at, problem = case.arrays, network_problem(case)
        size = float(np.linalg.norm(_gradient(case)(at["W"], at["V"])[0]))

        def solve(until: float) -> tuple[Array, int]:
            form = form_of(problem)
            if form is None:
                raise RuntimeError("no reduction was found")
            flow = ReducedFlow(form, until, 100 * accuracy * size, length=False)
            while not flow.done:
                flow.advance()
            return flow.residual, flow.evaluations

        return solve

    return prepare


def hidden_scipy(case: Case, rtol: float = RTOL, atol: float = ATOL) -> Solve:
    """Return SciPy's DOP853 in the k hidden values (and AV): the reduction alone."""
    from scipy.integrate import solve_ivp

    at, k = case.arrays, case.k
    square, first, scale = at["A"] @ at["A"].T, at["A"] @ at["V"], 1 / np.sqrt(case.k)
    both = case.train == "both"

    def unpacked(x: Array) -> tuple[Array, Array]:
        return x[:k], x[k:].reshape(case.m, k) if both else first

    def speed(_: float, x: Array) -> Array:
        h, weights = unpacked(x)
        phi = np.tanh(h)
        r = scale * (weights @ phi) - at["y"]
        moved = -scale * (1 - phi * phi) * (r @ weights)
        return np.append(moved, np.outer(-scale * (square @ r), phi)) if both else moved

    def solve(until: float) -> tuple[Array, int]:
        start = np.append(at["h"], first) if both else at["h"]
        found = solve_ivp(speed, (0, until), start, "DOP853", [until],
                          rtol=rtol, atol=atol)  # fmt: skip
        h, weights = unpacked(found.y[:, -1])
        return scale * (weights @ np.tanh(h)) - at["y"], int(found.nfev)

    return solve


def _gradient(case: Case) -> Callable[[Array, Array], tuple[Array, Array, Array]]:
    """Return (W, V) ↦ (residual, −∇_W, −∇_V), as one writes it by hand."""
    at, scale = case.arrays, 1 / np.sqrt(case.k)

    def evaluate(w: Array, v: Array) -> tuple[Array, Array, Array]:
        phi = np.tanh(w @ at["u"])
        r = at["A"] @ (scale * (v @ phi)) - at["y"]
        pull = at["A"].T @ r
        return (
            r,
            np.outer(-scale * (1 - phi * phi) * (pull @ v), at["u"]),
            -scale * np.outer(pull, phi),
        )

    return evaluate


def full_scipy(case: Case) -> Solve:
    """Return SciPy's RK45 over all parameters."""
    from scipy.integrate import solve_ivp

    at, both, evaluate = case.arrays, case.train == "both", _gradient(case)
    split = case.k * case.d

    def unpacked(x: Array) -> tuple[Array, Array]:
        return x[:split].reshape(case.k, -1), x[split:].reshape(case.n, -1) if both else at["V"]

    def speed(_: float, x: Array) -> Array:
        _, w, v = evaluate(*unpacked(x))
        return np.concatenate([w.ravel(), v.ravel()]) if both else w.ravel()

    def solve(until: float) -> tuple[Array, int]:
        start = np.append(at["W"], at["V"]) if both else at["W"].ravel()
        found = solve_ivp(speed, (0, until), start, "RK45", [until],
                          rtol=RTOL, atol=ATOL)  # fmt: skip
        return evaluate(*unpacked(found.y[:, -1]))[0], int(found.nfev)

    return solve


def _torch_network(case: Case) -> tuple[Any, dict[str, Any]]:
    import torch

    torch.set_num_threads(1)
    return torch, {name: torch.tensor(value) for name, value in case.arrays.items()}


def full_torchdiffeq(case: Case) -> Solve:
    """Return torchdiffeq's dopri5 over all parameters."""
    torch, at = _torch_network(case)
    import torchdiffeq

    evaluations, scale, both = [0], 1 / np.sqrt(case.k), case.train == "both"

    def speed(_: Any, x: tuple[Any, ...]) -> tuple[Any, ...]:
        evaluations[0] += 1
        w, v = x if both else (x[0], at["V"])
        phi = torch.tanh(w @ at["u"])
        pull = at["A"].T @ (at["A"] @ (scale * (v @ phi)) - at["y"])
        moved = torch.outer(-scale * (1 - phi * phi) * (pull @ v), at["u"])
        return (moved, -scale * torch.outer(pull, phi)) if both else (moved,)

    def solve(until: float) -> tuple[Array, int]:
        evaluations[0] = 0
        start = (at["W"], at["V"]) if both else (at["W"],)
        times = torch.tensor([0.0, until], dtype=torch.float64)
        with torch.no_grad():
            found = torchdiffeq.odeint(speed, start, times, rtol=RTOL, atol=ATOL, method="dopri5")
        w, v = (found[0][-1], found[1][-1]) if both else (found[0][-1], at["V"])
        residual = at["A"] @ (scale * (v @ torch.tanh(w @ at["u"]))) - at["y"]
        return residual.numpy(), evaluations[0]

    return solve


def full_torch(case: Case) -> Solve:
    """Return PyTorch gradient descent over all parameters, with autograd, step 1/λ_max(K)."""
    torch, at = _torch_network(case)
    step = 1 / float(np.linalg.eigvalsh(case.kernel)[-1])
    both = case.train == "both"

    def solve(until: float) -> tuple[Array, int]:
        w = at["W"].clone().requires_grad_()
        v = at["V"].clone().requires_grad_(both)
        optimizer = torch.optim.SGD([w, v] if both else [w], lr=step)
        steps = max(1, int(np.ceil(until / step)))

        def residual() -> Any:
            return at["A"] @ (v @ torch.tanh(w @ at["u"]) / np.sqrt(case.k)) - at["y"]

        for _ in range(steps):
            optimizer.zero_grad()
            r = residual()
            (0.5 * (r @ r)).backward()
            optimizer.step()
        return residual().detach().numpy(), steps

    return solve


def full_diffrax(case: Case) -> Solve:
    """Return diffrax's Tsit5 over all parameters, compiled beforehand."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp

    at = {name: jnp.asarray(value) for name, value in case.arrays.items()}
    scale, both = 1 / np.sqrt(case.k), case.train == "both"

    def residual(x: Any) -> Any:
        w, v = x if both else (x, at["V"])
        return at["A"] @ (scale * (v @ jnp.tanh(w @ at["u"]))) - at["y"]

    def speed(t: Any, x: Any, _: Any) -> Any:
        w, v = x if both else (x, at["V"])
        phi = jnp.tanh(w @ at["u"])
        pull = at["A"].T @ (at["A"] @ (scale * (v @ phi)) - at["y"])
        moved = jnp.outer(-scale * (1 - phi * phi) * (pull @ v), at["u"])
        return (moved, -scale * jnp.outer(pull, phi)) if both else moved

    def run(start: Any, horizon: Any) -> Any:
        found = diffrax.diffeqsolve(
            diffrax.ODETerm(speed), diffrax.Tsit5(), 0.0, horizon, None, start,
            stepsize_controller=diffrax.PIDController(rtol=RTOL, atol=ATOL),
            saveat=diffrax.SaveAt(t1=True), max_steps=10**7,
        )  # fmt: skip
        end = (found.ys[0][-1], found.ys[1][-1]) if both else found.ys[-1]
        return residual(end), found.stats["num_steps"]

    start = (at["W"], at["V"]) if both else at["W"]
    compiled = jax.jit(run).lower(start, jnp.asarray(case.horizon)).compile()

    def solve(until: float) -> tuple[Array, int]:
        end, steps = compiled(start, jnp.asarray(until))
        return np.asarray(end), 6 * int(steps)

    return solve


CONTENDERS: Mapping[str, Contender] = {
    "ours-8": Contender("kurdyka, error 1e-8", (), ours(1e-8), quick=True),
    "ours-6": Contender("kurdyka, error 1e-6", (), ours(1e-6), quick=True),
    "hidden": Contender("reduced: SciPy DOP853", (), hidden_scipy, quick=True),
    "scipy": Contender("full: SciPy RK45", (), full_scipy),
    "diffrax": Contender("full: diffrax Tsit5", ("jax", "diffrax"), full_diffrax),
    "torchdiffeq": Contender(
        "full: torchdiffeq dopri5", ("torch", "torchdiffeq"), full_torchdiffeq
    ),
    "torch": Contender("full: PyTorch descent", ("torch",), full_torch, flow=False),
}
"""Name to contender; those whose title begins with ``full`` integrate all parameters."""

OURS = tuple(name for name in CONTENDERS if name.startswith("ours"))
