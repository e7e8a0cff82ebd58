"""How wide is wide enough: quantities, routes, and the least certified width."""
