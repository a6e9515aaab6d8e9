"""What the spiders of APIs share: JSON from strangers, rate limits in all forms, and tokens that go to their host alone."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.api.limits import seconds_to_reset
from crawlers.api.recognise import service_of
from crawlers.api.reply import NoJsonError, read_json, server_says
from crawlers.api.walk import ApiSpider, with_query
from crawlers.catalogue import load_catalogue
from crawlers.kinds import KINDS, kind_of
from crawlers.middlewares.tokens import host_and_port, is_safe_for_tokens
from crawlers.run import _group
from crawlers.spiders.bluesky import BlueskySpider
from crawlers.spiders.discourse import DiscourseSpider
from crawlers.spiders.feed import FeedSpider
from crawlers.spiders.mastodon import MastodonSpider
from crawlers.spiders.reddit import RedditSpider
from crawlers.targets import Target
from jerat.errors import SettingsError
from jerat.settings import load_settings, token_setting
from jerat.tokens import tokens_of

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def header_of(**named: str) -> Any:
    headers = {name.lower().replace("_", "-"): value for name, value in named.items()}
    return lambda name: headers.get(name.lower(), "")


# -- JSON ----------------------------------------------------------------------------------------------------------------


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(), st.lists, max_leaves=5))
def test_sound_json_is_read_as_it_stands(value: Any) -> None:
    for text in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
        whole = "\ufeff " + text.encode("utf-8", "replace").decode()
        try:
            wanted = json.loads(text.encode("utf-8").decode())
        except UnicodeEncodeError:
            continue
        if json.dumps(wanted).encode("utf-8") == json.dumps(wanted, ensure_ascii=True).encode():
            assert read_json(whole) == _without_surrogates(wanted)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return [_without_surrogates(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud800"', "\ufffd"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\ude00\ud83d"', "\ufffd\ufffd"),
        (r'"\\ud800"', "\\ud800"),
        (r'"\\\ud800"', "\\\ufffd"),
        ("[NaN, Infinity, -Infinity]", [None, None, None]),
        ("1" * 100_000, "1" * 30),
        ("1e999", float("inf")),
    ],
)
def test_odd_json(text: str, value: Any) -> None:
    assert read_json(text) == value


@pytest.mark.parametrize(
    ("text", "words", "passing"),
    [
        ("", "empty", True),
        (" \n", "empty", True),
        ('{"a": [1, 2', "cut or broken at character", True),
        ("[" * 1_000_000, "nested too deeply", False),
        ('{"a":' * 1_000_000, "nested too deeply", False),
        ("<!doctype html><html><body>x</body></html>", "HTML came", False),
        ("<html><div class='g-recaptcha'></div></html>", "a captcha", False),
        ("nothing here", "cut or broken", True),
    ],
)
def test_what_is_no_json_is_told(text: str, words: str, passing: bool) -> None:
    with pytest.raises(NoJsonError, match=words) as caught:
        read_json(text)
    assert caught.value.passing is passing


@given(st.text(max_size=300))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(NoJsonError):
        read_json(text)
    assert isinstance(server_says(text.encode("utf-8", "replace")), str)


def test_what_a_server_says_of_an_error() -> None:
    assert (
        server_says(b'{"error": "InvalidRequest", "message": "Profile  not\\nfound"}')
        == "InvalidRequest: Profile not found"
    )
    assert server_says(b'{"errors": ["Log in"], "error_type": "x"}') == "Log in"
    assert server_says(b"<html>") == server_says(b"[1]") == server_says(b'{"error": 403}') == ""
    assert len(server_says(json.dumps({"error": "x" * 5000}).encode())) == 200


# -- rate limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"X_RateLimit_Remaining": "5", "X_RateLimit_Reset": "60"}, None),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "60"}, 60),
        ({"X_RateLimit_Remaining": "0.0", "X_RateLimit_Reset": "60"}, 60),
        ({"X_Rate_Limit_Remaining": "0", "X_Rate_Limit_Reset": "60"}, 60),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str((int(NOW.timestamp()) + 90) * 1000)}, 90),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": (NOW + timedelta(seconds=45)).isoformat()}, 45),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "2026-11-24T03:00:30.500000Z"}, 30.5),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "Tue, 24 Nov 2026 03:01:00 GMT"}, 60),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "2020-01-01T00:00:00Z"}, 0),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset_After": "2.5", "X_RateLimit_Reset": "1795000000"}, 2.5),
        ({"RateLimit_Remaining": "0", "RateLimit_Reset": "12"}, 12),
        ({"RateLimit": "limit=100, remaining=0, reset=5"}, 5),
        ({"RateLimit": '"default";r=0;t=7'}, 7),
        ({"RateLimit": '"default";r=50;t=7'}, None),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "soon"}, None),
        ({"X_RateLimit_Remaining": "0"}, None),
        ({"X_RateLimit_Remaining": "-1", "X_RateLimit_Reset": "60"}, None),
        ({"X_RateLimit_Remaining": "9" * 40, "X_RateLimit_Reset": "9" * 40}, None),
    ],
)
def test_limits_in_all_forms(headers: dict[str, str], seconds: float | None) -> None:
    found = seconds_to_reset(header_of(**headers), NOW)
    assert found == pytest.approx(seconds) if seconds is not None else found is None


def test_a_refusal_is_spent_whatever_is_said_to_be_left() -> None:
    assert seconds_to_reset(header_of(X_RateLimit_Remaining="3", X_RateLimit_Reset="60"), NOW, spent=True) == 60
    assert seconds_to_reset(header_of(X_RateLimit_Reset="60"), NOW, spent=True) == 60
    assert seconds_to_reset(header_of(), NOW, spent=True) is None


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_header_breaks_it(left: str, reset: str, drafted: str) -> None:
    found = seconds_to_reset(header_of(X_RateLimit_Remaining=left, X_RateLimit_Reset=reset, RateLimit=drafted), NOW)
    assert found is None or found >= 0


# -- tokens ----------------------------------------------------------------------------------------------------------------


def test_tokens_by_host() -> None:
    assert tokens_of("Social.example=abc, 127.0.0.1:8000=d=e==  [::1]:80=f") == {
        "social.example": "abc",
        "127.0.0.1:8000": "d=e==",
        "[::1]:80": "f",
    }
    assert tokens_of("eyJ0.eyJ1.sig-nature_", "bsky.social") == {"bsky.social": "eyJ0.eyJ1.sig-nature_"}
    assert tokens_of("", "x.example") == {}


@pytest.mark.parametrize(
    "text", ["hunter2", "a.example=hunter2 a.example=hunter2x", "a.example=hunter2é", "a.example=hunter2\x01"]
)
def test_tokens_that_cannot_be_used_are_refused_and_not_shown(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for platform in ("mastodon", "discourse"):
        monkeypatch.setenv(token_setting(platform), text)
        with pytest.raises(SettingsError) as caught:
            load_settings()
        assert token_setting(platform) in str(caught.value)
        assert "hunter2" not in f"{caught.value} {caught.value.hint} {caught.value!r}"
        monkeypatch.delenv(token_setting(platform))


def test_tokens_are_masked_and_have_homes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERAT_REDDIT_TOKEN", "hunter2")
    monkeypatch.setenv("JERAT_BLUESKY_TOKEN", "hunter3 pds.example=hunter4")
    settings = load_settings()
    assert settings.tokens("reddit") == {"oauth.reddit.com": "hunter2"}
    assert settings.tokens("bluesky") == {"bsky.social": "hunter3", "pds.example": "hunter4"}
    assert settings.tokens("mastodon") == {}
    assert "hunter" not in repr(settings)
    assert "hunter" not in str(settings.model_dump())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.example/x", "a.example"),
        ("https://a.example:443/", "a.example"),
        ("http://a.example:443/", "a.example:443"),
        ("http://[::1]:80/", "[::1]"),
        ("https://u:p@a.example:8443/", "a.example:8443"),
        ("https://a.example:99999/", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_and_port(url) == host


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://social.example/api", True),
        ("http://social.example/api", False),
        ("http://127.0.0.1:8000/api", True),
        ("http://127.0.0.1.evil.example/api", False),
        ("http://192.168.0.1/api", False),
    ],
)
def test_tokens_go_where_nobody_on_the_way_can_read_them(url: str, shown: bool) -> None:
    assert is_safe_for_tokens(url) is shown


# -- the rest --------------------------------------------------------------------------------------------------------------


def test_parameters_take_the_place_of_their_own() -> None:
    assert (
        with_query("https://a.example/x?a=1&b=%20&a=2#f", a="3 é", c=4, b=None) == "https://a.example/x?a=3+%C3%A9&c=4"
    )
    assert urlsplit(with_query("https://a.example/", cursor="\ud800")).query == "cursor=%3F"


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ('<html><head><meta name="generator" content="Discourse 3.4.0 - https://github.com/x"></head>', "discourse"),
        ("<html><body><div class='app-holder' data-props='{}' id='mastodon'></div></body>", "mastodon"),
        ("<html><body><p>We moved from Mastodon to Discourse</p></body>", ""),
        ("", ""),
    ],
)
def test_the_software_of_a_site_tells_its_kind(markup: str, kind: str) -> None:
    assert service_of(markup) == kind


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("bsky.app/profile/x.example", "bluesky"),
        ("https://old.reddit.com/r/x", "reddit"),
        ("https://redd.it/abc", "reddit"),
        ("https://notreddit.com/r/x", "auto"),
        ("https://reddit.com.evil.example/r/x", "auto"),
        ("https://t.me/x", "telegram"),
        ("https://social.example/tags/x", "auto"),
    ],
)
def test_the_host_tells_the_kind(address: str, kind: str) -> None:
    assert kind_of(address) == kind
    assert {"mastodon", "bluesky", "reddit", "discourse", "feed"} <= set(KINDS)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("https://old.reddit.com/r/x", "https://www.reddit.com/r/y", True),
        ("https://bsky.app/profile/x.example", "https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts", True),
        ("http://127.0.0.1:1/r/x", "http://127.0.0.1:2/r/x", False),
    ],
)
def test_what_is_asked_under_one_name_is_asked_one_after_the_other(one: str, other: str, together: bool) -> None:
    kind = kind_of(one) if kind_of(one) != "auto" else "reddit"
    assert (_group(Target(one, kind)) == _group(Target(other, kind))) is together


def test_the_spiders_know_the_addresses_of_the_sources_that_come_with_jerat(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        settings = load_settings()

    spiders: dict[str, type[ApiSpider]] = {
        spider.name: spider for spider in (MastodonSpider, BlueskySpider, RedditSpider, DiscourseSpider, FeedSpider)
    }
    seen = 0
    for source in (entry.source for entry in load_catalogue()):
        spider = spiders.get(source.kind)
        for url in source.urls if spider is not None else ():
            assert spider is not None
            monkeypatch.setattr(spider, "context", Context(), raising=False)
            one = spider(url=url)
            assert one.entrance(one.url), url
            seen += 1
    assert seen >= 10
