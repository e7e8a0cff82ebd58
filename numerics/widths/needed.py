"""The widths that the statements ask for on one instance, side by side (THEORY sections 3b, 8)."""

from __future__ import annotations

from fractions import Fraction

from numerics.activation_constants import ActivationConstants
from numerics.widths.least import NoWidth, Width, least_width
from numerics.widths.quantities import Norms, WeightLaw, a_priori
from numerics.widths.routes import ROUTES


def widths_needed(
    train: str,
    constants: ActivationConstants,
    outputs: int,
    norms: Norms,
    law: WeightLaw,
    failure: Fraction,
) -> dict[str, Width | str]:
    """Return the least certified width by route: published, sharp, and with V fixed hidden-convex.

    Parameters
    ----------
    train : {"hidden", "both"}
        Which layers move.
    constants : ActivationConstants
        Those of φ.
    outputs : int
        n.
    norms : Norms
        Of A and y.
    law : WeightLaw
        Of the output weights, one of ``quantities.LAWS``.
    failure : Fraction
        The total probability of failure, between 0 and 1.

    Returns
    -------
    dict of str to Width or str
        By the route's name, the width; or in words why there is none.
    """
    known = a_priori(constants, outputs, norms, law)
    found: dict[str, Width | str] = {}
    for route in ROUTES[train]:
        try:
            found[route.name] = least_width(route, known, failure)
        except NoWidth as problem:
            found[route.name] = str(problem)
    return found
