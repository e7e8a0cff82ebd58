"""Losses in numbers: profiles, batches, smoothness, the Poisson loss."""
