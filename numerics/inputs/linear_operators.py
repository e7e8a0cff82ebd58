"""Matrix-free forward operators: tested for linearity and adjointness, then written as matrices.

Accepted is whatever has ``shape``, ``matvec`` and ``rmatvec`` (SciPy's and PyLops's operators), or
``A`` and ``A_adjoint`` (deepinv's physics, which act on images: their shape has to be known).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.errors import ProblemError
from numerics.operators import DENSE_ENTRIES
from numerics.rigorous.rounding import Array

BLOCK_ENTRIES = 1_000_000
_SEED = 0
_COMPLEX = (
    "is complex; stack real and imaginary parts into a real operator, [Re A; Im A], and likewise y"
)
Action = Callable[[Any], Any]


@dataclass(frozen=True)
class LinearMap:
    """A matrix-free operator and its adjoint, acting on the columns of arrays.

    Parameters
    ----------
    shape : tuple of int
        (m, n).
    forward, adjoint : callable
        (n, b) array to (m, b) array, and back.
    """

    shape: tuple[int, int]
    forward: Action
    adjoint: Action


def is_matrix_free(source: Any) -> bool:
    """Whether an object looks like an operator that is known by its action only."""
    return hasattr(source, "matvec") or hasattr(source, "A_adjoint")


def matrix_of(source: Any, signal_shape: tuple[int, ...] | None = None) -> Array:
    """Return the matrix of a matrix-free operator.

    Parameters
    ----------
    source : object
        With ``shape``, ``matvec``, ``rmatvec``, or with ``A`` and ``A_adjoint``.
    signal_shape : tuple of int, optional
        Shape of a signal, without the batch axis, for ``A`` and ``A_adjoint``; by default
        ``source.img_size``.

    Raises
    ------
    ProblemError
        If it is complex, not linear, too large to be written as a matrix, or its adjoint is not
        one.
    """
    found = linear_map(source, signal_shape)
    m, n = found.shape
    if m * n > DENSE_ENTRIES:
        raise ProblemError(
            f"a matrix-free operator of shape ({m}, {n}) is too large to be written as a matrix "
            f"(at most {DENSE_ENTRIES} entries); give a scipy.sparse matrix, or a smaller grid"
        )
    check_linear(found)
    check_adjoint(found)
    return _columns(found.forward, n) if n <= m else _columns(found.adjoint, m).T.copy()


def linear_map(source: Any, signal_shape: tuple[int, ...] | None = None) -> LinearMap:
    """Return an operator's action on columns, whichever of the two interfaces it has."""
    if hasattr(source, "A_adjoint"):
        return _physics(source, signal_shape)
    for name in ("shape", "matvec", "rmatvec"):
        if not hasattr(source, name):
            raise ProblemError(f"a matrix-free operator needs {name}: shape, matvec and rmatvec")
    m, n = _sides(source.shape)
    return LinearMap((m, n), _by_columns(source, "mat", m), _by_columns(source, "rmat", n))


def _sides(shape: Any) -> tuple[int, int]:
    try:
        m, n = (int(side) for side in shape)
    except (TypeError, ValueError) as problem:
        raise ProblemError(f"its shape {shape!r} is not (m, n)") from problem
    if m < 1 or n < 1:
        raise ProblemError(f"its shape ({m}, {n}) is empty")
    return m, n


def _by_columns(source: Any, name: str, length: int) -> Action:
    """Return ``matmat`` or ``rmatmat`` if there is one, or the action column by column."""
    block, single = getattr(source, f"{name}mat", None), getattr(source, f"{name}vec")

    def act(columns: Array) -> Array:
        if block is not None:
            return _real(block(columns), (length, columns.shape[1]))
        return np.column_stack([_real(single(c.copy()), (length,)) for c in columns.T])

    return act


def _physics(source: Any, signal_shape: tuple[int, ...] | None) -> LinearMap:
    """Return the action of ``A`` and ``A_adjoint`` on flattened images."""
    given = signal_shape if signal_shape is not None else getattr(source, "img_size", None)
    if given is None:
        raise ProblemError("the shape of a signal is not known; give signal_shape=(C, H, W)")
    if not hasattr(source, "A"):
        raise ProblemError("an operator with A_adjoint needs A as well")
    domain = tuple(int(side) for side in given)
    image = _array(source.A(_tensor(np.zeros((1, *domain)))))
    target, n, m = image.shape[1:], int(np.prod(domain)), int(image.size)
    return LinearMap(
        (m, n), _on_batches(source.A, domain, m), _on_batches(source.A_adjoint, target, n)
    )


