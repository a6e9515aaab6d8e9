import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import analyse
from nlp.fingerprint import fingerprint, similarity

AD = (
    "Dibutuhkan admin customer service untuk penempatan Kamboja, gaji besar, tiket dan visa ditanggung perusahaan, makan dan "
    "tempat tinggal gratis, bisa mengetik cepat, tidak perlu pengalaman, kuota terbatas. Hubungi WA +62 812-5550-{} segera"
)
OTHER = (
    "Our warehouse in Leeds is looking for two forklift drivers to join the night shift. You need a valid licence and at "
    "least one year of experience. Send your CV before Friday or call the office for a chat about the role."
)


def test_the_same_advertisement_with_another_number_is_the_same() -> None:
    one, two = analyse(AD.format("0123")).fingerprint, analyse(AD.format("9876")).fingerprint
    assert one == two != ""
    assert len(one) == 89


def test_a_few_changed_words_leave_it_near_and_another_text_is_far() -> None:
    first = fingerprint(AD.format("0123"))
    assert similarity(first, fingerprint(AD.format("0123").replace("gaji besar", "gaji sangat tinggi"))) > 0.6
    assert similarity(first, fingerprint(OTHER)) < 0.1
    assert similarity(first, first) == 1.0


def test_it_works_in_scripts_without_spaces() -> None:
    text = "柬埔寨西港直招打字员，月薪过万，包吃包住，包机票，会打字就行，无需经验，工作轻松环境好，联系飞机"
    assert similarity(fingerprint(text), fingerprint(text.replace("过万", "两万") + "！！")) > 0.6


def test_it_is_stable_over_versions() -> None:
    assert fingerprint("one two three four five six") == fingerprint("ONE, two -- three four; five six")
    assert fingerprint("satu dua tiga empat lima").startswith("m1:")


@pytest.mark.parametrize("text", ["", "short", "+62 812 3456 7890", "a b c", "1 2 3 4 5 6 7 8"])
def test_what_is_too_short_has_none(text: str) -> None:
    assert fingerprint(text) == ""
    assert similarity(fingerprint(text), fingerprint(text)) == 0.0


@pytest.mark.parametrize("broken", ["", "m1:", "m1:abc", "m2:" + "A" * 86, "m1:" + "A" * 85, "m1:é", "x"])
def test_what_is_no_fingerprint_is_like_nothing(broken: str) -> None:
    assert similarity(broken, fingerprint(OTHER)) == 0.0


@given(st.text(), st.text())
def test_similarity_is_between_0_and_1_and_symmetric(one: str, two: str) -> None:
    first, second = fingerprint(one), fingerprint(two)
    assert 0.0 <= similarity(first, second) <= 1.0
    assert similarity(first, second) == similarity(second, first)


def test_masked_ranges_do_not_count() -> None:
    text = "hubungi segera admin kami di alamat {} untuk info lengkap lowongan ini ya"
    one, two = text.format("abcdefgh"), text.format("zyxwvuts")
    at = one.index("abcdefgh")
    assert fingerprint(one, [(at, at + 8)]) == fingerprint(two, [(at, at + 8)])
    assert fingerprint(one) != fingerprint(two)
