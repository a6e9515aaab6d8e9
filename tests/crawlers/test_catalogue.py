"""Declarations written by hand, well and badly: what is wrong is told with file, line and what is allowed there."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.catalogue import Catalogue, load_catalogue, shipped_folder
from crawlers.catalogue_checks import checked
from crawlers.catalogue_file import MAX_BYTES, BadFile, documents
from crawlers.catalogue_keys import keys
from crawlers.declared import Source
from crawlers.kinds import KINDS
from crawlers.targets import of_source
from jerat.errors import InputError

GOOD = """name: papan-contoh
title: Papan Contoh
kind: jobposting
urls:
  - https://papan.example/lowongan
country: ID
languages: [id, en]
cadence: 6h
politeness: {delay: 2.5, pages: 40}
expect:
  posts: 3
terms: Read on 2026-11-01; nothing on automated access.
verified:
  on: 2026-11-02
  how: a page saved by hand
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sources"
    made.mkdir()
    return made


def put(folder: Path, text: str | bytes, name: str = "one.yaml") -> Catalogue:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(data)
    return load_catalogue(folder)


def test_every_key_of_a_good_declaration_arrives(folder: Path) -> None:
    found = put(folder, GOOD)
    assert not found.mistakes
    source = found.usable("papan-contoh")
    assert source.urls == ("https://papan.example/lowongan",)
    assert (source.country, source.languages, source.cadence) == ("ID", ("id", "en"), "6h")
    assert (source.politeness.delay, source.politeness.pages, source.expect.posts) == (2.5, 40, 3)
    assert not isinstance(source.verified, str)
    assert source.verified.on == date(2026, 11, 2)
    assert [target.kind for target in of_source(source)] == ["jobposting"]


def test_a_minimum_may_be_named_as_one(folder: Path) -> None:
    assert put(folder, GOOD.replace("posts: 3", "posts: {min: 7}")).usable("papan-contoh").expect.posts == 7
    found = put(folder, GOOD.replace("posts: 3", "posts: {mni: 7}"))
    assert "`expect.posts` must be a whole number" in str(found.mistakes[0])


def test_several_sources_in_a_file_are_separated_by_lines(folder: Path) -> None:
    second = GOOD.replace("papan-contoh", "papan-dua").replace("papan.example", "dua.example")
    found = put(folder, f"---\n{GOOD}---\n# nothing\n---\n{second}...\n")
    assert not found.mistakes
    assert found.entries["papan-contoh"].line == 2
    assert found.entries["papan-dua"].own


def test_words_are_not_taken_for_truth_values_or_numbers(folder: Path) -> None:
    """In older YAML `NO` is false, `1.10` a number and `2026-11-02` a day."""
    text = GOOD.replace("country: ID", "country: NO").replace("[id, en]", "[no]").replace("Papan Contoh", "1.10")
    found = put(folder, text)
    assert not found.mistakes
    source = found.usable("papan-contoh")
    assert (source.country, source.languages, source.title) == ("NO", ("no",), "1.10")


