"""What the statements about a named separable loss share: ψ, Ψ and μ(r) in closed form.

Each loss gives its ρ, ρ' and G = (ρ')²∘ρ⁻¹ as terms and proves that G is what it should be and
that G(s)/s does not increase; the rest follows from kl_separable (THEORY section 2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Abs, And, Eq, Expr, Integer, Rational, Sum, sqrt, true
from sympy import Lambda as Map
from sympy.logic.boolalg import Boolean

from theory.formulas import ForAll, Formula, forall, substitute
from theory.instances import Instance
from theory.settings.flow import L, grad_L, v, x
from theory.statement import Bound, Hypothesis, Model, Mutant, Quantity, Source, Statement, Step, at
from theory.statements._separable import (
    OBJECTS,
    Box,
    centre,
    i,
    in_space,
    m,
    one_off,
    residual,
    z,
)
from theory.steps import Premise, ball, calculus, cite, lemma, polynomial
from theory.terms import Norm, derivative, function_of, real

r = real("r")
LEVEL = And(L(v) > 0, L(v) <= r)
ORDERED = And(x > 0, x <= z)
MORE = Rational(101, 100)
RATIO = "ratio"
AT_LEVEL = at("gain_positive", {x: L(v)})
BELOW_LEVEL = at(RATIO, {x: L(v), z: r})


Part = tuple[str, Boolean, Expr, Expr, tuple[str, ...]]


@dataclass(frozen=True)
class ClosedForm:
    """A separable loss with everything in closed form.

    Parameters
    ----------
    rho, slope : Expr
        ρ and ρ', for x ≥ 0.
    gain : callable
        G.
    psi, primitive : Expr
        ψ and Ψ, for x > 0.
    text : str
        ρ in words, for the hypothesis.
    parameters : tuple of Quantity
        What it depends on.
    parts : tuple of (str, Boolean, Expr, Expr, tuple of str)
        Where ψ and Ψ have several pieces: name, domain in x, both there, and the parameters that
        occur.
    """

    rho: Expr
    slope: Expr
    gain: Callable[[Expr], Expr]
    psi: Expr
    primitive: Expr
    text: str
    parameters: tuple[Quantity, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def mu(self) -> Expr:
        """μ(r) = G(r)/(2r)."""
        return self.gain(r) / (2 * r)

    def inequality(self, slope: Expr) -> ForAll:
        """Say that ψ'(L)‖∇L‖ ≥ 1 on the sublevel set, with ψ'(L) = 1/slope."""
        return forall(v, LEVEL, Norm(grad_L(v)) / slope >= 1)

    def modulus(self, constant: Expr) -> ForAll:
        """Say that ½‖∇L‖² ≥ μL on the sublevel set."""
        return forall(v, LEVEL, Norm(grad_L(v)) ** 2 / 2 >= constant * L(v))

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """L and ‖∇L‖² as sums."""
        terms, squares = (substitute(part, {x: residual(i)}) for part in (self.rho, self.slope**2))
        total, steepness = (Sum(part, (i, 1, m)) for part in (terms, squares))
        return (
            Hypothesis("H_separable", forall(v, true, Eq(L(v), total)),
                       f"L(v) = Σ ρ(|v_i − y_i|), ρ(s) = {self.text}"),
            Hypothesis("H_gradient", forall(v, true, Eq(Norm(grad_L(v)) ** 2, steepness)),
                       "the gradient has the coordinates ρ'(v_i − y_i)"),
        )  # fmt: skip

    @property
    def conclusions(self) -> dict[str, Formula]:
        """The inequality, μ(r), ψ' and Ψ'."""
        return {
            "inequality": self.inequality(sqrt(self.gain(L(v)))),
            "modulus": self.modulus(self.mu),
            **self.derivatives,
        }

    @property
    def derivatives(self) -> dict[str, Formula]:
        """ψ' = 1/√G and Ψ' = −1/G, piece by piece."""
        return {step.name: step.claim for step in self._calculus if step.claim is not None}

    @property
    def _calculus(self) -> tuple[Step, ...]:
        names = tuple(q.name for q in self.parameters)
        steps = []
        for part, domain, psi, primitive, uses in self.parts or (
            ("", x > 0, self.psi, self.primitive, names),
        ):
            root, square = 1 / sqrt(self.gain(x)), -1 / self.gain(x)
            for name, term, slope in (("psi", psi, root), ("primitive", primitive, square)):
                claim = forall(x, domain, Eq(derivative(term, x), slope))
                steps.append(calculus(name + part, claim, *uses))
        return tuple(steps)

    @property
    def falling(self) -> ForAll:
        """Say that G(s)/s does not increase."""
        return forall((x, z), ORDERED, self.gain(z) * x <= self.gain(x) * z)

    def falling_by_slope(self, slope: Expr) -> tuple[Step, ...]:
        """Return the steps to ``falling`` by the derivative of G(s)/s, which is given."""
        ratio = self.gain(x) / x
        return (
            calculus("ratio_slope", forall(x, x > 0, Eq(derivative(ratio, x), slope))),
            ball("ratio_falls", forall(x, x > 0, slope <= 0)),
            cite("compared", "nonincreasing", "ratio_slope", "ratio_falls",
                 over=(x, z), given=ORDERED,
                 F=function_of(x, ratio), f=function_of(x, slope), a=x, b=z),
            polynomial(RATIO, self.falling, "compared"),
        )  # fmt: skip

    def ending(
        self,
        applied: tuple[str, ...] = (),
        inequality: tuple[Premise, ...] = (AT_LEVEL,),
        modulus: tuple[Premise, ...] = (BELOW_LEVEL,),
    ) -> tuple[Step, ...]:
        """Return the steps that follow for every such loss.

        They start from the steps ``positive`` and ``squared_slope``. What applying kl_separable,
        the inequality and μ(r) need besides can be told.
        """
        return (
            lemma("gain", "kl_separable.gain", "positive", "squared_slope", *applied,
                  "H_separable", "H_gradient", "m",
                  rho=function_of(x, self.rho), **{"rho'": function_of(x, self.slope)},
                  G=function_of(x, self.gain(x)), r_0=r + 1),
            polynomial("inequality", self.conclusions["inequality"], "gain", *inequality),
            polynomial("modulus", self.conclusions["modulus"], "gain", *modulus),
            *self._calculus,
        )  # fmt: skip

    def instance(self, values: Mapping[Any, Any]) -> Instance:
        """Return an instance with m = 3 in which all coordinates are off."""
        profile, slope = (substitute(term, values) for term in (self.rho, self.slope))
        return in_space("three coordinates off", profile, slope, {r: Integer(1), **values})

    def models(self, level: Expr, box: Box, witness: Box) -> tuple[Model, ...]:
        """Return one coordinate off: anywhere, and at the edge of the sublevel set."""
        off = Abs(x - centre)  # the norm of the gradient is all that counts, not its sign
        values = {
            L: Map(x, substitute(self.rho, {x: off})),
            grad_L: Map(x, substitute(self.slope, {x: off})),
        }
        edge = Rational(2, 5) + 1
        members = tuple(edge - Rational(1, 10**k) for k in (1, 3, 5, 7, 9))
        plain = one_off("one coordinate off", values, {**box, r: (Rational(1, 2), Integer(2))},
                        {**witness, r: Integer(1)})  # fmt: skip
        near = one_off("one coordinate off, up to the level", {**values, r: level}, box, witness)
        return plain, Model(near.name, near.values, near.parameters, near.witness,
                            (x_of(v), members))  # fmt: skip

    def mutants(self, *more: Mutant) -> tuple[Mutant, ...]:
        """Return what is false of every such loss, and what the loss adds."""
        return (
            Mutant("ψ' 1% smaller",
                   {"inequality": self.inequality(MORE * sqrt(self.gain(L(v))))}),
            Mutant("μ(r) 1% larger", {"modulus": self.modulus(MORE * self.mu)}),
            Mutant("μ(r) twice as large, the factor 2 forgotten",
                   {"modulus": self.modulus(2 * self.mu)}),
            *more,
        )  # fmt: skip

    def statement(self, title: str, steps: tuple[Step, ...], **more: Any) -> Statement:
        """Return the statement, given its proof and models."""
        return Statement(
            title=title,
            source=Source("sharp", (), "2"),
            quantities=(
                *OBJECTS[:4],
                *self.parameters,
                Quantity(r, "level of the sublevel set", r > 0),
            ),
            hypotheses=self.hypotheses,
            conclusions=self.conclusions,
            steps=steps,
            bounds=(
                Bound("psi", self.psi, "desingularizing function ψ(s)", "value"),
                Bound("primitive", self.primitive, "Ψ, a primitive of −(ψ')²", "value"),
                Bound("mu", self.mu, "Polyak–Łojasiewicz constant on {0 < L ≤ r}", "lower"),
            ),
            **more,
        )


def x_of(symbol: Any) -> Any:
    """Return the number that stands for a vector in a model."""
    return real(symbol.name)
