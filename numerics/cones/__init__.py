"""Cones: smallest conic singular values, projections, statistical dimensions."""