@pytest.mark.parametrize("word", ["no", "off", "false", "False"])
def test_a_source_can_be_switched_off_in_the_words_of_people(folder: Path, word: str) -> None:
    found = put(folder, f"{GOOD}enabled: {word}\ninstead: save it by hand\n")
    assert not found.mistakes
    with pytest.raises(InputError, match="switched off: Read on 2026-11-01") as caught:
        found.usable("papan-contoh")
    assert caught.value.hint == "instead: save it by hand"


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "allowed"),
    [
        ("title:", "titel:", 2, "there is no key `titel`: did you mean title?", "name, title, kind"),
        ("  posts: 3", "  post: 3", 11, "there is no key `post` in `expect`: did you mean posts?", "posts"),
        ("  posts: 3", "  posts: -3", 11, "`expect.posts` must be at least 0", "0 where it may well have none"),
        ("  posts: 3", "  posts: many", 11, "`expect.posts` must be a whole number, and is a text", ""),
        ("kind: jobposting", "kind: jobpostng", 3, "no kind `jobpostng`: did you mean jobposting?", ", ".join(KINDS)),
        ("kind: jobposting\n", "", 1, "`kind` is missing", "telegram"),
        ("https://papan.example/lowongan", "papan.example", 5, "no address that can be crawled", "http://"),
        ("https://papan.example/lowongan", "file:///etc/passwd", 5, "no address that can be crawled", "http://"),
        ("https://papan.example/lowongan", "https://u:p@papan.example/", 5, "a password in it", "anybody"),
        ("https://papan.example/lowongan", "'@kanal_contoh'", 5, "name of a Telegram channel", "kind: telegram"),
        ("https://papan.example/lowongan", "https://[::1", 5, "cannot be read", "http://"),
        ("\n  - https://papan.example/lowongan", " https://papan.example/", 4, "`urls` must be a list", "[https://"),
        ("\n  - https://papan.example/lowongan", " []", 4, "`urls` is missing", "[https://"),
        ("country: ID", "country: Indonesia", 6, "`country` has not the right form", "two capital letters"),
        ("country: ID", "country: UK", 6, "`UK` is no country", "two capital letters"),
        ("[id, en]", "[id, English]", 7, "`English` is no code of a language", "zh-Hant"),
        ("cadence: 6h", "cadence: daily", 8, "`cadence` has not the right form", "30m, 6h or 1d"),
        ("cadence: 6h", "cadence: 0d", 8, "`cadence` has not the right form", "30m, 6h or 1d"),
        ("delay: 2.5", "delay: .nan", 9, "`politeness.delay` must be", "Seconds between two requests"),
        ("delay: 2.5", "delay: 601", 9, "`politeness.delay` must be at most 600", ""),
        ("  on: 2026-11-02", "  on: 2999-01-01", 14, "`verified.on` lies in the future", ""),
        ("  on: 2026-11-02", "  on: soon", 14, "`verified.on` is no day", ""),
        ("  on: 2026-11-02\n", "", 13, "`verified.on` is missing", ""),
        ("  how: a page saved by hand\n", "  how: x\n", 15, "`verified.how` must have at least 5 characters", ""),
        ("terms:", "enabled: false\nterms:", 12, "`instead` is missing", "import"),
        ("terms: Read", "enabled: false\ninstead: by hand\n# Read", 12, "neither `terms` nor `note`", "reason"),
        ("terms:", "board: {detail: {}}\nterms:", 12, "and this source is of the kind jobposting", "kind: board"),
        ("terms:", "robots: {by: R. S., on: 2026-11-01}\nterms:", 12, "`robots.reason` is missing", "legal ground"),
        ("terms:", "robots: allowed\nterms:", 12, "`robots` must be a group of keys", ""),
        ("terms:", "name: other\nterms:", 12, "has the key `name` twice, first in line 1", "keep one"),
        ("terms:", "expect:\n  posts: 2\nterms:", 12, "has the key `expect` twice, first in line 10", "keep one"),
        ("  posts: 3", "\tposts: 3", 11, "is no YAML", "spaces: the line has a tab"),
        ("name: papan-contoh", "name: Papan Contoh!", 1, "`name` has not the right form", "hyphens"),
        ("name: papan-contoh", 'name: "papan\\n"', 1, "`name` ends with a new line", ""),
        ("title: Papan Contoh", "title: [a]", 2, "`title` must be a text, and is a list", "called by people"),
        ("title: Papan Contoh", "title:", 1, "`title` is missing", "called by people"),
        ("title: Papan Contoh", "title: ''", 2, "`title` is empty", "called by people"),
    ],
)
def test_a_mistake_names_file_line_source_and_what_is_allowed(
    folder: Path, old: str, new: str, line: int, said: str, allowed: str
) -> None:
    assert old in GOOD
    found = put(folder, GOOD.replace(old, new, 1))
    assert "papan-contoh" not in found.entries
    told = [mistake for mistake in found.mistakes if said in mistake.problem]
    assert told, [str(mistake) for mistake in found.mistakes]
    assert told[0].line == line
    assert allowed in told[0].allowed
    assert str(told[0]).startswith(f"{folder / 'one.yaml'}:{line}:")


def test_all_mistakes_of_a_file_are_told_at_once(folder: Path) -> None:
    text = GOOD.replace("ID", "UK").replace("6h", "often").replace("title", "titel").replace("https://", "gopher://")
    lines = [mistake.line for mistake in put(folder, text).mistakes]
    assert lines == [1, 2, 5, 6, 8]


