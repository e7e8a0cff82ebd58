"""The two-layer network without any reduction, for tests: all k·d (+ n·k) parameters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

Function = Callable[[np.ndarray], np.ndarray]


@dataclass
class FullNetwork:
    """g(u, θ) = k^{−1/2} V φ(Wu) with θ = W, or θ = (W, V)."""

    u: np.ndarray
    W: np.ndarray
    V: np.ndarray
    phi: Function
    slope: Function
    both: bool

    def parameters(self) -> np.ndarray:
        return np.concatenate([self.W.ravel(), self.V.ravel()]) if self.both else self.W.ravel()

    def unpacked(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        split = self.W.size
        moved = theta[split:].reshape(self.V.shape) if self.both else self.V
        return theta[:split].reshape(self.W.shape), moved

    def value(self, theta: np.ndarray) -> np.ndarray:
        w, v = self.unpacked(theta)
        return v @ self.phi(w @ self.u) / np.sqrt(len(w))

    def jacobian(self, theta: np.ndarray) -> np.ndarray:
        """Dense, shape (n, p)."""
        w, v = self.unpacked(theta)
        h, k = w @ self.u, len(w)
        first = np.einsum("ik,k,d->ikd", v, self.slope(h), self.u).reshape(len(v), -1)
        if not self.both:
            return first / np.sqrt(k)
        second = np.kron(np.eye(len(v)), self.phi(h))
        return np.hstack([first, second]) / np.sqrt(k)

    def flow(
        self,
        operator: np.ndarray,
        observation: np.ndarray,
        gradient: Function,
        times: np.ndarray,
        rtol: float = 1e-11,
    ) -> np.ndarray:
        """Integrate (GF) for all parameters; returns θ at the times, shape (len(times), p)."""

        def speed(_: float, theta: np.ndarray) -> np.ndarray:
            residual = operator @ self.value(theta) - observation
            return -self.jacobian(theta).T @ (operator.T @ gradient(residual))

        found = solve_ivp(
            speed, (0, times[-1]), self.parameters(), "DOP853", times, rtol=rtol, atol=rtol / 100
        )
        return found.y.T
