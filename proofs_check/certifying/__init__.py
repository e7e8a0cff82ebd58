"""What a certificate says about a concrete problem: hypotheses, constants, bounds, advice."""
