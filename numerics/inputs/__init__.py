"""Reading what a user gives: arrays, tables, operators, networks, curves, values."""
