"""Crawls in a real browser: what only scripts put on a page is read, and hostile pages reach nothing and stop nothing."""

import json
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jerat.case import Case
from jerat.model import Post

pytestmark = pytest.mark.browser

CHECKOUT = Path(__file__).resolve().parent.parent.parent
WORDS = (
    "Chat support in Bavet for people who type fast, 900 USD a month, flight and visa paid, ask on WhatsApp for more. "
)

_CRAWL = """
import json, sys
from dataclasses import asdict
from pathlib import Path
import msgspec
from crawlers.declared import Source
from crawlers.run import crawl
from crawlers.targets import of_address, of_source
from jerat.case import Case
from jerat.settings import load_settings
asked = json.loads(sys.argv[1])
targets = []
for one in asked["targets"]:
    targets += [of_address(one, "browser")] if isinstance(one, str) else of_source(msgspec.convert(one, Source))
with Case(Path(asked["case"])) as case:
    reports = crawl(load_settings(), case, targets)
print(json.dumps([asdict(one) for one in reports]))
"""


@dataclass
class Shown:
    """What a crawl left behind: posts by path."""

    report: dict[str, Any]
    posts: dict[str, Post]
    reasons: dict[str, str]
    asked: list[str]
    folder: Path
    stderr: str


def _page(script: str, body: str = "") -> str:
    return f"<html><head><title>x</title></head><body>{body}<div id=root></div><script>{script}</script></body></html>"


def _ad(title: str, more: str = "") -> str:
    return f"document.getElementById('root').innerHTML = '<h1>{title}</h1><main><p>{WORDS}</p>{more}</main>';"


def _environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    return kept | {"JERAT_ALLOW_LOOPBACK": "1"} | {f"JERAT_{name.upper()}": value for name, value in settings.items()}


def _start(folder: Path, targets: list[Any], **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _CRAWL, json.dumps({"case": str(folder), "targets": targets})],
        env=_environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT,
    )  # fmt: skip


