"""What is known of one advertisement while it is put together from a list, its own page, and structured data."""

import hashlib
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from crawlers.extract.html_text import Rendered
from crawlers.extract.origin import Origin
from jerat.model import Job, Post, post_id

__all__ = ["Draft", "of_post", "post_of"]


@dataclass(slots=True)
class Draft:
    """The fields of `crawlers.board.rules.Fields`, read. `url` is canonical, and empty where the list gives none."""

    url: str = ""
    title: str = ""
    text: Rendered = field(default_factory=lambda: Rendered(""))
    organisation: str = ""
    locations: tuple[str, ...] = ()
    salary: str = ""
    employment_type: tuple[str, ...] = ()
    published_at: datetime | None = None
    valid_through: datetime | None = None
    contacts: tuple[str, ...] = ()
    native_id: str = ""
    author: str = ""
    media: tuple[str, ...] = ()

    @property
    def says(self) -> bool:
        """Whether it has what makes a post."""
        return bool(self.title or self.text.text)

    def fill(self, other: "Draft") -> None:
        """Take from `other` what is missing here."""
        for name in _NAMES:
            mine = getattr(self, name)
            if not (mine.text if isinstance(mine, Rendered) else mine):
                setattr(self, name, getattr(other, name))


_NAMES: Final = tuple(one.name for one in fields(Draft))


def of_post(post: Post) -> Draft:
    """A post of structured data as a draft, to fill gaps from."""
    job = post.job or Job()
    return Draft(
        title=post.title,
        text=Rendered(post.text, post.links),
        organisation=job.organisation,
        locations=job.locations,
        salary=job.salary,
        employment_type=job.employment_type,
        published_at=post.published_at,
        valid_through=job.valid_through,
        contacts=job.contacts,
        author=post.author,
        media=post.media,
    )


def post_of(draft: Draft, origin: Origin, *, page: str) -> Post:
    """The post. Where the list gave no address of its own, it is told apart on the address of the list, `page`."""
    url, key = draft.url or page, ""
    if not draft.url:
        told = draft.native_id or "\x1f".join(
            (draft.title, draft.organisation, *draft.locations, draft.text.text[:200])
        )
        name = draft.native_id or hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=6).hexdigest()
        key = f"{page}#{name}"
    return Post(
        id=post_id("web", key, url),
        native_id=draft.native_id or key,
        source=origin.source,
        platform="web",
        url=url,
        fetched_at=origin.fetched_at,
        title=draft.title,
        text=draft.text.text,
        links=draft.text.links,
        author=draft.author,
        published_at=draft.published_at,
        media=draft.media,
        country_hint=origin.country_hint,
        job=Job(
            organisation=draft.organisation,
            locations=draft.locations,
            salary=draft.salary,
            employment_type=draft.employment_type,
            valid_through=draft.valid_through,
            contacts=draft.contacts,
        ),
    )
