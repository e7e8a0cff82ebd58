"""Which statements ship: their ids are known without loading them."""

import subprocess
import sys

import pytest

from theory.registry import UnknownStatement, names, statement, statement_ids

FRESH = """
import sys
from theory.registry import names, statement
assert "flow_sharp" in names()
assert not [m for m in sys.modules if m.startswith("theory.statements.")]
statement("desingularizer_increases")
loaded = [m for m in sys.modules if m.startswith("theory.statements.")]
assert len(loaded) < len(names()) // 2, loaded
"""


def test_ids_are_known_without_loading_statements():
    done = subprocess.run(
        [sys.executable, "-c", FRESH], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_names_and_ids_are_the_same():
    assert sorted(statement_ids()) == sorted(names())
    assert not any(name.startswith("_") for name in names())


@pytest.mark.parametrize(
    ("wrong", "near"), [("flow_shrp", "flow_sharp"), ("_separable", "names all")]
)
def test_an_unknown_id_is_refused_and_the_nearest_named(wrong, near):
    with pytest.raises(UnknownStatement, match=near):
        statement(wrong)
