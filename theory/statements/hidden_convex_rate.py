"""Hidden convexity gives an exponential rate from the start (THEORY section 3b).

With V fixed and φ' > 0, let y* = k^{−1/2} Σ φ(h*_i) A V_i minimise a convex loss. Every neuron
stays where its divergence to h*_i is at most D₀, that of the whole network at the start; there φ'
is at least some β_i > 0, and the tangent kernel at least ‖u‖²λ, λ = λ_min(Σ β_i²(AV_i)(AV_i)ᵀ/k).
So the loss decays like e^{−2μλ‖u‖²t}, with μ its constant in the inequality of Polyak and
Łojasiewicz (1 for the squared loss): at every width, from t = 0 on, without any relation between
k, m and n.
"""

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Integer, Rational, exp
from sympy import Lambda as Map

from theory.formulas import substitute, with_body
from theory.instances import Instance, by_index, coordinates, dot, mapping, transposed
from theory.settings.flow import A, L, grad_L, t, x
from theory.settings.mirror import F, Omega
from theory.settings.network import INPUT_NORM, V, W, i, k, phi, phi_1, u, u_norm
from theory.settings.network_flow import OUTPUT, g
from theory.statement import (
    Bound,
    Definition,
    Finding,
    Model,
    Mutant,
    Quantity,
    Source,
    Statement,
)
from theory.statements._hidden_convex_flow import h_star, spread, y_star
from theory.statements._hidden_convex_rate_steps import (
    D_0,
    H_KERNEL,
    H_LEAST,
    H_LEVEL,
    H_PL,
    STEPS,
    beta,
    first_gap,
    gap,
    lam,
    mu,
    rate,
)
from theory.statements.flow_hidden_convex import STATEMENT as FLOW
from theory.steps import claims_of
from theory.terms import real

claims = claims_of(STEPS)
Values = Mapping[Any, Any]
RATE = 2 * mu * lam * u_norm**2

# Four linear neurons with V_i = i, started at h = V: they stay on a line, y(t) = 15e^{−15u²t/2}.
scale, nearness, slope, constant, kernel = real("scale nearness beta_1 mu_1 lambda_1")
fading = exp(-Rational(15, 2) * scale**2 * t)


def _linear(
    name: str, box: Values, witness: Values, *, least: Expr, pl: Expr, spectral: Expr
) -> Model:
    """Return the linear network with given lower bounds of φ', of the kernel and of the loss."""
    values = {
        k: Integer(4), A: Integer(1), u: scale, phi: Map(x, x), phi_1: Map(x, 1), F: Map(x, x),
        Omega: Map(x, x**2 / 2), W: Map((i, t), i * fading / scale), V: Map(i, i),
        g: Map(t, 15 * fading), L: Map(x, x**2 / 2), grad_L: Map(x, x),
        h_star: Map(i, nearness * (i - 3)), y_star: Integer(0), beta: Map(i, least), mu: pl,
        lam: spectral,
    }  # fmt: skip
    shared = {scale: (Rational(1, 2), Integer(2)), nearness: (Rational(1, 10), Integer(4))}
    point = {scale: Rational(3, 2), nearness: Integer(2)}
    return Model(name, values, {**shared, **box}, {**point, **witness})


MODELS = (
    _linear("linear neurons", {}, {}, least=Integer(1), pl=Integer(1), spectral=Rational(15, 2)),
    _linear(
        "linear neurons, bounds with room",
        {slope: (Rational(1, 2), Integer(2)), constant: (Rational(1, 2), Integer(2)),
         kernel: (Integer(5), Integer(10))},
        {slope: Rational(9, 10), constant: Rational(3, 4), kernel: Integer(6)},
        least=slope, pl=constant, spectral=kernel * slope**2,
    ),
)  # fmt: skip

# Four linear neurons with AV = (e₁, 2e₁, e₂, 2e₂) and ‖u‖² = 5, each measurement at its own level.
_seen, _levels, _later = coordinates("v", 2), (1, 2), exp(-Rational(25, 4) * t)
_hidden = [level * size * _later for level in _levels for size in (1, 2)]
_columns = ((1, 0, 0), (10, -4, 2), (-2, 1, 0), (0, 0, 1))
INSTANCE = Instance(
    "four linear neurons, m = 2, n = 3, squared loss",
    {
        k: 4, A: ((1, 2, 0), (0, 1, 2)), u: (1, 2), phi: mapping(x, x), phi_1: mapping(x, 1),
        F: mapping(x, x), Omega: mapping(x, x**2 / 2),
        W: by_index(*(mapping(t, (h / 5 + 2 * r, 2 * h / 5 - r)) for r, h in enumerate(_hidden))),
        V: by_index(*_columns),
        g: mapping(t, tuple(dot(_hidden, row) / 2 for row in transposed(_columns))),
        L: mapping(_seen, dot(_seen, _seen) / 2), grad_L: mapping(_seen, _seen),
        h_star: by_index(2, -1, -4, 2), y_star: (0, 0), beta: by_index(1), mu: 1,
        lam: Rational(5, 4),
    },
)  # fmt: skip

STATEMENT = Statement(
    title="Hidden convexity: an exponential rate from the start at every width",
    source=Source("sharp", (), "3b"),
    quantities=(
        *FLOW.quantities,
        Quantity(beta, "lower bound of φ' at each neuron"),
        Quantity(lam, "lower bound of the kernel with these slopes", lam > 0),
        Quantity(mu, "constant of the Polyak–Łojasiewicz inequality", mu > 0),
    ),
    hypotheses=(*FLOW.hypotheses, H_LEAST, H_LEVEL, H_KERNEL, H_PL),
    definitions=(
        OUTPUT,
        INPUT_NORM,
        Definition(
            D_0, substitute(spread, {t: Integer(0)}), "Bregman divergence from start to target"
        ),
    ),
    conclusions={"loss": claims["loss"]},
    steps=STEPS,
    bounds=(
        Bound("rate", RATE, "exponential rate of the loss", "lower", of=("loss",)),
        Bound("loss", first_gap * exp(-RATE * t), "excess of the loss at time t", of=("loss",)),
    ),
    instance=INSTANCE,
    models=MODELS,
    mutants=(
        Mutant("a rate 1% larger", {"loss": with_body(claims["loss"], lambda c: (
            gap <= first_gap * exp(-Rational(101, 100) * rate * t)))}),
        Mutant("any slopes", {"H_level": None}, "loss"),
        Mutant("any kernel", {"H_kernel": None}, "loss"),
        Mutant("any constant of the loss", {"H_PL": None}, "loss"),
    ),
    findings=(
        Finding(
            "exponential_from_the_start",
            "With V fixed and φ' > 0, no overparametrization is needed for an exponential rate "
            "either: where a minimiser is an output of the box, the loss decays exponentially from "
            "t = 0 on, with an explicit constant, at every width.",
            ("loss", "steep"),
        ),
    ),
)  # fmt: skip
