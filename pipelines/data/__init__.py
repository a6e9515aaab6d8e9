"""The lists of the pipelines, in YAML beside this file, each with its source."""
