"""Tries again what failed for the moment, and not before the time that the site named in Retry-After."""

from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Request, Response

from crawlers.addresses import is_loopback_host
from crawlers.api.limits import seconds_to_reset
from crawlers.middlewares.pace import pace_of, seconds_asked

__all__ = ["Retries"]

_ASKING = (429, 503)
_TOO_MANY = 429
_BACK_OFF = 10.0
"""Seconds before the first try after a 429 that names no time; twice as long before the next."""


class Retries(RetryMiddleware):
    """Scrapy's own, with ears for `Retry-After` on HTTP 429 and 503, and for the reset of a rate limit on 429."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The request again, or the response where there is no point."""
        if response.status in _ASKING:
            seconds = seconds_asked(response.headers.get("Retry-After"))
            if seconds is None:

                def header(name: str) -> str:
                    return (response.headers.get(name) or b"").decode("latin-1")

                seconds = seconds_to_reset(header, spent=True) if response.status == _TOO_MANY else None
            if (
                seconds is None
                and response.status == _TOO_MANY
                and not is_loopback_host(urlsplit(request.url).hostname or "")
            ):
                seconds = _BACK_OFF * 2.0 ** request.meta.get("retry_times", 0)
            if seconds is not None and not pace_of(self.crawler).wait_for(request.url, seconds, response.status):
                return response
        answer: Request | Response = super().process_response(request, response)
        return answer
