"""Arrays and balls: problems, flows, measured quantities."""
