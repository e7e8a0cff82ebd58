"""How a gradient flow travels and fades where its gradient is seen well enough (THEORY section 3).

The path argument that ``flow_sharp`` and ``flow_sharp_aj`` share. Of operator and network it needs
one thing: within ρ of θ₀ the pulled-back gradient is at least σ_A(σ₀ − Λ‖θ − θ₀‖)‖∇L‖, for three
numbers σ_A, σ₀ and Λ.
"""

from theory.statement import Source, Statement
from theory.statements._flow_path_claims import (
    CONCLUSIONS,
    FASTER,
    LIGHTER,
    SHRUNK,
    STEPS,
)
from theory.statements._flow_path_energy import H_LOWER
from theory.statements._flow_path_setting import (
    BOUNDS,
    DEFINITIONS,
    EXTREMAL,
    OBJECTS,
    SIZES,
    path_hypotheses,
)
from theory.statements._flow_path_travel import LEVEL
from theory.witnesses.generic import GENERIC_PROBLEM

STATEMENT = Statement(
    title="Gradient flow: travel and decay from a lower bound of the gradient",
    source=Source("sharp", (), "3"),
    quantities=(*SIZES, *OBJECTS),
    hypotheses=path_hypotheses(H_LOWER),
    definitions=(*DEFINITIONS, LEVEL),
    conclusions=CONCLUSIONS,
    steps=STEPS,
    bounds=BOUNDS,
    witness_problem=GENERIC_PROBLEM,
    models=(EXTREMAL,),
    mutants=(SHRUNK, FASTER, LIGHTER),
    characterised={"s(0) = 0": CONCLUSIONS["start"], "ds/dt = speed": CONCLUSIONS["speed"]},
)
