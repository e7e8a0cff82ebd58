"""Formulas as readable Unicode text, such as ``∀ t ≥ 0: ‖θ(t) − θ₀‖ ≤ s(t)``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from sympy import (
    Basic,
    Expr,
    Integer,
    Lambda,
    Mul,
    Number,
    Pow,
    Rational,
    Symbol,
    fraction,
    true,
)
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from theory.chains import conjunction
from theory.formulas import ForAll, free_symbols, substitute
from theory.names import SUPERSCRIPTS, unicode_name
from theory.terms import Predicate

_RELATIONS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}
_BOUND = ("x", "z", "ξ", "η", "τ", "u", "v")


def readable(term: Any) -> str:
    """Return a term, formula, function or Lambda as readable Unicode text."""
    if isinstance(term, ForAll):
        return f"{quantifier(term)}: {readable(term.body)}"
    if isinstance(term, UndefinedFunction):
        return unicode_name(str(term))
    return str(_PRINTER.doprint(term))


def quantifier(formula: ForAll) -> str:
    """Return the "for all" of a formula with its domain."""
    names = ", ".join(readable(v) for v in formula.variables)
    if formula.given is true:
        return f"∀ {names}"
    domain = readable(formula.given)
    if len(formula.variables) == 1 and _is_range(formula.given, formula.variables[0]):
        return f"∀ {domain}"
    return f"∀ {names} with {domain}"


def _is_range(domain: Boolean, variable: Symbol) -> bool:
    if not isinstance(domain, Relational) or domain.lhs != variable:
        return False
    return variable not in domain.rhs.free_symbols


def opened(function: Lambda) -> tuple[Symbol, Basic]:
    """Return a Lambda's variable and body, with a variable that reads well and is not taken."""
    bound = function.variables[0]
    taken = {s.name for s in free_symbols(function)}
    name = next(n for n in _candidates() if n not in taken)
    variable = type(bound)(name)
    return variable, substitute(function.expr, {bound: variable})


def _candidates() -> Iterator[str]:
    yield from _BOUND
    yield from (f"x{i}" for i in count(1))


def plain_function(term: Basic) -> UndefinedFunction | None:
    """Return f where the term is x ↦ f(x)."""
    if isinstance(term, Lambda) and isinstance(term.expr, AppliedUndef):
        return term.expr.func if term.expr.args == term.variables else None
    return None


