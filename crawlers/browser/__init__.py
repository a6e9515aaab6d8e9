"""A browser for pages that their scripts put together: Chromium, whose every connection passes the address guard."""
