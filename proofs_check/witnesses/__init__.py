"""Exact instances of statements in coordinates, on which every hypothesis is decided."""
