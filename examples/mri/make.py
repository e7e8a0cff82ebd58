"""Regenerate the bundled instance: a coarse MRI slice, blurred, half sampled, slightly noisy.

Run ``python make.py`` in this folder; it needs Matplotlib, whose sample data hold the slice. The
files written are A.npy, x.npy and y.npy; problem.toml is written by hand.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from matplotlib import cbook

FOLDER = Path(__file__).parent
SIDE, BLOCK = 6, 32  # 6×6 pixels, each the mean of 32×32 pixels of the slice
CORNER = (16, 32)  # upper left corner of the 192×192 region that holds the brain
BLUR = 0.6  # standard deviation of the Gaussian blur, in coarse pixels
NOISE = 0.01  # standard deviation of the noise, the image having values in [0, 1]
SEED = 20


def coarse_slice() -> np.ndarray:
    """Return the pooled region of the slice as a vector of values in [0, 1], row by row."""
    packed = cbook.get_sample_data("s1045.ima.gz", asfileobj=False)
    with gzip.open(packed) as stream:
        image = np.frombuffer(stream.read(), "<u2").reshape(256, 256).astype(float)
    row, column = CORNER
    region = image[row : row + SIDE * BLOCK, column : column + SIDE * BLOCK]
    return (region.reshape(SIDE, BLOCK, SIDE, BLOCK).mean(axis=(1, 3)) / image.max()).ravel()


def blur() -> np.ndarray:
    """Return the separable Gaussian blur on the SIDE×SIDE grid, with rows that sum to 1."""
    place = np.arange(SIDE)
    kernel = np.exp(-((place[:, None] - place) ** 2) / (2 * BLUR**2))
    kernel /= kernel.sum(axis=1, keepdims=True)
    return np.kron(kernel, kernel)


def kept() -> np.ndarray:
    """Return which pixels are measured: every other one, in a quincunx."""
    rows, columns = np.indices((SIDE, SIDE))
    return ((rows + columns) % 2 == 0).ravel()


def main() -> None:
    """Write the three arrays."""
    signal = coarse_slice()
    operator = blur()[kept()]
    noise = NOISE * np.random.Generator(np.random.PCG64(SEED)).standard_normal(len(operator))
    arrays = {"A": operator, "x": signal, "y": operator @ signal + noise}
    for name, array in arrays.items():
        np.save(FOLDER / f"{name}.npy", array)


if __name__ == "__main__":
    main()
