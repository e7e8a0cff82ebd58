r"""Names of LaTeX macros: one for each symbol and each bound, such as ``\kusigmaA``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from theory.names import latex_name
from theory.typesetting.width import Ruler

_PREFIX = "ku"
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass
class Macros:
    """The macros of a document, made as its formulas are written.

    Attributes
    ----------
    symbols : dict
        Symbol's name to macro, with the backslash.
    bounds : dict
        ``"statement.bound"`` to macro.
    bodies : dict
        Macro to what it stands for.
    """

    symbols: dict[str, str] = field(default_factory=dict)
    bounds: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)

    @cached_property
    def ruler(self) -> Ruler:
        """What measures formulas in these macros."""
        return Ruler(self.bodies)

    def symbol(self, name: str) -> str:
        """Return the macro of a symbol or function."""
        if name not in self.symbols:
            self.symbols[name] = self._new(_letters(name), latex_name(name))
        return self.symbols[name]

    def bound(self, label: str, body: str) -> str:
        """Return the macro of a bound, whose formula is ``body``."""
        if label not in self.bounds:
            self.bounds[label] = self._new("Bound" + _capital(_letters(label)), body)
        return self.bounds[label]

    def definitions(self) -> list[str]:
        r"""Return the ``\newcommand`` lines, each after those it uses."""
        return [rf"\newcommand{{{macro}}}{{{body}}}" for macro, body in self.bodies.items()]

    def _new(self, letters: str, body: str) -> str:
        macro = rf"\{_PREFIX}{letters}"
        while macro in self.bodies:  # two names that differ in what a macro cannot hold
            macro += "x"
        self.bodies[macro] = body
        return macro


def _letters(name: str) -> str:
    r"""Return a name in letters only: ``w_0`` is ``wZero``, ``psi'`` is ``psiPrime``."""
    first, *rest = name.replace("'", "_Prime").replace(".", "_").split("_")
    parts = [first, *map(_capital, rest)]
    return "".join(_DIGITS[int(c)] if c.isdigit() else c for c in "".join(parts) if c.isalnum())


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
