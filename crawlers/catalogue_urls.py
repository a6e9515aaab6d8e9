"""Which addresses fit which kind of source."""

import re
from typing import Final
from urllib.parse import urlsplit

__all__ = ["url_problem"]

_MAX: Final = 2000
_HTTP: Final = "an address with http:// or https://, as the browser shows it"
_CHANNEL: Final = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_TELEGRAM_HOSTS: Final = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})
_TELEGRAM_PATH: Final = re.compile(r"/(?:s/)?[A-Za-z][A-Za-z0-9_]{3,31}/?(?:\d+)?")
_HOMES: Final = {
    "bluesky": frozenset({"bsky.app"}),
    "reddit": frozenset({"reddit.com", "old.reddit.com", "new.reddit.com"}),
}
"""Hosts that one kind alone reads; other services stand on hosts of any name."""
_PATHS: Final = {
    "bluesky": re.compile(r"/(profile|hashtag|xrpc)/.|/search"),
    "reddit": re.compile(r"/(r|u|user|comments)/.|/search|/?$|/(new|hot|top|rising)\b"),
}
_FORMS: Final = {
    "bluesky": "https://bsky.app/ with profile/NAME, hashtag/TAG or search?q=WORDS",
    "reddit": "https://www.reddit.com/ with r/NAME, r/NAME/new, r/NAME/search?q=WORDS, user/NAME",
}
_TELEGRAM: Final = "@NAME or https://t.me/s/NAME of a public channel"


def url_problem(kind: str, url: str) -> tuple[str, str]:
    """What is wrong with an address of a source of this kind, and what is allowed; both empty where nothing is."""
    if len(url) > _MAX:
        return f"an address of {len(url)} characters", f"{_MAX} at most"
    if url.startswith("@"):
        if kind not in ("telegram", "auto"):
            return f"{url} is the name of a Telegram channel, and the kind is {kind}", "kind: telegram"
        return ("", "") if _CHANNEL.fullmatch(url) else (f"{url} is no name of a Telegram channel", _TELEGRAM)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return f"{url} cannot be read: {error}", _HTTP
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f\x7f]", url):
        return f"{url} is no address that can be crawled", _TELEGRAM if kind == "telegram" else _HTTP
    if parts.username or parts.password:
        return "an address with a password in it", "an address that anybody may open"
    return _fits(kind, url, host, parts.path)


def _fits(kind: str, url: str, host: str, path: str) -> tuple[str, str]:
    if host in _TELEGRAM_HOSTS and kind in ("telegram", "auto"):
        return ("", "") if _TELEGRAM_PATH.fullmatch(path) else (f"{url} is no public channel", _TELEGRAM)
    home = next((name for name, hosts in _HOMES.items() if host.removeprefix("www.") in hosts), "")
    if kind == "browser":
        return "", ""
    if home and kind not in (home, "auto"):
        return f"{host} is read by the kind {home}, and the kind is {kind}", f"kind: {home}"
    if home and not _PATHS[home].match(path):
        return f"{url} is nothing that the kind {home} reads", _FORMS[home]
    if home == "bluesky" and path.startswith("/search") and "q=" not in url:
        return f"{url} searches for nothing", _FORMS[home]
    return "", ""
