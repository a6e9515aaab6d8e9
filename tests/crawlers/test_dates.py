"""Dates: read where they are certain, None where they are not."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract.dates import read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-08-06T07:39:35.941Z", "2026-08-06T07:39:35.941000+00:00"),
        ("2026-11-23", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T10:00", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23 10:00 +07:00", "2026-11-23T03:00:00+00:00"),
        ("2026-11-23T10:00:00.1234567+0700", "2026-11-23T03:00:00.123456+00:00"),
        ("2026-11-23T24:00:00", "2026-11-24T00:00:00+00:00"),
        ("20261103", "2026-11-03T00:00:00+00:00"),
        ("2026/11/03", "2026-11-03T00:00:00+00:00"),
        ("2026年11月3日", "2026-11-03T00:00:00+00:00"),
        ("23/04/2026", "2026-04-23T00:00:00+00:00"),
        ("04/23/2026", "2026-04-23T00:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 +0700", "2026-11-23T03:00:00+00:00"),
        ("Tue Nov 03 2026 07:00:00 GMT+0700 (Indochina Time)", "2026-11-03T00:00:00+00:00"),
        ("5 November 2026", "2026-11-05T00:00:00+00:00"),
        ("Nov 5, 2026", "2026-11-05T00:00:00+00:00"),
        ("17 Agustus 2026", "2026-08-17T00:00:00+00:00"),
        ("20 พฤศจิกายน 2569", "2026-11-20T00:00:00+00:00"),
        ("๒๐ พ.ย. ๒๕๖๙", "2026-11-20T00:00:00+00:00"),
        ("20 พ.ย. พ.ศ. 2569", "2026-11-20T00:00:00+00:00"),
        ("2569-11-20", "2026-11-20T00:00:00+00:00"),
        ("٢٠٢٦-١١-٠٣", "2026-11-03T00:00:00+00:00"),
        ("1732000000", "2024-11-19T07:06:40+00:00"),
        ("1732000000000", "2024-11-19T07:06:40+00:00"),
    ],
)
def test_certain_dates(text: str, expected: str) -> None:
    moment = read_date(text)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "3 hours ago",
        "03/04/2026",
        "0000-00-00",
        "2026-13-45",
        "2026-02-30",
        "1405-09-02",
        "9999-12-31",
        "1970-01-01",
        "November 2026",
        "5 November",
        "12",
        "NaN",
        "2026-11-23T25:00",
        "2026-11-23T10:00+99:00",
        "2" * 79,
        "0001-01-01",
        "31 พ.ย. 2569",
        None,
        True,
        [],
        {},
    ],
)
def test_uncertain_dates_are_none(text: object) -> None:
    assert read_date(text) is None


def test_times_of_python() -> None:
    assert read_date(date(2026, 1, 2)) == datetime(2026, 1, 2, tzinfo=UTC)


@given(st.text(max_size=100))
def test_anything_is_a_time_in_utc_or_none(text: str) -> None:
    moment = read_date(text)
    assert moment is None or (moment.tzinfo is UTC and 1990 <= moment.year <= 2100)


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 12, 31), timezones=st.timezones()))  # noqa: DTZ001
def test_iso_comes_back(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:  # ISO 8601 has no seconds in a zone
        return
    assert read_date(moment.isoformat()) == moment.astimezone(UTC)
