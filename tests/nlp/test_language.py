from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlp.context import Context
from nlp.language import Language, detect
from nlp.normalise import normalise

POSTS = yaml.safe_load((Path(__file__).parent / "data" / "language_posts.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", sorted(POSTS))
def test_short_posts_are_told_apart(language: str) -> None:
    posts = POSTS[language]
    assert len(posts) >= 8
    wrong = [(detect(normalise(post).text), post) for post in posts]
    wrong = [item for item in wrong if item[0] != language]
    assert len(wrong) <= (2 if language in {"jv", "su", "ms", "id", "tl"} else 1), wrong


def test_nearly_all_short_posts_are_right() -> None:
    outcomes = [detect(normalise(post).text) == language for language, posts in POSTS.items() for post in posts]
    assert sum(outcomes) / len(outcomes) >= 0.95


@pytest.mark.parametrize(
    "text", ["", " \n", "12345 +62", "😀😀", "@abc_def https://example.com/the-job-is-in-the-city", "...", "\ufffd"]
)
def test_what_has_no_language_is_undetermined(text: str) -> None:
    assert detect(text) == "und"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Loker CS Cambodia salary 1000 USD, yang minat langsung WA ya kak, syarat paspor aktif", "id"),
        ("Salam bos, kerja kosong Customer Service, gaji RM5k, nak join whatsapp saya", "ms"),
        ("招聘 customer service 客服 telegram @abcdef 月薪一万五包吃住", "zh"),
        ("รับสมัคร customer service และ admin ทำงานที่ปอยเปต ติดต่อ Telegram", "th"),
        ("Требуется customer support, пишите в WhatsApp или Telegram", "ru"),
    ],
)
def test_of_mixed_text_the_main_language_counts(text: str, language: str) -> None:
    assert detect(text) == language


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    code = detect(normalise(text).text)
    assert 2 <= len(code) <= 3
    assert code.isascii()


def test_the_fields_are_read_where_the_text_says_nothing() -> None:
    from jerat.model import Field

    context = Context.of("+62 812", fields=[Field("title", "Lowongan kerja di Kamboja, gaji besar")])
    Language()(context)
    assert context.language == "id"


def test_an_analyst_adds_words(tmp_path: Path) -> None:
    (tmp_path / "languages.yaml").write_text(
        "- id: eo\n  source: test\n  strong: laboro kaj estas la\n", encoding="utf-8"
    )
    assert Language(tmp_path).detect("laboro kaj mono estas bona") == "eo"
