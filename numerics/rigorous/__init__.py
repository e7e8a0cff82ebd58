"""Enclosures of numbers, functions, matrices and integrals that account for every rounding."""
