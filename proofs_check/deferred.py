"""Mappings that are worked out when somebody looks into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(eq=False)
class Deferred(Mapping[Key, Value], Generic[Key, Value]):
    """A mapping that is computed on first use, once.

    Parameters
    ----------
    compute : callable
        Gives the mapping.
    """

    compute: Callable[[], Mapping[Key, Value]]

    @cached_property
    def _found(self) -> Mapping[Key, Value]:
        return self.compute()

    def __getitem__(self, key: Key) -> Value:
        """Return the value of a key."""
        return self._found[key]

    def __iter__(self) -> Iterator[Key]:
        """Iterate over the keys."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self._found)
