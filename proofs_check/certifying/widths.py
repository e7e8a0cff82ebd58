"""How wide a network like a problem's would have to be, by the width theorems: for its certificate.

What is certified is a priori: for weights drawn anew by the same law, and all but a small
probability of failure (THEORY section 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from numerics.operators import dense
from numerics.problems import Problem
from numerics.rigorous.rounding import exactly, norm
from numerics.widths.least import Width
from numerics.widths.needed import widths_needed
from numerics.widths.quantities import LAWS, Norms, ball_of
from proofs_check.instance import Instance
from proofs_check.widths import LevelsRefused, constants_of

THEOREMS = ("published", "sharp")


@dataclass(frozen=True)
class CertifiedWidths:
    """The widths at which the theorems apply, but for a probability of failure.

    Parameters
    ----------
    failure : Fraction
        That probability, 1/n + 1/d.
    widths : mapping of str to Width
        By theorem; a theorem for which no width is known is left out.
    """

    failure: Fraction
    widths: Mapping[str, Width]

    def width(self, theorem: str) -> int | None:
        """Return a theorem's width, if one is known."""
        return self.widths[theorem].width if theorem in self.widths else None


def certified_widths(instance: Instance) -> CertifiedWidths | None:
    """Return the widths that the width theorems certify for a problem.

    None where they do not speak of it: weights that are not drawn from a seed, a loss that does
    not depend on ‖v − y‖ alone, norms that are estimates, 1/n + 1/d not below 1, or an activation
    whose constants are not known.
    """
    problem, record = instance.problem, instance.problem.network
    law = None if record is None else LAWS.get(record.output_weights or "")
    if record is None or law is None or problem.loss.kind != "radial":
        return None
    norms = _norms(instance, problem)
    failure = Fraction(1, problem.outputs) + Fraction(1, record.input_dimension)
    if norms is None or not failure < 1:
        return None
    try:
        constants = constants_of(record.activation, "[network] activation")
    except LevelsRefused:
        return None
    found = widths_needed(record.train, constants, problem.outputs, norms, law, failure)
    return CertifiedWidths(failure, _least(found))


def _norms(instance: Instance, problem: Problem) -> Norms | None:
    spectrum = instance.measured.spectrum
    known = spectrum.rank_exact and spectrum.sigma_A.rigorous and spectrum.norm.rigorous
    if not (known and spectrum.sigma_A.lower > 0):
        return None
    frobenius = norm(exactly(dense(problem.operator)))
    observed = norm(exactly(problem.observation))
    return Norms(*(ball_of(b) for b in (spectrum.sigma_A, spectrum.norm, frobenius, observed)))


def _least(found: Mapping[str, Width | str]) -> dict[str, Width]:
    """Return the least width for each theorem; a theorem may have several routes."""
    chosen: dict[str, Width] = {}
    for theorem in THEOREMS:
        widths = [
            width for name, width in found.items()
            if isinstance(width, Width) and name.split(",")[0] == theorem
        ]  # fmt: skip
        if widths:
            chosen[theorem] = min(widths, key=lambda width: width.width)
    return chosen
