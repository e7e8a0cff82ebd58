r"""Fragments and whole documents: preamble, contents, sections, and the table of symbols.

A fragment defines its macros and the few commands that its text uses; it needs ``amsmath``,
``amssymb``, ``amsthm``, ``array`` and ``longtable``, and an environment ``theorem``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from theory.statement import Statement
from theory.typesetting.labels import breakable, code
from theory.typesetting.macros import Macros
from theory.typesetting.proof import KINDS
from theory.typesetting.statement import items
from theory.typesetting.words import prose

COMMANDS = r"""\newcommand{\kufree}{\hfil\penalty0\hfilneg}
\newcommand{\kulines}[1]{\ifhmode\kufree\fi
  \makebox[\linewidth][l]{$\begin{aligned}[t]#1\end{aligned}$}\kufree}
\newsavebox{\kubox}
\newcommand{\kuby}[1]{\unskip\nobreak\sbox{\kubox}{\footnotesize #1}%
  \ifdim\wd\kubox<0.95\linewidth{\hfill\penalty0\hskip1.5em\hbox{}\nobreak\hfill\usebox{\kubox}%
  \parfillskip=0pt\finalhyphendemerits=0\par}\else\par\nobreak{\footnotesize #1\par}\fi}
\newcommand{\kuragged}{\rightskip=0pt plus 0.4\linewidth\hyphenpenalty=5000
  \lineskip=3pt\lineskiplimit=2pt}
\newcounter{kustep}
\newenvironment{kulist}{\csname @beginparpenalty\endcsname=10000 \begin{list}{}{%
  \setlength{\leftmargin}{1.5em}\setlength{\itemindent}{0pt}%
  \setlength{\labelwidth}{0pt}\setlength{\labelsep}{0pt}\setlength{\itemsep}{1pt plus 1pt}%
  \setlength{\parsep}{0pt}\setlength{\topsep}{2pt}}\kuragged}{\end{list}}
\newenvironment{kusteps}{\begin{list}{(\arabic{kustep})}{\usecounter{kustep}%
  \setlength{\leftmargin}{2.6em}\setlength{\labelwidth}{2.1em}\setlength{\labelsep}{0.5em}%
  \setlength{\itemsep}{2pt plus 2pt}\setlength{\parsep}{0pt}\setlength{\topsep}{2pt}}\kuragged}%
  {\end{list}}
"""
PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm,array,longtable}
\theoremstyle{definition}
\newtheorem{theorem}{Theorem}
\allowdisplaybreaks
\sloppy
"""
RAGGED = r">{\raggedright\arraybackslash}"
"""Before a column of a table: its text is not stretched."""
NEEDS = "% needs amsmath, amssymb, amsthm, array, longtable and an environment theorem\n"
SECTIONS = {
    "1": "Setting",
    "2": "Kurdyka–Łojasiewicz losses",
    "3": "Convergence of the flow",
    "3b": "Hidden convexity",
    "4": "Early stopping and recovery",
    "5": "Restricted injectivity",
    "6": "Two-layer networks",
    "7": "Random initialisation",
    "8": "Overparametrization",
    "9": "Gradient descent",
    "10": "Trajectories with error bars",
}
"""The sections of THEORY, in their order."""


def place(statement: Statement) -> int:
    """Return where a statement stands in the order of the theory; those of a user come last."""
    return _PLACES.get(statement.source.section, len(_PLACES))


_PLACES = {section: place for place, section in enumerate(SECTIONS)}


def heading(section: str) -> str:
    """Return the heading of a section."""
    return rf"\section*{{{prose(SECTIONS.get(section, 'Statements'))}}}"


def contents(statements: Sequence[Statement]) -> str:
    """Return how to read the document, and what stands in it."""
    rows = []
    numbered = list(enumerate(statements, 1))
    for section, group in groupby(numbered, key=lambda pair: pair[1].source.section):
        rows.append(rf"\multicolumn{{3}}{{l}}{{\textbf{{{prose(SECTIONS.get(section, ''))}}}}} \\")
        rows += [rf"{n} & {breakable(s.id)} & {prose(s.title)} \\" for n, s in group]
    columns = rf"rp{{0.36\linewidth}}{RAGGED}p{{0.54\linewidth}}"
    layout = rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
    title = r"\begin{center}\LARGE Statements, bounds and proofs\end{center}"
    return "\n".join([title, _READING, layout, *rows, r"\end{longtable}"])


_READING = "\n".join([
    r"\section*{How to read}",
    "A theorem is stated with its hypotheses by name. Its proof is the list of the steps that were"
    " given to be checked: a number, what is claimed, the step's name, what discharges it, and the"
    " premises that it may use, and no others: earlier steps by number, hypotheses by name, ranges"
    " of quantities, definitions. A name in parentheses before a claim, or in place of it, is that"
    " conclusion of the theorem. A step may be another theorem's conclusion; where many of its"
    " premises stand by the same names in both, they are counted as shared.",
    *items("", (
        rf"\emph{{{KINDS[kind]}}}: {meaning}" for kind, meaning in {
            "algebra": "an exact identity, by polynomial normal forms",
            "polynomial": "the negation of the claim has no solution in real numbers",
            "gram": "the same for vectors of any dimension, through their inner products",
            "ball": "an analytic inequality, by enclosures in ball arithmetic",
            "calculus": "derivatives, primitives and continuity, by the rules",
            "induction": "the first case, and the step from one to the next",
            "cited": "an instance of a textbook theorem, listed at the end",
        }.items()
    )),
])  # fmt: skip


def symbols(macros: Macros, statements: Iterable[Statement]) -> str:
    """Return the table of symbols with their macros and meanings, in alphabetical order."""
    meanings: dict[str, Counter[str]] = {}
    for made in statements:
        said = [(q.name, q.meaning) for q in made.quantities]
        for name, meaning in [*said, *((d.name, d.meaning) for d in made.definitions)]:
            meanings.setdefault(name, Counter())[meaning] += bool(meaning)
    rows = [
        rf"${macros.symbols[name]}$ & {code(macros.symbols[name])} & {_told(meanings[name])} \\"
        for name in sorted(meanings, key=_alphabetical)
        if name in macros.symbols
    ]
    columns = rf"p{{0.14\linewidth}}p{{0.24\linewidth}}{RAGGED}p{{0.54\linewidth}}"
    layout = rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
    return "\n".join([r"\section*{Symbols}", layout, *rows, r"\end{longtable}"])


_MOST = 3


def _told(meanings: Counter[str]) -> str:
    common = [prose(meaning) for meaning, _ in meanings.most_common(_MOST)]
    return "; ".join(common) + (r"; $\dots$" if len(meanings) > _MOST else "")


def _alphabetical(name: str) -> tuple[str, str]:
    return name.lower().replace("_", " "), name


def page(macros: Macros, parts: Sequence[str]) -> str:
    """Return a document that compiles as it stands."""
    body = "\n\n".join(parts)
    head = [PREAMBLE, COMMANDS, *macros.definitions()]
    return "\n".join([*head, r"\begin{document}", body, r"\end{document}", ""])


def fragment(macros: Macros, parts: Sequence[str]) -> str:
    """Return macros and environments to be put into a document of one's own."""
    return "\n".join([NEEDS, COMMANDS, *macros.definitions(), "", "\n\n".join(parts), ""])
