"""Running pdflatex, and what its log has to be free of."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

WIDEST = 5.0
"""By how many points a line may be too wide: less than the width of a letter."""
_OVERFULL = re.compile(r"Overfull \\hbox \((\d+\.\d+)pt too wide\)[^\n]*")


def compiled(file: Path, folder: Path) -> str:
    """Compile a document and return its log; without pdflatex, skip the test."""
    pdflatex = shutil.which("pdflatex")
    if pdflatex is None:
        pytest.skip(
            "there is no pdflatex on this machine (Debian: texlive-latex-recommended, "
            "texlive-fonts-recommended, lmodern)"
        )
    subprocess.run(
        [pdflatex, "-interaction=nonstopmode", str(file)],
        cwd=folder, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    return (folder / f"{file.stem}.log").read_text(encoding="latin-1").replace("\n(", " (")


def complaints(log: str) -> list[str]:
    """Return what is wrong with a compiled document: errors, what is undefined, wide lines."""
    lines = log.splitlines()
    found = [line for line in lines if line.startswith("!") or "undefined" in line.lower()]
    found += [m[0] for m in _OVERFULL.finditer(log) if float(m[1]) > WIDEST]
    return found if "Output written on" in log else [*found, "there is no output"]
