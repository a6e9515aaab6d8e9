"""The channel: previews in the markup of `t.me/s/NAME`, newest messages last, older ones behind `?before=NUMBER`."""

from html import escape
from typing import Final

from jerat.samples.html import Page, html_page, linked, text_page
from jerat.samples.posts import SamplePost, SampleSite

__all__ = ["pages"]

_A_PAGE: Final = 10
_STYLE: Final = """
body { margin: 0; font: 15px/1.45 system-ui, "Noto Sans", sans-serif; background: #dfe9d8 }
a { color: #2481cc; text-decoration: none }
.tgme_header { background: #fff; padding: .8rem 1rem; border-bottom: 1px solid #d5dccf }
.tgme_channel_history { max-width: 34rem; margin: 1rem auto; padding: 0 1rem }
.tgme_widget_message_bubble { background: #fff; border-radius: .8rem; padding: .6rem .9rem; margin: 0 0 .7rem }
.tgme_widget_message_author { font-weight: 600 }
.tgme_widget_message_footer { text-align: right; color: #5b6b7c; font-size: .8rem }
.tgme_widget_message_photo_wrap { display: block; max-width: 100%; background-size: cover; margin: .4rem 0 }
.tgme_widget_message_reply { display: block; border-left: 3px solid #2481cc; padding-left: .5rem; color: #5b6b7c }
.tme_messages_more { text-align: center; display: block; color: #5b6b7c; padding: .5rem }
"""


def pages(site: SampleSite, base: str) -> dict[str, Page]:
    """All pages of the preview at `base`, by path and query."""
    posts = sorted(site.posts, key=lambda post: post.number)
    found: dict[str, Page] = {}
    path = f"/s/{site.name}"
    while posts:
        shown, posts = posts[-_A_PAGE:], posts[:-_A_PAGE]
        oldest = shown[0].number
        found[path] = html_page(_preview(site, shown, oldest if posts else None))
        path = f"/s/{site.name}?before={oldest}"
    found[path] = html_page(_preview(site, [], None))
    for post in site.posts:
        if post.photo:
            found[f"/media/{post.number}.svg"] = text_page(_poster(), "image/svg+xml")
    found["/robots.txt"] = text_page("User-agent: *\nDisallow:\n", "text/plain; charset=utf-8")
    return found


def _preview(site: SampleSite, shown: list[SamplePost], before: int | None) -> str:
    own = f"https://t.me/{site.name}"
    more = prev = ""
    if before is not None:
        older = f"/s/{site.name}?before={before}"
        more = (
            '<div class="tgme_widget_message_centered js-messages_more_wrap">'
            f'<a href="{older}" class="tme_messages_more js-messages_more" data-before="{before}">older</a></div>'
        )
        prev = f'<link rel="prev" href="{older}">\n'
    messages = "\n".join(_message(site, post) for post in shown)
    return f"""<!DOCTYPE html>
<html>
<head>
<meta charset="{{charset}}">
<title>{escape(site.title)} – Telegram</title>
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<meta property="og:title" content="{escape(site.title)}">
<meta property="og:description" content="{escape(site.about)}">
{prev}<style>{_STYLE}</style>
</head>
<body class="widget_frame_base tgme_webpreview">
<header class="tgme_header"><div class="tgme_channel_info"><div class="tgme_channel_info_header">
<div class="tgme_channel_info_header_title"><span dir="auto">{escape(site.title)}</span></div>
<div class="tgme_channel_info_header_username"><a href="{own}">@{site.name}</a></div></div>
<div class="tgme_channel_info_description">{escape(site.about)}</div></div></header>
<main class="tgme_main" data-url="/{site.name}"><div class="tgme_container">
<section class="tgme_channel_history js-message_history">
{more}
{messages}
</section></div></main>
</body>
</html>
"""


def _message(site: SampleSite, post: SamplePost) -> str:
    own = f"https://t.me/{site.name}"
    address = f"{own}/{post.number}"
    parts = [
        '<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" '
        f'href="{own}"><span dir="auto">{escape(site.title)}</span></a></div>'
    ]
    if post.forwarded is not None:
        name, origin = post.forwarded
        parts.append(
            '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;'
            f'<a class="tgme_widget_message_forwarded_from_name" href="{escape(origin)}">'
            f'<span dir="auto">{escape(name)}</span></a></div>'
        )
    if post.reply_to:
        quoted = next(other for other in site.posts if other.number == post.reply_to).text.splitlines()[0]
        parts.append(
            f'<a class="tgme_widget_message_reply" href="{own}/{post.reply_to}">'
            f'<div class="tgme_widget_message_author accent_color"><span dir="auto">{escape(site.title)}</span></div>'
            f'<div class="tgme_widget_message_text js-message_reply_text" dir="auto">{escape(quoted)}</div></a>'
        )
    if post.photo:
        parts.append(
            f'<a class="tgme_widget_message_photo_wrap" href="{address}" '
            f"style=\"width:480px;background-image:url('/media/{post.number}.svg')\">"
            '<div class="tgme_widget_message_photo" style="padding-top:50%"></div></a>'
        )
    if post.text:
        text = linked(post.text.strip())
        parts.append(f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>')
    edited = "edited &nbsp;" if post.edited else ""
    parts.append(
        '<div class="tgme_widget_message_footer compact js-message_footer">'
        '<div class="tgme_widget_message_info short js-message_info">'
        f'<span class="tgme_widget_message_views">{post.views}</span><span class="copyonly"> views</span>'
        f'<span class="tgme_widget_message_meta">{edited}<a class="tgme_widget_message_date" href="{address}">'
        f'<time datetime="{post.date.isoformat()}" class="time">{post.date:%H:%M}</time></a></span></div></div>'
    )
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="{site.name}/{post.number}">'
        f'<div class="tgme_widget_message_bubble">\n' + "\n".join(parts) + "\n</div></div></div>"
    )


def _poster() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 240"><rect width="480" height="240" fill="#17456b"/>'
        '<text x="240" y="130" font-size="34" fill="#fff" text-anchor="middle" font-family="sans-serif">LOKER (contoh)</text>'
        "</svg>\n"
    )
