"""One file into the case: its run, its posts through the same steps as crawled ones, and the account of both."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import msgspec

from crawlers.imports.files import sha256_of
from crawlers.imports.formats import reader_named, recognised
from crawlers.imports.jsonl import standard_input
from jerat.case import Case, DeadLetter
from jerat.errors import InputError, JeratError
from jerat.model import Post
from jerat.settings import Settings
from pipelines.analyser import Analyser
from pipelines.intake import BadItem, ImportOptions, Read, Reader
from pipelines.line import Line
from pipelines.validate import NO_TEXT

__all__ = ["FileReport", "Job", "Trial", "import_file", "trial"]

_RECENT: Final = 5000
_MAX_LETTERS: Final = 10_000
"""Bad items of one file that are written to the dead letters one by one; more of the same are only counted."""
_FLUSH: Final = 500


@dataclass(frozen=True, slots=True)
class Job:
    """What is imported, and how. `path` is None for standard input, which is JSONL; `format` is empty where nobody said it."""

    path: Path | None
    options: ImportOptions
    format: str = ""

    @property
    def name(self) -> str:
        """What it is called on the screen and in the evidence."""
        return "stdin" if self.path is None else self.path.name

    @property
    def is_stream(self) -> bool:
        """Whether it can be read only once: standard input or a pipe."""
        return self.path is None or not self.path.is_file()

    def reader(self) -> Reader:
        """The reader of the format. Raises InputError where the file cannot be read, or is of none."""
        if self.path is None or (self.is_stream and not self.path.is_dir()):
            if self.format not in ("", "jsonl"):
                raise InputError(
                    f"{self.name} can be read as JSONL only, not as {self.format}", "save it as a file first"
                )
            if self.path is not None and not self.path.exists():
                raise InputError(f"{self.path} cannot be read: there is no such file")
            return reader_named("jsonl")
        return reader_named(self.format) if self.format else recognised(self.path)

    def items(self, reader: Reader) -> Iterator[Read | BadItem]:
        """What stands in it."""
        return standard_input(self.options) if self.path is None else reader.read(self.path, self.options)


@dataclass(slots=True)
class FileReport:
    """How the import of one file went."""

    file: str
    format: str = ""
    sha256: str = ""
    status: Literal["ok", "failed"] = "failed"
    reason: str = ""
    read: int = 0
    """Items that came, posts and bad ones."""
    posts_new: int = 0
    posts_changed: int = 0
    posts_same: int = 0
    dead: int = 0
    wordless: int = 0
    """Posts without a word in them, such as pictures: no failure, and in the dead letters with their addresses."""
    slips: int = 0
    """Parts of pages that could not be read, in the dead letters too: no failure, as in a crawl."""
    risky: int = 0
    run_id: int | None = None
    notes: dict[str, int] = field(default_factory=dict)
    """How often which part of a post could not be read."""

    @property
    def posts(self) -> int:
        """Posts that are in the case, new or known."""
        return self.posts_new + self.posts_changed + self.posts_same


def import_file(
    case: Case,
    analyser: Analyser,
    settings: Settings,
    job: Job,
    progress: Callable[[FileReport], object] | None = None,
) -> FileReport:
    """Import one file. What was read before a failure is kept, and the report says why the rest was not.

    `progress` is called with the report as it grows, after each post that was stored.

    A run that was killed is simply made again: what is known already stays as it is. Raises CaseError only where the case
    cannot be written.
    """
    report = FileReport(str(job.path.absolute()) if job.path else "-")
    run_id = case.runs.start(job.options.source, "import", report.file)
    report.run_id = run_id
    try:
        taken = _Intake(case, report, job)
        try:
            reader = job.reader()
            report.format = reader.name
            if not job.is_stream and job.path is not None:
                report.sha256 = sha256_of(job.path)
        except JeratError as error:
            report.reason = f"{error} ({error.hint})" if error.hint else str(error)
        else:
            line = Line(case, analyser, settings, run_id)
            for outcome in line.feed(taken.posts(replace(job, options=taken.options).items(reader))):
                if outcome.change == "dead":
                    wordless = outcome.reason == NO_TEXT and bool(outcome.post.media)
                    report.wordless += wordless
                    report.dead += not wordless
                else:
                    name = f"posts_{outcome.change}"
                    setattr(report, name, getattr(report, name) + 1)
                    report.risky += outcome.analysis is not None and outcome.analysis.risk.level in ("medium", "high")
                if progress is not None:
                    progress(report)
            taken.flush()
            _judge(report, taken)
        sentence = "; ".join(part for part in (report.reason, report.sha256 and f"sha256 {report.sha256}") if part)
        case.runs.end(run_id, report.status, sentence)
    except BaseException as error:
        with contextlib.suppress(JeratError):
            case.runs.end(run_id, "failed", str(error) or type(error).__name__)
        raise
    if taken.interrupted is not None:
        raise taken.interrupted
    return report


@dataclass(slots=True)
class Trial:
    """The beginning of a file, read and not kept. `reason` says why it cannot be read."""

    file: str
    format: str = ""
    posts: list[Post] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    reason: str = ""


def trial(job: Job, count: int) -> Trial:
    """The first `count` posts of a file, and what was bad before them."""
    found = Trial(str(job.path) if job.path else "-")
    try:
        reader = job.reader()
        found.format = reader.name
        with contextlib.closing(job.items(reader)) as items:  # type: ignore[type-var]  # they are generators
            for item in items:
                if isinstance(item, Read):
                    found.posts.append(item.post)
                else:
                    found.bad.append(f"{item.place}: {item.reason}")
                if len(found.posts) >= count or len(found.bad) >= 10 * count:
                    break
    except JeratError as error:
        found.reason = f"{error} ({error.hint})" if error.hint else str(error)
    return found


def _judge(report: FileReport, taken: "_Intake") -> None:
    """Success is: at least one post, nothing that could not be taken, and the file read to its end."""
    parts = []
    if taken.trouble:
        kept = f"; the {report.posts:,} posts before it are kept" if report.posts else ""
        parts.append(f"{taken.trouble}{kept}")
    if report.dead:
        noun = "item was" if report.dead == 1 else "items were"
        parts.append(f"{report.dead:,} {noun} not taken: the dead letters say why")
    if not report.posts and not parts:
        parts.append(
            f"no post in it: {report.wordless:,} without a word were found"
            if report.wordless
            else f"no post in it{taken.hint}"
        )
    report.status = "failed" if parts else "ok"
    report.reason = "; ".join(parts)


class _Intake:
    """Between the reader and the line: bad items to the dead letters, provenance into the posts, trouble kept for the end."""

    def __init__(self, case: Case, report: FileReport, job: Job) -> None:
        self._case, self._report, self._job = case, report, job
        self._recent: dict[str, Post] = {}
        self._letters: list[DeadLetter] = []
        self._size = _size(job)
        self._told: list[str] = []
        self.trouble = ""
        self.interrupted: KeyboardInterrupt | None = None
        job_say = job.options.say

        def say(sentence: str) -> None:
            self._told.append(sentence)
            job_say(sentence)

        self.options = replace(job.options, say=say)

    @property
    def hint(self) -> str:
        """What the reader said of the file, as the reason why nothing came of it."""
        return "; " + "; ".join(self._told[-2:]) if self._told else ""

    def posts(self, items: Iterator[Read | BadItem]) -> Iterator[Post]:
        """The posts, each with its provenance. Ends where the reader breaks, so that what is under way is still stored."""
        while True:
            try:
                item = next(items)
            except StopIteration:
                break
            except KeyboardInterrupt as interrupt:
                self.interrupted, self.trouble = interrupt, "stopped by hand"
                return
            except JeratError as error:
                self.trouble = f"{error} ({error.hint})" if error.hint else str(error)
                return
            except Exception as error:  # a fault of the reader must not lose what it read before
                self.trouble = f"a fault in jerat: {type(error).__name__}: {error}"
                return
            self._report.read += 1
            post = self._one(item)
            if post is not None:
                yield post
        if self._size != _size(self._job):
            self.trouble = "the file changed while it was read: import it again when it is whole"

    def _one(self, item: Read | BadItem) -> Post | None:
        if isinstance(item, BadItem):
            reason = f"{item.place}: {item.reason}"
            self._bad(reason, "", item.item, minor=item.minor)
            if item.fatal:
                self.trouble = self.trouble or reason
            return None
        post = item.post
        for note in item.notes:
            what = note.partition(" ")[0]
            self._report.notes[what] = self._report.notes.get(what, 0) + 1
        if taken := self._taken(post):
            self._bad(f"{post.evidence}: {taken}", post.url, post.text[:2000])
            return None
        if self._report.sha256:
            evidence = f"{post.evidence or self._job.name} (sha256 {self._report.sha256[:16]})"
            post = msgspec.structs.replace(post, evidence=evidence)
        return self._not_poorer(post)

    def _not_poorer(self, post: Post) -> Post:
        """What a crawl knows of a post is not lost to a table that has only its words."""
        if post.job is not None or post.links or post.media:
            return post
        record = self._case.posts.get(post.id)
        if record is None or record.post.text != post.text or post.title not in ("", record.post.title):
            return post
        return msgspec.structs.replace(record.post, fetched_at=post.fetched_at)

    def _taken(self, post: Post) -> str:
        """Why the id cannot be used: two files that both count from 1 must not become versions of each other's posts."""
        if post.native_id != post.id:
            return ""
        record = self._case.posts.get(post.id)
        held = self._recent.get(post.id) if record is None else record.post
        if held is None:
            if len(self._recent) > _RECENT:  # these are stored by now
                self._recent.clear()
            self._recent[post.id] = post
            return ""
        local = post.url.startswith("file:")
        same_place = post.url == held.url and (not local or post.source == held.source)
        if held.platform == post.platform and same_place:
            return ""
        where = held.source if held.url.startswith("file:") else held.url
        return f"the id {post.id} belongs to another post, {where}"

    def _bad(self, reason: str, url: str, item: str, *, minor: bool = False) -> None:
        self._report.dead += not minor
        self._report.slips += minor
        if self._report.dead + self._report.slips <= _MAX_LETTERS:
            source = self._job.options.source
            self._letters.append(DeadLetter("import", reason, source, url, item, self._report.run_id))
        else:
            self._letters.append(DeadLetter("", ""))  # counted only
        if len(self._letters) >= _FLUSH:
            self.flush()

    def flush(self) -> None:
        """Write the dead letters that wait."""
        if not self._letters or self._report.run_id is None:
            return
        with self._case.transaction():
            for letter in self._letters:
                if letter.step:
                    self._case.dead_letters.add(letter)
            self._case.runs.count(self._report.run_id, {"dead": len(self._letters)})
        self._letters.clear()


def _size(job: Job) -> tuple[int, int]:
    if job.path is None or job.is_stream:
        return 0, 0
    try:
        status = job.path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
