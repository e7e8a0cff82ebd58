"""One engine per kind of step."""
