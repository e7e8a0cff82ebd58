"""The part of the walk that writes functions, derivatives, random variables and formulas."""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Lambda, Max, Min, Symbol, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from theory.chains import conjunction
from theory.formulas import ForAll, free_symbols, substitute
from theory.terms import Predicate
from theory.typesetting.layout import SAMPLE, TermLayout, opened, plain_function, value_of
from theory.typesetting.term_order import in_fraction


class Layout(TermLayout):
    """Writes terms and formulas; what differs between styles is left to them."""

    def text(self, term: Any) -> str:
        """Return a term, formula, function or Lambda in this style."""
        if isinstance(term, ForAll):
            return self.words["colon"].join((self.quantifier(term), self.text(term.body)))
        return super().text(term)

    # Functions, derivatives, random variables.

    def _Lambda(self, term: Lambda) -> str:
        function = plain_function(term)
        if function is not None:
            return self.name(str(function))
        variable, body = opened(term)
        return f"{self.text(variable)} {self.signs['↦']} {self.text(body)}"

    def _Deriv(self, term: Any) -> str:
        function, point = term.args
        if not isinstance(function, Lambda):
            return self.call(self.text(function) + "'", [point])
        if isinstance(point, Symbol) and point not in free_symbols(function):
            body = substitute(function.expr, {function.variables[0]: point})
            return self.differential(self.text(point), self.factor(body))
        variable, body = opened(function)
        place = f"{self.text(variable)} = {self.text(point)}"
        return self.evaluated(self.differential(self.text(variable), self.factor(body)), place)

    def _Prob(self, term: Any) -> str:
        event = self._event(value_of(term.args[0]))
        return self.words["probability"] + self.delimited("(", event, ")")

    def _event(self, margin: Expr) -> str:
        """Write margin ≥ 0 as a comparison, the random side first."""
        if isinstance(margin, (Min, Max)):
            join = self.words["and" if isinstance(margin, Min) else "or"]
            return join.join(self._event(part) for part in margin.args)
        parts = Add.make_args(margin)
        greater = Add(*(p for p in parts if not in_fraction(p)[0]))
        less = greater - margin
        if less.has(SAMPLE) and not greater.has(SAMPLE):
            return f"{self.text(less)} {self.signs['<=']} {self.text(greater)}"
        return f"{self.text(greater)} {self.signs['>=']} {self.text(less)}"

    # Relations, connectives and named properties.

    def quantifier(self, formula: ForAll) -> str:
        """Write the "for all" of a formula with its domain."""
        names = ", ".join(self.text(v) for v in formula.variables)
        sign = self.signs["∀"]
        if formula.given is true:
            return f"{sign} {names}"
        domain = self.text(formula.given)
        if len(formula.variables) == 1 and _is_range(formula.given, formula.variables[0]):
            return f"{sign} {domain}"
        return f"{sign} {names}{self.words['with']}{domain}"

    def _Relational(self, term: Relational) -> str:
        return f"{self.text(term.lhs)} {self.signs[term.rel_op]} {self.text(term.rhs)}"

    def _And(self, term: Any) -> str:
        return self.words["and"].join(self._chain(c) for c in conjunction(term.args))

    def _chain(self, parts: list[Any]) -> str:
        if len(parts) == 1:
            return self._operand(parts[0])
        return " ".join(self.signs[p] if isinstance(p, str) else self.text(p) for p in parts)

    def _Or(self, term: Any) -> str:
        return self.words["or"].join(self._operand(a) for a in term.args)

    def _Not(self, term: Any) -> str:
        return self.words["not"] + self._operand(term.args[0])

    def _Implies(self, term: Any) -> str:
        return f" {self.signs['⇒']} ".join(self._operand(a) for a in term.args)

    def _operand(self, formula: Boolean) -> str:
        text = self.text(formula)
        closed = isinstance(formula, (Relational, Predicate)) or formula.is_Atom
        return text if closed else self.delimited("(", text, ")")

    def _BooleanTrue(self, term: Any) -> str:
        return self.words["always"]

    def _BooleanFalse(self, term: Any) -> str:
        return self.words["never"]

    def _Continuous(self, term: Any) -> str:
        function, low, high = (self.text(a) for a in term.args)
        closing = ")" if term.args[2].is_infinite else "]"
        return f"{function}{self.words['continuous']}[{low}, {high}{closing}"

    def _ConvergesTo(self, term: Any) -> str:
        _, body = opened(term.args[0], type(term.args[0].variables[0])("t"))
        return (
            f"{self.text(body)} {self.signs['→']} {self.text(term.args[1])}"
            f"{self.words['as']}{self.name('t')} {self.signs['→']} {self.signs['∞']}"
        )


def _is_range(domain: Boolean, variable: Symbol) -> bool:
    if not isinstance(domain, Relational) or domain.lhs != variable:
        return False
    return variable not in domain.rhs.free_symbols
