"""Times as people say them: in 3 h, 2 d ago."""

from datetime import UTC, datetime, timedelta

__all__ = ["ago", "in_words", "span"]


def span(length: timedelta) -> str:
    """A length of time in its largest unit: `40 s`, `12 min`, `3 h`, `5 d`."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size, least in (("d", 86_400, 2 * 86_400), ("h", 3_600, 2 * 3_600), ("min", 60, 60)):
        if seconds >= least:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def ago(moment: str, now: datetime | None = None) -> str:
    """How long ago a moment of the case was; empty for none."""
    if not moment:
        return ""
    return f"{span((now or datetime.now(UTC)) - datetime.fromisoformat(moment))} ago"


def in_words(moment: datetime, now: datetime | None = None) -> str:
    """When a moment comes: `now` where it has come, else `in 3 h`."""
    away = moment - (now or datetime.now(UTC))
    return "now" if away <= timedelta(0) else f"in {span(away)}"
