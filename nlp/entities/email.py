"""E-mail addresses, plain or defanged (`name [at] host [dot] com`), in lower case."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.links import top_level
from nlp.entities.names import words_of
from nlp.entities.spans import Spans
from nlp.trie import Trie

__all__ = ["email"]

_LOCAL: Final = re.compile(r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_])?")
_HOST: Final = re.compile(r"(?:[\w-]{1,63}\.){1,5}[\w-]{2,24}")
_LOCAL_SIGNS: Final = "abcdefghijklmnopqrstuvwxyz0123456789._%+-"
_AT_WORDS: Final = "at|arroba|собака|艾特|골뱅이|a còng|แอท|แอ็ท|アットマーク|アット|एट|অ্যাট|ایٹ|آت"
_DOT_WORDS: Final = "dot|punto|ponto|точка|点|點|titik|닷|점|chấm|ดอท|ดอต|จุด|ドット|डॉट|ডট|ڈاٹ|tuldok|nukta"
_OPEN: Final = r"[\[({<〔【〈「]"
_SHUT: Final = r"[\])}>〕】〉」]"
_AT: Final = (
    r"(?:\s{0,2}@\s{0,2}|\s{0,2}" + _OPEN + r"\s?(?:@|" + _AT_WORDS + r")\s?" + _SHUT + r"\s{0,2}"
    r"|\s(?:" + _AT_WORDS + r")\s|艾特|골뱅이|собака|アットマーク|#at#|_at_)"
)
_DOT: Final = (
    r"(?:\s{0,2}\.\s{0,2}|\s{0,2}" + _OPEN + r"\s?(?:\.|" + _DOT_WORDS + r")\s?" + _SHUT + r"\s{0,2}"
    r"|\s(?:" + _DOT_WORDS + r")\s|点|點|닷|점|ドット|_dot_)"
)
_HIDDEN: Final = re.compile(
    r"(?<![a-z0-9._%+@-])(?P<local>[a-z0-9][a-z0-9_%+.-]{0,40}(?:\sdot\s[a-z0-9_-]{1,30}){0,2})(?P<at>" + _AT + r")"
    r"(?P<host>[a-z0-9][a-z0-9-]{0,40}(?:" + _DOT + r"[a-z0-9-]{2,24}){1,3})(?![a-z0-9@])"
)
# fmt: off
_GATES: Final = frozenset((
    " at ", "(at", "[at", "{at", "<at", "( at", "[ at", "〔at", "【at", "arroba", "собака", "艾特", "골뱅이", "_at_",
    "#at#", "a còng", "แอท", "แอ็ท", "アット", "एट", "অ্যাট", "ایٹ", "آت",
))
_DOTS: Final = frozenset((
    "dot", "punto", "ponto", "точка", "点", "點", "titik", "닷", "점", "chấm", "ดอท", "ดอต", "จุด",
    "ドット", "डॉट", "ডট", "ڈاٹ", "tuldok", "nukta",
))
_SPELT: Final = ("@ ", "@]", "@)", "@}", " . ")
# fmt: on
_HIDING: Final = Trie((word, word) for word in (*_GATES, *_DOTS, *_SPELT))
"""What an address that is not written plainly has some of."""


@recogniser("email")
def email(context: Context) -> Iterator[Match]:
    """The e-mail addresses in the text; the domain ends in a real top-level domain."""
    lower = context.lower
    signed = "@" in lower
    hiding = {word for _, _, word in _HIDING.find(lower)}
    if not signed and hiding.isdisjoint(_GATES):
        return
    plain = []
    if signed:
        for start, end, value in _plain(lower):
            plain.append((start, end))
            yield Match(kind="email", value=value, start=start, end=end, confidence=0.99)
    if not hiding or ("." not in lower and hiding.isdisjoint(_DOTS)):
        return
    reach = -1
    taken = Spans(plain)
    for match in _hidden(lower):
        start, end = match.span()
        if start < reach or start in taken or match.start("host") in taken:
            continue
        at = match["at"]
        written, host = _up_to_ending(match["host"])
        if not host:
            continue
        local = re.sub(r"\sdot\s", ".", match["local"]).strip(".-")
        words = at.strip().isalpha() and at != at.strip()
        plain_dots = host == written
        if words and re.search(r"\.\s|\s\.", written) and not _provider(host):
            continue
        if words and (local in words_of("no_local_parts.yaml") or (plain_dots and not _provider(host))):
            continue
        if at.strip() == "@" and plain_dots and at == "@":
            continue
        if at.strip() == "@" and at != "@" and plain_dots and not _provider(host):
            continue
        if "@" in at and " . " not in written and re.search(r"\.\s", written) and not _provider(host):
            continue
        reach = end
        stop = match.start("host") + len(written)
        yield Match(kind="email", value=f"{local}@{host}", start=start, end=stop, confidence=0.93, undone=("defanged",))


def _plain(lower: str) -> Iterator[tuple[int, int, str]]:
    """The addresses as everybody writes them: (start, end, address)."""
    at = lower.find("@")
    reach = 0
    while at >= 0:
        head = lower[max(0, at - 66) : at]
        start = at - len(head) + len(head.rstrip(_LOCAL_SIGNS))
        if start >= reach and (found := _HOST.match(lower, at + 1)) and _LOCAL.fullmatch(lower, start, at):
            reach = found.end()
            host = _host(found[0].rstrip("-_."))
            if host and lower.find("..", start, at) < 0:
                yield start, at + 1 + len(host), lower[start : at + 1] + host
        at = lower.find("@", at + 1)


def _hidden(lower: str) -> Iterator[re.Match[str]]:
    """What may be a hidden address; they may overlap: `reach me at name (at) host (dot) com`."""
    at = 0
    while (match := _HIDDEN.search(lower, at)) is not None:
        yield match
        at = match.start("host")


def _up_to_ending(written: str) -> tuple[str, str]:
    """A host as it is written and as it is meant, up to its last label that is a real ending; empty where none is."""
    dots = list(re.finditer(_DOT, written))
    end = len(written)
    for number in range(len(dots), 0, -1):
        if written[dots[number - 1].end() : end] in top_level():
            return written[:end], re.sub(_DOT, ".", written[:end])
        end = dots[number - 1].start()
    return "", ""


def _host(host: str) -> str:
    """`host` up to its last label that is a real ending; empty where none is."""
    while "." in host:
        ending = host.rpartition(".")[2]
        if ending in top_level() or ending.startswith("xn--"):
            return host
        # Letters of another script may follow without a space: the ASCII beginning of the label may be the ending.
        ascii_part = re.match(r"[a-z-]+", ending)
        if (
            ascii_part
            and ascii_part[0] != ending
            and ascii_part[0] in top_level()
            and not ending[len(ascii_part[0])].isascii()
        ):
            return host[: len(host) - len(ending) + len(ascii_part[0])]
        host = host.rpartition(".")[0]
    return ""


def _provider(host: str) -> bool:
    """Whether the host gives addresses to everybody, so that `NAME at gmail.com` can be nothing else."""
    return host.partition(".")[0] in words_of("mail_providers.yaml")
