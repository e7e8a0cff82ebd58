"""The house keeps its shape: packages, layers, sizes, and nothing that must not be in the code."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("theory", "numerics", "proofs_check")
PRODUCT = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
SYMBOLIC = ("numpy", "scipy", "flint", "z3", "matplotlib", "typer", "rich", "hypothesis")
LONGEST = 400

product = pytest.mark.parametrize("file", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def tree(file):
    return ast.parse(file.read_text(), str(file))


def imported(node):
    """Yield the modules that a module imports, at any depth."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from (alias.name for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            yield found.module


def called(node):
    """Yield (name of what is called, call)."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call):
            function = found.func
            yield getattr(function, "id", getattr(function, "attr", "")), found


# --- packaging ------------------------------------------------------------------------------


def test_every_folder_with_modules_is_a_package_that_is_installed():
    folders = {str(f.parent.relative_to(ROOT)).replace("/", ".") for f in PRODUCT}
    assert folders == set(project()["tool"]["setuptools"]["packages"])
    for folder in folders:
        assert (ROOT / folder.replace(".", "/") / "__init__.py").is_file()


def test_every_package_is_typed_and_its_marker_is_installed():
    data = project()["tool"]["setuptools"]["package-data"]
    for package in PACKAGES:
        assert (ROOT / package / "py.typed").is_file()
        assert data[package] == ["py.typed"]


def test_every_import_is_a_declared_dependency():
    """What is imported at all is a core dependency, or what the plot and dask extras bring.

    Only pytest loads the plugin, which imports it.
    """
    users = {file.stem for file in PRODUCT if "pytest" in imported(tree(file))}
    assert users == {"pytest_plugin"}
    wanted = {name.split(".")[0] for file in PRODUCT for name in imported(tree(file)) if name}
    import sys

    third_party = wanted - set(sys.stdlib_module_names) - set(PACKAGES)
    distributions = {"flint": "python-flint", "z3": "z3-solver"}
    core = {re.split(r"[<>=~! ]", entry)[0] for entry in project()["project"]["dependencies"]}
    used = {distributions.get(name, name) for name in third_party}
    assert used - {"matplotlib", "distributed", "pytest"} <= core


def test_constraints_pin_every_direct_dependency_and_name_no_address():
    text = (ROOT / "constraints.txt").read_text()
    pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)$", text, re.MULTILINE))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(pins) == len(lines)
    wanted = list(project()["project"]["dependencies"])
    for extra in ("plot", "test"):
        wanted += project()["project"]["optional-dependencies"][extra]
    names = {re.split(r"[<>=~!\[ ]", entry)[0] for entry in wanted} - {"kurdyka"}
    assert names <= set(pins)


# --- layers ---------------------------------------------------------------------------------


@product
def test_layers(file):
    """proofs_check may import numerics, numerics theory; never the other way."""
    layer = PACKAGES.index(file.relative_to(ROOT).parts[0])
    above = set(PACKAGES[layer + 1 :])
    assert not {name.split(".")[0] for name in imported(tree(file)) if name} & above


@pytest.mark.parametrize("file", [f for f in PRODUCT if "theory" in f.parts], ids=lambda p: p.stem)
def test_theory_is_symbolic(file):
    assert not {name.split(".")[0] for name in imported(tree(file)) if name} & set(SYMBOLIC)


@product
def test_product_code_does_not_import_tests(file):
    assert not any(name and name.startswith("tests") for name in imported(tree(file)))


@product
def test_optional_dependencies_load_late(file):
    """A plain installation has no matplotlib: it is imported inside functions only."""
    for statement in tree(file).body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            assert not any((name or "").startswith("matplotlib") for name in imported(statement))


# --- what must not be in the code -----------------------------------------------------------

FORBIDDEN_CALLS = {"eval", "exec", "parse_expr", "sympify", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve"}


def is_forbidden(name, call):
    """Whether a call turns text into code: sympify of what is no text (strict=True) is not."""
    strict = any(k.arg == "strict" and getattr(k.value, "value", 0) is True for k in call.keywords)
    method = isinstance(call.func, ast.Attribute) and name in ("eval", "exec")
    return name in FORBIDDEN_CALLS and not strict and not method


@product
def test_no_text_is_evaluated_and_nothing_unpickled(file):
    parsed = tree(file)
    assert [name for name, call in called(parsed) if is_forbidden(name, call)] == []
    assert not FORBIDDEN_MODULES & set(imported(parsed))
    sympy = [n for n in ast.walk(parsed) if getattr(n, "module", "") == "sympy"]
    names = [a.name for n in sympy for a in n.names]
    assert not {"S", "parse_expr"} & set(names), "S(text) evaluates text"
    for name, call in called(parsed):
        if name == "load" and isinstance(call.func, ast.Attribute):
            allowed = [k.value for k in call.keywords if k.arg == "allow_pickle"]
            owner = getattr(call.func.value, "id", "")
            assert owner not in ("np", "numpy") or getattr(allowed[0], "value", True) is False


@product
def test_no_error_is_swallowed(file):
    """No bare except, no ``except: pass``; a broad one says why in a comment on its line."""
    lines = file.read_text().splitlines()
    for node in ast.walk(tree(file)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        assert node.type is not None, f"line {node.lineno}: bare except"
        assert not all(isinstance(s, ast.Pass) for s in node.body), f"line {node.lineno}: pass"
        names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
        if names & {"Exception", "BaseException"}:
            assert "#" in lines[node.lineno - 1], f"line {node.lineno}: why so broad?"


@product
def test_files_have_a_docstring_and_a_readable_size(file):
    text = file.read_text()
    assert ast.get_docstring(ast.parse(text)), "what is this module for?"
    assert len(text.splitlines()) <= LONGEST


@product
def test_no_assert_checks_what_a_user_gives(file):
    """``python -O`` drops assertions: commands and readers must raise instead."""
    if "commands" in file.parts or file.stem in ("problems", "user_files", "arrays", "cli"):
        assert not [n.lineno for n in ast.walk(tree(file)) if isinstance(n, ast.Assert)]


PLACES = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|Users|work|opt|mnt|srv)/\w|[A-Z]:\\\\?\w|https?://(?!\S*\.(?:org|w3))"
)
TEXT = {".py", ".md", ".toml", ".txt", ".cff", ".yaml", ".yml", ".cfg", ""}
OWN = {".git", ".venv", "build", "dist", "__pycache__", "kurdyka.egg-info"}


def shipped():
    for file in ROOT.rglob("*"):
        parts = set(file.relative_to(ROOT).parts)
        hidden = any(part.endswith("_cache") or part == ".hypothesis" for part in parts)
        if file.is_file() and file.suffix in TEXT and not parts & OWN and not hidden:
            yield file


@pytest.mark.parametrize("file", list(shipped()), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_names_a_machine(file):
    """No absolute path of somebody's machine, no address of a host that serves packages."""
    if file == Path(__file__):
        return
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
        found = PLACES.search(line)
        assert found is None, f"line {number}: {found.group()}"


# --- completeness ---------------------------------------------------------------------------


def test_every_engine_has_tests_of_what_it_must_reject():
    """Each engine's own tests hold false steps; this one only sees that no engine is without."""
    from theory.statement import STEP_KINDS

    for kind in set(STEP_KINDS) - {"cited", "lemma"}:
        assert (ROOT / "proofs_check" / "engines" / f"{kind}.py").is_file()
        files = [*(ROOT / "tests").glob(f"test_engines_reject*{kind}.py")]
        files += (ROOT / "tests").glob(f"test_proofs_check_{kind}.py")
        text = "".join(file.read_text() for file in files)
        assert "REFUTED" in text, f"{kind}: no test sees it refute"
        assert "UNDECIDED" in text or "PROVED" in text


def test_tests_are_flat():
    assert not [p for p in (ROOT / "tests").iterdir() if p.is_dir() and p.name != "__pycache__"]
    assert not (ROOT / "tests" / "__init__.py").exists()
