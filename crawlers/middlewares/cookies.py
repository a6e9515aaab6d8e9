"""Cookies kept as Scrapy keeps them, without its look on the web for the list of public suffixes."""

from typing import Final

import tldextract
from scrapy.downloadermiddlewares import cookies

__all__ = ["Cookies"]

# Scrapy's own would ask the list's maker at the first cookie that names a domain: past the guard, the robots and the pace.
_SUFFIXES: Final = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
cookies._split_domain = _SUFFIXES


class Cookies(cookies.CookiesMiddleware):
    """Scrapy's cookies; the public suffixes are those that came with tldextract."""
