"""What a post is."""

import pytest

import nlp
from jerat.model import PostKind


@pytest.fixture(scope="module")
def analyser() -> nlp.Analyser:
    return nlp.load()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("offer", "We are hiring cooks for our kitchen. Apply now."),
        ("offer", "认准直招，谨防被卖！海外客服，包吃包住，飞机 @hr_contoh1"),
        ("offer", "Beware of fakes, direct hire only. Free flight, write me on Telegram @hr_contoh1"),
        ("offer", "Are you looking for a job? We cover your flight and visa, DM me"),
        ("warning", "Police rescued 30 victims who were lured by fake jobs with free flights and high salary."),
        ("warning", "警方提醒：切勿轻信高薪招聘，受害者被骗至园区"),
        ("warning", "Polisi menangkap dua orang yang menawarkan kerja admin di Kamboja"),
        ("victim", "救命！我被关在园区，护照被没收，不让走"),
        ("victim", "Please help, my brother is locked in a building, they want a ransom"),
        ("seeker", "Saya lagi cari kerja, ada info loker?"),
        ("seeker", "本人求职，想出国找工作"),
        ("question", "Is it safe to work there? Has anyone been?"),
        ("other", "the weather is lovely today"),
        ("other", "Like and subscribe, daily tasks, Telegram @tasks_contoh, join us, no experience"),
        ("other", ""),
    ],
)
def test_kind(analyser: nlp.Analyser, kind: PostKind, text: str) -> None:
    assert analyser.analyse(text).kind == kind


def test_the_words_that_decided_are_given(analyser: nlp.Analyser) -> None:
    text = "Police rescued 30 victims."
    reasons = analyser.analyse(text).risk.reasons
    why = [reason for reason in reasons if reason.family == "kind"]
    assert why
    assert all(text[reason.start : reason.end] == reason.text for reason in why)
