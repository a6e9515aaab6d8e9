"""The classifieds: lists and pages in plain HTML, with nothing that would tell a machine what is what."""

from html import escape
from typing import Final

from jerat.samples.html import Page, frame, html_page, lines_as_html, text_page
from jerat.samples.posts import SamplePost, SampleSite

__all__ = ["pages"]

_A_PAGE: Final = 8


def pages(site: SampleSite, base: str) -> dict[str, Page]:
    """All pages of the classifieds at `base`, by path and query."""
    lists = [site.posts[start : start + _A_PAGE] for start in range(0, len(site.posts), _A_PAGE)]
    found = {"/": _list_page(site, lists[0], 1, len(lists))}
    for number, posts in enumerate(lists[1:], start=2):
        found[f"/daftar/{number}"] = _list_page(site, posts, number, len(lists))
    for post in site.posts:
        found[site.path(post)] = html_page(_post_page(site, post), post.charset)
    found["/robots.txt"] = text_page("User-agent: *\nDisallow:\n", "text/plain; charset=utf-8")
    return found


def _list_page(site: SampleSite, posts: tuple[SamplePost, ...], number: int, last: int) -> Page:
    cards = "\n".join(
        f'<li class="card"><a href="{escape(site.path(post))}">{escape(post.title)}</a>'
        f'<div class="meta">{escape(post.author)}, {post.date:%d/%m/%Y}</div></li>'
        for post in posts
    )
    links = "".join(
        f'<a href="{"/" if to == 1 else f"/daftar/{to}"}">{to}</a>' for to in range(1, last + 1) if to != number
    )
    body = f'<h1>Iklan terbaru</h1>\n<ul class="list">\n{cards}\n</ul>\n<nav>{links}</nav>'
    return html_page(frame(title=f"Iklan, halaman {number}", site=site.title, about=site.about, body=body))


def _post_page(site: SampleSite, post: SamplePost) -> str:
    body = (
        f"<article><h1>{escape(post.title)}</h1>\n"
        f'<p class="meta">Dipasang oleh {escape(post.author)} pada <time datetime="{post.date:%Y-%m-%d}">'
        f"{post.date:%d/%m/%Y}</time></p>\n"
        f'<div class="isi">{lines_as_html(post.text)}</div></article>\n<nav><a href="/">Semua iklan</a></nav>'
    )
    return frame(title=post.title, site=site.title, about=site.about, body=body, language=post.language)
