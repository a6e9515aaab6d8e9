"""One address, one spelling: so that the same page is the same post, however it was linked."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

__all__ = ["canonical_url", "host_of"]

# Parameters that name the visitor or the way to the page, never the page: trackers and session ids.
_VISITOR: Final = re.compile(
    r"(?i)^(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|ref_src|spm|"
    r"phpsessid|jsessionid|aspsessionid\w*|sid|sessionid|session_id|cfid|cftoken)$"
)
_PATH_SESSION: Final = re.compile(r"(?i);(jsessionid|phpsessid|sid)=[^/?#;]*")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """`url` with a lower-case host, sorted parameters, and without fragment, default port, trackers and session ids.

    A string that is no absolute HTTP address is returned stripped, and otherwise as it was.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = parts.hostname
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme.lower()]:
        host = f"{host}:{port}"
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _VISITOR.match(key)]
    bare = urlunsplit((parts.scheme.lower(), host, _PATH_SESSION.sub("", parts.path) or "/", urlencode(kept), ""))
    return str(canonicalize_url(bare))


def host_of(url: str) -> str:
    """The lower-case host of `url`, without port; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
