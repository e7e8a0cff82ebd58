"""Normal forms: an expression as a rational function of independent generators.

Generators are symbols, opaque terms, exponentials of monomials, logarithms and roots of factors.
Each rewriting is an identity of real numbers wherever the expression has a value; where it needs
a sign, the sign is proved from the premises first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from math import lcm
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.engines.algebra_generators import (
    Generators,
    cancelled,
    factored,
    numerator_of,
)
from proofs_check.engines.definedness import prove
from theory.terms import (
    Adjoint,
    Apply,
    Deriv,
    Inner,
    Norm,
    OperatorNorm,
    SigmaMin,
    Sort,
    sort_of,
)

_OPAQUE = (
    AppliedUndef, OperatorNorm, SigmaMin, Deriv,
    sp.atan, sp.asin, sp.acos, sp.erf, sp.LambertW, sp.sign,
)  # fmt: skip

_REWRITTEN: dict[Any, Callable[[Any], Any]] = {
    sp.sinh: lambda u: (sp.exp(u) - sp.exp(-u)) / 2,
    sp.cosh: lambda u: (sp.exp(u) + sp.exp(-u)) / 2,
    sp.tanh: lambda u: (sp.exp(2 * u) - 1) / (sp.exp(2 * u) + 1),
    sp.coth: lambda u: (sp.exp(2 * u) + 1) / (sp.exp(2 * u) - 1),
    sp.sech: lambda u: 2 / (sp.exp(u) + sp.exp(-u)),
    sp.csch: lambda u: 2 / (sp.exp(u) - sp.exp(-u)),
    sp.tan: lambda u: sp.sin(u) / sp.cos(u),
    sp.cot: lambda u: sp.cos(u) / sp.sin(u),
    sp.sec: lambda u: 1 / sp.cos(u),
    sp.csc: lambda u: 1 / sp.sin(u),
    sp.acosh: lambda u: sp.log(u + sp.sqrt(u**2 - 1)),
    sp.asinh: lambda u: sp.log(u + sp.sqrt(u**2 + 1)),
    sp.atanh: lambda u: sp.log((1 + u) / (1 - u)) / 2,
    sp.erfc: lambda u: 1 - sp.erf(u),
}


class NotAlgebraic(ValueError):
    """A term that has no normal form here."""


class NormalForm(Generators):
    """Converts expressions under fixed premises; generators are shared between conversions.

    Parameters
    ----------
    premises : mapping
        What signs may be proved from.
    deadline : float
        ``time.process_time()`` value after which no more signs are proved.

    Attributes
    ----------
    used : frozenset of str
        Premises from which a sign was proved.
    """

    def __init__(self, premises: Mapping[str, Boolean], deadline: float) -> None:
        super().__init__()
        self.used: frozenset[str] = frozenset()
        self._premises = premises
        self._deadline = deadline
        self._signs: dict[Any, int] = {}
        self._coarse = False  # whether an exponential was met that needs a finer unit
        self._degrees: dict[Any, int] = {}  # term: the degree of root that it is seen to need

    def numerator(self, expr: Any) -> sp.Expr:
        """Return a polynomial in the generators that vanishes only if the expression does.

        Raises
        ------
        NotAlgebraic
            If a term has no normal form.
        """
        converted = self.convert(expr)
        while self._stale():
            self._forget_generators()
            converted = self.convert(expr)
        result = self._reduced(numerator_of(converted))
        if result.atoms(sp.Float):
            raise NotAlgebraic(f"a float occurs in {result}")
        return result

    def _stale(self) -> bool:
        """Whether a root was refined after other generators had been built on the coarser one."""
        return self._coarse or any(
            set(self._finer) & power.free_symbols
            for _, power in self._powers.values()
            if isinstance(power, sp.Expr)
        )

    def _forget_generators(self) -> None:
        """Start again; the degrees that turned out to be needed are remembered."""
        self._coarse = False
        for known in (self._generators, self._terms, self._powers, self._exponents):
            known.clear()
        for known in (self._logarithms, self._finer, self._signs):
            known.clear()

    def convert(self, expr: Any) -> Any:
        """Return the expression as a rational function of generators."""
        if isinstance(expr, sp.Rational):
            return expr
        if isinstance(expr, sp.Symbol):
            return self._finer.get(expr, expr)
        if isinstance(expr, (sp.Add, sp.Mul)):
            return expr.func(*map(self.convert, expr.args))
        if expr is sp.E or isinstance(expr, sp.exp):
            return self._exponential(self.convert(expr.exp if expr is not sp.E else sp.S.One))
        if isinstance(expr, sp.Pow):
            return self._power(*expr.args)
        if isinstance(expr, sp.log):
            return self._logarithm(cancelled(self.convert(expr.args[0])))
        if type(expr) in _REWRITTEN:
            return self.convert(_REWRITTEN[type(expr)](expr.args[0]))
        return self._other(expr)

    def _other(self, expr: Any) -> Any:
        if isinstance(expr, sp.Abs):
            return self._absolute(cancelled(self.convert(expr.args[0])))
        if isinstance(expr, (sp.sin, sp.cos)):
            return self._circular(expr)
        if isinstance(expr, (sp.Max, sp.Min)):
            return self._extremum(expr)
        if expr is sp.pi or isinstance(expr, (sp.Integral, sp.Sum)):
            return self._generator(expr, expr)
        if isinstance(expr, (Norm, Inner, Apply, Adjoint)):
            return self._linear(expr)
        if isinstance(expr, _OPAQUE):
            return self._opaque(expr)
        raise NotAlgebraic(f"{expr} has no normal form in algebra")

    def _opaque(self, expr: Any) -> Any:
        args = [arg if isinstance(arg, sp.Lambda) else self._canonical(arg) for arg in expr.args]
        term = expr.func(*args)
        if type(term) is not type(expr):
            return self.convert(term)
        return self._generator(term, term)

    def _linear(self, expr: Any) -> Any:
        """Write Inner, Apply and Adjoint out on sums, and ‖v‖² as ⟨v,v⟩."""
        if isinstance(expr, Norm):
            norm = self._opaque(expr)
            if isinstance(norm, sp.Symbol) and norm not in self._powers:
                (argument,) = self._terms[norm].args
                self._powers[norm] = (2, self._linear(Inner(argument, argument)))
            return norm
        scalars_and_vectors = [self._combination(arg) for arg in expr.args]
        total = sp.S.Zero
        for choice in product(*scalars_and_vectors):
            term = expr.func(*(part for _, part in choice))
            total += sp.Mul(*(c for c, _ in choice)) * self._generator(term, term)
        return total

    def _combination(self, vector: Any) -> list[tuple[Any, Any]]:
        """Return a vector (or operator) as a list of coefficient and atom."""
        found = []
        for term in sp.Add.make_args(sp.expand(self._canonical(vector))):
            scalars = [f for f in sp.Mul.make_args(term) if sort_of(self._read(f)) is Sort.REAL]
            atoms = [f for f in sp.Mul.make_args(term) if f not in scalars]
            if len(atoms) != 1:
                raise NotAlgebraic(f"{self.readable(term)} is not a multiple of one vector")
            found.append((sp.Mul(*scalars), atoms[0]))
        return found

    def _read(self, factor: Any) -> Any:
        """Return what a factor of a vector stands for, which tells its sort."""
        return self._terms.get(factor, factor)

    def _canonical(self, expr: Any) -> Any:
        value = cancelled(self.convert(expr))
        top, bottom = sp.fraction(value)
        return cancelled(self._reduced(sp.expand(top)) / bottom)

    def _circular(self, expr: Any) -> Any:
        spread = sp.expand_trig(expr)
        if spread != expr:
            return self.convert(spread)
        angle = self._canonical(expr.args[0])
        cosine = self._generator(sp.cos(angle), sp.cos(angle))
        if isinstance(expr, sp.cos):
            return cosine
        sine = self._generator(sp.sin(angle), sp.sin(angle))
        self._powers.setdefault(sine, (2, 1 - cosine**2))
        return sine

    def _absolute(self, value: Any) -> Any:
        known = self.sign(value)
        return known * value if known else self._root(value**2, 2)

    def _extremum(self, expr: Any) -> Any:
        best, *rest = map(self.convert, expr.args)
        for other in rest:
            known = self.sign(best - other) * (1 if isinstance(expr, sp.Max) else -1)
            if not known:
                raise NotAlgebraic(f"not shown which argument of {expr} is attained")
            best = best if known > 0 else other
        return best

    def sign(self, value: Any) -> int:
        """Return 1 if the premises show value ≥ 0, −1 if they show value ≤ 0, and 0 otherwise."""
        if value not in self._signs:
            self._signs[value] = 1 if self._shown(value, sp.Ge) else 0
            if not self._signs[value]:
                self._signs[value] = -1 if self._shown(-value, sp.Ge) else 0
        return self._signs[value]

    def _shown(self, value: Any, relation: Any) -> bool:
        if value.is_Rational:
            return bool(relation(value, 0))
        if value in self._exponents:
            return True
        claim = relation(self.readable(value), 0, evaluate=False)
        outcome = prove(claim, self._premises, self._deadline)
        if outcome.proved:
            self.used |= outcome.needed
        return outcome.proved

    def _power(self, base: Any, exponent: Any) -> Any:
        if isinstance(exponent, sp.Integer):
            return self.convert(base) ** exponent
        if isinstance(exponent, sp.Rational):
            root = self._root(cancelled(self.convert(base)), int(exponent.q))
            return root ** int(exponent.p)
        logarithm = self._logarithm(cancelled(self.convert(base)))
        return self._exponential(self.convert(exponent) * logarithm)

    def _exponential(self, exponent: Any) -> Any:
        top, bottom = sp.fraction(cancelled(exponent))
        factors = [self._exponential_of(t, bottom) for t in sp.Add.make_args(sp.expand(top))]
        return sp.Mul(*factors)

    def _exponential_of(self, term: Any, bottom: Any) -> Any:
        coefficient, monomial = term.as_coeff_Mul()
        scale, rest = bottom.as_content_primitive()
        ratio = coefficient / scale
        if rest == 1 and monomial in self._logarithms:
            inner = self._logarithms[monomial]
            return self._root(inner, int(ratio.q)) ** int(ratio.p)
        if ratio == 0:
            return sp.S.One
        key = monomial / rest
        unit = self._unit(("exp", self.readable(key)), int(ratio.q))
        generator = self._generator(("exp", key), sp.exp(key / unit))
        if self._exponents.setdefault(generator, key / unit) != key / unit:
            self._coarse = True
        return generator ** int(ratio * unit)

    def _unit(self, term: Any, denominator: int) -> int:
        """Return the common denominator of all exponents of one kind seen so far."""
        self._degrees[term] = lcm(denominator, self._degrees.get(term, 1))
        return self._degrees[term]

    def _logarithm(self, value: Any) -> Any:
        total, rest = sp.S.Zero, sp.S.One
        for factor, k in factored(value):
            if factor in self._exponents:
                total += k * self._exponents[factor]
            elif factor in self._powers and self._shown(factor, sp.Gt):
                degree, power = self._powers[factor]
                total += sp.Rational(k, degree) * self._logarithm(power)
            elif self._shown(factor, sp.Gt):
                total += k * self._log_generator(factor)
            elif self._shown(-factor, sp.Gt):
                total, rest = total + k * self._log_generator(-factor), rest * sp.S.NegativeOne**k
            else:
                rest *= factor**k
        return total if rest == 1 else total + self._log_generator(cancelled(rest))

    def _log_generator(self, value: Any) -> Any:
        generator = self._generator(("log", value), sp.log(value))
        self._logarithms[generator] = value
        return generator

    def _root(self, value: Any, degree: int) -> Any:
        """Return value^(1/degree), the value being known to be non-negative wherever it counts."""
        if degree == 1:
            return value
        total, rest = sp.S.One, sp.S.One
        for factor, k in factored(value):
            known = self.sign(factor)
            if known:
                rest *= sp.Integer(known) ** k
                total *= self._root_power(known * factor, k, degree)
            else:
                rest *= factor**k
        return total if rest == 1 else total * self._root_power(cancelled(rest), 1, degree)

    def _root_power(self, value: Any, k: int, degree: int) -> Any:
        whole, part = divmod(k, degree)
        if part == 0:
            return value**whole
        if value in self._powers:
            inner, power = self._powers[value]
            return value**whole * self._root(power, inner * degree) ** part
        return value**whole * self._root_generator(value, degree) ** part

    def _root_generator(self, value: Any, degree: int) -> Any:
        key = ("root", value)
        term = self.readable(value)
        self._degrees[term] = lcm(degree, self._degrees.get(term, 1))
        if key not in self._generators:
            root = self._new_root(key, value, self._degrees[term])
            return root ** (self._degrees[term] // degree)
        present = self._generators[key]
        known = self._powers[present][0]
        if known % degree == 0:
            return present ** (known // degree)
        finer = lcm(known, degree)
        del self._generators[key]
        root = self._new_root((*key, finer), value, finer)
        self._generators[key] = root
        self._finer[present] = root ** (finer // known)
        return root ** (finer // degree)

    def _new_root(self, key: Any, value: Any, degree: int) -> sp.Symbol:
        root = self._generator(key, value ** sp.Rational(1, degree))
        self._powers[root] = (degree, value)
        return root
