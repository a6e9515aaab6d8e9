"""Pictures of posts: fetched where the source says so, checked by their bytes, kept once, and never in the way of a post."""

import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract.picture import NoPictureError, read_picture
from jerat.case import Case


def _png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 30)) + chunk(b"IEND", b"")


def _jpeg(width: int = 640, height: int = 480) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\0" * 20 + b"\xff\xd9"


def _gif(width: int = 9, height: int = 8) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0;"


def _webp(width: int = 500, height: int = 400) -> bytes:
    lossless = (
        b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0" * 5
    )
    return b"RIFF" + struct.pack("<I", len(lossless) + 4) + b"WEBP" + lossless


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (_png(), ("png", 3, 2)),
        (_jpeg(), ("jpg", 640, 480)),
        (_gif(), ("gif", 9, 8)),
        (_webp(), ("webp", 500, 400)),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x03\0\xff\x01\0" + b"\0" * 9, ("webp", 1024, 512)),
        (b"RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\0" + b"\0" * 9, ("webp", 320, 240)),
    ],
)
def test_kinds_and_sizes(data: bytes, wanted: tuple[str, int, int]) -> None:
    found = read_picture(data)
    assert (found.kind, found.width, found.height) == wanted


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='x'><script/></svg>", b"<?xml version='1.0'?><svg/>", b"<html>", b"%PDF-1.7", b"BM" + b"\0" * 50,
     _png(0, 5), _png()[:20], b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\0" * 900, _jpeg()[:24], b"GIF89a\0",
     b"RIFF\0\0\0\0WEBPXXXX" + b"\0" * 30,
     b"\0\0\0\x18ftypavif" + b"\0" * 30],
)  # fmt: skip
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(NoPictureError):
        read_picture(data)


@given(st.binary(max_size=400), st.sampled_from([b"", _png()[:16], b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"GIF89a"]))
def test_whatever_the_bytes(data: bytes, head: bytes) -> None:
    try:
        assert read_picture(head + data).pixels > 0
    except NoPictureError as error:
        told = str(error)
    else:
        told = "a picture"
    assert told


_CRAWL = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from crawlers.catalogue import load_catalogue
from crawlers.run import crawl
from crawlers.targets import of_source
from jerat.case import Case
from jerat.settings import load_settings
catalogue = load_catalogue(Path(sys.argv[2]))
with Case(Path(sys.argv[1])) as case:
    targets = [target for name in sys.argv[3:] for target in of_source(catalogue.entry(name).source)]
    print(json.dumps([asdict(one) for one in crawl(load_settings(), case, targets)]))
"""


def _crawl(tmp_path: Path, *names: str, **settings: str) -> list[dict[str, Any]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    environment |= {"JERAT_ALLOW_LOOPBACK": "1"} | {f"JERAT_{name.upper()}": value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-c", _CRAWL, str(tmp_path / "case"), str(tmp_path / "sources"), *names],
        env=environment, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_pictures_of_a_source_that_asks_for_them(new_site: Any, ld: Any, page_type: Any, tmp_path: Path) -> None:
    site, plain = new_site(), new_site()

    def picture(body: bytes, kind: str = "image/png") -> Any:
        return page_type(body, content_type=kind)

    images = {
        "/a.png": picture(_png(), "text/plain"),  # the bytes tell, and not what the server says
        "/again.png": picture(_png()),
        "/b": picture(_jpeg(), "application/octet-stream"),
        "/c.svg2": picture(b"<svg><script>1</script></svg>", "image/svg+xml"),
        "/bomb.png": picture(_png(60_000, 60_000)),
        "/large.jpg": picture(_jpeg() + b"\0" * 40_000),
        "/page.jpg": page_type("<html>sign in</html>"),
        "/gone.gif": page_type("no", 404),
        "/film.mp4": picture(b"film", "video/mp4"),
        "/inside": page_type("", 302, {"Location": "http://169.254.169.254/latest/meta-data"}),
        "/robots.txt": page_type("User-agent: *\nDisallow: /secret/\n", content_type="text/plain"),
        "/secret/x.png": picture(_png()),
        "/job/101-one-two-three": ld(
            title="One", description="Words of the first posting.",
            image=["/a.png", "/again.png", "/b", "/c.svg2", "/bomb.png", "/large.jpg", "/page.jpg", "/gone.gif", "/film.mp4",
                   "/inside", "/secret/x.png", "http://[bad/x.png"],
        ),
        "/job/102-one-two-three": ld(title="Two", description="Words of the second posting.", image="/b"),
        "/": '<a href="/job/101-one-two-three">x</a><a href="/job/102-one-two-three">x</a>',
    }  # fmt: skip
    site.pages, plain.pages = images, dict(images)
    (tmp_path / "sources").mkdir()
    for name, base, wanted in (("with-pictures", site.base, "true"), ("without", plain.base, "false")):
        (tmp_path / "sources" / f"{name}.yaml").write_text(
            f"name: {name}\ntitle: X\nkind: auto\nurls: ['{base}/']\nimages: {wanted}\n"
        )
    reports = _crawl(tmp_path, "with-pictures", "without", max_image="20000")
    assert [(report["status"], report["posts_new"], report["pages"]) for report in reports] == [
        ("ok", 2, 3),
        ("ok", 2, 3),
    ]
    assert not [path for path in plain.asked if path in ("/a.png", "/b")], "only where the source says so"
    assert "/film.mp4" not in site.asked
    assert "/secret/x.png" not in site.asked
    with Case(tmp_path / "case") as case:
        posts = {
            record.post.title: record.post.id for record in case.posts.all() if record.post.source == "with-pictures"
        }
        held = {image.url.removeprefix(site.base): image for image in case.images.of(posts["One"])}
        kept = {name: image for name, image in held.items() if image.file}
        assert set(kept) == {"/a.png", "/again.png", "/b"}
        assert kept["/a.png"].sha256 == kept["/again.png"].sha256
        assert (kept["/b"].type, kept["/b"].bytes) == ("jpg", len(_jpeg()))
        for image in kept.values():
            assert (case.path / image.file).read_bytes() in (_png(), _jpeg())
            assert image.file == f"evidence/images/{image.sha256[:2]}/{image.sha256}.{image.type}"
        files = [path for path in (case.path / "evidence" / "images").rglob("*") if path.is_file()]
        assert len(files) == 2, "each file once, and nothing half"
        assert [image.file for image in case.images.of(posts["Two"])] == [kept["/b"].file]
        problems = {name: image.problem for name, image in held.items() if image.problem}
        for name, said in {
            "/c.svg2": "SVG", "/bomb.png": "JERAT_MAX_PIXELS", "/large.jpg": "JERAT_MAX_IMAGE", "/page.jpg": "a page",
            "/gone.gif": "404", "/inside": "169.254.169.254", "/secret/x.png": "robots.txt",
        }.items():  # fmt: skip
            assert said in problems[name], (name, problems)
        letters = [letter for letter in case.dead_letters.list() if letter.step == "image"]
        assert len(letters) == len(problems)
    asked = len(site.asked)
    again = _crawl(tmp_path, "with-pictures", max_image="20000", max_images="2")
    assert again[0]["status"] == "ok"
    assert "JERAT_MAX_IMAGES allows 2" in again[0]["reason"]
    assert not {"/a.png", "/again.png", "/b"} & set(site.asked[asked:]), "what is kept is not fetched again"
    with Case(tmp_path / "case") as case:
        assert len([letter for letter in case.dead_letters.list() if letter.step == "image"]) == len(problems), (
            "told once"
        )
