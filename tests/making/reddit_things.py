"""Things as Reddit's API gives them."""

import html
from typing import Any


def submission(key: str, **more: Any) -> dict[str, Any]:
    about = {
        "id": key,
        "name": f"t3_{key}",
        "title": f"Lowongan {key}",
        "selftext": "",
        "selftext_html": None,
        "author": "contoh_hr",
        "subreddit": "contoh",
        "permalink": f"/r/contoh/comments/{key}/lowongan/",
        "url": f"https://www.reddit.com/r/contoh/comments/{key}/lowongan/",
        "is_self": True,
        "created_utc": 1795000000.0,
        "edited": False,
        "removed_by_category": None,
        **more,
    }
    return {"kind": "t3", "data": about}


def comment(key: str, body: str = "Minat", replies: Any = "", **more: Any) -> dict[str, Any]:
    about = {
        "id": key,
        "body": body,
        "body_html": f'<div class="md"><p>{html.escape(body)}</p></div>',
        "author": "orang",
        "link_id": "t3_aaa",
        "parent_id": "t3_aaa",
        "permalink": f"/r/contoh/comments/aaa/lowongan/{key}/",
        "created_utc": 1795000060,
        "replies": replies,
        **more,
    }
    return {"kind": "t1", "data": about}


def listing(*things: Any, after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(things), "after": after}}
