"""Addresses of the web in a text, plain or defanged: where they stand, their host and their path."""

import re
from bisect import bisect_right
from functools import cache
from typing import Final
from urllib.parse import parse_qs, unquote

import msgspec

from nlp.context import Context
from nlp.entities.names import DATA, words_of
from nlp.trie import Trie

__all__ = ["Link", "links", "top_level"]

_PATH: Final = r"[^\s<>\"'`，。、；！？（）【】「」『』《》“”]"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
# A dot, or what is written for one so that no machine takes it for an address.
_DOT: Final = r"(?:\.|\s?[\[({]\s?(?:\.|dot|punto|ponto|titik|точка|点|點)\s?[\])}]\s?|\s(?:dot|punto|titik)\s|点|點)"
_SCHEMED: Final = re.compile(
    r"(?<![a-z0-9])(?P<scheme>h(?:tt|xx|\*\*|__)ps?|ftp|fxp|tg|whatsapp|weixin|line|viber|sgnl|zalo|mqqapi|kakaotalk)"
    r"\s?(?:\[:\]|\(:\)|:)\s?//?\s?(?P<rest>" + _PATH + r"{1,2000})"
)
_BARE: Final = re.compile(
    r"(?<![a-z0-9@._-])(?P<host>"
    + _LABEL
    + r"(?:"
    + _DOT
    + _LABEL
    + r"){1,5})(?P<rest>(?::\d{2,5})?(?:[/?#]"
    + _PATH
    + r"{0,2000})?)"
)
# Hosts of messengers however their dots are hidden: commas, spaces, ideographic full stops.
_HIDDEN_DOT: Final = r"(?:\s{0,2}(?:[.,。·•・、｡٫]|[\[({<]\s?(?:\.|,|dot|点|點)\s?[\])}>]|dot|点|點)\s{0,2}|\s)"
_HIDDEN_HOST: Final = re.compile(
    r"(?<![a-z0-9@._/])(?:"
    + "|".join(
        part.replace(r"\.", _HIDDEN_DOT)
        for part in (
            r"t\.me",
            r"telegram\.(?:me|dog)",
            r"wa\.me",
            r"(?:api|chat)\.whatsapp\.com",
            r"zalo\.me",
            r"line\.me",
            r"lin\.ee",
            r"signal\.me",
            r"m\.me",
            r"fb\.com",
            r"facebook\.com",
            r"instagram\.com",
            r"tiktok\.com",
            r"discord\.gg",
            r"open\.kakao\.com",
        )
    )
    + r")\s{0,2}\Z"
)
_HIDDEN_REST: Final = re.compile(
    r"(?:/|\\|斜杠|斜線|slash|slas|สแลช|สแลซ|слэш|слеш|슬래시|스래시|スラッシュ|barra|स्लैश|স্ল্যাশ|سلیش)\s{0,2}([@+~]?[a-z0-9_][a-z0-9_.+@~?=&%#/-]{0,300})"
)
_NUMBER_REST: Final = re.compile(r"[^\w\s]\s{0,2}\+?(\d(?:[ .-]?\d){7,15})(?!\d)")
_SLASHES: Final = (
    "/", "\\", "斜杠", "斜線", "slas", "สแลช", "สแลซ", "слэш", "слеш", "슬래시", "스래시",
    "スラッシュ", "barra", "स्लैश", "স্ল্যাশ", "سلیش",
)  # fmt: skip
# What stands before the host of an e-mail address, hidden or not.
_AT_BEFORE: Final = re.compile(
    r"(?:@\s{0,2}|[\[({<]\s?(?:at|@|arroba)\s?[\])}>]\s{0,2}|[a-z0-9]\sat\s|arroba\s|собака\s?|艾特|골뱅이)\Z"
)
_SENTENCE_ON: Final = re.compile(r"[,;:!?()](?=[\u0e00-\u10ff\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af])")
_SECOND: Final = re.compile(r"(?<![=/:?&])https?://", re.IGNORECASE)
# Behind the name of a network whose ids have dots, and a colon: an id that looks like a host.
_PROFILE: Final = re.compile(r"(?<![^\W_])(?:ig|insta|instagram|tik\s?tok)(?:\s?id)?\s?[:：=]\s{0,2}\Z")
_PROFILE_HOSTS: Final = frozenset(
    {"instagram.com", "instagr.am", "ig.me", "tiktok.com", "vm.tiktok.com", "vt.tiktok.com"}
)
_ARTICLE: Final = re.compile(r"\b(?:a|an|the)\s\Z")
_LABEL_CHARS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
# fmt: off
_MARKS: Final = (
    "[.", "(.", "{.", "[dot", "(dot", "{dot", "[ dot", "( dot", "[ .", "( .", " dot ", " punto ", " titik ", "(punto", "[punto",
    "(ponto", "[ponto", "(titik", "点c", "點c", "点n", "點n", "点x", "点t", "点v", "點t",
)
# fmt: on
_HIDING: Final = Trie([*((mark, -1) for mark in _MARKS), *((slash, rank) for rank, slash in enumerate(_SLASHES))])
"""Hidden dots as -1, slashes by their rank."""
_HOST_ENDS: Final = frozenset({"me", "om", "ee", "og", "gg"})
"""Of the hosts of messengers."""
_TRAIL: Final = ".,;:!?*_~|\\-'\"…·•)]}>，。、"
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
# Endings that are words too, and yet common enough in addresses to be taken for them unless a sentence goes on.
_SENTENCE: Final = frozenset(
    {"cc", "co", "fun", "id", "jobs", "ke", "live", "me", "my", "online", "ph", "space", "today", "work", "world"}
)
_FILES: Final = re.compile(
    r"\.(?:py|sh|md|rs|pl|zip|mov|js|ts|so|pdf|docx?|xlsx?|txt|csv|jpe?g|png|gif|mp[34]|apk|exe|html?|php|net|java"
    r"|json|ya?ml)$"
)


