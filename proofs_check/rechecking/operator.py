"""The operator of a certificate, measured again by definiteness tests in balls."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import numpy as np
from flint import arb, arb_mat, fmpq, fmpz_mat
from scipy import linalg

from numerics.rigorous.definiteness import balls, eigenvalue, frobenius, positive_definite, root
from numerics.rigorous.rounding import Array
from proofs_check.rechecking.reading import CertificateError
from proofs_check.rechecking.subject import Subject

MAX_SIDE = 1000
EXACT_ENTRIES = 40_000


def rational(value: Fraction) -> arb:
    """Return a rational as a ball."""
    return arb(fmpq(value.numerator, value.denominator))


class OperatorQuantities:
    """‖A‖, σ_A, the rank and the range of the operator, each enclosed when first asked for.

    Parameters
    ----------
    about : Subject
        The problem of the certificate.

    Raises
    ------
    CertificateError
        If the operator is too large for this.
    """

    def __init__(self, about: Subject) -> None:
        self.about = about
        if min(about.operator.shape) > MAX_SIDE:
            sides = " × ".join(map(str, about.operator.shape))
            raise CertificateError(f"an operator of {sides} entries is too large to recheck")

    @cached_property
    def operator(self) -> arb_mat:
        """A."""
        return balls(self.about.operator)

    @cached_property
    def operator_gram(self) -> arb_mat:
        """AAᵀ or AᵀA, whichever is smaller."""
        a = self.operator if self.operator.nrows() <= self.operator.ncols() else None
        if a is None:
            a = self.operator.transpose()
        return a * a.transpose()

    @cached_property
    def operator_norm(self) -> arb:
        """‖A‖."""
        return root(eigenvalue(self.operator_gram, 1))

    @cached_property
    def rank(self) -> int | None:
        """The rank of A; None if it is not certain."""
        size = self.operator_gram.nrows()
        if eigenvalue(self.operator_gram, size) > 0:
            return size
        return self._eliminated(self.about.operator)

    def _eliminated(self, matrix: Array) -> int | None:
        if matrix.size > EXACT_ENTRIES:
            return None
        return int(_whole(matrix).rref()[2])

    @cached_property
    def full_row_rank(self) -> bool | None:
        """Whether A has full row rank."""
        return None if self.rank is None else self.rank == self.operator.nrows()

    @cached_property
    def data_in_range(self) -> bool | None:
        """Whether y ∈ ran A, exactly; None if that cannot be told."""
        if self.full_row_rank:
            return True
        extended = self._eliminated(np.column_stack([self.about.operator, self.about.observation]))
        return None if extended is None or self.rank is None else extended == self.rank

    @cached_property
    def distance_to_range(self) -> arb | None:
        """dist(y, ran A), by least squares on a basis of columns; None if none is found."""
        return self.distance_of(balls(self.about.observation.reshape(-1, 1)))

    def distance_of(self, vector: arb_mat) -> arb | None:
        """Return the distance of a vector from ran A; None if no basis of columns is found."""
        if self.rank is None:
            return None
        order = linalg.qr(self.about.operator, mode="r", pivoting=True)[1]
        basis = balls(np.ascontiguousarray(self.about.operator[:, order[: self.rank]]))
        square = basis.transpose() * basis
        if not positive_definite(square):
            return None
        return frobenius(vector - basis * square.solve(basis.transpose() * vector))

    @cached_property
    def sigma_A(self) -> arb | None:
        """The smallest non-zero singular value of A."""
        return None if self.rank is None else root(eigenvalue(self.operator_gram, self.rank))


def _whole(matrix: Array) -> fmpz_mat:
    """Return a matrix of floats whose rows are scaled to integers, which keeps the rank."""
    rows = [[Fraction(value) for value in row] for row in matrix.tolist()]
    scales = [max(value.denominator for value in row) for row in rows]
    return fmpz_mat(
        [[int(v * scale) for v in row] for row, scale in zip(rows, scales, strict=True)]
    )
