"""Instances of statements in coordinates, by family."""
