"""Losses on many residuals at once: gradients, and square roots of their curvature."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from sympy import Expr, Symbol, diff

from numerics.elementwise import values
from numerics.quantities import LossFunctions
from numerics.rigorous.rounding import Array
from theory.losses import S

_STEEPEST = 1e30  # stands for the infinite curvature of a p-th power with p < 2 at 0


class BatchedLoss:
    """A loss as functions of residuals r = v − y, an array of shape (N, m).

    Parameters
    ----------
    functions : LossFunctions
        The loss on one residual.
    """

    def __init__(self, functions: LossFunctions) -> None:
        self._functions = functions
        self._kind = functions.loss.kind
        self.identity = functions.loss.name == "squared"

    @cached_property
    def _slope(self) -> Expr:
        return self._functions.loss.rho_derivative

    @cached_property
    def _bend(self) -> Expr:
        x = Symbol("s", positive=True)
        return diff(self._slope.xreplace({S: x}), x).xreplace({x: S})

    def value(self, residual: Array) -> Array:
        """Return L, shape (N,)."""
        if self._kind == "separable":
            return np.asarray(self._functions.rho(residual).sum(axis=1))
        if self._kind != "radial":
            return np.array([self._functions.value(each) for each in residual])
        return np.asarray(self._functions.rho(np.linalg.norm(residual, axis=1)))

    def gradient(self, residual: Array) -> Array:
        """Return ∇L, shape (N, m)."""
        if self.identity:
            return residual
        if self._kind == "separable":
            return np.sign(residual) * values(self._slope, {S: np.abs(residual)})
        if self._kind != "radial":
            return np.array([self._functions.gradient(each) for each in residual])
        length = np.linalg.norm(residual, axis=1, keepdims=True)
        return residual * (values(self._slope, {S: length}) / np.where(length > 0, length, 1.0))

    def curvature_root(self, residual: Array) -> Array | None:
        """Return the square root of the positive part of ∇²L, shape (N, m, m); None if it is I."""
        if self.identity:
            return None
        if self._kind == "separable":
            bend = _root(values(self._bend, {S: np.abs(residual)}))
            return np.asarray(bend[:, :, None] * np.eye(residual.shape[1]))
        if self._kind != "radial":
            return _matrix_root(np.array([self._functions.hessian(each) for each in residual]))
        return self._radial_root(residual)

    def _radial_root(self, residual: Array) -> Array:
        """ρ'(|r|)/|r| across the direction of r, ρ''(|r|) along it."""
        length = np.linalg.norm(residual, axis=1, keepdims=True)
        unit = residual / np.where(length > 0, length, 1.0)
        across = _root(values(self._slope, {S: length}) / np.where(length > 0, length, 1.0))
        along = _root(values(self._bend, {S: length}))
        square = unit[:, :, None] * unit[:, None, :]
        found = across[:, :, None] * np.eye(residual.shape[1])
        return np.asarray(found + (along - across)[:, :, None] * square)


def _root(values: Array) -> Array:
    return np.sqrt(np.clip(np.nan_to_num(values, nan=0.0, posinf=_STEEPEST), 0.0, _STEEPEST))


def _matrix_root(matrices: Array) -> Array:
    eigenvalues, vectors = np.linalg.eigh((matrices + matrices.transpose(0, 2, 1)) / 2)
    return np.asarray((vectors * _root(eigenvalues)[:, None, :]) @ vectors.transpose(0, 2, 1))
