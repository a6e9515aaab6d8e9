"""Pages with one post, as people save them."""

import json
from typing import Any

WORDS = "We look for clerks who answer letters in our office, every day from nine to five, with lunch. " * 3
URL = "https://board.example/job/17-clerk"


def page(head: str = "", title: str = "Clerk", text: str = WORDS) -> str:
    body = f"<body><main><h1>{title}</h1><p>{text}</p></main></body>"
    return f"<!DOCTYPE html><html><head>{head}<title>{title}</title></head>{body}</html>"


def posting(**more: Any) -> str:
    data = {"@context": "https://schema.org", "@type": "JobPosting", "title": "Clerk", "description": WORDS, **more}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'