@pytest.mark.parametrize(
    ("kind", "url", "fits"),
    [
        ("telegram", "'@kanal_contoh'", True),
        ("telegram", "https://t.me/s/kanal_contoh", True),
        ("telegram", "https://t.me/kanal_contoh/17", True),
        ("telegram", "https://t.me/+AbCdEf12345", False),
        ("telegram", "https://t.me/joinchat/AbCd-Ef", False),
        ("telegram", "'@x y'", False),
        ("auto", "https://t.me/+AbCdEf12345", False),
        ("telegram", "http://127.0.0.1:8000/s/kanal", True),
        ("mastodon", "https://mastodon.example/tags/loker", True),
        ("bluesky", "https://bsky.app/search?q=loker", True),
        ("bluesky", "https://bsky.app/search", False),
        ("bluesky", "https://bsky.app/settings", False),
        ("page", "https://bsky.app/profile/x.example", False),
        ("browser", "https://bsky.app/profile/x.example", True),
        ("reddit", "https://www.reddit.com/r/contoh/new", True),
        ("reddit", "https://www.reddit.com/login", False),
        ("discourse", "https://forum.example/c/jobs/5", True),
    ],
)
def test_addresses_fit_their_kind(folder: Path, kind: str, url: str, fits: bool) -> None:
    text = GOOD.replace("jobposting", kind).replace("https://papan.example/lowongan", url)
    found = put(folder, text)
    assert (not found.mistakes) is fits, [str(mistake) for mistake in found.mistakes]


def test_an_own_source_takes_the_place_of_ours_and_leaves_the_others(folder: Path) -> None:
    ours = load_catalogue()
    found = put(folder, GOOD.replace("papan-contoh", "karir"))
    assert found.entries["karir"].own
    assert found.usable("karir").title == "Papan Contoh"
    assert found.entries.keys() == ours.entries.keys()
    assert not ours.entries["karir"].own


@pytest.mark.parametrize("text", ["- 1", "just words", "a: [", "name: karir\nkind: x", "\x00", "{}", "# nothing\n", ""])
def test_a_broken_own_file_takes_nothing_of_ours_away(folder: Path, text: str) -> None:
    found = put(folder, text)
    assert found.mistakes
    assert all(str(folder / "one.yaml") in str(mistake) for mistake in found.mistakes)
    assert found.entries.keys() == load_catalogue().entries.keys()
    assert found.usable("jobify").name == "jobify"


@pytest.mark.parametrize(("name", "text"), [("a.yaml", "name: karir\nenabled: flase\n"), ("karir.yaml", "a: [")])
def test_a_source_whose_own_declaration_is_wrong_is_held_back(folder: Path, name: str, text: str) -> None:
    """The operator meant to change it, perhaps to switch it off: ours is not crawled in its place."""
    found = put(folder, text, name)
    assert "karir" in found.held
    assert "karir" not in {source.name for source in found.enabled()}
    assert "karir" in found.entries  # it is still listed
    with pytest.raises(InputError, match=name):
        found.usable("karir")


def test_what_stands_before_a_mistake_in_a_file_is_used(folder: Path) -> None:
    found = put(folder, f"{GOOD}---\nname: [\n")
    assert "papan-contoh" in found.entries
    assert found.mistakes[0].line > 15


def test_names_and_addresses_are_taken_once(folder: Path) -> None:
    put(folder, GOOD, "a.yaml")
    found = put(folder, GOOD.replace("papan.example", "lain.example"), "b.yaml")
    assert "the name is taken by a.yaml, line 1" in str(found.mistakes[0])
    assert found.usable("papan-contoh").urls == ("https://papan.example/lowongan",)
    found = put(folder, GOOD.replace("papan-contoh", "papan-dua"), "b.yaml")
    assert "is an address of papan-contoh (a.yaml, line 1) already" in str(found.mistakes[0])
    both = "[https://papan.example/a, https://papan.example/a]"
    found = put(folder, GOOD.replace("\n  - https://papan.example/lowongan", f" {both}"), "a.yaml")
    assert any("stands there twice" in str(mistake) for mistake in found.mistakes)


