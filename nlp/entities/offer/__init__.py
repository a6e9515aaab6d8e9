"""The rest of an offer: what is asked for and what is promised, one file a kind. Its words are found in one pass."""
