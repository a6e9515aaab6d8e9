"""Which kept post a post is: an advertisement that has moved to another address keeps the id that it had."""

import msgspec

from jerat.case import Case
from jerat.model import Post

__all__ = ["identified"]


def identified(case: Case, post: Post) -> Post:
    """`post` under the id by which the case knows it."""
    known = case.presence.known_as(post.id)
    return post if known == post.id else msgspec.structs.replace(post, id=known)
