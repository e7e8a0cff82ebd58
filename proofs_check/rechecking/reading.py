"""Reading a certificate that nobody vouches for: its form and its numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from proofs_check.errors import UserError
from proofs_check.seal import KEY, digest_of

SCHEMA = "kurdyka.certify/1"
MAX_BYTES = 200_000_000
Json = dict[str, Any]

READING = ("applies", "lipschitz", "q", "travel_radius", "rate", "stopping_time", "recovery")
ENVELOPE = ("formula", "rate", "gain", "limit", "samples")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "": (
        "schema", "rigorous", "sigma_A", "operator_norm", "sigma_0", "lipschitz", "misfit", "q",
        "noise_norm", "sigma_AJ", "asserted", "estimates", "published", "sharp", "aj",
        "hypotheses", "recovery", "training_time", "width_needed", "width_choice",
        "width_estimate", "problem", "manifest", KEY,
    ),
    "published": READING,
    "sharp": (*READING, "envelope"),
    "aj": (*READING, "envelope"),
    "recovery": ("lazy", "published"),
    "recovery.published": ("vacuous", "reason"),
    "width_needed": ("published", "sharp"),
    "width_choice": ("failure", "published", "sharp"),
    "width_estimate": ("published", "sharp"),
    "problem": ("loss", "network", "measured", "noise_norm", "folder", "arrays"),
    "problem.network": (
        "activation", "width", "input_dimension", "train", "output_weights", "seed",
    ),
    "problem.measured": ("sigma_0", "lipschitz", "misfit"),
    "manifest": ("versions", "seed", "precision", "hashes"),
}  # fmt: skip
"""The keys of each table of a certificate; a table that may be null is checked where it is not."""

OPTIONAL = ("problem.network", "problem.measured")
_RATIO = re.compile(r"\d{1,400}(/\d{1,400})?", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,3})?", re.ASCII)


class CertificateError(UserError):
    """A certificate cannot be read: it is truncated, malformed or of an unknown version."""


class Tampered(Exception):
    """A certificate's data are not those that were certified."""


def read_certificate(path: Path) -> Json:
    """Return a certificate whose form is right.

    Raises
    ------
    CertificateError
        If it is not a complete certificate of a known version.
    Tampered
        If it was changed after it was made.
    """
    document = _parsed(path)
    if not isinstance(document, dict) or next(iter(document), None) != "schema":
        raise CertificateError(f"{path}: this is no certificate: its first key is not schema")
    if document["schema"] != SCHEMA:
        found = str(document["schema"])[:40]
        raise CertificateError(f"{path}: version {found!r} is not known; {SCHEMA!r} is")
    if KEY not in document:
        raise CertificateError(f"{path}: it has no {KEY}, so it is not complete")
    if document[KEY] != digest_of(document):
        raise Tampered("its content does not match its digest: it was changed after it was made")
    for table, keys in FIELDS.items():
        _check_table(document, table, keys, path)
    return document


def _parsed(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CertificateError(f"{path}: it has over {MAX_BYTES} bytes; no certificate has")
        text = path.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)
    except FileNotFoundError as problem:
        raise CertificateError(f"{path}: it does not exist") from problem
    except OSError as problem:
        raise CertificateError(f"{path}: it cannot be read ({problem.strerror})") from problem
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, CertificateError):
            raise
        raise CertificateError(f"{path}: it is not complete JSON: {problem}") from problem


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _check_table(document: Json, table: str, keys: tuple[str, ...], path: Path) -> None:
    found: Any = document
    for step in table.split(".") if table else ():
        found = found.get(step) if isinstance(found, dict) else None
    if found is None and table in OPTIONAL:
        return
    if not isinstance(found, dict):
        raise CertificateError(f"{path}: {table} is not a table")
    for wrong in sorted(set(keys) ^ set(found)):
        what = "is missing" if wrong in keys else "is not a key of a certificate"
        raise CertificateError(f"{path}: {table + '.' if table else ''}{wrong} {what}")


def number(text: Any, what: str) -> Fraction:
    """Return a decimal of a certificate exactly.

    Raises
    ------
    CertificateError
        If it is not the text of a decimal.
    """
    if not isinstance(text, str) or _DECIMAL.fullmatch(text) is None:
        raise CertificateError(f"{what} is not a decimal")
    return Fraction(text)


def ratio(text: Any, what: str) -> Fraction:
    """Return a non-negative rational of a certificate, written as ``3/5``."""
    if not isinstance(text, str) or _RATIO.fullmatch(text) is None:
        raise CertificateError(f"{what} is not a non-negative rational")
    try:
        return Fraction(text)
    except ZeroDivisionError as problem:
        raise CertificateError(f"{what} has the denominator 0") from problem


def interval(value: Any, what: str) -> tuple[Fraction, Fraction]:
    """Return an enclosure of a certificate as its two ends."""
    if not isinstance(value, dict) or set(value) != {"lower", "upper"}:
        raise CertificateError(f"{what} is not an enclosure with lower and upper")
    return number(value["lower"], f"{what}.lower"), number(value["upper"], f"{what}.upper")
