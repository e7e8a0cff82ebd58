"""A plane in R³ and an operator with m = 2: on the plane its smallest singular value is 1."""

from sympy import Rational

PLANE = ((2, -2), (2, 1), (1, 2))
"""The rows of a matrix whose columns are orthogonal, of length 3."""

# On the plane, in units of 3, (43, −24; −24, 57)/25: eigenvalues 1 at (4, 3)/5, and 3.
SEEN_IN_PLANE = (
    (Rational(53, 25), Rational(4, 25), Rational(3, 5)),
    (-Rational(29, 25), -Rational(47, 25), Rational(16, 5)),
)
"""The rows of the operator; it has a kernel, which is not in the plane."""

WEAKEST = (Rational(4, 5), Rational(3, 5))
"""Coordinates in the plane of the unit vector at which the smallest value is attained."""
