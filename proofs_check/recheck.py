"""``kurdyka recheck``: every claim of a certificate, decided again from the data it holds.

Nothing of what made the certificate is used: the quantities come from exact products and
definiteness tests in balls, the formulas from the statements by an evaluator of its own. A claim
that cannot be confirmed counts as not holding; null claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from flint import arb, ctx

from proofs_check.manifest import manifest
from proofs_check.rechecking.operator import rational
from proofs_check.rechecking.quantities import PRECISION, Quantities
from proofs_check.rechecking.reading import (
    CertificateError,
    Json,
    Tampered,
    interval,
    number,
    ratio,
    read_certificate,
)
from proofs_check.rechecking.reasons import reason_holds
from proofs_check.rechecking.recovery import recovery_checks
from proofs_check.rechecking.subject import subject
from proofs_check.rechecking.theorems import ASSUMED, Theorem, hypotheses
from proofs_check.rechecking.widths import claims_width, width_holds
from proofs_check.verdict import Verdict

__all__ = [
    "CertificateError", "Check", "Provenance", "Tampered", "claims", "provenance", "recheck",
    "recheck_document",
]  # fmt: skip

_MEASURED = {
    "sigma_A": "sigma_A", "operator_norm": "operator_norm", "sigma_0": "sigma_0",
    "lipschitz": "lipschitz", "misfit": "misfit", "noise_norm": "noise", "sigma_AJ": "sigma_AJ",
}  # fmt: skip
_SIGNED = ("envelope.rate", "envelope.limit")


@dataclass(frozen=True)
class Check:
    """One claim of a certificate.

    Parameters
    ----------
    claim : str
        Where it stands, as a path of keys.
    holds : bool
        Whether it was confirmed.
    found : str
        What was found instead, where it was not.
    """

    claim: str
    holds: bool
    found: str = ""


@dataclass(frozen=True)
class Provenance:
    """Where a certificate comes from.

    Parameters
    ----------
    sha256 : str
        The hash of the file.
    differences : tuple of str
        What it was made with that is otherwise here: versions of packages, and code.
    """

    sha256: str = ""
    differences: tuple[str, ...] = ()


def provenance(path: Path) -> Provenance:
    """Compare the manifest of a certificate with what is installed here; this decides nothing."""
    made, here = read_certificate(path)["manifest"], manifest()
    names = [
        f"{package} {found}"
        for package, found in _entries(made["versions"])
        if here["versions"].get(package) != found
    ]
    changed = sum(here["hashes"].get(f) not in (None, h) for f, h in _entries(made["hashes"]))
    if changed:
        names.append(f"other versions of {changed} files of kurdyka")
    return Provenance(sha256(path.read_bytes()).hexdigest(), tuple(names))


def _entries(table: Any) -> list[tuple[str, Any]]:
    if not isinstance(table, dict):
        raise CertificateError("manifest.versions and manifest.hashes are not tables")
    return [(str(key)[:80], value) for key, value in table.items()]


def recheck(path: Path) -> list[Check]:
    """Decide every claim of a certificate file again.

    Raises
    ------
    CertificateError
        If it cannot be read: truncated, malformed, of an unknown version, or its arrays are gone.
    Tampered
        If it, or an array, is not what was certified.
    """
    return recheck_document(read_certificate(path), path.parent)


def recheck_document(document: Json, folder: Path) -> list[Check]:
    """Decide every claim of a certificate whose form is right.

    Parameters
    ----------
    document : dict
        The certificate.
    folder : Path
        Where it lies: array files are relative to it.
    """
    with ctx.workprec(PRECISION):
        return claims(document, Quantities(subject(document, folder)))


def claims(document: Json, found: Quantities) -> list[Check]:
    """Decide a certificate's claims from quantities that were computed again."""
    with ctx.workprec(PRECISION):
        decided = hypotheses(found)
        theorems = {name: Theorem(name, found, decided) for name in ASSUMED}
        return list(_checks(document, found, theorems))


