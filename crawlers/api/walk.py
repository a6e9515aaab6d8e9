"""The walk over the pages of a listing that an API gives: from a cursor to the next, never in a circle, and to its end."""

from collections.abc import Generator, Iterable, Iterator
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace
from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.api.limits import seconds_to_reset
from crawlers.api.reply import NoJsonError, read_json, server_says
from crawlers.extract.decode import decode
from crawlers.extract.origin import Origin
from crawlers.extract.reply import Reply
from crawlers.failures import Trouble, trouble_of
from crawlers.middlewares.pace import pace_of
from crawlers.middlewares.tokens import host_and_port, is_safe_for_tokens
from crawlers.spiders.base import JeratSpider
from jerat.model import Post, post_id
from jerat.settings import token_setting

__all__ = ["ApiSpider", "with_query"]

_MAX_BARREN: Final = 5
"""Pages in a row without a post that was not there before, after which a listing is left."""


def with_query(url: str, **values: str | int | None) -> str:
    """`url` with these parameters in place of those of the same name; None takes one away."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in values]
    kept += [(key, str(value)) for key, value in values.items() if value is not None]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept, errors="replace"), ""))


_MAX_ADDRESS: Final = 2000
"""Characters; of more Scrapy makes no request."""
_GONE: Final = "the service says that it was deleted, removed or hidden"


class ApiSpider(JeratSpider):
    """Base of the spiders of APIs. They say which addresses to ask, read a reply, and name the page that follows it."""

    keyed_as: ClassVar[str] = ""
    """The name by which `Settings.tokens` knows the tokens of the platform; empty where there are none."""
    accept: ClassVar[str] = "application/json"
    """What is asked for, in the header `Accept`."""
    accepted: ClassVar[str] = ""
    """The forms of address that are understood, for the message where one is not."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.api = ""
        """The scheme and the host that are asked."""
        self.asked: set[str] = set()
        self.seen: set[str] = set()
        self.left_out: dict[str, int] = {}
        self.cut_off = ""
        """Why the rest of a listing could not be read, as a sentence; the run has failed then, whatever came before."""
        self.covered: list[str] = []
        """The ids of all items that the pages listed, in order."""
        self.gone: list[str] = []
        """The native ids of posts that the service says were deleted or removed."""

    # -- for the spiders -----------------------------------------------------------------------------------------

    def entrance(self, url: str) -> str:
        """The address to ask for what stands at `url`; empty where `url` is of a form that is not known."""
        raise NotImplementedError

    def read_reply(self, data: Any, origin: Origin) -> Reply:
        """The posts of a reply."""
        raise NotImplementedError

    def following(self, response: Response, data: Any, reply: Reply) -> str:
        """The address of the next page, empty at the end."""
        raise NotImplementedError

    # -- requests ------------------------------------------------------------------------------------------------

    async def start(self) -> Any:
        """The first page of the listing."""
        if not self.url:
            return
        address = self.entrance(self.url)
        self.api = "://".join(urlsplit(address)[:2])
        if not address:
            self.first_trouble = f"{self.url} is no address that the spider {self.name} knows: {self.accepted}"
            return
        for request in self.ask(address, self.parse_listing):
            yield request

    def ask(
        self, url: str, callback: Any, *, priority: int = 0, vital: bool = True, **options: Any
    ) -> Iterator[Request]:
        """A request, unless it was made before. Where it is `vital`, the run has failed if no reply comes.

        `otherwise` is the address that is asked where there is no such page.
        """
        if url in self.asked:
            return
        self.asked.add(url)
        meta = {"jerat_vital": vital, "jerat_otherwise": options.pop("otherwise", ""), **options.pop("meta", {})}
        yield self.page(
            url, callback, priority=priority, meta=meta, headers={"Accept": self.accept}, dont_filter=True, **options
        )

    # -- replies -------------------------------------------------------------------------------------------------

    def parse_listing(self, response: Response, barren: int = 0, before: tuple[str, ...] = ()) -> Iterable[Any]:
        """The posts of one page, then the next."""
        data = self.data(response)
        if isinstance(data, Request):
            yield data
            return
        if data is None:
            return
        reply = self.read_reply(data, self.origin(response))
        if reply.broken:
            self.not_asked_for(response, reply)
            return
        fresh = yield from self.keep(response, reply)
        if self.full:
            return
        address = self.following(response, data, reply)
        ids = tuple(reply.covers)
        if not address:
            return
        if len(address) > _MAX_ADDRESS:
            self.unreadable(
                response, f"the next page has an address of {len(address):,} characters; {_MAX_ADDRESS:,} are asked for"
            )
            return
        if address in self.asked or (ids and ids == before):
            self.notes.append("the next page leads back to one that was read: the listing was left there")
            return
        barren = 0 if fresh else barren + 1
        if barren >= _MAX_BARREN:
            self.notes.append(f"{barren} pages in a row brought no further post: the listing was left there")
            return
        self.mind_limits(response)
        yield from self.ask(address, self.parse_listing, cb_kwargs={"barren": barren, "before": ids})

    def keep(self, response: Response, reply: Reply) -> Generator[Any, None, int]:
        """The posts that no page before had; what the reply says besides is noted. Returns how many were fresh."""
        for problem in reply.problems:
            self.dead_page("parse", response.url, problem)
        for reason, number in reply.left_out.items():
            self.count_out(reason, number)
        self.covered += reply.covers
        self.gone += reply.gone
        fresh = [
            post for post in {post.id: post for post in reversed(reply.posts)}.values() if post.id not in self.seen
        ]
        fresh.reverse()
        for post in fresh:
            self.seen.add(post.id)
        yield from self.take(fresh)
        return len(fresh)

    def count_out(self, reason: str, number: int) -> None:
        """Count items that are no posts by rule; the summary of the run tells."""
        self.left_out[reason] = self.left_out.get(reason, 0) + number
        told = "left out: " + ", ".join(f"{count:,} {why}" for why, count in self.left_out.items())
        self.notes = [note for note in self.notes if not note.startswith("left out: ")] + [told]

    def data(self, response: Response) -> Any:
        """The JSON of a reply; a request for a second try; or None where it cannot be read, which is told then."""
        response.meta["depth"] = (
            0  # depth counts links, and a listing is one long line of pages: only the budget ends it
        )
        text = self.read(response)
        try:
            data = read_json(text)
        except NoJsonError as error:
            if error.passing and response.request is not None:
                again = get_retry_request(response.request, spider=self, reason="broken JSON", max_retry_times=1)
                if again is not None:
                    return again
            self.note_wall(text)
            self.unreadable(response, str(error))
            return None
        if data is None:
            self.unreadable(response, "the reply says nothing (null)")
        return data

    def not_asked_for(self, response: Response, reply: Reply) -> None:
        """JSON of another kind than was asked for, such as an error under HTTP 200."""
        said = server_says(response.body)
        self.unreadable(response, f"{reply.broken}; the server says {said!r}" if said else reply.broken)

    def unreadable(self, response: Response, sentence: str) -> None:
        """A reply that is none: into the dead letters, and the end of the walk where it was needed."""
        self.dead_page(
            "parse", response.url, sentence, item=response.text[:20_000] if hasattr(response, "text") else ""
        )
        self.first_trouble = self.first_trouble or f"{response.url}: {sentence}"
        self.troubles["reply"] += 1
        if response.meta.get("jerat_vital"):
            self.cut_off = self.cut_off or f"{response.url}: {sentence}"

    def mind_limits(self, response: Response) -> None:
        """Wait with the next request where the reply says that none is left."""

        def header(name: str) -> str:
            return (response.headers.get(name) or b"").decode("latin-1")

        seconds = seconds_to_reset(header)
        if seconds is not None:
            pace_of(self.crawler).spent(response.url, seconds)

    # -- what did not come ---------------------------------------------------------------------------------------

    def failed(self, failure: Failure) -> Iterable[Any]:
        """As in the base; an address that is not there may have another that is."""
        request: Request = failure.request  # type: ignore[attr-defined]
        otherwise = request.meta.get("jerat_otherwise")
        if otherwise and trouble_of(failure).status in (404, 405, 410):
            meta = {**request.meta, "jerat_otherwise": ""}
            self.asked.add(otherwise)
            return [request.replace(url=otherwise, meta=meta, priority=request.priority + 1)]
        return super().failed(failure)

    def explained(self, trouble: Trouble, failure: Failure) -> Trouble:
        """What the server says of it, and which token would help."""
        response: Response | None = getattr(failure.value, "response", None)
        if response is None or not trouble.status:
            return trouble
        said = server_says(response.body)
        sentence = f"{trouble.sentence}: the server says {said!r}" if said else trouble.sentence
        closed = pace_of(self.crawler).closed.get(urlsplit(response.url).netloc.lower(), "")
        if closed and "come back" not in sentence:  # a limit that is told by other headers than Retry-After
            sentence = f"{sentence}: {closed}"
        advice = self.advice(response.url, trouble.status, said)
        return Trouble(trouble.kind, f"{sentence}; {advice}" if advice else sentence, trouble.status)

    def advice(self, url: str, status: int, said: str) -> str:
        """What an operator can do about an answer with an error; empty where that is plain."""
        if status not in (401, 403) or not self.keyed_as:
            return ""
        host, setting = host_and_port(url), token_setting(self.keyed_as)
        if self.context.settings.tokens(self.keyed_as).get(host):
            if not is_safe_for_tokens(url):
                return f"the token in {setting} for {host} is sent over https alone"
            return f"the token in {setting} for {host} was not accepted"
        return f"it needs a token: set {setting}={host}=TOKEN"

    def after_failure(self, request: Request, trouble: Trouble) -> Iterable[Any]:
        """Without this page the rest cannot be read; where the site wants to be left alone, no other page can."""
        if request.meta.get("jerat_vital") or trouble.kind == "not now" or trouble.status == 429:
            self.cut_off = self.cut_off or f"{request.url}: {trouble.sentence}"
        return ()

    # -- what was there before -----------------------------------------------------------------------------------

    def lookup_address(self, post: Post) -> str:
        """Where the service says whether a known post is still there; empty where it does not."""
        return ""

    def read_lookup(self, data: Any, origin: Origin) -> Reply:
        """The post in the reply to a look-up."""
        return self.read_reply(data, origin)

    def covers(self, post: Post) -> bool:
        """A known post that no page listed is looked up, where the service has an address for that."""
        return post.platform == self.name and bool(self.lookup_address(post))

    def lookup_request(self, post: Post) -> Request | None:
        """The question for one post."""
        meta = {"handle_httpstatus_list": [404, 410]}
        address = self.lookup_address(post)
        return self.page(address, self.parse_lookup, meta=meta, headers={"Accept": self.accept}, dont_filter=True)

    def parse_lookup(self, response: Response, post: Post) -> Iterable[Any]:
        """The post, where it is there; gone where the service itself says so. An address that nobody answers tells nothing."""
        self.pages += 1
        self.context.count("pages")
        self.context.case.presence.looked(post.id)
        if response.status in (404, 410):
            if said := server_says(response.body):
                self.note_gone(post.id, f"HTTP {response.status} at {response.url}: the server says {said!r}")
            return
        try:
            reply = self.read_lookup(read_json(decode(response.body)), self.origin(response))
        except NoJsonError:
            return
        own = next((one for one in reply.posts if one.id == post.id), None)
        if own is not None:
            yield from self.take([own if own.title else replace(own, title=post.title)])
        elif post.native_id in reply.gone:
            self.note_gone(post.id, _GONE)
        elif not reply.items and not reply.problems and not reply.broken:
            self.note_gone(post.id, "the service knows no post of this id any more")

    def found_gone(self) -> Iterable[tuple[str, str]]:
        """What the pages themselves named as deleted or removed."""
        return [(post_id(self.name, native, ""), _GONE) for native in dict.fromkeys(self.gone)]

    # -- the end -------------------------------------------------------------------------------------------------

    def failing(self) -> str:
        """A listing that was not read to its end."""
        return f"ended early: {self.cut_off}" if self.cut_off else ""
