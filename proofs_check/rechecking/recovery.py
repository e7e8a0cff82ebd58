"""What a certificate says of the signal itself, decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from flint import arb, arb_mat

from numerics.rigorous.definiteness import balls, diagonal, eigenvalue, frobenius, root
from proofs_check.rechecking.formulas import Sheet
from proofs_check.rechecking.quantities import Quantities
from proofs_check.rechecking.reading import CertificateError, Json
from proofs_check.rechecking.theorems import Theorem, stated
from theory.settings import flow as setting
from theory.terms import real

Contained = Callable[[str, Any, "arb | None"], Any]
Equal = Callable[[str, Any, Any], Any]
STATEMENT = "recovery_lazy"
_LAZY = ("gain", "leak", "condition", "drift", "unseen", "in_the_limit")


class Interpolant:
    """The G₀-weighted interpolant of a problem: Π = G₀Aᵀ(AG₀Aᵀ)⁻¹ and what it does.

    Parameters
    ----------
    found : Quantities
        The quantities that were computed again.
    sharp : Theorem
        The sharp theorem at them.
    """

    def __init__(self, found: Quantities, sharp: Theorem) -> None:
        self.found = found
        self.sharp = sharp

    @property
    def applies(self) -> bool:
        """Whether all hypotheses of recovery_lazy hold."""
        about = self.found.about
        whole = about.network is not None and bool(self.found.full_row_rank)
        return stated(STATEMENT) and whole and self.sharp.applies is True

    @cached_property
    def _map(self) -> arb_mat:
        """Π."""
        half = self.found.operator * self.found.gram
        return self.found.output_gram.solve(half).transpose()

    @cached_property
    def _blind(self) -> arb_mat:
        """I − ΠA."""
        size = self.found.operator.ncols()
        return diagonal([arb(1)] * size) - self._map * self.found.operator

    @cached_property
    def gain(self) -> arb:
        """‖Π‖."""
        return root(eigenvalue(self._map.transpose() * self._map, 1))

    @cached_property
    def leak(self) -> arb:
        """‖I − ΠA‖."""
        return root(eigenvalue(self._blind.transpose() * self._blind, 1))

    @cached_property
    def condition(self) -> arb:
        """‖J(θ₀)‖/σ₀."""
        assert self.found.sigma_0 is not None
        return root(eigenvalue(self.found.gram, 1)) / self.found.sigma_0

    @cached_property
    def _sheet(self) -> Sheet:
        """The statement's formulas at these norms."""
        sheet = self.sharp.sheet
        named = {
            "amplification": self.gain, "leak": self.leak, "kappa_J": self.condition,
            "unseen": self.unseen,
        }  # fmt: skip
        values = {real(name): value for name, value in named.items() if value is not None}
        return Sheet(sheet.loss, sheet.measurements, {**sheet.values, **values})

    @property
    def _variant(self) -> str:
        return "" if self.sharp.sheet.values[setting.Lambda] > 0 else "_rational"

    @property
    def drift(self) -> arb | None:
        """How far the network may be from the interpolant."""
        return self._sheet.bound(STATEMENT, f"drift{self._variant}")

    @cached_property
    def unseen(self) -> arb | None:
        """‖(I − ΠA)(x̄ − x(0))‖."""
        signal = self.found.about.signal
        if signal is None:
            return None
        return frobenius(self._blind * (balls(signal.reshape(-1, 1)) - self.found.initial))

    def at(self, misfit: arb) -> arb | None:
        """Return the bound of ‖x(t) − x̄‖ while w(t) is at most a level."""
        return self._sheet.bound(STATEMENT, f"error{self._variant}", misfit=misfit)

    @property
    def in_the_limit(self) -> arb | None:
        """The bound of ‖x(t) − x̄‖ as t → ∞."""
        return self.at(arb(0))


def recovery_checks(
    document: Json, found: Quantities, sharp: Theorem, contained: Contained, equal: Equal
) -> Iterator[Any]:
    """Check the bounds of recovery_lazy, and whether recovery_published is vacuous.

    Parameters
    ----------
    document : dict
        The certificate.
    found, sharp : Quantities, Theorem
        What was computed again.
    contained, equal : callable
        Make one check: an enclosure contains a value, a value is another.
    """
    lazy, level = document["recovery"]["lazy"], found.noise
    if not isinstance(lazy, dict) or set(lazy) not in (
        {"applies", "reason"}, {"applies", *_LAZY},
    ):  # fmt: skip
        raise CertificateError("recovery.lazy does not have the keys of a certificate")
    interpolant = Interpolant(found, sharp)
    given = set(lazy) != {"applies", "reason"}
    if given:
        yield equal("recovery.lazy.applies", lazy["applies"], interpolant.applies)
    else:
        yield equal("recovery.lazy.applies", lazy["applies"], False)
    for key in _LAZY if given else ():
        value = getattr(interpolant, key) if interpolant.applies else None
        yield contained(f"recovery.lazy.{key}", lazy[key], value)
    claimed = document["sharp"]["recovery"]
    stops = document["sharp"]["stopping_time"] is not None and level is not None
    value = interpolant.at(level) if stops and interpolant.applies else None
    yield contained("sharp.recovery", claimed, value)
    for name in ("published", "aj"):
        yield contained(f"{name}.recovery", document[name]["recovery"], None)
    if document["recovery"]["published"]["vacuous"] is not None:
        claim = document["recovery"]["published"]["vacuous"]
        yield equal("recovery.published.vacuous", claim, vacuous(found))


def vacuous(found: Quantities) -> bool | None:
    """Whether restricted injectivity fails at every θ: V fixed, m < n, φ' > 0 and rank V = n."""
    chosen, sides = found.about.activation, found.about.operator.shape
    if chosen is None or found.both or sides[0] >= sides[1] or not chosen.increasing:
        return None
    return True if found.sigma_0 is not None and found.sigma_0 > 0 else None
