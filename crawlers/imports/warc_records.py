"""The records of a WARC file, one by one, with their places; what is broken is stepped over, and what is cut ends the file."""

import io
import re
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]  # it ships no types
from warcio.recordloader import ArcWarcRecordLoader  # type: ignore[import-untyped]
from warcio.statusandheaders import (  # type: ignore[import-untyped]
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

__all__ = ["Damage", "HttpHead", "Record", "http_head", "records"]

_CHUNK: Final = 1 << 16
_MAX_LINE: Final = 1 << 16
_MAX_HEAD: Final = 1 << 20
_MAGIC: Final = b"\x1f\x8b\x08"
_BEGIN: Final = re.compile(rb"WARC/[01]\.\d+\r?\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `block` is what stands in it, or its first `limit` bytes, and `length` what it announces."""

    kind: str
    url: str
    date: str
    content_type: str
    digest: str
    block: bytes
    length: int
    place: str
    offset: int
    """Where it begins in the file, or its gzip member does, to read it once more."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place that cannot be read; `fatal` where nothing behind it can be, either."""

    place: str
    reason: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class HttpHead:
    """The status and the headers of an answer, and where its body begins."""

    status: int
    headers: dict[str, str]
    body: int


class _Cut(Exception):  # noqa: N818 -- a state of the file
    """The gzip data ends in the middle of a member."""


class _Plain:
    """An unpacked file as a stream whose lines have a limit."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.at = stream.tell()

    def read(self, size: int | None = None) -> bytes:
        """At most so many bytes."""
        data = self._stream.read(_CHUNK if size is None else min(size, _CHUNK))
        self.at += len(data)
        return data

    def readline(self, limit: int | None = None) -> bytes:
        """The next line, or as much of it as a line may have."""
        line = self._stream.readline(_MAX_LINE if limit is None else min(limit, _MAX_LINE))
        self.at += len(line)
        return line

    def place(self, at: int) -> str:
        """What stands in the evidence for a record that begins at `at`."""
        return str(at)

    def offset(self, at: int) -> int:
        """Where to begin to read it again."""
        return at

    def recovered(self) -> bool:
        """There is nothing to skip: the lines are gone through."""
        return False


class _Members:
    """A file of gzip members, one after the other, as one stream of what is in them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._packed = b""
        self._position = stream.tell()  # of the end of `_packed` in the file
        self._unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._fresh = True
        self._buffer = b""
        self.at = 0
        self._starts: deque[tuple[int, int]] = deque([(0, self._position)])
        self._produced = 0

    def read(self, size: int | None = None) -> bytes:
        """At most so many bytes. Raises _Cut or zlib.error where there would be more."""
        if not self._buffer:
            self._fill()
        wanted = len(self._buffer) if size is None else min(size, len(self._buffer))
        data, self._buffer = self._buffer[:wanted], self._buffer[wanted:]
        self.at += len(data)
        return data

    def readline(self, limit: int | None = None) -> bytes:
        """The next line, or as much of it as a line may have."""
        bound = _MAX_LINE if limit is None else min(limit, _MAX_LINE)
        while (end := self._buffer.find(b"\n", 0, bound)) < 0 and len(self._buffer) < bound:
            before = len(self._buffer)
            self._fill()
            if len(self._buffer) == before:
                break
        return self.read(end + 1 if end >= 0 else bound)

    def _fill(self) -> None:
        """More into the buffer, if there is more."""
        while True:
            if not self._packed:
                self._packed = self._stream.read(_CHUNK)
                self._position += len(self._packed)
                if not self._packed:
                    if not self._fresh:
                        self._fresh = True
                        raise _Cut
                    return
            if self._fresh:
                if not self._packed.strip(b"\x00"):  # some writers pad the end
                    self._packed = b""
                    continue
                self._starts.append((self._produced, self._position - len(self._packed)))
            data = self._unpacker.decompress(self._packed, 4 * _CHUNK)
            self._fresh = False
            self._packed = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                self._packed = self._unpacker.unused_data
                self._unpacker, self._fresh = zlib.decompressobj(16 + zlib.MAX_WBITS), True
            if data:
                self._buffer += data
                self._produced += len(data)
                return

    def _start(self, at: int) -> tuple[int, int]:
        while len(self._starts) > 1 and self._starts[1][0] <= at:
            self._starts.popleft()
        return self._starts[0]

    def place(self, at: int) -> str:
        """The offset of the member, and how far into it a record begins that does not begin it."""
        begin, offset = self._start(at)
        return f"{offset}+{at - begin}" if at > begin else str(offset)

    def offset(self, at: int) -> int:
        """Where to begin to read it again; -1 where it does not begin its member."""
        begin, offset = self._start(at)
        return offset if at == begin else -1

    def recovered(self) -> bool:
        """Go on at the next member that can be unpacked and begins a record; whether there is one."""
        self._buffer, self.at = b"", self._produced
        begin = self._start(self._produced)[1] + 1
        self._stream.seek(begin)
        window = b""
        while chunk := self._stream.read(1 << 20):
            window += chunk
            found = window.find(_MAGIC)
            while found >= 0 and found < len(window) - 512:
                if _begins_record(window[found : found + 4096]):
                    self._stream.seek(begin + found)
                    self._packed, self._position = b"", begin + found
                    self._unpacker, self._fresh = zlib.decompressobj(16 + zlib.MAX_WBITS), True
                    return True
                found = window.find(_MAGIC, found + 1)
            kept = min(len(window), 4096)
            begin += len(window) - kept
            window = window[-kept:]
        return False


def _begins_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, 16).startswith(b"WARC/")
    except zlib.error:
        return False


def records(stream: IO[bytes], limit: int) -> Iterator[Record | Damage]:
    """The records of a WARC file, gzipped member by member, as a whole, or not at all; of each block at most `limit` bytes.

    `stream` stands where a record begins. After damage the next record that can be found is read.
    """
    begin = stream.tell()
    packed = stream.read(2) == _MAGIC[:2]
    stream.seek(begin)
    source = _Members(stream) if packed else _Plain(stream)
    loader = ArcWarcRecordLoader()
    while True:
        at = source.at
        try:
            line, skipped = _begin(source)
            if skipped:
                yield Damage(source.place(at), f"{skipped:,} bytes that are no record")
            if not line:
                return
            at = source.at - len(line)
            record = _record(loader, source, line, at, limit)
            if record is None:
                yield Damage(source.place(at), "a record whose head cannot be read")
            else:
                yield record
        except _Cut:
            yield Damage(source.place(at), "the file ends in the middle of a record: it was cut short", fatal=True)
            return
        except zlib.error as error:
            place = source.place(at)
            if not source.recovered():
                yield Damage(place, f"the gzip data is broken from here on: {error}", fatal=True)
                return
            yield Damage(place, f"a record whose gzip data is broken: {error}")


def _begin(source: _Plain | _Members) -> tuple[bytes, int]:
    """The line that begins the next record, empty at the end, and how many bytes before it belong to none.

    Raises _Cut where the file ends inside such a line.
    """
    skipped = 0
    while line := source.readline():
        if _BEGIN.match(line):
            return line, skipped
        skipped += len(line) if line.strip() else 0
        if not line.endswith(b"\n") and b"WARC/1.0\r\n".startswith(line):
            raise _Cut
    return b"", skipped


def _record(loader: ArcWarcRecordLoader, source: _Plain | _Members, line: bytes, at: int, limit: int) -> Record | None:
    head = io.BytesIO()
    while (text := source.readline()) not in (b"\r\n", b"\n"):
        if not text:
            raise _Cut
        if head.tell() < _MAX_HEAD:
            head.write(text)
    head.write(b"\r\n")
    head.seek(0)
    try:
        parsed = loader.parse_record_stream(head, line.decode("latin-1"), "warc", no_record_parse=True)
        length = int(parsed.rec_headers.get_header("Content-Length") or "")
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, AttributeError):
        return None
    if length < 0:
        return None
    block, left = bytearray(), length
    while left > 0:
        piece = source.read(min(left, _CHUNK))
        if not piece:
            raise _Cut
        left -= len(piece)
        if len(block) < limit:
            block += piece[: limit - len(block)]
    said = parsed.rec_headers.get_header
    return Record(
        kind=(said("WARC-Type") or "").lower(),
        url=(said("WARC-Target-URI") or "").strip("<> "),
        date=said("WARC-Date") or "",
        content_type=said("Content-Type") or "",
        digest=said("WARC-Payload-Digest") or "",
        block=bytes(block),
        length=length,
        place=source.place(at),
        offset=source.offset(at),
    )


def http_head(block: bytes) -> HttpHead | None:
    """The head of the HTTP answer that a record holds; None where there is none."""
    stream = io.BytesIO(block)
    try:
        head = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
        status = int((head.statusline or "0").split()[0])
    except (EOFError, ValueError, IndexError, StatusAndHeadersParserException):
        return None
    headers: dict[str, str] = {}
    for name, value in head.headers:
        lowered = name.lower()
        headers[lowered] = f"{headers[lowered]}, {value}" if lowered in headers and "encoding" in lowered else value
    return HttpHead(status, headers, stream.tell())
