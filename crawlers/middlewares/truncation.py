"""Notes responses that were cut short inside a compressed body: Scrapy unpacks what is there and says nothing."""

import zlib

from scrapy.http import Request, Response

__all__ = ["Truncation"]


class Truncation:
    """Downloader middleware before the decompression. `response.meta["jerat_cut"]` says whether the end is missing."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Look at the end of the packed body, for its trailer."""
        encoding = (response.headers.get("Content-Encoding") or b"").strip().lower()
        if encoding in (b"gzip", b"x-gzip") and response.body:
            request.meta["jerat_gzip_size"] = (
                int.from_bytes(response.body[-4:], "little") if len(response.body) >= 18 else -1
            )
        elif encoding == b"deflate" and response.body:
            request.meta["jerat_cut"] = not _whole_deflate(response.body)
        return response


def _whole_deflate(body: bytes) -> bool:
    """Whether the stream ends where it says; unpacked in parts that are thrown away."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(bits)
        data = body
        try:
            for _ in range(100_000):
                unpacker.decompress(data, 65_536)
                data = unpacker.unconsumed_tail
                if unpacker.eof:
                    return True
                if not data:
                    return False
        except zlib.error:
            continue
    return False
