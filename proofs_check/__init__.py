"""Verdicts: engines, the proof checker, falsification, certificates, the command."""
