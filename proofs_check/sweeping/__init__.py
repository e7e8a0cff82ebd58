"""Sweeps of random networks: samples, their counts with exact intervals, and the diagram."""
