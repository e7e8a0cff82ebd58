"""Gradient flows in the coordinates of their exact reductions, and their integrators."""
