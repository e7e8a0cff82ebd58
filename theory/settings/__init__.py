"""The symbols and hypotheses that families of statements share (THEORY section 1)."""
