"""What was found, written for people and programs: terminal, JSON, HTML, tables for LaTeX."""
