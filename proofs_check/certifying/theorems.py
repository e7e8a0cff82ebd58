"""The three theorems that a certificate reports, as data.

``published`` and ``sharp`` are the statements of those names. ``aj`` is the sharp one for the
generator A∘g and the identity on ran A: σ_A becomes 1, σ₀ becomes √λ_r(A J Jᵀ Aᵀ) and Λ a constant
of AJ (THEORY section 3, flow_sharp_aj).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Named = tuple[str, str]


@dataclass(frozen=True)
class Theorem:
    """Where a theorem's formulas stand, as (statement, bound), and what it assumes.

    Parameters
    ----------
    name : str
        Its name in a certificate.
    id : str
        The statement with its radius, rate and threshold.
    hypotheses : tuple of str
        Names of what it assumes, the threshold aside.
    envelopes : tuple
        For the squared loss: the bound of w(t), and the one for rate 0 if there is one.
    stopping_times : tuple
        For the squared loss: the time from which on w(t) is at most the noise level, and the one
        for rate 0 if there is one.
    general_time : (str, str)
        For any loss: the time from which on w(t) is at most the noise level.
    beyond : bool
        Whether the envelope also holds beyond the threshold.
    """

    name: str
    id: str
    hypotheses: tuple[str, ...]
    envelopes: tuple[Named, ...]
    stopping_times: tuple[Named, ...]
    general_time: Named
    beyond: bool = False


_LOSS = ("H_smooth", "H_min", "H_KL", "H_range")
_SHARP = (
    (("envelope_squared", "envelope"), ("envelope_squared", "envelope_critical")),
    (("early_stopping", "stopping_time_sharp"), ("early_stopping", "stopping_time_critical")),
    ("early_stopping", "stopping_time_general"),
    True,
)
THEOREMS: Mapping[str, Theorem] = {
    theorem.name: theorem
    for theorem in (
        Theorem(
            "published", "flow_published", (*_LOSS, "sigma_A", "sigma_0", "H_Lip2"),
            (("flow_published", "envelope"),), (("early_stopping", "stopping_time_published"),),
            ("early_stopping", "stopping_time_published_general"),
        ),
        Theorem("sharp", "flow_sharp", (*_LOSS, "sigma_A", "sigma_0", "H_Lip0"), *_SHARP),
        Theorem("aj", "flow_sharp", (*_LOSS, "sigma_AJ", "H_Lip0_AJ"), *_SHARP),
    )
}  # fmt: skip
