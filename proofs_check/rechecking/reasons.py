"""The numbers inside the reasons that a certificate gives for its verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from flint import arb

from proofs_check.rechecking.operator import rational
from proofs_check.rechecking.theorems import Theorem

SHOWN_DIGITS = 6
_NUMBER = r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?(?:e[+-]?[0-9]{1,3})?"
_SIDE = re.compile(rf"([≥≤]) ({_NUMBER})$")
_RANGE = re.compile(rf"in \[({_NUMBER}), ({_NUMBER})\]$")
_RATIO = re.compile(rf"q: (.*), threshold ({_NUMBER})(?=$|:)")


def reason_holds(name: str, reason: str, theorems: Mapping[str, Theorem]) -> bool:
    """Whether what a reason says in numbers is true: a bound, a range, or q and its threshold.

    Parameters
    ----------
    name : str
        The hypothesis.
    reason : str
        The reason.
    theorems : mapping of str to Theorem
        The theorems at the quantities that were computed again.
    """
    if name.startswith("threshold_"):
        return _ratio(reason, theorems[name.removeprefix("threshold_")])
    value = _value(name, theorems)
    side, between = _SIDE.search(reason), _RANGE.search(reason)
    if side is not None:
        end = _ball(side[2])
        return value is not None and bool(end <= value if side[1] == "≥" else value <= end)
    if between is not None:
        low, high = _ball(between[1]), _ball(between[2])  # of an UNDECIDED sign: not refuted
        return value is not None and not (value < low or value > high)
    return True


def _value(name: str, theorems: Mapping[str, Theorem]) -> arb | None:
    found = theorems["sharp"].found
    values = {
        "sigma_A": found.sigma_A, "sigma_0": found.sigma_0, "sigma_AJ": found.sigma_AJ,
        "H_Lip0": found.lipschitz, "H_Lip2": found.lipschitz_pairs, "H_Lip0_AJ": found.lipschitz_AJ,
        "H_range": found.distance_to_range,
    }  # fmt: skip
    return values.get(name)


def _ratio(reason: str, theorem: Theorem) -> bool:
    found = _RATIO.search(reason)
    if found is None:
        return "q" not in reason or reason == "q cannot be bounded"
    limit = theorem.sheet.bound(theorem.id, "threshold")
    same = limit is not None and bool(abs(limit - _ball(found[2])) < arb(10) ** -12)
    return same and theorem.q is not None and shows(found[1], theorem.q)


def shows(text: str, value: arb) -> bool:
    """Whether a short form of a number is true: ``0.34…`` cut, ``≈ 0.35`` rounded, or both ends."""
    ends = re.fullmatch(rf"\[({_NUMBER}), ({_NUMBER})\]", text)
    if ends is not None:
        return bool(_ball(ends[1]) <= value <= _ball(ends[2]))
    bare = text.removeprefix("≈ ").removesuffix("…")
    if re.fullmatch(_NUMBER, bare) is None:
        return text == "unknown"
    unit, shown = _last_place(bare), _ball(bare)
    if text.endswith("…"):
        return bool(shown <= value) and bool(value <= shown + unit)
    return bool(abs(value - shown) <= unit)


def _last_place(text: str) -> arb:
    """Return one unit in the last of the six digits that are shown, final zeros or not."""
    return rational(Fraction(10) ** (Decimal(text).adjusted() - SHOWN_DIGITS + 1))


def _ball(text: str) -> arb:
    return rational(Fraction(text))
