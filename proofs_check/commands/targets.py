"""From what is typed after a command to statements: ids, lemma files, steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from proofs_check.errors import UnknownTarget, UserFileError
from proofs_check.user_files import load
from theory import registry
from theory.statement import Statement, Step

_FILE = re.compile(r"(?P<file>.*\.py)(?::(?P<name>[^.:]+)(?:\.(?P<step>.+))?)?")


@dataclass(frozen=True)
class Target:
    """A statement, where it comes from, and where the lemmas it names are found.

    Parameters
    ----------
    statement : Statement
        What the command is about.
    file : Path
        The file that states it.
    label : str
        How the command names it.
    siblings : mapping
        The statements of the same file, by id.
    """

    statement: Statement
    file: Path
    label: str
    siblings: Mapping[str, Statement] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id

    def lookup(self, id: str) -> Statement:
        """Return the lemma of this id: from the same file, else from what ships."""
        return self.siblings[id] if id in self.siblings else registry.statement(id)


def select(words: Sequence[str]) -> tuple[Target, ...]:
    """Return what a list of ids and lemma files names; nothing named means every statement.

    Raises
    ------
    UserFileError
        If a lemma file cannot be used.
    UnknownTarget
        If there is no statement of a name.
    """
    if not words:
        return tuple(_shipped(id) for id in registry.statement_ids())
    found: dict[str, Target] = {}
    for word in words:
        for target in _named(word):
            _refuse_clash(found, target)
            found[target.id] = target
    return tuple(found.values())


def _named(word: str) -> tuple[Target, ...]:
    file, name, step = _split(word)
    if not file and Path(word).exists():
        raise UserFileError(f"{word}: is no lemma file; the name of one ends in .py")
    if step:
        raise UnknownTarget(f"{word}: names a step; this command takes whole statements")
    if not file:
        return (_shipped(name),)
    defined = _defined(file)
    return (_choose(defined, name, file),) if name else defined


def _split(word: str) -> tuple[str, str, str]:
    """Return (file, statement, step), each empty where it is not given."""
    match = _FILE.fullmatch(word)
    if match:
        return match["file"], match["name"] or "", match["step"] or ""
    name, _, step = word.partition(".")
    return "", name, step


def _defined(file: str) -> tuple[Target, ...]:
    ours = registry.names()
    statements = load(file)
    siblings = {s.id: s for s in statements}
    found = tuple(Target(s, Path(file), f"{file}:{s.id}", siblings) for s in statements)
    for target in found:
        if target.id in ours:
            raise UserFileError(
                f"{file}: {target.id!r} is the id of a statement that ships; choose another"
            )
    return found


def _shipped(id: str) -> Target:
    ids = registry.names()
    if id not in ids:
        hint = _hint(id, sorted(ids)) or "; `kurdyka list` shows all"
        raise UnknownTarget(f"no statement {id!r} and no lemma file of this name{hint}")
    return Target(registry.statement(id), statement_file(id), id)


def statement_file(id: str) -> Path:
    """Return the file in which a statement that ships is written."""
    return Path(registry.__file__).parent / "statements" / f"{id}.py"


def _choose(targets: tuple[Target, ...], name: str, file: str) -> Target:
    for target in targets:
        if target.id == name.lower() or target.id == name:
            return target
    hint = _hint(name, [t.id for t in targets])
    raise UnknownTarget(f"{file}: defines no statement {name!r}{hint}")


def _hint(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _refuse_clash(found: dict[str, Target], target: Target) -> None:
    other = found.get(target.id)
    if other is not None and other.file.resolve() != target.file.resolve():
        raise UserFileError(
            f"{target.file}: the id {target.id!r} is taken by {other.file}; rename one of them"
        )


def with_own_lemmas(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Return the targets, and the statements of their own files that they rest on."""
    found = {target.id: target for target in targets}
    todo = list(found.values())
    for target in todo:
        for id in _own_lemmas(target):
            if id not in found:
                label = f"{target.file}:{id}"
                found[id] = replace(target, statement=target.lookup(id), label=label)
                todo.append(found[id])
    return tuple(found.values())


def _own_lemmas(target: Target) -> list[str]:
    used = [s.fact.partition(".")[0] for s in target.statement.steps if s.kind == "lemma"]
    return [id for id in used if id in target.siblings]


def select_one(word: str) -> Target:
    """Return the one statement that ``ID`` or ``FILE.py[:NAME]`` names.

    Raises
    ------
    UnknownTarget
        If it names none, or a file that defines several.
    """
    return _only(select([word]), word)


def _only(targets: tuple[Target, ...], word: str) -> Target:
    if len(targets) > 1:
        names = ", ".join(t.label for t in targets)
        raise UnknownTarget(f"{word}: defines several statements; say which: {names}")
    return targets[0]


def select_steps(word: str, step: str = "") -> tuple[tuple[Target, ...], Step | None]:
    """Return what ``ID[.STEP]`` or ``FILE.py[:NAME[.STEP]]`` names.

    Parameters
    ----------
    word : str
        What was typed.
    step : str
        A step given separately, with ``--step``.

    Raises
    ------
    UnknownTarget
        If there is no such statement or step, or a step of several statements is asked for.
    """
    file, name, typed = _split(word)
    wanted = step or typed
    targets = select([f"{file}:{name}" if file and name else file or name])
    if not wanted:
        return targets, None
    target = _only(targets, word)
    return (target,), _step(target, wanted)


def select_part(word: str) -> tuple[Target, str]:
    """Return the statement that ``ID[.PART]`` or ``FILE.py[:NAME[.PART]]`` names, and the part.

    Raises
    ------
    UnknownTarget
        If it names no statement, or a file that defines several.
    """
    file, name, part = _split(word)
    return select_one(f"{file}:{name}" if file and name else file or name), part


def _step(target: Target, wanted: str) -> Step:
    by_name = {s.name: s for s in target.statement.steps}
    for name in (wanted, wanted.partition(".")[0]):
        if name in by_name:
            return by_name[name]
    hint = _hint(wanted, by_name) or f"; its steps: {', '.join(by_name) or 'none'}"
    raise UnknownTarget(f"{target.label} has no step {wanted!r}{hint}")
