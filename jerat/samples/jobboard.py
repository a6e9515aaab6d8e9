"""The job board: pages with schema.org JobPosting in JSON-LD, microdata or RDFa, list pages, robots.txt, sitemaps."""

import json
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote

from jerat.samples.html import Page, frame, html_page, lines_as_html, text_page
from jerat.samples.posts import SamplePost, SampleSite

__all__ = ["pages"]

_A_PAGE: Final = 10
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

_DRAFT: Final = SamplePost(
    language="id",
    kind="offer",
    lure=False,
    date=datetime(2026, 11, 1, tzinfo=UTC),
    title="Draf, belum terbit",
    text="Halaman ini tidak boleh diambil.",
    contacts=(),
    places=(),
)


def pages(site: SampleSite, base: str) -> dict[str, Page]:
    """All pages of the board at `base`, by path and query."""
    lists = [site.posts[start : start + _A_PAGE] for start in range(0, len(site.posts), _A_PAGE)]
    found = {"/": _list_page(site, lists[0], 1, len(lists))}
    for number, posts in enumerate(lists, start=1):
        found[f"/lowongan?halaman={number}"] = _list_page(site, posts, number, len(lists))
        found[f"/sitemap-{number}.xml"] = _sitemap(site, base, posts)
    for post in site.posts:
        found[site.path(post)] = html_page(_job_page(site, post), post.charset)
    # Robots may not go there: whoever finds this post has not obeyed.
    found["/admin/draf"] = html_page(_job_page(site, _DRAFT))
    found["/robots.txt"] = text_page(
        f"User-agent: *\nDisallow: /admin/\n\nSitemap: {base}/sitemap_index.xml\n", "text/plain; charset=utf-8"
    )
    maps = "".join(f"<sitemap><loc>{base}/sitemap-{number}.xml</loc></sitemap>" for number in range(1, len(lists) + 1))
    found["/sitemap_index.xml"] = text_page(
        f"{_XML}<sitemapindex {_SITEMAP}>{maps}</sitemapindex>\n", "application/xml"
    )
    return found


def _sitemap(site: SampleSite, base: str, posts: tuple[SamplePost, ...]) -> Page:
    rows = "".join(
        f"<url><loc>{base}{quote(site.path(post))}</loc><lastmod>{post.date:%Y-%m-%d}</lastmod></url>" for post in posts
    )
    return text_page(f"{_XML}<urlset {_SITEMAP}>{rows}</urlset>\n", "application/xml")


def _list_page(site: SampleSite, posts: tuple[SamplePost, ...], number: int, last: int) -> Page:
    cards = "\n".join(
        f'<li class="card"><a href="{escape(site.path(post))}">{escape(post.title)}</a>'
        f'<div class="meta">{escape(post.author)} · {escape(_place(post))} · {post.date:%Y-%m-%d}</div></li>'
        for post in posts
    )
    around = [(number - 1, "prev", "Sebelumnya"), (number + 1, "next", "Berikutnya")]
    links = "".join(
        f'<a rel="{rel}" href="/lowongan?halaman={to}">{label}</a>' for to, rel, label in around if 1 <= to <= last
    )
    body = f'<h1>Lowongan terbaru</h1>\n<ul class="list">\n{cards}\n</ul>\n<nav>{links}</nav>'
    title = f"Lowongan, halaman {number}"
    return html_page(frame(title=title, site=site.title, about=site.about, body=body, footer=_footer()))


def _footer() -> str:
    return (
        '<p>Redaksi: <a href="mailto:redaksi@kerja-raya.example">redaksi@kerja-raya.example</a> '
        '· <a href="/admin/draf" rel="nofollow">Masuk</a></p>'
    )


def _place(post: SamplePost) -> str:
    return "; ".join(f"{locality}, {country}" for locality, country in post.locations)


def _salary(post: SamplePost) -> str:
    if post.salary is None:
        return ""
    currency, least, most, _ = post.salary
    return f"{currency} {least:,} - {most:,}"


def _job_page(site: SampleSite, post: SamplePost) -> str:
    body = {"json-ld": _plain, "microdata": _microdata, "rdfa": _rdfa}[post.markup](post)
    if post.apply:
        body = body.replace("</article>", f'<p><a href="{escape(post.apply)}">Lamar sekarang</a></p></article>')
    head = _json_ld(post) if post.markup == "json-ld" else ""
    return frame(
        title=post.title,
        site=site.title,
        about=site.about,
        body=body,
        head=head,
        footer=_footer(),
        language=post.language,
    )


