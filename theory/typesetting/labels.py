r"""How names are written in LaTeX: ``H_KL`` as (H_KL) with an index, ``from_zero`` as words."""

from __future__ import annotations

import re

from theory.names import GREEK, latex_name
from theory.typesetting.words import escaped

_INDEX = re.compile(r"[0-9]|[A-Z]{1,2}|[a-z]")
_LETTER = re.compile(r"[A-Za-z]'*")


def plain(name: str) -> str:
    """Return a name as words, without mathematics."""
    return escaped(name.replace("_", " "))


def words(name: str) -> str:
    """Return a name as words: ``residual_bound`` is "residual bound", ``mu_1`` is μ₁."""
    parts = name.split("_")
    if _is_letter(parts[0]) and all(_INDEX.fullmatch(part) for part in parts[1:]):
        return f"${latex_name(name)}$"
    return " ".join(f"${latex_name(p)}$" if p in GREEK else escaped(p) for p in parts)


def code(name: str) -> str:
    """Return a name as the command takes it."""
    return rf"\texttt{{{escaped(name)}}}"


def breakable(name: str) -> str:
    """Return a name as the command takes it, which may end a line at its underscores."""
    return code(name).replace(r"\_", r"\_\allowbreak ")


def label(name: str) -> str:
    """Return the label of a hypothesis or conclusion, in parentheses.

    A name that begins with capitals is one letter or abbreviation with an index.
    """
    first, *rest = name.split("_")
    if not first.isupper():
        return rf"\textup{{({words(name)})}}"
    index = rf"_{{{_index(rest)}}}" if rest else ""
    return rf"$(\mathrm{{{escaped(first)}}}{index})$"


def _index(parts: list[str]) -> str:
    """Return the index of a label: letters with indices of their own, and words."""
    written: list[str] = []
    for part in parts:
        before = parts[len(written) - 1] if written else ""
        if _INDEX.fullmatch(part) and _is_letter(before):
            written[-1] += rf"_{{{part}}}"
            written.append("")
        elif _is_letter(part):
            written.append(latex_name(part))
        else:
            written.append(rf"\mathrm{{{escaped(part)}}}")
    return r"\,".join(text for text in written if text)


def _is_letter(part: str) -> bool:
    return part.rstrip("'") in GREEK or bool(_LETTER.fullmatch(part))
