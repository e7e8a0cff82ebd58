"""What was imported stays: the garbage collector need not look through it after every test."""

import gc


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