def _plain(post: SamplePost) -> str:
    return (
        f"<article><h1>{escape(post.title)}</h1>\n<dl><dt>Perusahaan</dt><dd>{escape(post.author)}</dd>"
        f"<dt>Lokasi</dt><dd>{escape(_place(post))}</dd><dt>Gaji</dt><dd>{escape(_salary(post))}</dd>"
        f"<dt>Tanggal</dt><dd>{post.date:%Y-%m-%d}</dd></dl>\n{lines_as_html(post.text)}</article>"
    )


def _json_ld(post: SamplePost) -> str:
    description = lines_as_html(post.text)
    for _ in range(post.escapes):
        description = escape(description)
    posting: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": post.title,
        "description": description,
        "identifier": {"@type": "PropertyValue", "name": post.author, "value": post.slug},
        "datePosted": f"{post.date:%Y-%m-%d}",
        "employmentType": "FULL_TIME",
        "hiringOrganization": {"@type": "Organization", "name": post.author},
        "jobLocation": [
            {
                "@type": "Place",
                "address": {"@type": "PostalAddress", "addressLocality": locality, "addressCountry": country},
            }
            for locality, country in post.locations
        ],
        "directApply": False,
    }
    if post.valid_through is not None:
        posting["validThrough"] = f"{post.valid_through}T23:59:00+07:00"
    if post.salary is not None:
        currency, least, most, unit = post.salary
        value = {"@type": "QuantitativeValue", "minValue": least, "maxValue": most, "unitText": unit}
        posting["baseSalary"] = {"@type": "MonetaryAmount", "currency": currency, "value": value}
    written = json.dumps(posting, ensure_ascii=False, indent=1).replace("</", "<\\/")
    if post.broken:  # as templates do that paste text between quotes: line breaks inside a string, a comma too many
        written = written.replace("\\n", "\n").removesuffix("}") + ",\n}"
    return f'<script type="application/ld+json">\n{written}\n</script>\n'


def _microdata(post: SamplePost) -> str:
    locality, country = post.locations[0]
    currency, least, most, unit = post.salary or ("USD", 0, 0, "MONTH")
    return f"""<article itemscope itemtype="https://schema.org/JobPosting">
<h1 itemprop="title">{escape(post.title)}</h1>
<dl><dt>Perusahaan</dt><dd itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"
><span itemprop="name">{escape(post.author)}</span></dd>
<dt>Lokasi</dt><dd itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"
><span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"
><span itemprop="addressLocality">{escape(locality)}</span>, <span itemprop="addressCountry">{country}</span></span></dd>
<dt>Gaji</dt><dd itemprop="baseSalary" itemscope itemtype="https://schema.org/MonetaryAmount"
><meta itemprop="currency" content="{currency}"><span itemprop="value" itemscope itemtype="https://schema.org/QuantitativeValue"
><meta itemprop="minValue" content="{least}"><meta itemprop="maxValue" content="{most}"
><meta itemprop="unitText" content="{unit}">{escape(_salary(post))}</span></dd>
<dt>Tanggal</dt><dd><time itemprop="datePosted" datetime="{post.date:%Y-%m-%d}">{post.date:%Y-%m-%d}</time></dd></dl>
<meta itemprop="employmentType" content="FULL_TIME">
<div itemprop="description">{lines_as_html(post.text)}</div></article>"""


def _rdfa(post: SamplePost) -> str:
    locality, country = post.locations[0]
    currency, least, most, unit = post.salary or ("USD", 0, 0, "MONTH")
    return f"""<article vocab="https://schema.org/" typeof="JobPosting">
<h1 property="title">{escape(post.title)}</h1>
<dl><dt>Perusahaan</dt><dd property="hiringOrganization" typeof="Organization"
><span property="name">{escape(post.author)}</span></dd>
<dt>Lokasi</dt><dd property="jobLocation" typeof="Place"><span property="address" typeof="PostalAddress"
><span property="addressLocality">{escape(locality)}</span>, <span property="addressCountry">{country}</span></span></dd>
<dt>Gaji</dt><dd property="baseSalary" typeof="MonetaryAmount"><meta property="currency" content="{currency}"
><span property="value" typeof="QuantitativeValue"><meta property="minValue" content="{least}"
><meta property="maxValue" content="{most}"><meta property="unitText" content="{unit}">{escape(_salary(post))}</span></dd>
<dt>Tanggal</dt><dd><time property="datePosted" datetime="{post.date:%Y-%m-%d}">{post.date:%Y-%m-%d}</time></dd></dl>
<meta property="employmentType" content="FULL_TIME">
<div property="description">{lines_as_html(post.text)}</div></article>"""
