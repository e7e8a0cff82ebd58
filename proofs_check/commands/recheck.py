"""``kurdyka recheck``: decide the claims of a certificate again, from its data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from proofs_check.commands.output import STDOUT, check_writable, console, write_json
from proofs_check.recheck import Check, Provenance, Tampered, provenance, recheck


def run(certificate: str, json_path: str | None = None) -> int:
    """Recheck a certificate; return 0 if all of it holds, 1 if not or if it was tampered with."""
    check_writable(json_path)
    path, made = Path(certificate), Provenance()
    try:
        with console(stderr=True).status(f"{certificate}: deciding its claims again"):
            checks = recheck(path)
            made = provenance(path)
    except Tampered as problem:
        checks = [Check("certificate", False, str(problem))]
    if json_path != STDOUT:
        _print(certificate, checks, made)
    if json_path is not None:
        write_json(document(checks, made), json_path)
    return int(not all(check.holds for check in checks))


def document(checks: Sequence[Check], made: Provenance) -> dict[str, Any]:
    """Return what was decided as JSON."""
    return {
        "schema": "kurdyka.recheck/1",
        "holds": all(check.holds for check in checks),
        "claims": [
            {"claim": check.claim, "holds": check.holds, "found": check.found} for check in checks
        ],
        "certificate": {"sha256": made.sha256, "other_versions": list(made.differences)},
    }


def _print(name: str, checks: Sequence[Check], made: Provenance) -> None:
    out = console()
    failed = [check for check in checks if not check.holds]
    grid = Table.grid(padding=(0, 2, 0, 0))
    for check in failed:
        grid.add_row(Text(f"  {check.claim}", style="bold red"), Text(check.found))
    if failed:
        text = f"{name}: {len(failed)} of {len(checks)} claims do not hold"
        out.print(Text(text, style="bold red"))
        out.print(grid)
    else:
        text = f"{name}: all {len(checks)} claims hold, decided again from its data"
        out.print(Text(text, style="bold green"))
    for difference in made.differences:
        out.print(Text(f"  made with {difference}", style="dim"))
