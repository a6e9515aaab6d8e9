"""Which hosts a crawl may reach. Pages say where to go next, and they are hostile: the machine's own network is off limits."""

import re
import socket
import unicodedata
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["is_loopback_host", "refusal_of_address", "refusal_of_url"]

Address = IPv4Address | IPv6Address

# Reached by nobody's wish: the services of clouds that give out keys, whatever else is allowed.
_METADATA: Final = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
    )
)
_METADATA_NAMES: Final = frozenset(
    {"metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"}
)
_LOCAL_NAMES: Final = ("localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback")
_LOCAL_ENDINGS: Final = (
    ".localhost",
    ".local",
    ".internal",
    ".localdomain",
    ".localdomain6",
    ".lan",
    ".intranet",
    ".home.arpa",
    ".corp",
    ".home",
)
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE: Final = IPv6Network("::/96")
_ALWAYS: Final = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("240.0.0.0/4"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("100::/64"),
    IPv6Network("3fff::/20"),
)
_SHARED: Final = IPv4Network("100.64.0.0/10")
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")


def refusal_of_url(url: str, allow_loopback: bool) -> str:
    """Why a request to `url` is refused, as a sentence; empty where it is not. Names are not resolved here."""
    if any(ord(char) <= 32 or char in "\\\x7f" for char in url):
        return "the address has a space, a control character or a backslash in it"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return f"the address cannot be read: {error}"
    if parts.scheme.lower() not in ("http", "https"):
        return f"only http and https are crawled, not {parts.scheme or 'an address without a scheme'}"
    if parts.username is not None or parts.password is not None:
        return "the address names a user before the host"
    if port == 0:
        return "there is no port 0"
    if not host:
        return "the address names no host"
    return _refusal_of_host(host, allow_loopback)


def _refusal_of_host(host: str, allow_loopback: bool) -> str:
    name = _plain_host(host)
    if name is None:
        return f"{host[:80]!r} is no name of a host"
    address = _literal(name)
    if address is not None:
        return refusal_of_address(address, allow_loopback)
    if _NUMBER.fullmatch(name.rsplit(".", 1)[-1]):
        return f"{host[:80]!r} ends in a number and is no IP address"
    if name in _METADATA_NAMES:
        return f"{name} names the metadata service of a cloud"
    if name in _LOCAL_NAMES or name.endswith(_LOCAL_ENDINGS) or "." not in name:
        return "" if allow_loopback else _advice(f"{name} is a name of this machine or of the network it stands in")
    return "" if _NAME.fullmatch(name) and len(name) <= 253 else f"{host[:80]!r} is no name of a host"


def _plain_host(host: str) -> str | None:
    """The host as a resolver would take it: percent-encoding, full-width forms and look-alike dots undone."""
    text = unquote(host)
    if ":" in text:  # an IPv6 literal, perhaps with a zone
        return text.strip("[]").split("%", 1)[0].lower()
    text = unicodedata.normalize("NFKC", text).replace("\u3002", ".").replace("\uff61", ".").lower()
    text = "".join(str(int(char)) if char.isdecimal() else char for char in text if unicodedata.category(char) != "Cf")
    text = text.removesuffix(".")
    if not text.isascii():
        try:
            text = text.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return text or None


def _literal(name: str) -> Address | None:
    """The IP address that a host is, in any of the forms that the C library reads: decimal, octal, hexadecimal, short."""
    try:
        return ip_address(name)
    except ValueError:
        pass
    parts = name.split(".")
    if len(parts) <= 4 and all(_NUMBER.fullmatch(part) for part in parts):
        try:
            return IPv4Address(socket.inet_aton(name))
        except OSError:
            return None
    return None


def refusal_of_address(address: Address, allow_loopback: bool) -> str:
    """Why a connection to `address` is refused, as a sentence; empty where it is not."""
    inner = _inside(address)
    if inner is not None:
        why = refusal_of_address(inner, allow_loopback)
        return f"{address} stands for {inner}: {why}" if why else ""
    if address in _METADATA:
        return f"{address} is the metadata service of a cloud"
    if address.is_unspecified or any(address in network for network in _ALWAYS if network.version == address.version):
        return f"{address} is in a reserved range"
    if address.is_multicast:
        return f"{address} is a multicast address"
    if address.is_link_local or (address.version == 6 and address.is_site_local):
        return f"{address} is a link-local address"
    if address.is_loopback or address.is_private or (address.version == 4 and address in _SHARED):
        kind = "loopback" if address.is_loopback else "private"
        return "" if allow_loopback else _advice(f"{address} is a {kind} address")
    if address.is_reserved or not address.is_global:
        return f"{address} is in a reserved range"
    return ""


def _inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address carries: mapped, compatible, NAT64, 6to4 or Teredo."""
    if address.version == 4:
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _COMPATIBLE and int(address) > 0xFFFF:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _advice(sentence: str) -> str:
    return f"{sentence}; JERAT_ALLOW_LOOPBACK=1 allows such addresses, for sample sites and tests"


def is_loopback_host(host: str) -> bool:
    """Whether a host is loopback by its very name: a site on the same machine, which need not be spared."""
    name = _plain_host(host) or ""
    address = _literal(name)
    return address.is_loopback if address is not None else name in _LOCAL_NAMES or name.endswith(".localhost")
