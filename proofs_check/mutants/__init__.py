"""Nearby false statements, declared and systematic, and what becomes of them."""
