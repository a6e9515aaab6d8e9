"""Cookies ask nobody: the list of public suffixes is the one that came with its package."""

import socket
from typing import Any

import pytest
from scrapy.downloadermiddlewares import cookies

from crawlers.configure import scrapy_settings
from crawlers.middlewares.cookies import Cookies
from jerat.settings import Settings


def test_the_suffixes_come_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: Any, **named: Any) -> None:
        raise AssertionError(f"asked the network: {given}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert cookies._is_public_domain("co.id")
    assert not cookies._is_public_domain("kerja.co.id")
    assert not cookies._is_public_domain("kerja.example")


def test_every_crawl_keeps_its_cookies_so() -> None:
    chosen = scrapy_settings(Settings())["DOWNLOADER_MIDDLEWARES"]
    assert chosen["scrapy.downloadermiddlewares.cookies.CookiesMiddleware"] is None
    assert chosen[f"{Cookies.__module__}.{Cookies.__qualname__}"] == 700
