"""What a verdict was reached with: versions, seed, precision, hashes of what was read."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from inspect import signature
from pathlib import Path
from typing import Any

import theory

_PACKAGES = ("kurdyka", "sympy", "mpmath", "numpy", "python-flint")
_TRUSTED_CODE = (
    "theory/terms.py",
    "theory/formulas.py",
    "theory/statement.py",
    "theory/steps.py",
    "theory/settings/flow.py",
    "theory/statements/_*.py",
    "theory/facts/*.py",
    "numerics/rigorous/balls.py",
    "numerics/rigorous/programs.py",
    "numerics/rigorous/ranges.py",
    "numerics/elementwise.py",
    "proofs_check/*.py",
    "proofs_check/engines/*.py",
    "proofs_check/interpretations/*.py",
    "proofs_check/mutants/*.py",
    "proofs_check/searching/*.py",
    "proofs_check/witnesses/*.py",
)
_ROOT = Path(theory.__file__).resolve().parent.parent


def manifest(files: Iterable[Path] = (), seed: int | None = None) -> dict[str, Any]:
    """Return the versions, the seed, the precision and the hashes of everything a verdict used.

    Parameters
    ----------
    files : iterable of Path
        What was read besides the engines: statement files, problems.
    seed : int, optional
        Seed of the searches.
    """
    return {
        "versions": versions(),
        "seed": seed,
        "precision": {
            "arithmetic": "exact rationals; balls with outward rounding",
            "ball_bits": _ball_precisions(),
        },
        "hashes": hashes([*trusted_files(), *files]),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide."""
    found = {"python": platform.python_version()}
    return found | {name: _version(name) for name in _PACKAGES} | {"z3": _version("z3-solver")}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "not installed"


def _ball_precisions() -> dict[str, int]:
    """Return the working precision of balls in bits: where it starts and where it ends."""
    from numerics.rigorous.balls import decide_at_point, evaluate

    first = signature(evaluate).parameters["precision"].default
    last = signature(decide_at_point).parameters["max_precision"].default
    return {"first": first, "last": last}


def trusted_files() -> list[Path]:
    """Return the files that a verdict rests on: terms, facts, engines, checker."""
    return sorted(path for pattern in _TRUSTED_CODE for path in _ROOT.glob(pattern))


def hashes(files: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file, by its path within the project or as it was given."""
    return {_label(file): sha256(file.read_bytes()).hexdigest() for file in files}


def _label(file: Path) -> str:
    resolved = file.resolve()
    if resolved.is_relative_to(_ROOT / "theory") or resolved.is_relative_to(_ROOT / "proofs_check"):
        return resolved.relative_to(_ROOT).as_posix()
    if resolved.is_relative_to(_ROOT / "numerics"):
        return resolved.relative_to(_ROOT).as_posix()
    return file.as_posix()
