"""The Scrapy settings, made from `jerat.settings`: what an operator sets there holds for every spider."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawlers.middlewares.pace import MIN_DELAY
from jerat.settings import Settings

__all__ = ["scrapy_settings", "user_agent"]


def user_agent(settings: Settings) -> str:
    """`jerat/VERSION (+CONTACT)`: who crawls, and how a site's owner reaches them."""
    try:
        number = version("jerat")
    except PackageNotFoundError:
        number = "0"
    return f"jerat/{number} (+{settings.contact})" if settings.contact else f"jerat/{number}"


def scrapy_settings(settings: Settings) -> dict[str, Any]:
    """The settings for Scrapy. A key that only jerat knows begins with JERAT_."""
    return {
        "BOT_NAME": "jerat",
        "SPIDER_MODULES": ["crawlers.spiders"],
        "NEWSPIDER_MODULE": "crawlers.spiders",
        "ADDONS": {},
        "JERAT_ALLOW_LOOPBACK": settings.allow_loopback,
        # Who we are, and the manners.
        "USER_AGENT": user_agent(settings),
        "ROBOTSTXT_USER_AGENT": "jerat",
        "ROBOTSTXT_OBEY": settings.obey_robots,
        "DOWNLOAD_DELAY": max(settings.delay, MIN_DELAY),
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": max(settings.delay, MIN_DELAY),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "CONCURRENT_REQUESTS": settings.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": min(settings.concurrency, 4),
        "DOWNLOAD_SLOTS": {
            "loopback": {"delay": 0, "concurrency": settings.concurrency},
            "browser": {"delay": 0, "concurrency": 2},
        },
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "en,*;q=0.5",
        },
        # Limits: each is named in the message that it causes.
        "DOWNLOAD_TIMEOUT": settings.timeout,
        "DOWNLOAD_MAXSIZE": settings.max_response,
        "DOWNLOAD_WARNSIZE": settings.max_response,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "JERAT_MAX_RATIO": settings.max_ratio,
        "REDIRECT_MAX_TIMES": settings.max_redirects,
        "REDIRECT_ENABLED": settings.max_redirects > 0,
        "METAREFRESH_ENABLED": settings.max_redirects > 0,
        "METAREFRESH_MAXDELAY": 5,
        "DEPTH_LIMIT": settings.max_depth,
        "DEPTH_STATS_VERBOSE": False,
        "RETRY_TIMES": 2,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        # The door is guarded. A proxy of the environment would resolve names out of the guard's sight.
        "TWISTED_DNS_RESOLVER": "crawlers.resolver.GuardedResolver",
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": True,  # a jar a run, in memory; some boards show nothing without
        "REFERRER_POLICY": "same-origin",
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.middlewares.budget.Budget": 10,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawlers.middlewares.robots.Robots": 100,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "crawlers.middlewares.retries.Retries": 550,
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            "crawlers.middlewares.cookies.Cookies": 700,
            "crawlers.middlewares.politeness.Politeness": 840,
            "crawlers.middlewares.tokens.Tokens": 860,
            "crawlers.middlewares.address_guard.AddressGuard": 990,
            "crawlers.middlewares.truncation.Truncation": 595,
            "crawlers.middlewares.unpacking.Unpacking": 596,
        },
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
            "crawlers.middlewares.depth.Depth": 900,
        },
        "ITEM_PIPELINES": {
            "pipelines.validate.Validate": 100,
            "pipelines.enrich.Enrich": 300,
            "pipelines.store.Store": 500,
        },
        "SCHEDULER": "crawlers.frontier.Frontier",
        "EXTENSIONS": {
            "crawlers.recorder.Recorder": 100,
            "crawlers.middlewares.downloads.Downloads": 200,
            "crawlers.images.PictureFetcher": 250,
            "crawlers.lookups.Lookups": 300,
        },
        # No JOBDIR: after a kill it loses what was left.
        "JOBDIR": None,
        "STATS_DUMP": False,
        "LOG_LEVEL": settings.log_level.upper(),
        "LOG_VERSIONS": [],
        "LOGSTATS_INTERVAL": 0,
        "FEED_EXPORT_ENCODING": "utf-8",
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "URLLENGTH_LIMIT": 2083,
    }
