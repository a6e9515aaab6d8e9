"""How soon a crawl finds what it looks for: a site made for the purpose, and the pages that each order fetches."""
