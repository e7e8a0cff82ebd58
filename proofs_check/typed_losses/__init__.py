"""Typed losses: what is a loss, its regime, and the closed forms of its constants."""
