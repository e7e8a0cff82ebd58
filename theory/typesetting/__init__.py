"""LaTeX as an author would write it: macros, words, layout."""
