"""``kurdyka loss``: what it prints, its JSON, and what it refuses."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from proofs_check.cli import run
from proofs_check.commands import loss as command


def report(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert run(["loss", *arguments, "--json", "-"]) == status
    return json.loads(capsys.readouterr().out)


def test_a_typed_loss_that_is_a_named_one(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "log(cosh(s))", "--sublevel", "1/2", "--digits", "20")
    assert next(iter(found)) == "schema"
    assert found["schema"] == "kurdyka.loss/1"
    assert found["ratio_nonincreasing"]["verdict"] == "PROVED"
    assert found["gain_convex"]["verdict"] == "REFUTED"
    assert found["psi"] == "rho^-1(L)"
    assert found["rho_inverse"] == "acosh(exp(L))"
    assert found["Psi"] == "-log(exp(2*L) - 1)/2"
    assert found["unbounded"] is True
    low, high = Decimal(found["mu"]["lower"]), Decimal(found["mu"]["upper"])
    exact = 1 - Decimal(-1).exp()
    assert low <= exact <= high
    assert high - low < Decimal("1e-20")


def test_a_loss_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "huber(0.5)", "--sublevel", "3")
    assert found["gain_convex"]["point"] == "1/2"
    assert Fraction(found["mu"]["lower"]) <= Fraction(1, 24) <= Fraction(found["mu"]["upper"])
    assert report(capsys, "power(p=3)")["psi"] == "sqrt(m)*rho^-1(L/m)"


def test_a_loss_of_neither_kind(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "s**2/2 + (1 - cos(3*s))/10")
    assert found["psi"] is None
    assert found["ratio_nonincreasing"]["point"] is not None
    assert found["mu"] is None


def test_a_bounded_loss(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "1 - exp(-s**2)", "--sublevel", "2")
    assert found["unbounded"] is False
    assert Decimal(found["supremum"]["lower"]) <= 1 <= Decimal(found["supremum"]["upper"])
    assert Decimal(found["mu"]["upper"]) == 0


def test_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["loss", "abs(s)**3/3", "--sublevel", "1"]) == 0
    text = capsys.readouterr().out
    assert "√m ρ⁻¹(L/m)" in text
    assert "no Polyak–Łojasiewicz inequality" in text


def test_what_stays_open_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "modulus", lambda found, level, digits: "not separated")
    found = report(capsys, "s**2", "--sublevel", "1", status=1)
    assert found["mu"] is None
    assert found["undecided"] == "not separated"
    assert run(["loss", "s**2", "--sublevel", "1"]) == 1
    assert "UNDECIDED, not separated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["s**3"], "not even"),
        (["abs(s)"], "not C¹ at s = 0"),
        (["s**2 + 1"], "not 0 at s = 0"),
        (["sin(s)**2"], "not increasing"),
        (["x**2"], "unknown name"),
        (["huber"], "needs its parameter delta"),
        (["huber(-1)"], "positive"),
        (["power(1)"], "p > 1"),
        (["cauchy(3)"], "no parameter"),
        (["poisson"], "kl_poisson"),
        (["s**2", "--sublevel", "0"], "positive"),
        (["s**2", "--sublevel", "-1"], "positive"),
        (["s**2", "--sublevel", "s"], "sublevel"),
        (["s**2", "--sublevel", "pi"], "rational"),
        (["s**2", "--digits", "0"], "digits"),
        (["__import__('os').system('ls')"], "cannot occur"),
        (["10**10**10*s**2"], "too large"),
        (["(" * 100 + "s" + ")" * 100], ""),
        (["9" * 2000 + "*s"], ""),
        ([""], "empty"),
    ],
)
def test_refusals(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["loss", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
