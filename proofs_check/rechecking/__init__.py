"""Deciding a certificate again, by other code than the one that made it."""