def test_names_that_there_are_not_are_answered_with_those_nearest() -> None:
    with pytest.raises(InputError, match="did you mean jobify"):
        load_catalogue().entry("jobfy")
    with pytest.raises(InputError) as caught:
        load_catalogue().entry("qqqqqq")
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: *b\n", "alias"),
        ("a: &a [x]\n", "there is no key"),
        ("<<: {name: x}\n", "there is no key `<<`"),
        ("name: !!python/object/apply:os.system [id]\n", "tag"),
        ("name: !!binary aGFsbG8=\n", "tag"),
        ("[" * 50_000, "nested deeper"),
        ("a: " * 40 + "b", "is no YAML"),
        ("? [a, b]\n: c\n", "a key that is no word"),
        ("name: \x1b[31mred\n", "is no YAML"),
        ("a: 'x\n", "is no YAML"),
        ("%TAG ! tag:evil,2000:\n---\nname: !x y\n", "tag"),
    ],
)
def test_yaml_that_means_harm_is_refused(folder: Path, text: str, said: str) -> None:
    found = put(folder, text)
    assert any(said in mistake.problem for mistake in found.mistakes), [str(one) for one in found.mistakes]


@pytest.mark.parametrize("data", [b"\xff\xfename", b"name: \xe9\n", b"\xef\xbb\xbf\xff"])
def test_bytes_that_are_no_utf8_are_told_with_their_line(folder: Path, data: bytes) -> None:
    found = put(folder, data)
    assert "is not UTF-8" in str(found.mistakes[0])
    assert found.mistakes[0].line == 1


def test_a_byte_order_mark_does_no_harm(folder: Path) -> None:
    assert not put(folder, b"\xef\xbb\xbf" + GOOD.encode()).mistakes


def test_ten_megabytes_and_what_is_no_file_are_refused_unread(folder: Path) -> None:
    (folder / "pipe.yaml").mkdir()
    found = put(folder, b"x" * 10_000_000)
    assert [mistake.problem for mistake in found.mistakes] == [f"is larger than {MAX_BYTES // 1024} KiB", "is no file"]


def test_a_folder_that_is_not_there_is_told_only_where_it_was_named(tmp_path: Path) -> None:
    assert not load_catalogue(tmp_path / "none").mistakes
    found = load_catalogue(tmp_path / "none", must_exist=True)
    assert "no such folder" in str(found.mistakes[0])
    assert len(found.entries) >= 25


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = list(documents(text, typed=("board",)))
    except BadFile:
        return
    for document in found:
        made = checked(document, Path("x.yaml"))
        assert isinstance(made, Source) or all(mistake.problem for mistake in made)


@given(
    st.dictionaries(
        st.sampled_from(["name", "title", "kind", "urls", "expect", "board", "browser", "enabled", "robots", "x"]),
        st.recursive(
            st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.none()),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_no_values_break_the_checks(raw: dict[str, object]) -> None:
    import yaml

    text = yaml.safe_dump(raw, allow_unicode=True)
    try:
        found = list(documents(text, typed=("board",)))
    except BadFile:
        return
    for document in found:
        made = checked(document, Path("x.yaml"))
        assert isinstance(made, Source) or made


def test_numbers_in_the_selectors_of_a_board_stay_numbers() -> None:
    text = "board: {list: {pages: {most: 5}, keep_query: false, items: '12'}}\nother: 5\n"
    (found,) = documents(text, typed=("board",))
    assert found.value == {
        "board": {"list": {"pages": {"most": 5}, "keep_query": False, "items": "12"}},
        "other": "5",
    }


def test_a_wrong_selector_is_told_with_its_line(folder: Path) -> None:
    text = (
        GOOD.replace("jobposting", "board")
        + "board:\n  list:\n    items: css:..x\n    link: css:a\n  detail:\n    fields:\n"
    )
    text += "      title: xpath://[\n"
    told = {mistake.line: mistake.problem for mistake in put(folder, text).mistakes}
    assert "is no CSS selector" in told[18]
    assert "is no XPath" in told[22]
    found = put(folder, GOOD.replace("jobposting", "board") + "board:\n  list:\n    itms: css:x\n")
    assert "did you mean items?" in str(found.mistakes[0])


def test_the_declarations_are_where_the_package_says() -> None:
    assert len(list(shipped_folder().glob("*.yaml"))) >= 25


def test_every_key_is_explained() -> None:
    assert all(len(key.meaning) > 10 for key in keys().values()), [
        key.name for key in keys().values() if not key.meaning
    ]
    assert {"name", "urls", "expect.posts", "robots.reason", "browser.click"} <= keys().keys()
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in keys())
