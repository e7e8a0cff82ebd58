"""One file per statement; a statement's id is its file's name."""
