"""Tries again what failed for the moment, and not before the time that the site named in Retry-After."""

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Request, Response

from crawlers.middlewares.pace import pace_of, seconds_asked

__all__ = ["Retries"]

_ASKING = (429, 503)


class Retries(RetryMiddleware):
    """Scrapy's own, with ears for `Retry-After` on HTTP 429 and 503."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The request again, or the response where there is no point."""
        if response.status in _ASKING:
            seconds = seconds_asked(response.headers.get("Retry-After"))
            if seconds is not None and not pace_of(self.crawler).wait_for(request.url, seconds, response.status):
                return response
        answer: Request | Response = super().process_response(request, response)
        return answer
