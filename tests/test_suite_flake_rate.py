"""How often the suite may fail by chance: computed from its own tests, and stated in the docs.

Tests that draw with a fixed seed give the same answer each time. With new seeds only those that
hold a true claim about a probability against a sample can fail, each at its declared rate.
"""

from __future__ import annotations

import ast
import importlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proofs_check.interpretations.monte_carlo import ERROR

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs" / "property_testing.md"
FILES = sorted(HERE.glob("test_*.py"))
# What draws from a generator that nobody has seeded.
LEGACY = ("random", "randint", "rand", "randn", "normal", "uniform", "choice", "shuffle", "seed")


def functions(file: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(file.read_bytes())
    yield from (node for node in tree.body if isinstance(node, ast.FunctionDef))


def holds_a_sample_against_a_claim(test: ast.FunctionDef) -> int:
    """Return how many assertions say ``not Frequency(…).contradicts(…)``."""
    asserted = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
    return sum(
        isinstance(a, ast.UnaryOp) and isinstance(a.op, ast.Not) and "contradicts" in ast.unparse(a)
        for a in asserted
    )


def cases(test: Any) -> int:
    """Return how many tests a parametrized function makes."""
    marks = [m for m in getattr(test, "pytestmark", []) if m.name == "parametrize"]
    return math.prod(len(mark.args[1]) for mark in marks)


def chances() -> dict[str, int]:
    """Return how many claims each test function holds against a sample."""
    found: dict[str, int] = {}
    for file in FILES:
        chosen = {f.name: n for f in functions(file) if (n := holds_a_sample_against_a_claim(f))}
        if not chosen:
            continue
        module = importlib.import_module(file.stem)  # pytest has put this folder on the path
        found |= {f"{file.stem}.{n}": k * cases(getattr(module, n)) for n, k in chosen.items()}
    return found


def test_the_rate_of_the_suite_is_the_one_stated() -> None:
    """The number of claims times the error rate of each, as the documentation has it."""
    claims = sum(chances().values())
    assert claims > 0
    text = " ".join(DOCS.read_text(encoding="utf-8").split())
    assert f"{claims} true claims" in text
    assert f"at most {claims} · {ERROR:.0e}".replace("e-0", "e-") in text
    assert claims * ERROR < 1e-6


def test_the_count_sees_a_claim() -> None:
    source = "def test_x():\n    assert not Frequency(1, 2).contradicts(0.5)\n"
    (test,) = (n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    assert holds_a_sample_against_a_claim(test) == 1
    source = source.replace("not ", "")
    (test,) = (n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    assert holds_a_sample_against_a_claim(test) == 0


def unseeded(source: str) -> list[str]:
    """Return the calls that draw from a generator without a seed."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    found = []
    for call in calls:
        name = ast.unparse(call.func)
        bare = name.endswith(("default_rng", "Random", "RandomState")) and not call.args
        legacy = name in {f"{room}.{n}" for room in ("np.random", "random") for n in LEGACY}
        if (bare and not call.keywords) or legacy:
            found.append(name)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_generator_has_a_seed(file: Path) -> None:
    assert unseeded(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["np.random.default_rng()", "np.random.normal(2)", "random.Random()", "random.choice([1])"],
)
def test_a_generator_without_a_seed_is_seen(line: str) -> None:
    assert unseeded(line)
    assert not unseeded("np.random.default_rng(3).normal(2)")
