"""Formulas that are too wide for a line, and how wide they are thought to be."""

import re

import pytest
from latex_compiling import compiled
from latex_reading import formula_problems

from theory.typesetting.lines import block, lines
from theory.typesetting.width import Ruler

RULER = Ruler()
SUM = r"\sum_{i=1}^{k} \|V_{i}\|^{2}"

BROKEN = {
    # before relations, signs of a sum, factors, in this order; outside first
    ("a + b = c + d", 4): ["a + b", "= c + d"],
    ("a + b + c + d + e", 6): ["a + b + c + d", "+ e"],
    ("a (b + c) = d", 4): ["a (b + c)", "= d"],
    ("f(a + b, c)", 4.5): ["f(a + b,", "c)"],
    (r"x \text{ and } y", 3): ["x", r"\text{ and } y"],
    # what is large keeps its delimiters, of one size, on both lines
    (r"\left(\frac{a}{b} + c + d\right)", 4): [r"\Bigl(\frac{a}{b} + c", r"+ d\Bigr)"],
}  # fmt: skip


@pytest.mark.parametrize(("formula", "width"), BROKEN)
def test_where_lines_end(formula, width):
    assert lines(formula, RULER, width, width) == BROKEN[formula, width]


def test_what_fits_is_left_alone():
    assert lines(SUM, RULER, 20, 20) == [SUM]


@pytest.mark.parametrize(
    "formula",
    [
        rf"\left\|{SUM} + {SUM}\right\|^{{2}} = {SUM} + {SUM}",
        r"\frac{a + b + c + d + e + f + g + h}{\sqrt{k}} \leq 1",
        r"\sqrt{a + b + c + d + e + f + g + h + p + q}",
        r"\frac{a + b + c + d + e + f}{a + b + c + d + e + f}",
        r"\mathbb{E}\left[\left(a b c d\right)^{2} \left(p + q\right) - \frac{a}{b}\right]",
        r"\frac{d}{dx} (a + b + c + d) = \|a + b\| (c + d) \left(\frac{e}{f}\right)^{2}",
    ],
)
@pytest.mark.parametrize("width", [8, 12, 20])
def test_every_line_fits_and_is_sound(formula, width):
    found = lines(formula, RULER, width, width)
    assert all(RULER.width(line) <= width for line in found), found
    assert formula_problems(block(found)) == []


def test_nothing_is_lost():
    formula = rf"a + b = {SUM} - (c + d) \left(\frac{{e}}{{f}} + g\right)"
    bare = re.compile(r"\\left|\\right|\\[bB]igg?[lr]|\\cdot|\s")
    for width in (3, 5, 8, 13):
        assert bare.sub("", "".join(lines(formula, RULER, width, width))) == bare.sub("", formula)


@pytest.mark.parametrize("acting", [r"\sum_{i=1}^{k}", r"\frac{d}{dt}", r"A^{\top}", r"\log"])
def test_no_line_ends_after_what_acts_on_the_next(acting):
    found = lines(rf"b (a + c) {acting} (x + y)", RULER, 7, 7)
    assert not any(line.strip().endswith(acting) for line in found[:-1]), found


MEASURED = [
    "a + b = c", r"\frac{\Lambda w_{0}}{\sigma_{A} \sigma_{0}^{2}}", SUM, r"\sqrt{1 - 2 q}",
    r"\|\theta(t) - \theta_{0}\| \leq \frac{2 w_{0}}{\sigma_{A} \sigma_{0}}",
    r"\mathbb{E}\left[\left(\sum_{i=1}^{j} c_{i}(a) v_{i}\right)^{4}\right] = 3 \|a\|^{4}",
    r"\begin{cases} \sqrt{2 x} & \text{if } x \leq \frac{\delta^{2}}{2} \\ \frac{\delta}{2} + "
    r"\frac{x}{\delta} & \text{otherwise} \end{cases}",
    r"J(\theta(t))^{\top} A^{\top} \nabla L(y(t))", r"\langle v, z \rangle \geq \min(a, b)",
    r"w_{0} \mathrm{e}^{-\sigma_{A}^{2} \sigma_{0}^{2} t/4}", r"\log\left(1 + \frac{a}{b}\right)",
    r"v \in \operatorname{ran} A", r"\mathbb{P}(X \leq p \text{ or } Y \leq p)",
]  # fmt: skip


def test_the_estimate_of_a_width_against_tex(tmp_path):
    """At most 12% below what TeX measures, which the margin of a line allows for."""
    head = r"\documentclass{article}\usepackage{amsmath,amssymb}\newlength{\W}\begin{document}"
    measure = r"\settowidth{\W}{$\displaystyle %s$}\typeout{WIDTH \the\W}"
    body = "\n".join(measure % formula for formula in MEASURED)
    file = tmp_path / "widths.tex"
    file.write_text(f"{head}\n{body}\nx\\end{{document}}\n")
    found = re.findall(r"WIDTH ([\d.]+)pt", compiled(file, tmp_path))
    assert len(found) == len(MEASURED)
    for formula, width in zip(MEASURED, found, strict=True):
        ratio = RULER.width(formula) / (float(width) / 10)
        assert 0.88 < ratio < 1.35, (formula, ratio)


def test_macros_are_as_wide_as_what_they_stand_for():
    ruler = Ruler({r"\kuq": r"\frac{\Lambda w_{0}}{\sigma_{A}}"})
    assert ruler.width(r"\kuq + 1") == RULER.width(r"\frac{\Lambda w_{0}}{\sigma_{A}} + 1")