def _checks(document: Json, found: Quantities, theorems: Mapping[str, Theorem]) -> Iterator[Check]:
    yield from _measured(document, found)
    yield contained("q", document["q"], theorems["sharp"].q)
    for name, theorem in theorems.items():
        yield from _reading(name, document[name], theorem)
    yield from _hypotheses(document["hypotheses"], theorems)
    yield from recovery_checks(document, found, theorems["sharp"], contained, _equal)
    yield from _training_time(document["training_time"], theorems)
    yield from _widths(document, theorems)
    yield _equal("manifest.seed", document["manifest"]["seed"], _seed(document))


def contained(claim: str, claimed: Any, value: arb | None) -> Check:
    """Check that an enclosure contains a value; null claims nothing.

    A lower end that is not positive is no claim, except about what may be negative: a rate.
    """
    if claimed is None:
        return Check(claim, True)
    low, high = interval(claimed, claim)
    if value is None or not value.is_finite():
        return Check(claim, False, "there is no such value")
    idle = low <= 0 and not claim.endswith(_SIGNED)
    inside = (idle or bool(rational(low) <= value)) and bool(value <= rational(high))
    return Check(claim, inside, "" if inside else f"it is {value.str(17)}")


def _equal(claim: str, claimed: Any, wanted: Any) -> Check:
    same = type(claimed) is type(wanted) and claimed == wanted
    return Check(claim, same, "" if same else f"it should be {wanted!r}")


def _seed(document: Json) -> Any:
    network = document["problem"]["network"]
    return None if network is None else network["seed"]


def _measured(document: Json, found: Quantities) -> Iterator[Check]:
    asserted = list(found.about.measured or ())
    yield _equal("asserted", document["asserted"], asserted)
    estimates = document["estimates"]
    if not isinstance(estimates, list):
        raise CertificateError("estimates is not a list")
    yield _equal("rigorous", document["rigorous"], not asserted and not estimates)
    for key, name in _MEASURED.items():
        if key not in estimates:
            yield contained(key, document[key], getattr(found, name))


def _reading(name: str, block: Json, theorem: Theorem) -> Iterator[Check]:
    """Check what a theorem is said to give: nothing that it does not, and the right numbers."""
    if block["applies"] is not None:
        yield _equal(f"{name}.applies", block["applies"], theorem.applies)
    yield contained(f"{name}.lipschitz", block["lipschitz"], theorem.lipschitz)
    yield contained(f"{name}.q", block["q"], theorem.q)
    given = theorem.applies is True
    for key, granted in (("travel_radius", given), ("rate", given and theorem.exponential)):
        value = theorem.sheet.bound(theorem.id, key) if granted else None
        if key == "rate" and value is not None:
            factor = theorem.sheet.loss.rate_factor
            value = value * int(factor.p) / int(factor.q)
        yield contained(f"{name}.{key}", block[key], value)
    yield _time(f"{name}.stopping_time", block["stopping_time"], theorem, theorem.found.noise)
    if "envelope" in block and block["envelope"] is not None:
        yield from _envelope(f"{name}.envelope", block["envelope"], theorem)


def _time(claim: str, claimed: Any, theorem: Theorem, level: arb | None) -> Check:
    if claimed is None:
        return Check(claim, True)
    low, high = interval(claimed, claim)
    kept = level is not None and theorem.reached(level, rational(low), rational(high))
    return Check(claim, kept, "" if kept else "the misfit is not known to be so small by then")


def _envelope(claim: str, block: Any, theorem: Theorem) -> Iterator[Check]:
    if not isinstance(block, dict) or set(block) != {"formula", "rate", "gain", "limit", "samples"}:
        raise CertificateError(f"{claim} is not an envelope")
    yield Check(claim, theorem.bounds_misfit, "the theorem gives none here")
    for key in ("rate", "gain"):
        yield contained(f"{claim}.{key}", block[key], theorem.sheet.bound("flow_sharp", key))
    limit = theorem.sheet.bound("envelope_squared", "limit")
    stalls = limit is not None and limit > 0
    yield contained(f"{claim}.limit", block["limit"], limit if stalls else None)
    if block["formula"] is not None:
        written = theorem.envelope(arb(0), block["formula"]) is not None
        yield Check(f"{claim}.formula", written, "it is not the statement's formula")
    samples = block["samples"]
    if not isinstance(samples, list):
        raise CertificateError(f"{claim}.samples is not a list")
    for index, sample in enumerate(samples):
        where = f"{claim}.samples[{index}]"
        if not isinstance(sample, dict) or set(sample) != {"t", "misfit"}:
            raise CertificateError(f"{where} is not a sample")
        time = rational(number(sample["t"], f"{where}.t"))
        yield contained(f"{where}.misfit", sample["misfit"], theorem.envelope(time))


