"""Models of statements: every symbol and function made explicit, numbers or samples."""
