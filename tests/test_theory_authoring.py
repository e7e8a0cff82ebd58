"""The names a lemma file imports: all there, and sufficient for the examples."""

import ast

import pytest
from sample_reports import LEMMAS

from theory import authoring


def test_every_promised_name_exists_once():
    assert len(set(authoring.__all__)) == len(authoring.__all__)
    for name in authoring.__all__:
        assert hasattr(authoring, name)


def test_every_step_kind_can_be_written():
    from theory.statement import STEP_KINDS

    constructors = {"cited": "cite"}
    for kind in STEP_KINDS:
        assert constructors.get(kind, kind) in authoring.__all__


@pytest.mark.parametrize("file", sorted(LEMMAS.glob("*.py")), ids=lambda f: f.stem)
def test_the_examples_need_nothing_else(file):
    imports = [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.ImportFrom)]
    assert {node.module for node in imports} == {"theory.authoring"}


def test_the_example_in_the_documentation_is_checked():
    from proofs_check.chain import check
    from proofs_check.verdict import Verdict

    text = authoring.__doc__.split("::\n", 1)[1].split("\nand ``kurdyka", 1)[0]
    names: dict[str, object] = {}
    exec(compile("if True:\n" + text, "docstring", "exec"), names)
    assert check(names["square"]).verdict is Verdict.PROVED
