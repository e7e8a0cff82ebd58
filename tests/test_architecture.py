"""The house keeps its shape: packages, layers, sizes, and nothing that must not be in the code."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("theory", "numerics", "proofs_check")
PRODUCT = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
SYMBOLIC = ("numpy", "scipy", "flint", "z3", "matplotlib", "typer", "rich", "hypothesis")
LONGEST = 400


def named(file):
    return str(file.relative_to(ROOT))


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def tree(file):
    return ast.parse(file.read_text(), str(file))


def nodes(file):
    return list(ast.walk(tree(file)))


@cache
def imports(file):
    """Return the modules that a file imports, at any depth."""
    return tuple(imported(nodes(file)))


def imported(nodes):
    """Yield the modules that some nodes import."""
    for found in nodes:
        if isinstance(found, ast.Import):
            yield from (alias.name for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            yield found.module


def called(nodes):
    """Yield (name of what is called, call)."""
    for found in nodes:
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
    users = {file.stem for file in PRODUCT if "pytest" in imports(file)}
    assert users == {"pytest_plugin"}
    wanted = {name.split(".")[0] for file in PRODUCT for name in imports(file) if name}
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


def packages(file):
    """Return the packages that a file imports from."""
    return {name.split(".")[0] for name in imports(file) if name}


def test_layers():
    """proofs_check may import numerics, numerics theory; never the other way."""
    for file in PRODUCT:
        layer = PACKAGES.index(file.relative_to(ROOT).parts[0])
        assert not packages(file) & set(PACKAGES[layer + 1 :]), named(file)


def test_theory_is_symbolic():
    symbolic = [file for file in PRODUCT if "theory" in file.parts]
    assert len(symbolic) > 50
    for file in symbolic:
        assert not packages(file) & set(SYMBOLIC), named(file)


def test_product_code_does_not_import_tests():
    for file in PRODUCT:
        assert not any(name and name.startswith("tests") for name in imports(file)), named(file)


def test_optional_dependencies_load_late():
    """A plain installation has no matplotlib: it is imported inside functions only."""
    users = [file for file in PRODUCT if "matplotlib" in packages(file)]
    assert users
    for file in users:
        assert not any((name or "").startswith("matplotlib") for name in imported(tree(file).body))


# --- what must not be in the code -----------------------------------------------------------

FORBIDDEN_CALLS = {"eval", "exec", "parse_expr", "sympify", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve"}


def is_forbidden(name, call):
    """Whether a call turns text into code: sympify of what is no text (strict=True) is not."""
    strict = any(k.arg == "strict" and getattr(k.value, "value", 0) is True for k in call.keywords)
    method = isinstance(call.func, ast.Attribute) and name in ("eval", "exec")
    return name in FORBIDDEN_CALLS and not strict and not method


def test_no_text_is_evaluated_and_nothing_unpickled():
    for file in PRODUCT:
        parsed, where = nodes(file), named(file)
        assert [name for name, call in called(parsed) if is_forbidden(name, call)] == [], where
        assert not FORBIDDEN_MODULES & set(imported(parsed)), where
        sympy = [n for n in parsed if getattr(n, "module", "") == "sympy"]
        names = [a.name for n in sympy for a in n.names]
        assert not {"S", "parse_expr"} & set(names), f"{where}: S(text) evaluates text"
        for name, call in called(parsed):
            if name == "load" and isinstance(call.func, ast.Attribute):
                allowed = [k.value for k in call.keywords if k.arg == "allow_pickle"]
                owner = getattr(call.func.value, "id", "")
                checked = owner not in ("np", "numpy")
                assert checked or getattr(allowed[0], "value", True) is False, where


def test_no_error_is_swallowed():
    """No bare except, no ``except: pass``; a broad one says why in a comment on its line."""
    for file in PRODUCT:
        lines = file.read_text().splitlines()
        for node in nodes(file):
            if not isinstance(node, ast.ExceptHandler):
                continue
            where = f"{named(file)}, line {node.lineno}"
            assert node.type is not None, f"{where}: bare except"
            assert not all(isinstance(s, ast.Pass) for s in node.body), f"{where}: pass"
            names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
            if names & {"Exception", "BaseException"}:
                assert "#" in lines[node.lineno - 1], f"{where}: why so broad?"


def test_files_have_a_docstring_and_a_readable_size():
    for file in PRODUCT:
        text = file.read_text()
        assert ast.get_docstring(ast.parse(text)), f"{named(file)}: what is this module for?"
        assert len(text.splitlines()) <= LONGEST, named(file)


def test_no_assert_checks_what_a_user_gives():
    """``python -O`` drops assertions: commands and readers must raise instead."""
    readers = ("problems", "user_files", "arrays", "cli")
    watched = [f for f in PRODUCT if "commands" in f.parts or f.stem in readers]
    assert {f.stem for f in watched} >= set(readers)
    for file in watched:
        found = [n.lineno for n in nodes(file) if isinstance(n, ast.Assert)]
        assert found == [], named(file)


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


def test_no_file_names_a_machine():
    """No absolute path of somebody's machine, no address of a host that serves packages."""
    for file in shipped():
        if file == Path(__file__):
            continue
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
            found = PLACES.search(line)
            assert found is None, f"{named(file)}, line {number}: {found.group()}"


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
