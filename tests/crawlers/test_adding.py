"""A source that a person adds: its name is guessed, what is written can be read, and nothing is overwritten."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.adding import declaration, guessed_name, write
from crawlers.catalogue import Catalogue, load_catalogue
from crawlers.catalogue_checks import checked
from crawlers.catalogue_file import documents
from crawlers.declared import Source
from crawlers.kinds import KINDS
from jerat.errors import InputError


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("https://www.papan.example/lowongan?x=1", "auto", "papan"),
        ("https://jobs.papan.co.id/", "auto", "papan"),
        ("@Kanal_Contoh", "telegram", "telegram-kanal-contoh"),
        ("https://t.me/s/kanal_contoh", "telegram", "telegram-kanal-contoh"),
        ("https://mastodon.example/tags/loker", "mastodon", "mastodon-tags-loker"),
        ("https://www.reddit.com/r/Contoh/new", "reddit", "reddit-contoh-new"),
        ("http://127.0.0.1:8080/x", "auto", "at-127-0-0-1-8080"),
        ("https://karir.example", "auto", "karir-2"),
        ("https://x.example", "auto", "x-source"),
        ("https://招聘.example/", "auto", "source"),
    ],
)
def test_names_are_guessed(address: str, kind: str, name: str) -> None:
    assert guessed_name(address, kind, load_catalogue()) == name


@given(st.text(max_size=60), st.sampled_from(["auto", "telegram", *KINDS]))
def test_a_guessed_name_is_a_name(rest: str, kind: str) -> None:
    try:
        text = declaration([f"https://papan.example/{rest}"], Catalogue({}), kind=kind)
    except InputError:
        return
    (document,) = documents(text)
    assert isinstance(checked(document, Path("x.yaml")), Source)


def test_what_is_written_can_be_read_and_is_not_overwritten(tmp_path: Path) -> None:
    text = declaration(
        ["papan.example/x"], load_catalogue(), title="Loker: 'dua' # tiga", country="ID", expect={"posts": 2}
    )
    file = write(tmp_path / "sources", text)
    found = load_catalogue(tmp_path / "sources").usable(file.stem)
    assert (found.title, found.urls, found.expect.posts) == ("Loker: 'dua' # tiga", ("https://papan.example/x",), 2)
    with pytest.raises(InputError, match="left as it is"):
        write(tmp_path / "sources", text)
    with pytest.raises(InputError, match="declared already"):
        declaration(["https://papan.example/x/"], load_catalogue(tmp_path / "sources"))
    with pytest.raises(InputError, match="named karir already"):
        declaration(["https://lain.example"], load_catalogue(), name="karir")
    with pytest.raises(InputError, match="`cadence` has not the right form"):
        declaration(["https://lain.example"], load_catalogue(), cadence="now and then")
