"""The certificate of an instance as JSON, in the form that the contract of the command fixes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from scipy import sparse

from numerics.inputs.tables import EMBEDDED_ENTRIES, ArrayRecord
from numerics.operators import dense
from numerics.problems import Problem
from numerics.rigorous import ranges
from numerics.rigorous.ranges import Range
from numerics.widths.least import Width
from proofs_check.certifying.formulas import end_above, exact_range
from proofs_check.certifying.reading import Reading
from proofs_check.certifying.recovery import Recovery
from proofs_check.certifying.text import decimals
from proofs_check.certifying.widths import THEOREMS, certified_widths
from proofs_check.instance import Instance
from proofs_check.manifest import manifest
from proofs_check.seal import sealed
from theory import registry
from theory.settings import flow as setting
from theory.typesetting.notation import readable

SCHEMA = "kurdyka.certify/1"
_SAMPLES = (0, 1, 2, 4, 8)  # times of the envelope's samples, in units of 1/|a|
Json = dict[str, Any]


def certificate(
    instance: Instance,
    source: Path | None = None,
    folder: str | None = None,
    residual: Fraction | None = None,
) -> Json:
    """Return the certificate of an instance; the same instance gives the same certificate.

    Parameters
    ----------
    instance : Instance
        What was measured and decided.
    source : Path, optional
        The problem file.
    folder : str, optional
        Where the array files are, relative to where the certificate will be; by default the
        folder of ``source`` as it was given.
    residual : Fraction, optional
        The misfit whose training time is to be told.
    """
    if folder is None and source is not None:
        folder = source.parent.as_posix()
    return sealed(_unsealed(instance, source, folder, residual))


def _unsealed(
    instance: Instance, source: Path | None, folder: str | None, residual: Fraction | None
) -> Json:
    measured, readings = instance.measured, instance.readings
    network = instance.problem.network
    seed = network.seed if network is not None else None
    return {
        "schema": SCHEMA,
        "rigorous": measured.rigorous,
        "sigma_A": decimals(measured.spectrum.sigma_A),
        "operator_norm": decimals(measured.spectrum.norm),
        "sigma_0": decimals(measured.sigma_0),
        "lipschitz": decimals(measured.lipschitz),
        "misfit": decimals(measured.misfit),
        "q": decimals(readings["sharp"].q),
        "noise_norm": decimals(measured.noise),
        "sigma_AJ": decimals(measured.sigma_output),
        "asserted": list(measured.asserted),
        "estimates": list(measured.estimates),
        "published": reading_block(readings["published"]),
        "sharp": {**_sharp_block(readings["sharp"]), "recovery": decimals(instance.recovered)},
        "aj": _sharp_block(readings["aj"]),
        "hypotheses": [
            {"name": h.name, "verdict": h.verdict.value, "reason": h.reason}
            for h in instance.hypotheses
        ],
        "recovery": recovery_block(instance),
        "training_time": _training_time(instance, residual),
        **_widths(instance),
        "problem": problem_block(instance.problem, folder),
        "manifest": manifest([] if source is None else [source], seed),
    }


def reading_block(reading: Reading) -> Json:
    """Return what a theorem says; a bound is null where the theorem does not give it.

    ``recovery`` is filled for the sharp theorem only, from which recovery_lazy starts.
    """
    return {
        "applies": reading.applies,
        "lipschitz": decimals(reading.lipschitz),
        "q": decimals(reading.q),
        "travel_radius": decimals(reading.bound("travel_radius")),
        "rate": decimals(reading.rate),
        "stopping_time": decimals(reading.stopping_time),
        "recovery": None,
    }


def _sharp_block(reading: Reading) -> Json:
    return {**reading_block(reading), "envelope": envelope_block(reading)}


def envelope_block(reading: Reading) -> Json | None:
    """Return the bound of w(t): its formula, its constants and some samples.

    It solves Ẇ = −(a + bW)κ(W), W(0) = w₀, with a the ``rate`` and b the ``gain``; the formula
    and the samples are there where it has a closed form.
    """
    if not reading.bounds_misfit:
        return None
    rate, gain = (reading.formulas.values.get(s) for s in (setting.a, setting.b))
    named = reading.envelope_name
    return {
        "formula": None if named is None else _formula(*named),
        "rate": decimals(rate),
        "gain": decimals(gain),
        "limit": decimals(reading.final_misfit),
        "samples": _samples(reading, rate),
    }


def _widths(instance: Instance) -> Json:
    """Return the widths that are certified, what was chosen for them, and an estimate.

    The certified ones are for weights drawn anew, but for the probability ``failure``; the
    estimate is for these weights: q falls like 1/√k while σ_A, σ₀ and w₀ stay as they are.
    """
    found = certified_widths(instance)
    known: Mapping[str, Width] = {} if found is None else found.widths
    return {
        "width_needed": {n: known[n].width if n in known else None for n in THEOREMS},
        "width_choice": {
            "failure": None if found is None else str(found.failure),
            **{n: _choice(known[n]) if n in known else None for n in THEOREMS},
        },
        "width_estimate": {n: instance.width_estimate(n) for n in THEOREMS},
    }


def _choice(width: Width) -> Json:
    risks = {name: str(value) for name, value in width.risks.items()}
    return {"delta": None if width.delta is None else str(width.delta), "risks": risks}


def _formula(id: str, name: str) -> str:
    return readable(registry.statement(id).bound(name).value)


def _samples(reading: Reading, rate: Range | None) -> list[Json]:
    curve = reading.envelope
    if curve is None or rate is None:
        return []
    size = end_above(ranges.absolute(rate))
    times = [float(f"{count / size:.3g}") if size > 0 else float(count) for count in _SAMPLES]
    return [{"t": repr(time), "misfit": decimals(curve.at(time))} for time in times]


def recovery_block(instance: Instance) -> Json:
    """Return what is known of the signal itself: recovery_lazy, and recovery_published's reach."""
    vacuous, reason = instance.published_recovery
    return {
        "lazy": _lazy_block(instance.recovery),
        "published": {"vacuous": vacuous, "reason": reason},
    }


