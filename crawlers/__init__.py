"""Fetches pages and makes one post of each advertisement. Spiders know markup; what is suspicious they do not know."""