def _hypotheses(entries: Any, theorems: Mapping[str, Theorem]) -> Iterator[Check]:
    """Check every verdict, that none is left out, and the numbers in its reason."""
    decided = dict(theorems["sharp"].decided)
    decided |= {f"threshold_{name}": theorem.threshold for name, theorem in theorems.items()}
    if not isinstance(entries, list) or not all(
        isinstance(e, dict) and set(e) == {"name", "verdict", "reason"} for e in entries
    ):
        raise CertificateError("hypotheses is not a list of names, verdicts and reasons")
    yield _equal("hypotheses", [e["name"] for e in entries], list(decided))
    for entry in entries:
        name, claimed = entry["name"], entry["verdict"]
        if name not in decided or claimed not in tuple(Verdict):
            yield Check(f"hypotheses.{name}", False, "no such hypothesis or verdict")
            continue
        yield _verdict(f"hypotheses.{name}", Verdict(claimed), decided[name])
        kept = reason_holds(name, str(entry["reason"]), theorems)
        yield Check(f"hypotheses.{name}.reason", kept, "its numbers are not those found")


def _verdict(claim: str, claimed: Verdict, found: Verdict) -> Check:
    """UNDECIDED claims nothing; PROVED also covers CITED."""
    covered = claimed is Verdict.CITED and found is Verdict.PROVED
    kept = claimed in (Verdict.UNDECIDED, found) or covered
    return Check(claim, kept, "" if kept else f"it is {found.value}")


def _training_time(claimed: Any, theorems: Mapping[str, Theorem]) -> Iterator[Check]:
    if claimed is None:
        return
    if not isinstance(claimed, dict) or set(claimed) != {"theorem", "residual", "time"}:
        raise CertificateError("training_time is not a theorem, a residual and a time")
    if claimed["theorem"] not in theorems:
        raise CertificateError("training_time.theorem is none of the theorems")
    level = rational(ratio(claimed["residual"], "training_time.residual"))
    yield _time("training_time.time", claimed["time"], theorems[claimed["theorem"]], level)


def _widths(document: Json, theorems: Mapping[str, Theorem]) -> Iterator[Check]:
    """Check the widths that are certified, and the estimates k(q/threshold)², rounded up."""
    choice = document["width_choice"]
    for name, width in document["width_needed"].items():
        if claims_width(width, f"width_needed.{name}"):
            failure = ratio(choice["failure"], "width_choice.failure")
            kept = width_holds(name, width, choice[name], failure, theorems[name].found)
            yield Check(f"width_needed.{name}", kept, "" if kept else "its conditions may fail")
    for name, width in document["width_estimate"].items():
        if claims_width(width, f"width_estimate.{name}"):
            low, high = _width(theorems[name])
            kept = low is not None and high is not None and low <= width <= high
            yield Check(f"width_estimate.{name}", kept, "" if kept else f"it is about {high}")


def _width(theorem: Theorem) -> tuple[int, int] | tuple[None, None]:
    """Return the estimate at both ends of what rounding may have made of q."""
    network, limit = theorem.found.about.network, theorem.sheet.bound(theorem.id, "threshold")
    if network is None or theorem.q is None or limit is None:
        return None, None
    needed, least = theorem.found.width * (theorem.q / limit) ** 2, theorem.found.operator.ncols()
    slack = needed * arb(10) ** -9
    low, high = (end.floor().unique_fmpz() for end in (needed - slack, needed + slack))
    if low is None or high is None:
        return None, None
    return max(int(low) + 1, least), max(int(high) + 1, least)
