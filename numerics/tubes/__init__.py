"""Trajectories with error bars: curves, their defects, and the balls that follow."""
