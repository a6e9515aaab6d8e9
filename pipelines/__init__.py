"""The way of a post, one file a step: validate, enrich, store. What fails goes to the dead letters with its reason."""
