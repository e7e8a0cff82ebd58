"""Symbolic statements: terms, formulas, hypotheses, proofs as data."""