class UnicodePrinter(StrPrinter):
    """SymPy's text printer with the field's own signs."""

    printmethod = "_kurdyka_text"  # not "_sympystr", which predicates define for plain text

    def _print(self, expr: Any, **kwargs: Any) -> str:
        """Print a term; a user's function is never taken for SymPy's of the same name."""
        if isinstance(expr, AppliedUndef):
            return self._print_Function(expr)
        return str(super()._print(expr, **kwargs))

    def _print_Symbol(self, expr: Symbol) -> str:
        return unicode_name(expr.name)

    def _print_Function(self, expr: Any) -> str:
        arguments = ", ".join(self._print(arg) for arg in expr.args)
        return f"{unicode_name(expr.func.__name__)}({arguments})"

    def _print_Lambda(self, expr: Lambda) -> str:
        function = plain_function(expr)
        if function is not None:
            return unicode_name(str(function))
        variable, body = opened(expr)
        return f"{self._print(variable)} ↦ {self._print(body)}"

    # Numbers and arithmetic.

    def _print_Infinity(self, expr: Any) -> str:
        return "∞"

    def _print_NegativeInfinity(self, expr: Any) -> str:
        return "−∞"

    def _print_Pi(self, expr: Any) -> str:
        return "π"

    def _print_Exp1(self, expr: Any) -> str:
        return "e"

    def _print_Integer(self, expr: Integer) -> str:
        return str(expr.p).replace("-", "−")

    def _print_Rational(self, expr: Rational) -> str:
        return f"{expr.p}/{expr.q}".replace("-", "−")

    def _print_Add(self, expr: Expr, order: Any = None) -> str:
        texts = [str(self._print(t)) for t in self._as_ordered_terms(expr)]
        terms = sorted(texts, key=lambda text: text.startswith("−"))
        text = terms[0]
        for term in terms[1:]:
            text += f" − {term[1:]}" if term.startswith("−") else f" + {term}"
        return text

    def _print_Mul(self, expr: Expr) -> str:
        if expr.could_extract_minus_sign():
            return "−" + self._magnitude(-expr)
        return self._magnitude(expr)

    def _magnitude(self, expr: Expr) -> str:
        numerator, denominator = fraction(expr, exact=True)
        if denominator == 1:
            return self._product(Mul.make_args(numerator))
        above = self._product(Mul.make_args(numerator))
        below = self._product(Mul.make_args(denominator))
        single = isinstance(denominator, Number) or not isinstance(denominator, Mul)
        return f"{above}/{below if single else f'({below})'}"

    def _product(self, factors: Sequence[Expr]) -> str:
        ordered = sorted(factors, key=lambda f: (not isinstance(f, Number), f.is_Add))
        texts = [self._factor(f) for f in ordered]
        if len(ordered) > 1 and isinstance(ordered[0], Number) and not texts[1][0].isdigit():
            texts[:2] = ["".join(texts[:2])]
        return "·".join(texts)

    def _factor(self, factor: Expr) -> str:
        text = str(self._print(factor))
        tight = precedence(factor) >= PRECEDENCE["Mul"] and not text.startswith("−")
        return text if tight else f"({text})"

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        base, exponent = expr.args
        if exponent == Rational(1, 2):
            return "√" + self._atom(base)
        if exponent.could_extract_minus_sign():
            return "1/" + self._factor(Pow(base, -exponent))
        if isinstance(exponent, Integer):
            digits = "".join(SUPERSCRIPTS[c] for c in str(exponent))
            return self._atom(base) + digits
        return f"{self._atom(base)}^{self._atom(exponent)}"

    def _atom(self, expr: Expr) -> str:
        return str(self.parenthesize(expr, PRECEDENCE["Pow"], strict=False))

    def _print_Abs(self, expr: Any) -> str:
        return f"|{self._print(expr.args[0])}|"

    def _print_Min(self, expr: Any) -> str:
        return f"min({', '.join(self._print(a) for a in expr.args)})"

    def _print_Max(self, expr: Any) -> str:
        return f"max({', '.join(self._print(a) for a in expr.args)})"

    def _print_Piecewise(self, expr: Any) -> str:
        cases = [f"{self._print(v)} {self._case(condition)}" for v, condition in expr.args]
        return "{" + "; ".join(cases) + "}"

    def _case(self, condition: Boolean) -> str:
        return "otherwise" if condition is true else f"if {self._print(condition)}"

    def _print_Sum(self, expr: Any) -> str:
        return self._range_operator("Σ", expr)

    def _print_Product(self, expr: Any) -> str:
        return self._range_operator("Π", expr)

    def _range_operator(self, sign: str, expr: Any) -> str:
        ranges = [f"{self._print(i)}={self._print(a)}..{self._print(b)}" for i, a, b in expr.limits]
        return f"{sign}[{', '.join(ranges)}] {self._factor(expr.function)}"

    # Vectors and operators.

    def _print_Norm(self, expr: Any) -> str:
        return f"‖{self._print(expr.args[0])}‖"

    def _print_OperatorNorm(self, expr: Any) -> str:
        return f"‖{self._print(expr.args[0])}‖"

    def _print_Inner(self, expr: Any) -> str:
        return f"⟨{self._print(expr.args[0])}, {self._print(expr.args[1])}⟩"

    def _print_Apply(self, expr: Any) -> str:
        return f"{self._atom(expr.args[0])} {self._factor(expr.args[1])}"

    def _print_Adjoint(self, expr: Any) -> str:
        return f"{self._atom(expr.args[0])}ᵀ {self._factor(expr.args[1])}"

    def _print_SigmaMin(self, expr: Any) -> str:
        return f"σ_min({self._print(expr.args[0])})"

    def _print_Deriv(self, expr: Any) -> str:
        function, point = expr.args
        if not isinstance(function, Lambda):
            return f"{self._print(function)}'({self._print(point)})"
        if isinstance(point, Symbol) and point not in free_symbols(function):
            return self._differential(
                point, substitute(function.expr, {function.variables[0]: point})
            )
        variable, body = opened(function)
        place = f"{self._print(variable)} = {self._print(point)}"
        return f"[{self._differential(variable, body)} at {place}]"

    def _differential(self, variable: Symbol, body: Basic) -> str:
        return f"d/d{self._print(variable)} {self._factor(body)}"

    # Relations, connectives and named properties.

    def _print_Relational(self, expr: Relational) -> str:
        sign = _RELATIONS[expr.rel_op]
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"

    def _print_And(self, expr: And) -> str:
        return " and ".join(self._chain(c) for c in conjunction(expr.args))

    def _chain(self, parts: list[Any]) -> str:
        if len(parts) == 1:
            return self._operand(parts[0])
        return " ".join(p if isinstance(p, str) else self._print(p) for p in parts)

    def _print_Or(self, expr: Any) -> str:
        return " or ".join(self._operand(a) for a in expr.args)

    def _print_Not(self, expr: Any) -> str:
        return f"not {self._operand(expr.args[0])}"

    def _print_Implies(self, expr: Any) -> str:
        return f"{self._operand(expr.args[0])} ⇒ {self._operand(expr.args[1])}"

    def _operand(self, formula: Boolean) -> str:
        text = str(self._print(formula))
        closed = isinstance(formula, (Relational, Predicate)) or formula.is_Atom
        return text if closed else f"({text})"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "always"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return "never"

    def _print_Predicate(self, expr: Any) -> str:
        arguments = ", ".join(self._print(a) for a in expr.args)
        return f"{type(expr).__name__}({arguments})"

    def _print_InRange(self, expr: Any) -> str:
        return f"{self._print(expr.args[1])} ∈ ran {self._atom(expr.args[0])}"

    def _print_Continuous(self, expr: Any) -> str:
        function, low, high = (self._print(a) for a in expr.args)
        return f"{function} is continuous on [{low}, {high}{')' if high == '∞' else ']'}"

    def _print_Gradient(self, expr: Any) -> str:
        return f"{self._print(expr.args[0])} is C¹ with gradient {self._print(expr.args[1])}"

    def _print_Jacobian(self, expr: Any) -> str:
        return f"{self._print(expr.args[0])} is C¹ with Jacobian {self._print(expr.args[1])}"

    def _print_ConvergesTo(self, expr: Any) -> str:
        variable, body = opened(expr.args[0])
        renamed = substitute(body, {variable: Symbol("t")})
        return f"{self._print(renamed)} → {self._print(expr.args[1])} as t → ∞"


_PRINTER = UnicodePrinter()
