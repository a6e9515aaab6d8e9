"""Statuses as Mastodon's API gives them."""

from typing import Any


def status(number: int, base: str = "https://one.example", **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": "2026-11-20T10:00:00.500Z",
        "visibility": "public",
        "language": "id",
        "uri": f"{base}/users/contoh/statuses/{number}",
        "url": f"{base}/@contoh/{number}",
        "content": f"<p>Lowongan nomor {number}</p>",
        "account": {"username": "contoh", "acct": "contoh", "display_name": "Contoh HR", "url": f"{base}/@contoh"},
        "media_attachments": [],
        "tags": [],
        **more,
    }
