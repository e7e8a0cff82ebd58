"""Verdicts: engines, the checker, the counterexample search, reports and the command.

``certify`` is the entry point for problems; ``theorem``, ``assert_statement`` and the Hypothesis
strategies are those for a test suite. Each is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs_check.api import Certificate, certify
    from proofs_check.property_tests import (
        NothingToTest,
        assert_proved,
        assert_statement,
        instances,
        theorem,
    )
    from proofs_check.strategies import (
        activations,
        losses,
        networks,
        operators,
        problems,
        rationals,
    )

__all__ = [
    "Certificate",
    "NothingToTest",
    "activations",
    "assert_proved",
    "assert_statement",
    "certify",
    "instances",
    "losses",
    "networks",
    "operators",
    "problems",
    "rationals",
    "theorem",
]

_MODULES = {
    "api": ("Certificate", "certify"),
    "property_tests": (
        "NothingToTest",
        "assert_proved",
        "assert_statement",
        "instances",
        "theorem",
    ),
    "strategies": ("activations", "losses", "networks", "operators", "problems", "rationals"),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
