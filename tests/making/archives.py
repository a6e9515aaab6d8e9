"""Makes web archives and saved pages for the tests."""

import base64
import gzip
import hashlib
import quopri
import uuid
from collections.abc import Iterable

DATE = "2026-10-01T02:03:04Z"
Visit = tuple[str, bytes, dict[str, str]]


def visit(url: str, body: bytes | str, content_type: str = "text/html; charset=utf-8", **headers: str) -> Visit:
    """An answer; `_status`, `_date` and `_kind` among the headers are those of the record."""
    data = body if isinstance(body, bytes) else body.encode()
    return (
        url,
        data,
        {"Content-Type": content_type, **{name.replace("__", "-"): value for name, value in headers.items()}},
    )


def write_records(visits: Iterable[Visit], *, gz: bool = True) -> list[bytes]:
    """Each record by itself, as ISO 28500 has it."""
    found = []
    for url, body, given in visits:
        headers = dict(given)
        status, date = headers.pop("_status", "200 OK"), headers.pop("_date", DATE)
        kind = headers.pop("_kind", "response")
        digest = headers.pop("digest", "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode())
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        is_http = kind in ("response", "revisit")
        block = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body if is_http else body
        content_type = "application/http; msgtype=response" if is_http else headers["Content-Type"]
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: {date}\r\nWARC-Payload-Digest: {digest}\r\nContent-Type: {content_type}\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        record = head.encode() + block + b"\r\n\r\n"
        found.append(gzip.compress(record) if gz else record)
    return found


def warc(visits: Iterable[Visit], *, gz: bool = True) -> bytes:
    """A WARC file."""
    return b"".join(write_records(visits, gz=gz))


def chunked(body: bytes, size: int = 100) -> bytes:
    """A body as HTTP/1.1 sends one of unknown length."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def packed(body: bytes) -> bytes:
    """A body as gzip."""
    return gzip.compress(body)


def mhtml(
    body: bytes,
    url: str = "",
    *,
    encoding: str = "quoted-printable",
    charset: str = "utf-8",
    top: str = "From: <Saved by Blink>\r\nSubject: Saved\r\nDate: Thu, 1 Oct 2026 02:03:04 -0000\r\nMIME-Version: 1.0\r\n",
    snapshot: bool = True,
    more: Iterable[tuple[str, str, bytes]] = (),
) -> bytes:
    """A page as Chrome saves it, with further parts of (type, location, bytes) in base64."""
    mark = "----MultipartBoundary--x7Yz"
    head = top + (f"Snapshot-Content-Location: {url}\r\n" if snapshot and url else "")
    head += f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{mark}"\r\n\r\n'
    coded = {
        "quoted-printable": lambda: quopri.encodestring(body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
        "base64": lambda: base64.encodebytes(body),
        "binary": lambda: body,
    }[encoding]()
    parts = [
        f"Content-Type: text/html; charset={charset}\r\nContent-ID: <frame-1@mhtml.blink>\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n{f'Content-Location: {url}' if url else 'X-None: 1'}\r\n\r\n".encode()
        + coded
    ]
    for kind, location, data in more:
        parts.append(
            f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Location: {location}\r\n\r\n".encode()
            + base64.encodebytes(data)
        )
    joined = b"".join(f"--{mark}\r\n".encode() + part + b"\r\n" for part in parts)
    return head.encode() + b"\r\n" + joined + f"--{mark}--\r\n".encode()
