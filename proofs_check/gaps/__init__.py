"""How much of each bound random networks reach: published, sharp, observed."""
