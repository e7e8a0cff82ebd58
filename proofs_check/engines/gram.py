"""Vector statements of any dimension, as real arithmetic on inner products.

Vectors are expanded over atoms (vector symbols, values of vector functions, operators applied to
them). Inner products of atoms become real unknowns that form a positive semidefinite matrix, which
is all that is true of the inner products of arbitrary vectors; ⟨Mx, z⟩ and ⟨x, Mᵀz⟩ are one
unknown. The rest is the polynomial engine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, islice
from typing import Any

import sympy
from sympy import And, Basic, Eq, Expr, Ge, Implies, Lambda, Le, Matrix, Ne, Pow, Rational, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from proofs_check.engines.polynomial import Question, question, settle
from proofs_check.engines.vector_terms import (
    Key,
    LinearForm,
    apply_word,
    difference,
    inner_key,
    linear_form,
    peel,
    realize,
)
from proofs_check.engines.z3_search import Clock
from proofs_check.verdict import Goal, Outcome, Verdict, undecided
from theory.formulas import rebuild
from theory.terms import Deriv, Inner, Norm, Predicate, Sort, VectorSymbol, sort_of

KIND = "gram"

_LARGEST_MINOR = 4
_MOST_MINORS = 40
_SHARES = (0.25, 0.35, 0.6, 1.0)


def decide(goal: Goal, seconds: float = 10.0) -> Outcome:
    """Decide a claim about norms and inner products of vectors of any dimension.

    Parameters
    ----------
    goal : Goal
        Claim and premises; real arithmetic over ‖·‖, ⟨·,·⟩ and real terms, and equations between
        vectors.
    seconds : float
        Time after which the answer is UNDECIDED.

    Returns
    -------
    Outcome
        PROVED with the premises needed, REFUTED with a positive semidefinite matrix of inner
        products, or UNDECIDED.
    """
    clock = Clock(seconds)
    try:
        reduction = Reduction(question(goal))
    except TypeError as error:
        return undecided(str(error))
    outcome = undecided("no time was left")
    shares = _SHARES[-min(max(len(reduction.atoms), 2), len(_SHARES)) :]
    for facts, share in zip(reduction.levels(), shares, strict=True):
        outcome = settle(reduction.with_facts(facts), clock.part(share).left)
        if outcome.verdict is not Verdict.UNDECIDED or outcome.reason.startswith("contradictory"):
            return outcome
    return outcome


class Reduction:
    """A question about vectors, rewritten as one about the reals that are their inner products.

    Parameters
    ----------
    asked : Question
        Premises, claim and duties with vector terms.

    Raises
    ------
    TypeError
        If a vector term is malformed.
    """

    def __init__(self, asked: Question) -> None:
        self._asked = asked
        duties = [condition for _, condition in asked.duties]
        formulas = [*asked.premises.values(), asked.claim, *duties]
        self._taken = {s.name for f in formulas for s in f.atoms(Symbol)}
        self._opaque = any(f.atoms(AppliedUndef, Predicate) for f in formulas)
        self._unknowns: dict[Key, Symbol] = {}
        self._norms: list[tuple[LinearForm, Symbol]] = []
        self._forms: list[LinearForm] = []
        self.atoms: list[Expr] = []
        for formula in formulas:
            self._collect(formula)
        self._lengths = {a: self._fresh(f"norm({a})") for a in self.atoms}
        self._squares = {inner_key(a, a): r**2 for a, r in self._lengths.items()}
        self._claim = self._formula(asked.claim, everywhere=False)
        self._duties = tuple((n, self._formula(f, everywhere=False)) for n, f in asked.duties)
        self._premises = {n: self._formula(f, everywhere=True) for n, f in asked.premises.items()}
        self._mentioned = set(self._unknowns)

    def with_facts(self, facts: Iterable[Boolean]) -> Question:
        """Return the rewritten question with background facts about inner products."""
        norms = [And(Ge(r, 0), Eq(r**2, self._inner(f, f))) for f, r in self._norms]
        norms += [Ge(r, 0) for r in self._lengths.values()]
        return replace(
            self._asked,
            premises=self._premises,
            claim=self._claim,
            duties=self._duties,
            background=(*norms, *facts),
            admissible=self._admissible,
        )

    def levels(self) -> Iterator[list[Boolean]]:
        """Yield growing lists of facts: Cauchy–Schwarz, then ever larger principal minors."""
        pairs = list(combinations(self.atoms, 2))
        near = [p for p in pairs if inner_key(*p) in self._mentioned]
        facts = self._congruences() + [self._cauchy_schwarz(*p) for p in near]
        yield facts
        forms = [p for p in combinations(self._forms, 2) if max(map(len, p)) > 1]
        facts = facts + [self._cauchy_schwarz(*p) for p in pairs if p not in near]
        facts += [self._cauchy_schwarz_of_forms(*p) for p in forms]
        yield facts
        for size in range(3, _LARGEST_MINOR + 1):
            if len(self.atoms) >= size:
                chosen = islice(combinations(self.atoms, size), _MOST_MINORS)
                facts = facts + [self._minor(atoms) for atoms in chosen]
                yield facts

    # Rewriting

    def _collect(self, node: Basic) -> None:
        if isinstance(node, (Lambda, Predicate, sympy.Sum, sympy.Product, sympy.Integral)):
            return
        for form in _forms_of(node):
            for atom in form:
                if atom not in self.atoms:
                    self.atoms.append(atom)
            if form and form not in self._forms:
                self._forms.append(form)
        for arg in node.args:
            self._collect(arg)

    def _formula(self, node: Basic, everywhere: bool) -> Any:
        if isinstance(node, (Lambda, Predicate, sympy.Sum, sympy.Product, sympy.Integral)):
            return node
        if isinstance(node, Norm):
            return self._norm(self._real_form(linear_form(node.args[0])))
        if isinstance(node, Pow) and isinstance(node.base, Norm) and node.exp.is_even:
            form = self._real_form(linear_form(node.base.args[0]))
            return self._inner(form, form) ** (node.exp / 2)
        if isinstance(node, Inner):
            return self._inner(*(self._real_form(linear_form(arg)) for arg in node.args))
        if isinstance(node, (Eq, Ne)) and _orders_vectors(node):
            return self._equation(node, everywhere)
        if isinstance(node, Expr) and sort_of(node) is not Sort.REAL:
            return node
        return rebuild(node, [self._formula(arg, everywhere) for arg in node.args])

    def _real_form(self, form: LinearForm) -> LinearForm:
        return {atom: self._formula(c, everywhere=False) for atom, c in form.items()}

    def _equation(self, node: Any, everywhere: bool) -> Boolean:
        form = self._real_form(difference(*map(linear_form, node.args)))
        equal = Eq(self._inner(form, form), 0, evaluate=False)
        if everywhere:
            equal = And(equal, *self._consequences(form))
            if self._opaque:  # functions of vectors: keep the equation for congruence
                equal = And(equal, Eq(*node.args, evaluate=False))
        return sympy.Not(equal) if isinstance(node, Ne) else equal

    def _consequences(self, form: LinearForm) -> list[Boolean]:
        """Return ⟨Wf, a⟩ = 0 for atoms a and operator words W that reach only known atoms."""
        words = {peel(atom)[0] for atom in self.atoms}
        prefixes = {word[:n] for word in words for n in range(len(word) + 1)}
        found: list[Boolean] = []
        for word in sorted(prefixes, key=lambda w: (len(w), str(w))):
            moved = {apply_word(word, atom): c for atom, c in form.items()}
            if not word or any(atom in self.atoms for atom in moved):
                found += [Eq(self._inner(moved, {a: sympy.Integer(1)}), 0) for a in self.atoms]
        return [f for f in found if f is not sympy.true]

    # Inner products

    def _unknown(self, left: Expr, right: Expr) -> Expr:
        key = inner_key(left, right)
        if key in self._squares:
            return self._squares[key]
        if key not in self._unknowns:
            a, word, b = key
            self._unknowns[key] = self._fresh(f"<{a}, {apply_word(word, b)}>")
        return self._unknowns[key]

    def _fresh(self, name: str) -> Symbol:
        name = name.replace("|", "/").replace("!", "")
        while name in self._taken:
            name += "'"
        self._taken.add(name)
        return Symbol(name)

    def _inner(self, left: LinearForm, right: LinearForm) -> Expr:
        return sympy.Add(
            *(c * d * self._unknown(a, b) for a, c in left.items() for b, d in right.items())
        )

    def _norm(self, form: LinearForm) -> Expr:
        if not form:
            return sympy.Integer(0)
        if (known := self._known_length(form)) is not None:
            return known
        text = sympy.Add(*(c * Symbol(str(a)) for a, c in form.items()))
        self._norms.append((form, self._fresh(f"norm({text})")))
        return self._norms[-1][1]

    def _cauchy_schwarz(self, left: Expr, right: Expr) -> Boolean:
        product, bound = self._unknown(left, right), self._lengths[left] * self._lengths[right]
        return _within(product, bound)

    def _cauchy_schwarz_of_forms(self, left: LinearForm, right: LinearForm) -> Boolean:
        f, g = self._real_form(left), self._real_form(right)
        lengths = self._known_length(f), self._known_length(g)
        if None not in lengths:
            return _within(self._inner(f, g), sympy.Mul(*lengths))
        return Le(self._inner(f, g) ** 2, self._inner(f, f) * self._inner(g, g), evaluate=False)

    def _known_length(self, form: LinearForm) -> Expr | None:
        if len(form) == 1:
            ((atom, coefficient),) = form.items()
            return sympy.Abs(coefficient) * self._lengths[atom]
        opposite = {atom: -c for atom, c in form.items()}
        return next((r for f, r in self._norms if f in (form, opposite)), None)

    def _minor(self, atoms: Iterable[Expr]) -> Boolean:
        chosen = list(atoms)
        gram = Matrix([[self._unknown(a, b) for b in chosen] for a in chosen])
        return Ge(gram.det(method="berkowitz"), 0, evaluate=False)

    # Counterexamples

    def _admissible(self, values: Mapping[Symbol, Rational]) -> dict[str, str] | None:
        """Return vectors with these inner products, or None where there are none."""
        if not all(isinstance(atom, VectorSymbol) for atom in self.atoms):
            return None  # an operator or a function would have to exist too
        entries = [[self._unknown(a, b) for b in self.atoms] for a in self.atoms]
        symbols = {symbol for row in entries for entry in row for symbol in entry.free_symbols}
        known = {symbol: values.get(symbol, sympy.Integer(0)) for symbol in symbols}
        gram = [[entry.xreplace(known) for entry in row] for row in entries]
        vectors = realize(gram)
        if vectors is None:
            return None
        return {str(a): f"({', '.join(v)})" for a, v in zip(self.atoms, vectors, strict=True)}

    def _congruences(self) -> list[Boolean]:
        """Return that vector functions take equal values at equal arguments."""
        bases = list(dict.fromkeys(peel(atom)[1] for atom in self.atoms))
        found = []
        for left, right in combinations(bases, 2):
            if type(left) is not type(right) or not _comparable(left, right):
                continue
            sides = left.args, right.args
            same = And(*(Eq(a, b, evaluate=False) for a, b in zip(*sides, strict=True)))
            form = difference({left: sympy.Integer(1)}, {right: sympy.Integer(1)})
            found.append(Implies(same, And(*self._consequences(form)), evaluate=False))
        return found


def _within(value: Expr, bound: Expr) -> Boolean:
    return And(Le(value, bound, evaluate=False), Le(-bound, value, evaluate=False))


def _comparable(left: Basic, right: Basic) -> bool:
    if isinstance(left, Deriv) or not left.args:
        return False
    return all(sort_of(a) is sort_of(b) for a, b in zip(left.args, right.args, strict=True))


def _forms_of(node: Basic) -> list[LinearForm]:
    if isinstance(node, (Norm, Inner)):
        return [linear_form(arg) for arg in node.args]
    if isinstance(node, (Eq, Ne)) and _orders_vectors(node):
        left, right = map(linear_form, node.args)
        return [left, right, difference(left, right)]
    return []


def _orders_vectors(node: Basic) -> bool:
    return any(isinstance(a, Expr) and sort_of(a) is Sort.VECTOR for a in node.args)
