"""Expectations and laws where the sample point has independent coordinates, normal or signs.

Everything is read after functions are explicit in these coordinates. Expectations are those of
polynomials and of exponentials of affine functions; variables are independent where they are
functions of different coordinates. What is beyond that has no reading, and is not decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from sympy import (
    Add,
    And,
    Eq,
    Expr,
    Function,
    Integer,
    Mul,
    Piecewise,
    Poly,
    PolynomialError,
    Pow,
    Rational,
    Symbol,
    Tuple,
    cosh,
    exp,
    expand,
    factorial2,
    true,
)
from sympy.logic.boolalg import Boolean

from proofs_check.engines.sequences import expand_series
from proofs_check.interpretations.normal_law import NoReading
from theory.formulas import rebuild, substitute
from theory.instances import NORMAL
from theory.probability import (
    OMEGA,
    Expect,
    GaussianVector,
    Independent,
    IndependentOf,
    IndependentPairs,
    InSpace,
    Integrable,
)

HALF = Rational(1, 2)
MOST_SIGNS = 6
Entries = Callable[[Any], tuple[Expr, ...]]


@dataclass(frozen=True)
class ProductLaw:
    """The law of a sample point with independent coordinates.

    Parameters
    ----------
    laws : sequence of {"normal", "sign"}
        The law of each coordinate.
    entries : callable
        Returns all entries of a term, be it a number, a vector or an operator.
    """

    laws: Sequence[str]
    entries: Entries

    @cached_property
    def coordinates(self) -> dict[Symbol, str]:
        """The names of the coordinates, with their laws."""
        return {Symbol(f"omega'_{i + 1}"): law for i, law in enumerate(self.laws)}

    @property
    def point(self) -> Tuple:
        """The sample point."""
        return Tuple(*self.coordinates)

    def explicit(
        self, variables: tuple[Symbol, ...], given: Boolean, body: Boolean
    ) -> tuple[tuple[Symbol, ...], Boolean, Boolean]:
        """Return a quantified formula with expectations evaluated and declared laws decided.

        Raises
        ------
        NoReading
            If it speaks of what is not known here.
        """
        given, body = self._explicit(given), self._explicit(body)
        if OMEGA not in variables:
            return variables, given, body
        rest = tuple(v for v in variables if v != OMEGA)
        given, body = (substitute(part, {OMEGA: self.point}) for part in (given, body))
        signs = (Eq(s**2, 1) for s, law in self.coordinates.items() if law != NORMAL)
        return (*rest, *self.coordinates), And(given, *signs), body

    def _explicit(self, term: Any) -> Any:
        rule = _RULES.get(type(term))
        if rule is not None:
            return rule(self, *term.args)
        return rebuild(term, [self._explicit(arg) for arg in term.args]) if term.args else term

    def _at_point(self, function: Any) -> Any:
        """Return a random variable as a function of the coordinates."""
        return expand_series(substitute(function.expr, {function.variables[0]: self.point}))

    def _members(self, family: Any, count: Any) -> list[Any]:
        if not isinstance(count, Integer):
            raise NoReading(f"a family of {count} variables")
        index, member = family.variables[0], family.expr
        return [
            self._at_point(substitute(member, {index: Integer(i + 1)})) for i in range(int(count))
        ]

    def _apart(self, variables: Sequence[Any]) -> Boolean:
        """Return that variables are independent, where no two depend on a common coordinate.

        Raises
        ------
        NoReading
            If two do: they may be independent or not.
        """
        met: set[Symbol] = set()
        for variable in variables:
            own = set().union(*(e.free_symbols for e in self.entries(variable)))
            own &= set(self.coordinates)
            if own & met:
                raise NoReading(f"{variable} depends on the coordinates of another variable")
            met |= own
        return true

    def _independent(self, members: Any, count: Any) -> Boolean:
        return self._apart(self._members(members, count))

    def _independent_pairs(self, first: Any, second: Any, count: Any) -> Boolean:
        return self._apart([*self._members(first, count), *self._members(second, count)])

    def _independent_of(self, first: Any, second: Any) -> Boolean:
        return self._apart([self._at_point(first), self._at_point(second)])

    def _gaussian(self, variable: Any) -> Boolean:
        entries = self.entries(self._at_point(variable))
        normal = [e for e in entries if self.coordinates.get(e) == NORMAL]
        if len({*normal}) != len(entries):
            raise NoReading(f"{variable} is not made of different normal coordinates")
        return true

    def _in_space(self, member: Any, dimension: Any) -> Boolean:
        if member.has(OMEGA):
            member = substitute(member, {OMEGA: self.point})
        return Eq(len(self.entries(member)), dimension)

    def _integrable(self, variable: Any) -> Boolean:
        (value,) = self.entries(self._at_point(variable))
        # A root is at most half of 1 and the radicand; what has a mean here has a finite one.
        self._expected(value.base if isinstance(value, Pow) and value.exp == HALF else value)
        return true

    def _expectation(self, variable: Any) -> Expr:
        (value,) = self.entries(self._at_point(variable))
        return self._expected(value)

    def _expected(self, value: Expr) -> Expr:
        return Add(*(self._mean(term) for term in Add.make_args(expand(value, power_exp=False))))

    def _mean(self, term: Expr) -> Expr:
        """Return the mean of a product of a polynomial, or of an exponential."""
        factor, rest = term.as_independent(*self.coordinates, as_Add=False)
        if isinstance(rest, exp):
            return factor * self._mean_of_exponential(rest.args[0])
        if rest.has(Piecewise, Function):
            return self._over_signs(term)
        try:
            polynomial = Poly(rest, *self.coordinates)
        except PolynomialError:
            return self._over_signs(term)
        return factor * Add(*(c * self._moment(powers) for powers, c in polynomial.terms()))

    def _over_signs(self, term: Expr) -> Expr:
        """Return the mean of what depends on a few signs only."""
        used = [s for s in self.coordinates if s in term.free_symbols]
        if len(used) > MOST_SIGNS or any(self.coordinates[s] == NORMAL for s in used):
            raise NoReading(f"the mean of {term} has no explicit form")
        chances = product((Integer(1), Integer(-1)), repeat=len(used))
        values = (substitute(term, dict(zip(used, signs, strict=True))) for signs in chances)
        return Add(*values) / 2 ** len(used)

    def _mean_of_exponential(self, exponent: Expr) -> Expr:
        try:
            polynomial = Poly(exponent, *self.coordinates)
        except PolynomialError:
            raise NoReading(f"the mean of exp({exponent}) has no explicit form") from None
        if polynomial.total_degree() > 1:
            raise NoReading(f"the mean of exp({exponent}) has no explicit form")
        means = [exp(polynomial.coeff_monomial(1))]
        for coordinate, law in self.coordinates.items():
            slope = polynomial.coeff_monomial(coordinate)
            means.append(exp(slope**2 / 2) if law == NORMAL else cosh(slope))
        return Mul(*means)

    def _moment(self, powers: Sequence[int]) -> Integer:
        laws = self.coordinates.values()
        return Mul(*(_moment(law, power) for law, power in zip(laws, powers, strict=True)))


def _moment(law: str, power: int) -> Integer:
    """Return E of a power: (p − 1)!! for a normal number and 1 for a sign, where p is even."""
    if power % 2:
        return Integer(0)
    return factorial2(power - 1) if law == NORMAL else Integer(1)


_RULES: Mapping[type, Callable[..., Any]] = {
    Expect: ProductLaw._expectation,
    Integrable: ProductLaw._integrable,
    Independent: ProductLaw._independent,
    IndependentPairs: ProductLaw._independent_pairs,
    IndependentOf: ProductLaw._independent_of,
    GaussianVector: ProductLaw._gaussian,
    InSpace: ProductLaw._in_space,
}
