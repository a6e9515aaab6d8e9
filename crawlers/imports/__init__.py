"""Ways in for what cannot be crawled, one format a file: each reads a file and yields posts."""
