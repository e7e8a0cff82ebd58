"""Ways to be wide enough: which conditions of which statement, for which threshold of q.

The route of hidden convexity knows no q: it asks that the observation be an output of the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from theory.settings import initial
from theory.statements.width_hidden_convex import p


@dataclass(frozen=True)
class Route:
    """One way to be wide enough.

    Parameters
    ----------
    name : str
        Whose threshold it meets, or from what.
    statement : str
        The width statement.
    conditions : tuple of str
        Its hypotheses on the width.
    risks : tuple of Symbol
        The failure probabilities that its conclusion adds up.
    threshold : Fraction or None
        What q has to be below; None where the statement does not speak of q.
    """

    name: str
    statement: str
    conditions: tuple[str, ...]
    risks: tuple[sp.Symbol, ...]
    threshold: Fraction | None

    @property
    def chosen(self) -> tuple[sp.Symbol, ...]:
        """What is chosen besides the width: δ, where a Gram matrix is bounded, and the risks."""
        return self.risks if self.threshold is None else (initial.delta, *self.risks)


_ALL = (initial.p_J, initial.p_V, initial.p_h, initial.p_x)
_HIDDEN = (initial.p_J, initial.p_h, initial.p_x)
_OUTER = (initial.p_V, initial.p_h, initial.p_x)
HIDDEN_CONVEX = "hidden-convex"
_GRAMS = ("H_gram_width", "H_output_width")
ROUTES: Mapping[str, tuple[Route, ...]] = {
    "hidden": (
        Route("published", "width_w", ("H_gram_width", "H_width"), _HIDDEN, Fraction(1, 4)),
        Route("sharp", "width_w", ("H_gram_width", "H_width"), _HIDDEN, Fraction(1, 2)),
        Route(HIDDEN_CONVEX, "width_hidden_convex", ("H_width",), (p,), None),
    ),
    "both": (
        Route("published", "width_vw", (*_GRAMS, "H_width_published"), _ALL, Fraction(1, 4)),
        Route("sharp", "width_vw", (*_GRAMS, "H_width"), _ALL, Fraction(1, 2)),
        Route(
            "sharp, outer layer alone",
            "width_vw",
            ("H_output_width", "H_width_outputs"),
            _OUTER,
            Fraction(1, 2),
        ),
    ),
}


GIVEN_V = {
    name: Route(
        name, "width_given_v", ("H_gram_width", "H_width"), (initial.p_J, initial.p_h), threshold
    )
    for name, threshold in (("published", Fraction(1, 4)), ("sharp", Fraction(1, 2)))
}
