"""Regenerate the bundled instance: five weighted means of a signal of ten values.

Run ``python make.py`` in this folder. The files written are A.npy, x.npy and y.npy; problem.toml
is written by hand.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
SIGNAL = np.array([0.05, 0.1, 0.3, 0.6, 0.7, 0.5, 0.1, -0.2, -0.3, -0.1])
BLUR = 0.8  # standard deviation of the Gaussian window, in samples


def windows() -> np.ndarray:
    """Return five Gaussian windows, two samples apart, with rows that sum to 1."""
    centres, places = np.arange(0.5, 10, 2), np.arange(10)
    rows = np.exp(-((places - centres[:, None]) ** 2) / (2 * BLUR**2))
    return np.round(rows / rows.sum(axis=1, keepdims=True), 3)


def main() -> None:
    """Write the three arrays."""
    operator = windows()
    arrays = {"A": operator, "x": SIGNAL, "y": operator @ SIGNAL}
    for name, array in arrays.items():
        np.save(FOLDER / f"{name}.npy", array)


if __name__ == "__main__":
    main()