class Link(msgspec.Struct, frozen=True):
    """An address: `start` and `end` in Context.text; `path` as written, without the slash before it; `query` decoded."""

    start: int
    end: int
    scheme: str
    host: str
    path: str
    query: dict[str, str]
    url: str
    undone: tuple[str, ...] = ()

    @property
    def parts(self) -> list[str]:
        """The parts of the path, decoded."""
        return [unquote(part) for part in self.path.split("/") if part]


@cache
def top_level() -> frozenset[str]:
    """All top-level domains, as pinned in tlds.txt; those of other scripts as they are written."""
    lines = (DATA / "tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _word_endings() -> frozenset[str]:
    return words_of("word_endings.yaml")


def links(context: Context) -> list[Link]:
    """The addresses in the text, ascending, none inside another."""
    found = context.cache.get("links")
    if found is None:
        found = context.cache["links"] = _links(context)
    return found


def _links(context: Context) -> list[Link]:
    text, lower = context.text, context.lower
    found: list[Link] = []
    if ":/" in lower or ": /" in lower or ":]/" in lower or ":)/" in lower:
        found += [link for match in _SCHEMED.finditer(lower) if (link := _schemed(text, match))]
    hidden, slashes = _signs(lower)
    for _, at in slashes:
        window = lower[max(0, at - 40) : at]
        if host := _HIDDEN_HOST.search(window):
            link = _hidden(text, lower, at - len(window) + host.start(), at, found)
            if link:
                found.append(link)
    starts = _starts(lower, hidden)
    if starts:
        spans = sorted((link.start, link.end) for link in found)
        reach = 0
        for start in starts:
            match = _BARE.match(lower, start) if start >= reach else None
            if match is None:
                continue
            at = bisect_right(spans, (match.start(), len(lower)))
            if (at and spans[at - 1][1] > match.start()) or (at < len(spans) and spans[at][0] < match.end()):
                continue
            reach = match.end("host")
            if link := _bare(text, match):
                found.append(link)
                reach = link.end
    found.sort(key=lambda link: link.start)
    return found


def _signs(lower: str) -> tuple[bool, list[tuple[int, int]]]:
    """(whether a dot is hidden, the slashes behind what may be a messenger's host: rank, place; those of a rank together)."""
    hidden = False
    slashes: list[tuple[int, int]] = []
    for at, _, rank in _HIDING.find(lower):
        if rank < 0:
            hidden = True
        elif lower[max(0, at - 40) : at].rstrip()[-2:] in _HOST_ENDS:
            slashes.append((rank, at))
    slashes.sort()
    return hidden, slashes


def _starts(lower: str, hidden: bool) -> list[int]:
    """Where a host may begin: before a dot between letters or digits, or anywhere where dots are hidden."""
    if hidden:
        return [match.start() for match in _BARE.finditer(lower)]
    starts: list[int] = []
    last = len(lower) - 1
    at = lower.find(".")
    reach = -1
    while at >= 0:
        if 0 < at < last and lower[at + 1] in _LABEL_CHARS and lower[at - 1] in _LABEL_CHARS:
            begin = at - 1
            # Not further back than the dot before, and no further than a label is long.
            while begin - 1 > reach and begin > at - 64 and lower[begin - 1] in _LABEL_CHARS:
                begin -= 1
            if begin > reach:
                starts.append(begin)
        reach = at
        at = lower.find(".", at + 1)
    return starts


def _inside(found: list[Link], start: int, end: int) -> bool:
    return any(link.start < end and start < link.end for link in found[-50:])


def _schemed(text: str, match: re.Match[str]) -> Link | None:
    scheme = match["scheme"]
    undone: tuple[str, ...] = ()
    if scheme[0] in "hf":
        plain = {"h": "https" if "s" in scheme else "http", "f": "ftp"}[scheme[0]]
        if plain != scheme:
            undone, scheme = ("defanged",), plain
    start = match.start("rest")
    rest = text[start : match.end("rest")]
    # Addresses that follow one another without a space.
    if (second := _SECOND.search(rest, 1)) is not None:
        rest = rest[: second.start()]
    rest = _trimmed(rest)
    if not rest:
        return None
    end = start + len(rest)
    clean = _refanged(rest)
    if clean != rest or "[:]" in match[0] or "(:)" in match[0]:
        undone = ("defanged",)
    return _link(match.start(), end, scheme, clean, undone)


def _hidden(text: str, lower: str, start: int, slash: int, found: list[Link]) -> Link | None:
    match = _HIDDEN_REST.match(lower, slash)
    written = lower[start:slash].rstrip()
    host = re.sub(_HIDDEN_DOT, ".", written)
    if host in ("wa.me", "zalo.me") and (number := _NUMBER_REST.match(lower, slash)) and not number[1].isdigit():
        digits = "".join(char for char in number[1] if char.isdigit())
        if not _inside(found, start, number.end()):
            return _link(start, number.end(), "https", f"{host}/{digits}", ("defanged",))
    if match is None or _inside(found, start, match.end()):
        return None
    rest = _trimmed(text[match.start(1) : match.end()])
    if not rest:
        return None
    plain = host == lower[start:slash] and text[slash : match.start(1)] == "/"
    return _link(start, match.start(1) + len(rest), "https", f"{host}/{rest}", () if plain else ("defanged",))


def _bare(text: str, match: re.Match[str]) -> Link | None:
    written = match["host"]
    host = re.sub(_DOT, ".", written)
    labels = host.split(".")
    ending = labels[-1]
    if (
        ending not in top_level()
        or ending.isdigit()
        or (all(label.isdigit() for label in labels[:-1]) and ending != "com")
    ):
        return None
    start, end = match.span()
    if (end < len(text) and text[end] == "@") or _AT_BEFORE.search(text[max(0, start - 14) : start].lower()):
        return None
    if (
        not match["rest"]
        and labels[0] != "www"
        and host not in _PROFILE_HOSTS
        and _PROFILE.search(text[max(0, start - 20) : start].lower())
    ):
        return None  # `ig: name.asean.id` is a name with dots
    surface = text[start : match.end("host")]
    rest = _trimmed(match["rest"] and text[match.start("rest") : end])
    end = match.end("host") + len(rest)
    undone: tuple[str, ...] = ()
    if host != written:
        if " " in written.strip() and "[" not in written and "(" not in written and len(labels) < 2:
            return None
        if " dot " in written and _ARTICLE.search(text[max(0, start - 5) : start].lower()):
            return None  # `a dot com start-up`
        undone = ("defanged",)
    elif labels[0] != "www" and surface[0].islower() and surface.rpartition(".")[2][0].isupper():
        return None  # two sentences
    if (
        len(rest) < 2
        and labels[0] != "www"
        and not _plausible(surface if not undone else host, labels, text, start, end)
    ):
        return None
    return _link(start, end, "http", host + rest, undone)


def _plausible(surface: str, labels: list[str], text: str, start: int, end: int) -> bool:
    """Whether a bare name with a real ending is an address, and not two words with a forgotten space."""
    ending = labels[-1]
    if ending in _word_endings() or (_FILES.search(surface.lower()) and ending != "net"):
        return False
    last = surface.rpartition(".")[2]
    if last != last.lower() and surface != surface.upper():
        return False
    if len(labels) == 2 and (len(labels[0]) < 2 or (surface[0].isupper() and last in _SENTENCE)):
        return False
    # Words of a sentence go on after a space; a short name of letters alone before a lower-case word is likelier two words.
    if ending not in _SENTENCE or len(labels) > 2 or len(labels[0]) > 5 or not labels[0].isalpha():
        return True
    return not (text[end : end + 1] == " " and text[end + 1 : end + 2].islower())


def _trimmed(rest: str) -> str:
    # A full-width comma or bracket is a plain one by now: the sentence goes on behind it.
    if not rest.isascii() and (sentence := _SENTENCE_ON.search(rest)):
        rest = rest[: sentence.start()]
    while rest and rest[-1] in _TRAIL:
        last = rest[-1]
        if last in "-_" or (last in _PAIRS and rest.count(_PAIRS[last]) >= rest.count(last)):
            break
        rest = rest[:-1]
    return rest


def _refanged(rest: str) -> str:
    if "[" in rest or "(" in rest or "{" in rest:
        return re.sub(r"[\[({](?:\.|dot)[\])}]", ".", rest, flags=re.IGNORECASE)
    return rest


def _link(start: int, end: int, scheme: str, rest: str, undone: tuple[str, ...]) -> Link | None:
    cut = next((at for at, char in enumerate(rest) if char in "/?#"), len(rest))
    authority, path = rest[:cut], rest[cut:]
    host = authority.rpartition("@")[2].lower().partition(":")[0].rstrip(".")
    if host.startswith("www."):
        host = host[4:]
    if scheme in ("http", "https", "ftp"):
        ending = host.rpartition(".")[2]
        if "." not in host or not (ending in top_level() or ending.startswith("xn--") or ending.isdigit()):
            return None
    bare, _, fragment = path.partition("#")
    place, _, query = bare.partition("?")
    try:
        values = {key: value[0] for key, value in parse_qs(query, max_num_fields=50).items()}
    except ValueError:
        values = {}
    if fragment and not place.strip("/"):
        place = f"#{fragment}"
    separator = "" if path.startswith(("/", "?", "#")) or not path else "/"
    return Link(
        start, end, scheme, host, place.strip("/"), values, f"{scheme}://{authority.lower()}{separator}{path}", undone
    )
