"""Benchmarks: the reduced flow beside what a user would write today.

``python -m benchmarks`` runs them; each contender runs in a process of its own.
"""
