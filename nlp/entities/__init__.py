"""One kind of entity a file; contacts share one reading of the names, links and numbers of a text."""
