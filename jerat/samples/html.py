"""What the pages of all sample sites share: the frame, the look, and the mark that all in them is invented."""

import re
from dataclasses import dataclass
from html import escape
from typing import Final

__all__ = ["Page", "frame", "html_page", "lines_as_html", "linked", "text_page"]

_NOTE: Final = "Invented sample: no person, firm, number or account on this page is real."
_STYLE: Final = """
body { margin: 0; font: 16px/1.55 system-ui, "Noto Sans", sans-serif; color: #1d2733; background: #f3f5f8 }
header { background: #17456b; color: #fff; padding: 1rem }
header a { color: #fff; text-decoration: none; font-size: 1.3rem; font-weight: 600 }
header p { margin: .2rem 0 0; opacity: .85 }
main, footer { max-width: 46rem; margin: 1.2rem auto; padding: 0 1rem }
article, li.card { background: #fff; border: 1px solid #dce2ea; border-radius: .5rem; padding: 1rem 1.2rem; margin: 0 0 .9rem }
ul.list { padding: 0; list-style: none }
h1 { font-size: 1.35rem; margin: .1rem 0 .6rem }
a { color: #175f9c }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .2rem 1rem }
dt, .meta, footer { color: #5b6b7c; font-size: .9rem }
dd { margin: 0 }
nav { display: flex; gap: 1rem }
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a sample site: the bytes of its body and its content type."""

    body: bytes
    content_type: str
    status: int = 200


def lines_as_html(text: str) -> str:
    """The text as paragraphs, one a line."""
    return "\n".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def frame(
    *, title: str, site: str, about: str, body: str, head: str = "", footer: str = "", language: str = "id"
) -> str:
    """A whole page; `head`, `body` and `footer` are HTML, all else text. It loads nothing from elsewhere."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="{{charset}}">\n'
        f"<title>{escape(title)} | {escape(site)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n{head}</head>\n<body>\n"
        f'<header><a href="/">{escape(site)}</a><p>{escape(about)}</p></header>\n<main>\n{body}\n</main>\n'
        f"<footer>{footer}<p>{_NOTE}</p></footer>\n</body>\n</html>\n"
    )


def html_page(html: str, charset: str = "utf-8") -> Page:
    """A page in `charset`. Where that is not UTF-8, only its meta element tells, as on many old sites."""
    named = html.replace("{charset}", charset, 1)
    body = named.encode({"windows-874": "cp874"}.get(charset, charset), "xmlcharrefreplace")
    return Page(body, "text/html; charset=utf-8" if charset == "utf-8" else "text/html")


def text_page(text: str, content_type: str) -> Page:
    """A page that is not HTML."""
    return Page(text.encode(), content_type)


_LINK: Final = re.compile(
    r"(?P<url>https?://\S+|\b(?:t\.me|wa\.me)/\w+)|(?<![\w@.])@(?P<name>[A-Za-z]\w{4,31})|#(?P<tag>\w+)"
)


def linked(text: str) -> str:
    """The text as HTML, with links where Telegram makes them: addresses, user names, tags."""
    out, last = [], 0
    for match in _LINK.finditer(text):
        surface = escape(match[0])
        if match["url"]:
            target = match["url"] if "://" in match["url"] else f"https://{match['url']}"
            link = f'<a href="{escape(target)}" target="_blank" rel="noopener">{surface}</a>'
        elif match["name"]:
            link = f'<a href="https://t.me/{match["name"]}" target="_blank">{surface}</a>'
        else:
            link = f'<a href="?q=%23{escape(match["tag"])}">{surface}</a>'
        out += [escape(text[last : match.start()]), link]
        last = match.end()
    return "".join([*out, escape(text[last:])]).replace("\n", "<br/>")
