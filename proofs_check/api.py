"""Certificates from Python: ``certify`` takes arrays and operators instead of a problem file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from numerics.errors import ProblemError
from numerics.inputs.linear_operators import is_matrix_free, matrix_of
from numerics.inputs.tables import decimal_number, loss_table
from numerics.operators import dense
from numerics.problems import problem_from_mapping
from proofs_check.certificate import certificate
from proofs_check.certifying.advice import advice
from proofs_check.certifying.reading import Reading
from proofs_check.instance import Instance, examine


@dataclass(frozen=True, eq=False)
class Certificate:
    """What was certified of a problem.

    Parameters
    ----------
    instance : Instance
        The problem with everything that was measured and decided about it.
    residual : Fraction or None
        The misfit whose training time was asked for.
    """

    instance: Instance
    residual: Fraction | None = None

    @property
    def applies(self) -> bool:
        """Whether one of the theorems certainly applies."""
        return self.instance.applies

    @property
    def theorems(self) -> Mapping[str, Reading]:
        """What ``published``, ``sharp`` and ``aj`` say."""
        return self.instance.readings

    @property
    def advice(self) -> list[str]:
        """The certificate in plain words."""
        return advice(self.instance, self.residual)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The certificate as ``kurdyka certify --json`` writes it; large arrays by hash only."""
        return certificate(self.instance, residual=self.residual)

    def __str__(self) -> str:
        return "\n".join(self.advice)

    def save(self, path: str | Path) -> Path:
        """Write the certificate so that ``kurdyka recheck`` can read it.

        Arrays that are too large to be embedded go into an ``.npz`` file beside it.

        Parameters
        ----------
        path : path
            Where to write the JSON file.
        """
        target = Path(path)
        large = {
            name: record.values
            for name, record in self.instance.problem.arrays.items()
            if "data" not in self.document["problem"]["arrays"][name] and record.values is not None
        }
        made = self._beside(target.with_suffix(".arrays.npz"), large)
        target.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return target

    def _beside(self, file: Path, large: Mapping[str, Any]) -> dict[str, Any]:
        """Return the certificate with its large arrays in a file next to it."""
        problem = self.instance.problem
        arrays = dict(problem.arrays)
        for name, values in large.items():
            if sparse.issparse(values):
                held = file.with_name(f"{file.stem}.{name}.npz")
                sparse.save_npz(held, values)
                arrays[name] = replace(arrays[name], path=held.name)
            else:
                arrays[name] = replace(arrays[name], path=file.name, member=name)
        kept: Any = {name: dense(v) for name, v in large.items() if not sparse.issparse(v)}
        if kept:
            np.savez(file, **kept)
        moved = replace(self.instance, problem=replace(problem, arrays=arrays))
        return certificate(moved, folder=".", residual=self.residual)


def certify(
    operator: Any,
    observation: Any,
    *,
    network: Mapping[str, Any] | None = None,
    measured: Mapping[str, Any] | None = None,
    loss: str | Mapping[str, Any] = "squared",
    signal: Any = None,
    noise_norm: Any = None,
    signal_shape: tuple[int, ...] | None = None,
    residual: Any = None,
) -> Certificate:
    """Say which convergence theorem applies to a problem, with proved numbers.

    Parameters
    ----------
    operator : array, sparse matrix or linear operator
        The forward operator A: a NumPy array, anything of scipy.sparse, a SciPy or PyLops
        ``LinearOperator`` (``shape``, ``matvec``, ``rmatvec``) or a deepinv ``LinearPhysics``
        (``A``, ``A_adjoint``). Matrix-free ones are tested for linearity and adjointness and
        written as matrices.
    observation : array
        y; it is flattened.
    network : mapping, optional
        The table ``[network]`` of a problem file: ``activation``, ``width``,
        ``input_dimension`` and a ``seed``, or arrays ``u``, ``W`` and ``V``; ``train``.
    measured : mapping, optional
        Instead of a network: ``sigma_0``, ``lipschitz`` and ``misfit`` of one of your own. They
        are taken on trust, and the certificate says so.
    loss : str or mapping
        ``"squared"``, ``"power(p=3)"``, or the table ``[loss]`` of a problem file.
    signal : array, optional
        The true signal x̄; it is flattened.
    noise_norm : number, optional
        ‖ε‖, where the signal is not known.
    signal_shape : tuple of int, optional
        Shape of a signal, for an operator with ``A`` and ``A_adjoint``.
    residual : number, optional
        A misfit; the advice then says how long to train to it.

    Returns
    -------
    Certificate
        ``applies``, ``theorems``, ``advice``, ``document`` and ``save``.

    Raises
    ------
    ProblemError
        In one line, what is wrong with the problem.

    Examples
    --------
    >>> import numpy as np
    >>> from proofs_check import certify
    >>> found = certify(
    ...     np.eye(2, 3), [0.5, -0.25],
    ...     network={"activation": "tanh", "width": 2000, "input_dimension": 4, "seed": 0},
    ... )
    >>> found.theorems["sharp"].applies
    True
    """
    if is_matrix_free(operator):
        operator = matrix_of(operator, signal_shape)
    table: dict[str, Any] = {"operator": operator, "observation": _flat(observation)}
    if signal is not None:
        table["signal"] = _flat(signal)
    if noise_norm is not None:
        table["noise_norm"] = noise_norm
    tables: dict[str, Any] = {"problem": table, "loss": loss_table(loss)}
    for name, given in (("network", network), ("measured", measured)):
        if given is not None:
            tables[name] = dict(given)
    wanted = None if residual is None else decimal_number(residual, "residual", positive=True)
    return Certificate(examine(problem_from_mapping(tables)), wanted)


def _flat(values: Any) -> Any:
    """Return an image, a tensor or nested lists as a vector."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    try:
        return np.asarray(values).ravel()
    except ValueError as problem:
        raise ProblemError(f"observation and signal have to be arrays: {problem}") from problem
