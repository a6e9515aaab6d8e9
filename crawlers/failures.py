"""What went wrong with a page, in one sentence for people."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Literal

from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.middlewares.address_guard import AddressRefused
from crawlers.middlewares.budget import BudgetSpent
from crawlers.middlewares.downloads import refused_type
from crawlers.middlewares.pace import MAX_RETRY_AFTER, seconds_asked
from crawlers.middlewares.politeness import NotNow
from crawlers.middlewares.robots import RobotsAway
from crawlers.middlewares.unpacking import Unpacking

__all__ = ["Trouble", "made_by_scripts", "trouble_of", "wall"]

Kind = Literal[
    "budget",
    "robots",
    "not now",
    "refused",
    "status",
    "wall",
    "size",
    "download",
    "redirects",
    "dns",
    "timeout",
    "connection",
    "other",
]

SCRIPTED: Final = "the page's content is made by JavaScript (--kind browser reads such pages)"
# Signs of a wall in a page: https://developers.cloudflare.com/cloudflare-challenges and the common captcha services.
_WALLS: Final = (
    (re.compile(r"cf-challenge|cf_chl_|challenge-platform|just a moment\.\.\.", re.I), "a bot check (Cloudflare)"),
    (re.compile(r"g-recaptcha|hcaptcha|captcha", re.I), "a captcha"),
    (re.compile(r"datadome|perimeterx|px-captcha|_incapsula_|akamai bot", re.I), "a bot check"),
    (re.compile(r"<input[^>]+type=[\"']?password", re.I), "a login form"),
    (
        re.compile(r"enable javascript|requires javascript|javascript is (?:disabled|required)", re.I),
        SCRIPTED,
    ),
)
# The marks of Nuxt, Next.js, React, Angular, Vue and SvelteKit in a page.
_FRAMEWORK: Final = re.compile(
    r"/_nuxt/|__NUXT|/_next/static|__NEXT_DATA__|data-reactroot|ng-version=|data-v-app|data-server-rendered|"
    r"<div id=[\"']?(?:root|app|__next|__nuxt)[\"' >]|__sveltekit"
)
_SCRIPT: Final = re.compile(r"<(script|style|noscript|template|svg)\b.*?(?:</\1\s*>|$)", re.S)
_MARKUP: Final = re.compile(r"<[^<>]*>")
_LINK: Final = re.compile(r"<a\s[^<>]*href")
_FEW_LETTERS: Final = 60
_FEW_LINKS: Final = 3


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a page did not come. `status` is 0 where there was no answer."""

    kind: Kind
    sentence: str
    status: int = 0


def wall(text: str) -> str:
    """What stands between us and the page's content, by its markup; empty where nothing does, as far as can be told."""
    head = text[:200_000]
    seen = next((name for pattern, name in _WALLS if pattern.search(head)), "")
    return seen or (SCRIPTED if _only_scripts(text) else "")


def made_by_scripts(text: str) -> bool:
    """Whether a page is of a make whose content is often put in by scripts, though some of it stands there already."""
    return _FRAMEWORK.search(text[:2_000_000]) is not None


def _only_scripts(text: str) -> bool:
    """Whether a page has scripts, and next to no words and links that a person could read without them."""
    body = text[:2_000_000].lower().partition("<body")[2]
    if "<script" not in text[:2_000_000].lower() or not body:
        return False
    rest = _MARKUP.sub(" ", _SCRIPT.sub(" ", f"<body{body}"))
    return sum(char.isalnum() for char in rest) < _FEW_LETTERS and len(_LINK.findall(body)) < _FEW_LINKS


def trouble_of(failure: Failure) -> Trouble:
    """The trouble that a failed request stands for."""
    error: Any = failure.value
    message = " ".join(str(error).split())
    name = type(error).__name__
    if isinstance(error, BudgetSpent):
        return Trouble("budget", message)
    if isinstance(error, AddressRefused):
        return Trouble("refused", message)
    if isinstance(error, (NotNow, RobotsAway)):
        return Trouble("not now", message)
    if isinstance(error, StopDownload):
        return _download(error.response)
    if Unpacking.refused(failure.request, error):  # type: ignore[attr-defined]  # Scrapy sets it
        return Trouble("size", "unpacks to many times its packed size: JERAT_MAX_RATIO allows no more")
    if isinstance(error, HttpError):
        return _status(error.response)
    if isinstance(error, IgnoreRequest):
        if "robots.txt" in message:
            return Trouble("robots", "robots.txt forbids it")
        if "redirect" in message:
            return Trouble("redirects", "it redirects more often than JERAT_MAX_REDIRECTS allows, perhaps in a circle")
        if "DOWNLOAD_MAXSIZE" in message:
            return _size(message)
        return Trouble("other", message or name)
    lowered = f"{name} {message}".lower()
    if "cancelled" in lowered or "maxsize" in lowered or "max size" in lowered:
        return _size(message)
    if "timeout" in lowered or "timed out" in lowered:
        return Trouble("timeout", "no whole answer within JERAT_TIMEOUT seconds")
    if "lookup" in lowered or "resolve" in lowered:
        return Trouble("dns", "the name of the host cannot be resolved")
    if "dataloss" in lowered or "partialdownload" in lowered:
        return Trouble("connection", "the answer was cut short: fewer bytes came than were announced")
    if "connectiondone" in lowered or "closed cleanly" in lowered or "connection was closed" in lowered:
        return Trouble("connection", "the server closed the connection before it had answered")
    if "connectionlost" in lowered or "non-clean" in lowered:
        return Trouble("connection", "the connection was lost before the answer had come")
    if "refused" in lowered:
        return Trouble("connection", "the host refuses the connection")
    if "unsupportedurlscheme" in lowered or "unsupported url scheme" in lowered:
        return Trouble("refused", f"not fetched: only http and https are crawled ({message})")
    if "certificate" in lowered or "ssl" in lowered or "tls" in lowered:
        return Trouble("connection", f"no trusted connection: {message}")
    return Trouble("connection", f"the connection failed: {message or name}")


def _download(response: Response | None) -> Trouble:
    def text(name: str) -> str:
        return ((response.headers.get(name) if response is not None else None) or b"").decode("latin-1")

    what = refused_type(text("Content-Type"), text("Content-Disposition")) or "a download"
    return Trouble("download", f"not HTML, but {what}: downloads are refused")


def _size(message: str) -> Trouble:
    numbers = [f"{int(number):,}" for number in re.findall(r"\b\d{4,}\b", message.partition(" in request")[0])]
    known = f" ({' bytes and more; allowed are '.join(numbers)} bytes)" if len(numbers) == 2 else ""
    return Trouble("size", f"larger than JERAT_MAX_RESPONSE allows, packed or unpacked{known}")


def _status(response: Response) -> Trouble:
    try:
        phrase = f" {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = ""
    sentence = f"HTTP {response.status}{phrase}"
    asked = seconds_asked(response.headers.get("Retry-After"))
    if response.status in (429, 503) and asked is not None and asked > MAX_RETRY_AFTER:
        sentence += f": the site asks to come back after {asked:.0f} s; a run waits {MAX_RETRY_AFTER:.0f} s at most"
    seen = wall(response.body[:200_000].decode("latin-1"))
    if seen:
        return Trouble("wall", f"{sentence}: {seen}", response.status)
    return Trouble("status", sentence, response.status)
