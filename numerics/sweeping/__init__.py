"""Sweep files: their parameters, their problems, and the store of samples."""
