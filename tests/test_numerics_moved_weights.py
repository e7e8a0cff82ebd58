"""Matrices moved by terms of rank one are the matrices with these terms added."""

import numpy as np
import pytest

from numerics.flows.moved_weights import MovedWeights, Term


def drawn(outputs: int, width: int = 30) -> tuple[np.random.Generator, np.ndarray]:
    stream = np.random.default_rng(outputs)
    return stream, stream.standard_normal((2, outputs, width))


def terms(stream: np.random.Generator, outputs: int, count: int, width: int = 30) -> list[Term]:
    return [
        (stream.standard_normal((2, outputs)), stream.standard_normal((2, width)))
        for _ in range(count)
    ]


def total(start: np.ndarray, added: list[Term]) -> np.ndarray:
    return start + sum(left[:, :, None] * right[:, None] for left, right in added)


def assert_is(found: MovedWeights, wanted: np.ndarray) -> None:
    stream = np.random.default_rng(9)
    wide, tall = (stream.standard_normal((2, size)) for size in (wanted.shape[2], wanted.shape[1]))
    np.testing.assert_allclose(found.whole(), wanted, atol=1e-12)
    np.testing.assert_allclose(found.times(wide), np.einsum("nmk,nk->nm", wanted, wide), atol=1e-11)
    np.testing.assert_allclose(
        found.pulled(tall), np.einsum("nm,nmk->nk", tall, wanted), atol=1e-11
    )


@pytest.mark.parametrize("outputs", [1, 4, 12, 40])
def test_terms_are_added_whether_they_are_kept_or_not(outputs: int) -> None:
    """Few rows: at once. Many: kept, until there are half as many as rows."""
    stream, start = drawn(outputs)
    found, wanted, stems = MovedWeights.of(start), start, []
    for _ in range(9):
        added = terms(stream, outputs, 3)
        found, wanted = found.moved(added), total(wanted, added)
        stems += [] if found.stem in stems else [found.stem]
        assert_is(found, wanted)
        assert found.left.shape[2] <= outputs // 2
    assert len(stems) > 1
    assert (len(stems) == 9) == (outputs < 6)


def test_earlier_matrices_stay_as_they_are() -> None:
    stream, start = drawn(20)
    first = MovedWeights.of(start)
    added, other = terms(stream, 20, 2), terms(stream, 20, 3)
    second, third = first.moved(added), first.moved(other)
    assert second.stem is third.stem
    assert_is(first, start)
    assert_is(second, total(start, added))
    assert_is(third, total(start, other))
    assert_is(second.moved(other), total(total(start, added), other))


def test_a_vector_that_is_known_takes_no_more_room() -> None:
    stream, start = drawn(12)
    left, right = terms(stream, 12, 1)[0]
    found = MovedWeights.of(start)
    for count in range(1, 11):
        found = found.moved([(left, right)])
        assert found.left.shape[2] == 1
        assert_is(found, total(start, [(count * left, right)]))


@pytest.mark.parametrize("apart", [False, True])
def test_changes_and_choices(apart: bool) -> None:
    stream, start = drawn(20)
    first = MovedWeights.of(start)
    added, other = terms(stream, 20, 2), terms(stream, 20, 4)
    second = first.moved(added)
    third = MovedWeights.of(total(start, other)) if apart else first.moved(other)
    assert (second.stem is third.stem) is not apart
    vectors = stream.standard_normal((2, 30))
    wanted = second.times(vectors) - third.times(vectors)
    np.testing.assert_allclose(second.change_times(third, vectors), wanted, atol=1e-11)
    mixed = second.where(np.array([True, False]), third)
    assert_is(mixed, np.stack([second.whole()[0], third.whole()[1]]))
    kept = second.kept(np.array([False, True]))
    np.testing.assert_allclose(kept.whole(), second.whole()[1:])