def _on_batches(action: Action, shape: tuple[int, ...], length: int) -> Action:
    def act(columns: Array) -> Array:
        made = [_array(action(_tensor(c.reshape(1, *shape)))).ravel() for c in columns.T]
        return np.column_stack([_real(one, (length,)) for one in made])

    return act


def _tensor(values: Array) -> Any:
    """Return a PyTorch tensor where PyTorch is in use, as its operators take nothing else."""
    torch = sys.modules.get("torch")
    return values if torch is None else torch.as_tensor(values, dtype=torch.get_default_dtype())


def _array(values: Any) -> Any:
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    return np.asarray(values)


def _real(values: Any, shape: tuple[int, ...]) -> Any:
    """Return an operator's result, of the shape it should have and of real entries."""
    found = _array(values)
    if found.dtype.kind == "c":
        raise ProblemError(f"its result {_COMPLEX}")
    if found.dtype.kind not in "biuf" or not np.isfinite(found).all():
        raise ProblemError("its result is not made of finite real numbers")
    if found.size != int(np.prod(shape)):
        raise ProblemError(f"its result has shape {found.shape}, which should be {shape}")
    return found.reshape(shape)


def _precision(*results: Any) -> float:
    """Return the machine epsilon of the coarsest result: single-precision operators exist."""
    kinds = [r.dtype for r in results if r.dtype.kind == "f"]
    return max((float(np.finfo(kind).eps) for kind in kinds), default=float(np.finfo(float).eps))


def _probes(size: int, count: int, seed: int) -> Array:
    return np.random.Generator(np.random.PCG64(seed)).standard_normal((size, count))


def check_linear(found: LinearMap) -> None:
    """Refuse an operator that is not linear: A0 ≠ 0, or A(αx + βz) ≠ αAx + βAz.

    Both sides are off by at most (m + n)·eps·‖A‖_F·(|α|‖x‖ + |β|‖z‖) in any order of summation;
    for Gaussian x, ‖A‖_F‖x‖ is about √n‖Ax‖.

    Raises
    ------
    ProblemError
        If it is certainly not linear.
    """
    m, n = found.shape
    if np.any(found.forward(np.zeros((n, 1)))):
        raise ProblemError("it is not linear: it does not map 0 to 0; subtract its value at 0")
    x = _probes(n, 2, _SEED)
    alpha, beta = 0.75, -1.5
    images = found.forward(np.column_stack([x, alpha * x[:, 0] + beta * x[:, 1]]))
    first, second, mixed = (np.asarray(images[:, i], dtype=float) for i in range(3))
    gap = np.linalg.norm(mixed - alpha * first - beta * second)
    size = abs(alpha) * np.linalg.norm(first) + abs(beta) * np.linalg.norm(second)
    if gap > 4 * (m + n) * np.sqrt(n) * _precision(images) * size:
        raise ProblemError(f"it is not linear: A(αx + βz) − αAx − βAz has norm {gap:.3g}")


def check_adjoint(found: LinearMap) -> None:
    """Refuse an adjoint that is none, by ⟨Ax, z⟩ = ⟨x, Aᵀz⟩ at Gaussian x and z.

    The tolerance is the rounding error that the two sides may have, like in ``check_linear``, so
    it knows the operator's scale and precision.

    Raises
    ------
    ProblemError
        If the two sides differ by more.
    """
    m, n = found.shape
    x, z = _probes(n, 3, _SEED), _probes(m, 3, _SEED + 1)  # x = z would not see Aᵀ ≠ A
    images, pulled = found.forward(x), found.adjoint(z)
    left = np.sum(np.asarray(images, dtype=float) * z, axis=0)
    right = np.sum(x * np.asarray(pulled, dtype=float), axis=0)
    size = _lengths(images) * _lengths(z) + _lengths(x) * _lengths(pulled)
    allowed = 4 * (m + n) * _precision(images, pulled) * size
    if np.any(np.abs(left - right) > allowed):
        gap = float(np.max(np.abs(left - right)))
        raise ProblemError(
            f"rmatvec is not the adjoint of matvec: ⟨Ax, z⟩ and ⟨x, Aᵀz⟩ differ by {gap:.3g}"
        )


def _lengths(columns: Array) -> Array:
    return np.asarray(np.linalg.norm(np.asarray(columns, dtype=float), axis=0))


def _columns(action: Action, size: int) -> Array:
    """Return the images of all unit vectors, computed in blocks."""
    step = max(1, BLOCK_ENTRIES // size)
    blocks = []
    for start in range(0, size, step):
        count = min(step, size - start)
        units = np.zeros((size, count))
        units[start + np.arange(count), np.arange(count)] = 1.0
        blocks.append(np.asarray(action(units), dtype=np.float64))
    return np.ascontiguousarray(np.hstack(blocks))
