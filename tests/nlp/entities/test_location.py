"""Places in posts of many languages: names that are places, names that are not, and which of two they are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.model import Field
from nlp.context import Context, Match
from nlp.entities.location import Location

LOCATION = Location()


def found(text: str, language: str = "und", hint: str = "") -> list[Match]:
    context = Context.of(text, country_hint=hint)
    context.language = language
    return list(LOCATION.recognise(context))


def values(text: str, language: str = "und", hint: str = "") -> set[str]:
    return {match.value for match in found(text, language, hint)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loker kamboja gaji besar", {"Cambodia, KH"}),
        ("kerja di poipet", {"Poipet, KH"}),
        ("西港直招客服", {"Sihanoukville, KH"}),
        ("Sihanoukville dan 西港", {"Sihanoukville, KH"}),
        ("รับสมัครงานที่ปอยเปต", {"Poipet, KH"}),
        ("캄보디아에서 일할 분", {"Cambodia, KH"}),
        ("カンボジアで働く", {"Cambodia, KH"}),
        ("кассир в Камбодже", {"Cambodia, KH"}),
        ("работа в Мьявади и Пойпете", {"Myawaddy, MM", "Poipet, KH"}),
        ("কম্বোডিয়ায় চাকরি", {"Cambodia, KH"}),
        ("कंबोडिया में नौकरी", {"Cambodia, KH"}),
        ("کمبوڈیا میں نوکری", {"Cambodia, KH"}),
        ("ሥራ በካምቦዲያ", {"Cambodia, KH"}),
        ("وظائف بكمبوديا", {"Cambodia, KH"}),
        ("việc làm tại Campuchia", {"Cambodia, KH"}),
        ("ງານຢູ່ສາມຫຼ່ຽມຄຳ", {"Golden Triangle SEZ, LA"}),
        ("ជ្រើសរើសនៅភ្នំពេញ", {"Phnom Penh, KH"}),
        ("ရွှေကုက္ကိုတွင် အလုပ်", {"Shwe Kokko, MM"}),
        ("emprego no Camboja", {"Cambodia, KH"}),
        ("kazi Kambodia", {"Cambodia, KH"}),
        ("trabaho sa Cambodia", {"Cambodia, KH"}),
        ("KK园区招人", {"KK Park, MM"}),
        ("KK Park near Myawaddy", {"KK Park, MM", "Myawaddy, MM"}),
        ("Phnom Penh, Cambodia", {"Phnom Penh, KH", "Cambodia, KH"}),
        ("Bangkok, Thailand", {"Bangkok, TH", "Thailand, TH"}),
        ("Kampong Som", {"Sihanoukville, KH"}),
        ("O'Smach and O Smach", {"O'Smach, KH"}),
    ],
)
def test_places_in_many_scripts(text: str, expected: set[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Reading this on mobile is nice, most of the same things, along the way",
        "a bath and a van for the police",
        "makan siang hari ini di jalan baru, kota besar, batu dan pati, dia",
        "satu dua tiga empat lima orang",
        "Paris Hilton and Florence Nightingale",
        "Call Pak Medan or Ibu Bali",
        "orang Indonesia, bahasa Inggris, WNI, bos China",
        "中国人会中文和泰语，印度人",
        "người Việt Nam biết tiếng Trung Quốc",
        "คนไทย ภาษาจีน คนลาว",
        "한국인 중국어 일본어",
        "日本人と中国語",
        "Cambodian and Thai nationals, Chinese company",
        "CT scan, PP number, Plaza, Prince, KPS",
        "Lowongan CS, kode JB-1085, dan PP-204",
        "金水牌保温杯",
        "see https://www.bangkok-jobs.example/poipet now",
        "write to @poipet_hr or manila@jobs.example",
        "turkey and jersey in a jordan shoe",
        "surat lamaran dikirim, malang nasibnya",
        "",
    ],
)
def test_what_is_no_place(text: str) -> None:
    context = Context.of(text)
    if "://" in text:
        start = text.index("https")
        context.entities.append(Match(kind="url", value="x", start=start, end=text.index(" now"), confidence=1))
    assert [match.value for match in LOCATION.recognise(context)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("operator di PP dan CT Kamboja", {"Phnom Penh, KH", "Chrey Thom, KH", "Cambodia, KH"}),
        ("loker KPS, PP, Bavet", {"Sihanoukville, KH", "Phnom Penh, KH", "Bavet, KH"}),
        ("柬埔寨金水招聘", {"Cambodia, KH", "Jinshui compound, KH"}),
        ("老街、果敢", {"Laukkai, MM"}),
        ("kerja di Malang, gaji UMR", {"Malang, ID"}),
        ("job in Reading, United Kingdom", {"Reading, GB", "United Kingdom, GB"}),
    ],
)
def test_doubtful_names_with_their_context(text: str, expected: set[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "origin", "others"),
    [
        ("dari Medan ke Poipet", "Medan, ID", {"Poipet, KH"}),
        ("from Manila to Sihanoukville", "Manila, PH", {"Sihanoukville, KH"}),
        ("từ Hà Nội sang Manila", "Hanoi, VN", {"Manila, PH"}),
        ("从广州到曼谷", "Guangzhou, CN", {"Bangkok, TH"}),
        ("จากเชียงใหม่ไปแม่สอด", "Chiang Mai, TH", {"Mae Sot, TH"}),
        ("인천 출발 프놈펜 도착", "Incheon, KR", {"Phnom Penh, KH"}),
    ],
)
def test_where_the_way_begins(text: str, origin: str, others: set[str]) -> None:
    matches = found(text)
    assert {match.value for match in matches if match.role == "origin"} == {origin}
    assert {match.value for match in matches if match.role != "origin"} == others


def test_roles_of_hubs_and_of_towns_on_the_way() -> None:
    roles = {match.value: match.role for match in found("from Poipet via Mae Sot to Jakarta")}
    assert roles == {"Poipet, KH": "hub", "Mae Sot, TH": "transit", "Jakarta, ID": "plain"}


def test_of_two_cities_of_one_name_the_named_country_decides() -> None:
    assert "Hyderabad, PK" in values("jobs in Hyderabad, Pakistan")
    assert "Hyderabad, IN" in values("jobs in Hyderabad, India")
    assert "Hyderabad, IN" in values("jobs in Hyderabad")
    assert "San Jose, PH" in values("work in San Jose, Philippines")


def test_a_place_has_its_coordinates_and_its_number() -> None:
    (match,) = found("kerja di Surabaya")
    assert (match.country, match.geoname_id) == ("ID", 1625822)
    assert match.lat == pytest.approx(-7.25, abs=0.1)
    assert match.lon == pytest.approx(112.75, abs=0.1)


def test_a_field_of_a_job_is_a_sign_of_its_own() -> None:
    context = Context.of("Barista wanted", fields=[Field("location", "Reading")])
    assert [match.value for match in LOCATION.recognise(context)] == ["Reading, GB"]


def test_the_country_code_of_a_field_decides() -> None:
    context = Context.of("Nurse", fields=[Field("location", "Birmingham, AL, US")])
    assert [match.value for match in LOCATION.recognise(context)] == ["Birmingham, US"]


def test_tags_end_in_places() -> None:
    assert values("#lokerkamboja #LokerPoipet #kerjaindonesia #mandi") == {
        "Cambodia, KH",
        "Poipet, KH",
        "Indonesia, ID",
    }


def test_capitals_tell_nothing_where_all_are_capitals() -> None:
    assert values("READING THIS NICE POST ABOUT A HAPPY NATAL AND ORDINARY MALANG DAYS") == set()
    assert values("URGENT HIRING FOR POIPET AND MANILA, FREE TICKET FOR ALL") == {"Poipet, KH", "Manila, PH"}


@given(st.text(max_size=120))
def test_any_text_and_every_span_slices(text: str) -> None:
    context = Context.of(text)
    for match in LOCATION.recognise(context):
        assert 0 <= match.start < match.end <= len(context.text)
        assert match.value.endswith(", " + match.country)


@given(
    st.lists(st.sampled_from(["Poipet", "西港", "kota", "PP", "Reading", "dari", "ke", ",", "캄보디아", "ลาว", "\n"]))
)
def test_names_in_any_order_never_overlap(words: list[str]) -> None:
    matches = sorted(found(" ".join(words)), key=lambda match: match.start)
    assert all(one.end <= other.start for one, other in itertools.pairwise(matches))
