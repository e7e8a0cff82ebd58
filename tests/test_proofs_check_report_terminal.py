"""The terminal report says what is proved, and why the rest is not."""

import io

from rich.console import Console
from sample_reports import proved, refuted, undecided

from proofs_check.reporting.terminal import print_verification


def printed(*reports, labels=None):
    out = Console(file=io.StringIO(), width=120)
    print_verification(reports, out, labels or {})
    return out.file.getvalue()


def test_every_statement_has_its_row():
    shown = printed(proved(), refuted(), undecided())
    rows = [line.split() for line in shown.splitlines()]
    assert ["shrinking_residual", "PROVED", "2/2", "1/1", "holds", "1/1"] in [r[:6] for r in rows]
    assert ["young_too_good", "REFUTED", "0/1", "0/1"] in [r[:4] for r in rows]
    assert ["misfit_falls", "UNDECIDED", "0/1", "0/1"] in [r[:4] for r in rows]
    assert "1 of 3 statements stand" in shown


def test_an_open_step_is_named_with_the_command_that_explains_it():
    shown = printed(undecided(), labels={"misfit_falls": "open_lemma.py:misfit_falls"})
    assert "step falls (polynomial) UNDECIDED" in shown
    assert "kurdyka explain open_lemma.py:misfit_falls.falls" in shown


def test_a_counterexample_is_shown_with_both_sides():
    shown = printed(refuted())
    assert "at a = 1, b = 1, λ = 1" in shown
    assert "left minus right in [0.1666, 0.1667]" in shown


def test_a_surviving_mutant_and_a_failing_witness_are_shown():
    assert "mutant factor 1 - c survives" in printed(proved(killed=False))
    assert "witness one step: decrease REFUTED" in printed(proved(holds=False))
    assert "survives" not in printed(proved())


def test_a_lower_bound_on_sharpness_is_rounded_down():
    assert "≥ 0.9998 (limit)" in printed(proved())


def test_square_brackets_are_text_and_not_markup():
    from dataclasses import replace

    report = replace(undecided(), reasons={"falls": "on the box [bold]0, 1[/bold]"})
    assert "[bold]0, 1[/bold]" in printed(report)
