"""What a declaration says of manners: it may be gentler than the settings, and never rougher; its exception is told."""

from datetime import date

import msgspec
import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings as ScrapySettings

from crawlers.configure import scrapy_settings
from crawlers.declared import Politeness, RobotsException, Source
from crawlers.run import _obey
from crawlers.spiders.page import PageSpider
from crawlers.targets import of_address, of_source
from jerat.settings import Settings

SOURCE = Source(name="papan", title="Papan", kind="page", urls=("https://papan.example/",), country="KH")
WRITTEN = RobotsException(by="R. S.", on=date(2026, 11, 1), reason="an order of the court of the district")


def crawler() -> Crawler:
    return Crawler(PageSpider, ScrapySettings(scrapy_settings(Settings(delay=2)), priority="project"))


@pytest.mark.parametrize(("said", "kept", "most"), [(0, 2, 60), (1, 2, 60), (2.5, 2.5, 60), (90, 90, 90)])
def test_the_longer_delay_counts(said: float, kept: float, most: float) -> None:
    made = crawler()
    _obey(made, of_source(msgspec.structs.replace(SOURCE, politeness=Politeness(delay=said)))[0])
    assert made.settings.getfloat("DOWNLOAD_DELAY") == kept
    assert made.settings.getfloat("AUTOTHROTTLE_START_DELAY") == kept
    assert made.settings.getfloat("AUTOTHROTTLE_MAX_DELAY") == most
    assert made.settings.getbool("ROBOTSTXT_OBEY")


def test_an_exception_holds_for_its_source_alone_and_is_told() -> None:
    source = msgspec.structs.replace(SOURCE, robots=WRITTEN)
    made, other = crawler(), crawler()
    _obey(made, of_source(source)[0])
    _obey(other, of_address("https://papan.example/"))
    assert not made.settings.getbool("ROBOTSTXT_OBEY")
    assert other.settings.getbool("ROBOTSTXT_OBEY")
    assert "R. S. decided so on 2026-11-01" in PageSpider(url="https://papan.example/", declared=source).notes[0]
    assert not PageSpider(url="https://papan.example/", declared=SOURCE).notes


def test_a_spider_takes_name_and_country_of_its_declaration() -> None:
    spider = PageSpider(url="https://papan.example/", declared=SOURCE)
    assert (spider.source, spider.country_hint, spider.target) == ("papan", "KH", "https://papan.example/")
    assert not spider.trial
