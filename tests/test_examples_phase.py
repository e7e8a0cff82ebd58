"""The bundled sweep: it reads, and a cell of it shows what its page says."""

from pathlib import Path

from numerics.sweeping.reading import read_sweep
from proofs_check.sweeping.cells import report_of
from proofs_check.sweeping.samples import rows_of
from proofs_check.sweeping.widths import theorem_widths

FOLDER = Path(__file__).parent.parent / "examples" / "phase"


def test_the_page_shows_what_a_cell_gives():
    sweep = read_sweep(FOLDER / "sweep.toml")
    assert sweep.size * sweep.samples == 720
    chosen = {"condition_number": 2, "width": 16}
    (cell,) = (c for c in sweep.cells() if {k: c.parameters[k] for k in chosen} == chosen)
    rows = [row for chunk in cell.chunks for row in rows_of(cell, chunk)]
    found = report_of(cell, rows, theorem_widths(cell))
    text = (FOLDER / "README.md").read_text()
    assert f"2       16    {found.successes}/30    0.83–1.00" in text
    published, sharp, convex = (width.width for width in found.widths.values())
    assert 10_000 < published < 20_000
    assert published / 4 < sharp < published / 2
    assert 200 < convex < 1000


def test_the_picture_is_there():
    assert (FOLDER / "phase.png").read_bytes().startswith(b"\x89PNG")
