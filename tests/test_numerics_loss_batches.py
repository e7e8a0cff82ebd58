"""Batched losses against the loss on one residual."""

import numpy as np
import pytest

from numerics.losses.batches import BatchedLoss
from numerics.quantities import LossFunctions
from theory.losses import LOSSES, loss

PARAMETERS = {
    "power": ({"p": 3}, {"p": "1.5"}),
    "separable_power": ({"p": 3}, {"p": "1.5"}),
    "huber": ({"delta": "0.5"},),
    "pseudo_huber": ({}, {"delta": 2}),
}
CASES = [(name, given) for name in LOSSES for given in PARAMETERS.get(name, ({},))]


def both(name: str, given: dict[str, object]) -> tuple[BatchedLoss, LossFunctions]:
    functions = LossFunctions(loss(name, **given).with_data([2.0, 3.0, 1.5]), 3)
    return BatchedLoss(functions), functions


@pytest.mark.parametrize(("name", "given"), CASES)
def test_values_and_gradients(name: str, given: dict[str, object]) -> None:
    batch, single = both(name, given)
    residual = np.random.default_rng(0).uniform(-1.4, 1.4, (4, 3))
    residual[2] = 0.0
    np.testing.assert_allclose(batch.value(residual), [single.value(r) for r in residual])
    np.testing.assert_allclose(
        batch.gradient(residual), [single.gradient(r) for r in residual], rtol=1e-12
    )


@pytest.mark.parametrize(("name", "given"), CASES)
def test_curvature(name: str, given: dict[str, object]) -> None:
    batch, single = both(name, given)
    residual = 0.3 + np.random.default_rng(1).random((4, 3))
    root = batch.curvature_root(residual)
    if root is None:  # the identity
        root = np.broadcast_to(np.eye(3), (4, 3, 3))
        assert name == "squared"
    for square, each in zip(root @ root, residual, strict=True):
        wanted = single.hessian(each)
        values, vectors = np.linalg.eigh((wanted + wanted.T) / 2)
        positive = (vectors * np.maximum(values, 0)) @ vectors.T
        np.testing.assert_allclose(square, positive, atol=1e-6)


@pytest.mark.parametrize(("name", "given"), CASES)
def test_curvature_is_finite_at_the_minimiser(name: str, given: dict[str, object]) -> None:
    root = both(name, given)[0].curvature_root(np.zeros((1, 3)))
    assert root is None or np.isfinite(root).all()
