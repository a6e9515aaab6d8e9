"""One kind of source a file."""
