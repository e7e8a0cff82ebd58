"""Trajectories against the theorems' bounds: computed, enclosed, or recorded by somebody else."""
