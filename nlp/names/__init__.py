"""Names of organisations, persons and places, read by a model that scripts/train-ner trains."""
