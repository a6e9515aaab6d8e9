"""Where a page came from: what every post made of it carries."""

from dataclasses import dataclass, field
from datetime import datetime

from jerat.model import Post

__all__ = ["Extraction", "Origin"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The page that was fetched. `url` is its address after redirects."""

    source: str
    url: str
    fetched_at: datetime
    country_hint: str = ""


@dataclass(slots=True)
class Extraction:
    """What a page gave. `problems` are sentences for the dead letters: parts of the page that could not be read."""

    posts: list[Post] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