def _lazy_block(found: Recovery | str) -> Json:
    """Return the parts of the bound ‖(I − ΠA)(x̄ − x(0))‖ + ‖Π‖(‖ε‖ + w(t)) + drift."""
    if isinstance(found, str):
        return {"applies": False, "reason": found}
    parts = found.interpolant
    return {
        "applies": True,
        "gain": decimals(parts.gain),
        "leak": decimals(parts.leak),
        "condition": decimals(parts.condition),
        "drift": decimals(found.drift),
        "unseen": decimals(parts.unseen),
        "in_the_limit": decimals(found.in_the_limit),
    }


def _training_time(instance: Instance, residual: Fraction | None) -> Json | None:
    reading = instance.best
    if residual is None or reading is None:
        return None
    found = reading.time_to(exact_range(residual))
    return {
        "theorem": reading.theorem.name,
        "residual": str(residual),
        "time": decimals(found),
    }


def problem_block(problem: Problem, folder: str | None = None) -> Json:
    """Return the problem: loss, network (or what is asserted of one) and arrays.

    Parameters
    ----------
    problem : Problem
        The problem.
    folder : str, optional
        The folder that the paths of the arrays are relative to.
    """
    return {
        "loss": _loss(problem),
        "network": _network(problem),
        "measured": _asserted(problem),
        "noise_norm": None if problem.noise_given is None else str(problem.noise_given),
        "folder": folder,
        "arrays": {
            name: _array(name, record, problem) for name, record in sorted(problem.arrays.items())
        },
    }


def _loss(problem: Problem) -> Json:
    parameters = {name: str(value) for name, value in problem.loss.parameters.items()}
    return {"name": problem.loss.name, **parameters}


def _network(problem: Problem) -> Json | None:
    found = problem.network
    if found is None:
        return None
    return {
        "activation": found.activation,
        "width": found.width,
        "input_dimension": found.input_dimension,
        "train": found.train,
        "output_weights": found.output_weights,
        "seed": found.seed,
    }


def _asserted(problem: Problem) -> Json | None:
    given = problem.measured
    if given is None:
        return None
    return {name: str(getattr(given, name)) for name in ("sigma_0", "lipschitz", "misfit")}


def _array(name: str, record: ArrayRecord, problem: Problem) -> Json:
    """Return an array's fingerprint, and where it is: in a file, here, or in the seed's stream."""
    found: Json = {"sha256": record.sha256, "shape": list(record.shape)}
    if record.path is not None:
        found["path"] = record.path
    if record.member is not None:
        found["member"] = record.member
    if problem.network is not None and name in problem.network.drawn:
        return {**found, "drawn": True}
    if sparse.issparse(record.values):
        found["layout"] = "csr"
    if record.values is not None and _entries(record) <= EMBEDDED_ENTRIES:
        found["data"] = dense(record.values).tolist()
    return found


def _entries(record: ArrayRecord) -> int:
    total = 1
    for side in record.shape:
        total *= side
    return total
