"""Pure functions from markup to posts: no network, no Scrapy, no case."""
