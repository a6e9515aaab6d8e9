"""The settings module that Scrapy reads, in the checkout (scrapy.cfg) and where jerat is installed."""

from typing import Any

from crawlers.configure import scrapy_settings
from jerat.errors import SettingsError
from jerat.settings import load_settings


def _of_the_environment() -> dict[str, Any]:
    try:
        return scrapy_settings(load_settings())
    except SettingsError as error:
        raise SystemExit(f"jerat: {error}") from None


globals().update(_of_the_environment())
