r"""Formulas that are wider than a line, broken where an author would break them.

A line ends before a relation, else before a sign of a sum, else between factors, outside of
parentheses first. Inside a fraction or a root there is no place to break: a fraction that is too
wide is written as 1/D (N), a root as a power.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from theory.typesetting.width import OPERATORS, RELATIONS, Ruler

INDENT = 2.0
_PIECE = re.compile(r"\\(?:left|right)\s*(?:\\[a-zA-Z]+|\\.|.)|\\text\{ (?:and|or) \}"
                    r"|\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL)  # fmt: skip
_OPEN = ("(", "[", r"\langle")
_CLOSE = (")", "]", r"\rangle")
_EVEN = (r"\|", "|")
_HIDING = {"{": 1, "}": -1, r"\begin": 1, r"\end": -1}
_FACTOR = re.compile(r"\\(?:left|frac|sum|prod|langle|mathbb|exp|log|sqrt|min|max|\|)|[(\[|]")
_WEIGHT = {"join": 0, "relation": 1, "comma": 2, "sum": 3, "product": 4, "factor": 5}
_NEAR = 40  # how many pieces before a break are looked at
_SIZED = {r"\sum": "bigg", r"\prod": "bigg", r"\frac": "Big", r"\begin": "bigg"}


@dataclass(frozen=True)
class _Break:
    """A place where a line may end: before this piece, inside so many delimiters."""

    place: int
    depth: int
    kind: str

    @property
    def cost(self) -> tuple[int, int]:
        return self.depth, _WEIGHT[self.kind]


def lines(formula: str, ruler: Ruler, first: float, rest: float) -> list[str]:
    """Return a formula in lines.

    Parameters
    ----------
    formula : str
        In LaTeX, for math mode.
    ruler : Ruler
        Measures it.
    first, rest : float
        How wide the first line and those after it may be, in em.
    """
    return [line.strip() for line in _lines(formula, ruler, first, rest) if line.strip()]


def _lines(formula: str, ruler: Ruler, first: float, rest: float) -> list[str]:
    """Return a formula in lines, of which the first is empty if nothing fits there."""
    if ruler.width(formula) <= first:
        return [formula]
    pieces = _PIECE.findall(formula)
    breaks = list(_breaks(pieces))
    if not breaks:
        simpler = _without_wide_group(formula, ruler)
        if simpler is None:
            return [formula] if first >= rest else ["", formula]
        return _lines(simpler, ruler, first, rest)
    cost = min(b.cost for b in breaks)
    chosen = [b for b in breaks if b.cost == cost]
    if cost[0]:
        pieces = _loosened(pieces, chosen)
    return _packed(_cut(pieces, chosen), ruler, first, rest)


def _packed(chunks: Sequence[str], ruler: Ruler, first: float, rest: float) -> list[str]:
    """Fill lines with chunks; a chunk that is too wide for a line is broken itself."""
    found = [""]
    for chunk in chunks:
        left = (first if len(found) == 1 else rest) - ruler.width(found[-1])
        width = ruler.width(f"{{}}{chunk}")  # a sign at its start is a sign between two terms
        if width <= left:
            found[-1] += chunk
        elif width <= rest:
            found.append(chunk)
        else:
            begins = left if left >= rest / 3 else 0.0
            head, *tail = _lines(chunk, ruler, begins, rest)
            found[-1] += f" {head}"
            found += tail
    return found


def _cut(pieces: Sequence[str], breaks: Sequence[_Break]) -> list[str]:
    places = [0, *(b.place for b in breaks), len(pieces)]
    parts = ["".join(pieces[a:b]) for a, b in pairwise(places)]
    kinds = ["", *(b.kind for b in breaks)]
    return [
        rf"\cdot {part}" if kind == "factor" else part
        for part, kind in zip(parts, kinds, strict=True)
    ]


def _breaks(pieces: Sequence[str]) -> Iterator[_Break]:
    """Yield the places outside of braces where a line may end."""
    hidden, fences, before = 0, list[str](), ""
    for place, piece in enumerate(pieces):
        if hidden == 0 and before:
            kind = _kind(piece, before, pieces[max(0, place - _NEAR) : place])
            if kind:
                yield _Break(place, len(fences), kind)
        hidden += _HIDING.get(piece, 0)
        if hidden == 0:
            _fence(piece, fences)
        if not piece.isspace():
            before = piece


def _fence(piece: str, fences: list[str]) -> None:
    """Keep account of the delimiters that are open."""
    if _is_left(piece) or piece in _OPEN:
        fences.append(piece)
    elif _is_right(piece) or piece in _CLOSE:
        del fences[-1:]
    elif piece in _EVEN and fences[-1:] == [piece]:
        fences.pop()
    elif piece in _EVEN:
        fences.append(piece)


def _is_left(piece: str) -> bool:
    return piece.startswith(r"\left") and not piece[5:6].isalpha()


def _is_right(piece: str) -> bool:
    return piece.startswith(r"\right") and not piece[6:7].isalpha()


def _kind(piece: str, before: str, sofar: Sequence[str]) -> str:
    if piece.startswith(r"\text{"):
        return "join"
    if piece in RELATIONS:
        return "relation"
    if _opens(before) or before in RELATIONS or before in OPERATORS or before in ("^", "_"):
        return ""
    spaced = sofar[-1].isspace()
    if piece in ("+", "-") and spaced:
        return "sum"
    if piece in OPERATORS:
        return "product"
    if before == "," and spaced:
        return "comma"
    return "factor" if spaced and _FACTOR.match(piece) and _ends_factor(sofar) else ""


def _opens(piece: str) -> bool:
    return piece in _OPEN or _is_left(piece)


def _ends_factor(sofar: Sequence[str]) -> bool:
    """Whether a factor ends here, and not a sign that acts on what comes next."""
    return not _ACTING.search("".join(sofar))


_ACTING = re.compile(
    r"(\\(sum|prod|inf)(_\{[^{}]*(\{[^{}]*\}[^{}]*)*\})?(\^\{[^{}]*\})?|\\frac\{d\}\{d[^{}]*\}"
    r"|\\top\}|\\(log|exp|min|max|operatorname\{\w+\})|,)\s*$"
)


def _loosened(pieces: Sequence[str], breaks: Sequence[_Break]) -> list[str]:
    """Give delimiters that will stand on different lines a size of their own."""
    made, hidden, opened = list(pieces), 0, list[int]()
    for place, piece in enumerate(pieces):
        hidden += _HIDING.get(piece, 0)
        if hidden:
            continue
        if _is_left(piece):
            opened.append(place)
        elif _is_right(piece) and opened:
            start = opened.pop()
            if any(start < b.place <= place for b in breaks):
                size = _size(pieces[start:place])
                made[start] = rf"\{size}l{pieces[start][5:].strip()}"
                made[place] = rf"\{size}r{piece[6:].strip()}"
    return made


def _size(inside: Sequence[str]) -> str:
    return next((size for sign, size in _SIZED.items() if sign in inside), "big")


def _without_wide_group(formula: str, ruler: Ruler) -> str | None:
    """Write the widest fraction or root of a formula so that it can be broken."""
    found = max(
        (g for g in (*_groups(formula, r"\frac", 2), *_groups(formula, r"\sqrt", 1))),
        key=lambda group: ruler.width(formula[group[0] : group[1]]),
        default=None,
    )
    if found is None:
        return None
    start, end, parts = found
    return formula[:start] + _opened(parts, ruler) + formula[end:]


def _opened(parts: Sequence[str], ruler: Ruler) -> str:
    if len(parts) == 1:
        return rf"\left({parts[0]}\right)^{{1/2}}"
    above, below = parts
    if 2 * ruler.width(below) < ruler.width(above):
        return rf"\frac{{1}}{{{below}}} \left({above}\right)"
    return rf"\left({above}\right) \cdot \left({below}\right)^{{-1}}"


def _groups(formula: str, command: str, count: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the outermost uses of a command: start, end and arguments."""
    depth, place = 0, 0
    while place < len(formula):
        if depth == 0 and re.match(re.escape(command) + r"(?![a-zA-Z])", formula[place:]):
            end, parts = place + len(command), list[str]()
            for _ in range(count):
                stop = _end_of_group(formula, end)
                parts.append(formula[end + 1 : stop - 1])
                end = stop
            yield place, end, parts
            place = end
            continue
        depth += {"{": 1, "}": -1}.get(formula[place], 0)
        place += 1


def _end_of_group(formula: str, start: int) -> int:
    depth = 0
    for place in range(start, len(formula)):
        depth += {"{": 1, "}": -1}.get(formula[place], 0)
        if depth == 0:
            return place + 1
    return len(formula)


def block(broken: Sequence[str]) -> str:
    """Return lines as one formula, the later ones indented."""
    first, *rest = broken
    body = "".join(rf" \\ & \qquad {{}}{line}" for line in rest)
    return rf"\begin{{aligned}}[t] & {first}{body} \end{{aligned}}"