def _jobs(page: Any) -> dict[str, Any]:
    hidden = (
        "<div id=m hidden>Words that come after a click.</div>"
        "<button onclick=\"document.getElementById(\\'m\\').hidden=false\">"
    )
    scroll = (
        "let n=0;const add=()=>{for(let i=0;i<5;i++){const p=document.createElement('p');p.style.height='400px';"
        "p.textContent='Line '+(++n)+' of an endless advertisement.';document.querySelector('main').append(p)}};add();"
        "addEventListener('scroll',()=>{if(scrollY+innerHeight>document.documentElement.scrollHeight-50)add()});"
    )
    probe = """
      const said = [];
      const get = async (url) => { try { await fetch(url, {mode: 'no-cors'}); said.push('reached ' + url); } catch { } };
      (async () => {
        await get('http://169.254.169.254/latest/'); await get('http://[fd00:ec2::254]/'); await get('file:///etc/passwd');
        try { await navigator.serviceWorker.register('/sw.js'); said.push('worker'); } catch { }
        await new Promise((done) => { const s = new WebSocket(location.origin.replace('http', 'ws') + '/socket');
          s.onopen = () => { said.push('socket'); done(); }; s.onclose = done; s.onerror = done; setTimeout(done, 1000); });
        if (window.open('/popup')) said.push('popup');
        if (confirm('sure?')) said.push('confirmed');
        for (let i = 0; i < 500; i++) alert(i);
        const frame = document.createElement('iframe'); frame.src = 'http://169.254.169.254/frame'; document.body.append(frame);
        navigator.sendBeacon('/beacon', 'x');
        said.push(window.RTCPeerConnection ? 'rtc' : 'no more');
        document.querySelector('main').append(said.join(', '));
      })();
    """
    wall = (
        "<div role=dialog id=w style='position:fixed;inset:0;background:#fff'>We value your privacy "
        "<button onclick='fetch(\"/accepted\")'>Accept all</button>"
        "<button onclick='document.getElementById(\"w\").remove();show()'>Tolak semua</button></div>"
    )
    return {
        "/jobs": _page("document.getElementById('root').innerHTML = "
                       + json.dumps("".join(f'<p><a href="/job/{n}">{n}</a></p>' for n in range(1, 13))) + ";"),
        "/job/1": _page(f"setTimeout(() => {{ {_ad('Made by a script', hidden + 'Baca selengkapnya</button>')} }}, 300)"),
        "/job/2": _page(_ad("Endless") + scroll),
        "/job/3": _page(_ad("Never rests") + "setTimeout(() => { while (true) { } }, 50)"),
        "/job/4": _page(_ad("Probes") + probe),
        "/job/5*": lambda path: page(_page(f"location.href = '/job/5?{len(path)}={'x' * len(path)}'")),
        "/job/6": _page("location.href = '/file'"),
        "/file": page(b"PK\x03\x04" + b"\x00" * 2000, content_type="application/zip"),
        "/job/7": _page("const show = () => { " + _ad("Behind a wall") + " }", wall),
        "/job/8": _page("location.href = '/private/job/8'"),
        "/private*": _page(_ad("Forbidden")),
        "/job/9": _page(_ad("Too large") + "for(let i=0;i<3000;i++){const p=document.createElement('p');"
                        "p.textContent='y'.repeat(1000);document.body.append(p)}"),
        "/job/10": _page("location.replace('/moved/10')"),
        "/moved/10": page("", 302, {"Location": "/job/10-at-last"}),
        "/job/10-at-last": _page(_ad("Moved by script and server")),
        "/job/11": page('<div class="g-recaptcha">are you one</div>', 403),
        "/job/12": _page("if (!document.cookie.includes('seen=1')) { document.cookie = 'seen=1'; location.reload(); } else { "
                         + _ad("After a cookie") + " }"),
        "/posting": _page("document.getElementById('root').innerHTML = " + json.dumps(
            '<h1>x</h1><script type="application/ld+json">'
            + json.dumps({"@type": "JobPosting", "title": "Structured by a script", "description": WORDS}) + "</script>"
        ).replace("</", "<\\/") + ";"),
        "/ruled": _page("setTimeout(() => { document.getElementById('root').innerHTML = '<b class=t>By rules</b><p>aside</p>"
                        "<i class=tab onclick=\"this.outerHTML=&quot;<p class=d>Only this.</p>"
                        "<u class=pay>800 USD</u>&quot;\">pay</i>'"
                        " }, 1500)"),
        "/sw.js": page("self.x = 1", content_type="text/javascript"),
        "/robots.txt": page("User-agent: *\nDisallow: /private\n", content_type="text/plain"),
    }  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _asked_for() -> None:
    if os.environ.get("JERAT_TEST_WITHOUT_BROWSER"):
        pytest.skip("--without-browser was asked for")


@pytest.fixture(scope="module")
def shown(new_site: Callable[[], Any], page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """One run over all pages: a list that a script makes, and what it leads to."""
    site = new_site()
    site.pages = _jobs(page_type)
    folder = tmp_path_factory.mktemp("shown") / "case"
    source = {
        "name": "scripted", "title": "Scripted", "kind": "browser", "urls": [f"{site.base}/jobs"],
        "browser": {"scrolls": 3, "screenshot": True},
    }  # fmt: skip
    ruled = {
        "name": "ruled", "title": "Ruled", "kind": "browser", "urls": [f"{site.base}/ruled"],
        "browser": {"scrolls": 0, "wait_for": ".t", "click": [".tab"]},
        "board": {"detail": {"fields": {"title": "css:.t", "text": "css:.d", "salary": "css:.pay"}}},
    }  # fmt: skip
    targets = [source, f"{site.base}/posting", ruled]
    process = _start(folder, targets, timeout="3", max_redirects="3", max_response="2000000")
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err[-4000:]
    with Case(folder) as case:
        posts = {record.post.url.removeprefix(site.base): record.post for record in case.posts.all()}
        reasons = {letter.url.removeprefix(site.base): letter.reason for letter in case.dead_letters.list()}
    return Shown(json.loads(out.splitlines()[-1])[0], posts, reasons, site.asked, folder, err)


def test_what_scripts_make_is_read(shown: Shown) -> None:
    assert shown.report["status"] == "ok", shown.report["reason"]
    post = shown.posts["/job/1"]
    assert (post.title, post.source) == ("Made by a script", "scripted")
    assert post.text == f"{WORDS.strip()}\n\nWords that come after a click."
    structured = shown.posts["/posting"]
    assert (structured.title, structured.text) == ("Structured by a script", WORDS.strip())
    assert "Traceback" not in shown.stderr
    ruled = shown.posts["/ruled"]
    assert (ruled.title, ruled.text, ruled.job and ruled.job.salary) == ("By rules", "Only this.", "800 USD")


def test_a_page_without_end_is_read_within_bounds(shown: Shown) -> None:
    text = shown.posts["/job/2"].text
    lines = text.count("of an endless advertisement")
    assert 10 <= lines <= 25, text[-200:]
    assert "still grew after 3 scrolls" in shown.report["reason"]


def test_probes_reach_nothing(shown: Shown) -> None:
    assert shown.posts["/job/4"].text.endswith("no more"), shown.posts["/job/4"].text[len(WORDS) :]
    assert "reached" not in shown.posts["/job/4"].text
    assert not {"/socket", "/popup", "/beacon", "/sw.js", "/accepted"} & set(shown.asked)


def test_walls_that_ask_for_consent_are_refused(shown: Shown) -> None:
    assert shown.posts["/job/7"].title == "Behind a wall"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/job/3", "never rest"),
        ("/job/5", "redirects more often than JERAT_MAX_REDIRECTS allows"),
        ("/job/6", ""),
        ("/job/9", "larger than JERAT_MAX_RESPONSE"),
        ("/job/11", "a captcha"),
    ],
)
def test_pages_that_cannot_be_shown_are_told_with_their_reason(shown: Shown, path: str, said: str) -> None:
    assert path not in shown.posts
    assert said in shown.reasons[path]


def test_where_scripts_lead_robots_and_redirects_hold(shown: Shown) -> None:
    assert not [path for path in shown.asked if path.startswith("/private")]
    assert "/job/8" not in shown.posts
    assert shown.posts["/job/10-at-last"].title == "Moved by script and server"
    assert shown.posts["/job/12"].title == "After a cookie"


def test_a_picture_of_the_page_is_kept_with_the_post(shown: Shown) -> None:
    place = shown.folder / shown.posts["/job/2"].evidence
    data = place.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width == 1280
    assert height > 4000
    assert "evidence/pages/run-" in shown.posts["/job/1"].evidence


def _alive(marker: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if marker in (folder / "environ").read_text("utf-8", "replace"):
                    state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                    found += [int(folder.name)] if state != "Z" else []
            except OSError:
                continue
    return found


@pytest.fixture
def slow_site(new_site: Callable[[], Any]) -> Any:
    site = new_site()
    site.pages = {"/job/1": _page(_ad("x") + "setInterval(() => fetch('/tick?' + Math.random()), 100)"), "/tick*": "x"}
    return site


def test_no_browser_outlives_a_run_that_is_killed(slow_site: Any, tmp_path: Path) -> None:
    marker = f"JERAT_TEST_MARK={tmp_path}"
    asked = json.dumps({"case": str(tmp_path / "case"), "targets": [f"{slow_site.base}/job/1"]})
    process = subprocess.Popen(
        [sys.executable, "-c", _CRAWL, asked], env=_environment() | {"JERAT_TEST_MARK": str(tmp_path)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not any("tick" in path for path in slow_site.asked) and time.monotonic() < until:
        time.sleep(0.1)
    assert any("tick" in path for path in slow_site.asked), "the browser shows the page"
    assert len(_alive(marker)) > 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    until = time.monotonic() + 20
    while _alive(marker) and time.monotonic() < until:
        time.sleep(0.2)
    assert not _alive(marker)


def test_a_missing_browser_is_told_with_what_to_do(crawl: Any, new_site: Callable[[], Any], tmp_path: Path) -> None:
    site = new_site()
    done = crawl(tmp_path / "case", [f"{site.base}/job/1"], kind="browser", browser=str(tmp_path / "none"))
    assert done.reports[0]["status"] == "failed"
    assert "JERAT_BROWSER names" in done.reports[0]["reason"]
    assert "apt-get install chromium" in done.reports[0]["reason"]
    assert site.asked == []
