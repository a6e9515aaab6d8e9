"""Pay in the forms of many languages, and the numbers that are not pay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.model import Field
from nlp.context import Context, Match
from nlp.entities.money import number, rates, tables, usd_month
from nlp.entities.salary import Salary

SALARY = Salary()


def pay(text: str, language: str = "und", hint: str = "") -> list[str]:
    context = Context.of(text, country_hint=hint)
    context.language = language
    return [match.value for match in SALARY.recognise(context)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("gaji 10-15 juta", "id", "10000000-15000000 IDR month"),
        ("gaji 10 - 15 juta", "id", "10000000-15000000 IDR month"),
        ("gaji Rp7–16 jt", "id", "7000000-16000000 IDR month"),
        ("gaji Rp 7.000.000 - Rp 9.000.000", "id", "7000000-9000000 IDR month"),
        ("gaji 800$-1500$", "id", "800-1500 USD month"),
        ("salary $800-1,500", "en", "800-1500 USD month"),
        ("salary $800 to $1500", "en", "800-1500 USD month"),
        ("USD 1.2k/mo", "en", "1200-1200 USD month"),
        ("月薪 8k–15k RMB", "zh", "8000-15000 CNY month"),
        ("月薪8000-15000", "zh", "8000-15000 CNY month"),
        ("底薪6000U", "zh", "6000-6000 USDT month"),
        ("工资一万五", "zh", "15000-15000 CNY month"),
        ("月入1.5万-3万", "zh", "15000-30000 CNY month"),
        ("月薪5～10萬，學歷不限，免經驗", "zh", "50000-100000 TWD month"),
        ("salary ₹1 lakh", "en", "100000-100000 INR month"),
        ("50,000 rupees/month", "en", "50000-50000 INR month"),
        ("वेतन ८०,००० रुपये", "hi", "80000-80000 INR month"),
        ("เงินเดือน 25,000 บาท", "th", "25000-25000 THB month"),
        ("월급 1000만원", "ko", "10000000-10000000 KRW month"),
        ("월 500만", "ko", "5000000-5000000 KRW month"),
        ("月給30万円", "ja", "300000-300000 JPY month"),
        ("時給1,150円", "ja", "1150-1150 JPY hour"),
        ("lương 20tr", "vi", "20000000-20000000 VND month"),
        ("lương 15-20 triệu", "vi", "15000000-20000000 VND month"),
        ("lương 12tr5", "vi", "12500000-12500000 VND month"),
        ("lương 25k/giờ", "vi", "25000-25000 VND hour"),
        ("sahod P48,000", "tl", "48000-48000 PHP month"),
        ("sahod PHP 40k", "tl", "40000-40000 PHP month"),
        ("gaji RM4,000", "ms", "4000-4000 MYR month"),
        ("AED 3,000 per month", "en", "3000-3000 AED month"),
        ("mshahara Ksh 120,000 kwa mwezi", "sw", "120000-120000 KES month"),
        ("salário R$ 2.500,00", "pt", "2500-2500 BRL month"),
        ("de US$ 1.000 a US$ 1.500 por mês", "pt", "1000-1500 USD month"),
        ("зарплата от 3000$", "ru", "3000-3000 USD month"),
        ("зарплата 80 000 руб", "ru", "80000-80000 RUB month"),
        ("salary €4.500", "en", "4500-4500 EUR month"),
        ("လစာ ၁၅ သိန်း", "my", "1500000-1500000 MMK month"),
        ("salary ks 15 lakh", "en", "1500000-1500000 MMK month"),
        ("ប្រាក់ខែ 1,600,000៛", "km", "1600000-1600000 KHR month"),
        ("ເງິນເດືອນ ₭3,000,000", "lo", "3000000-3000000 LAK month"),
        ("ደመወዝ 12,000 ብር", "am", "12000-12000 ETB month"),
        ("الراتب 3000 درهم شهريا", "ar", "3000-3000 AED month"),
        ("تنخواہ 2 لاکھ روپے", "ur", "200000-200000 PKR month"),
        ("বেতন ৮০,০০০ টাকা", "bn", "80000-80000 BDT month"),
        ("gaji hingga 15 juta", "id", "15000000-15000000 IDR month"),
        ("upah 150rb/hari", "id", "150000-150000 IDR day"),
        ("annual salary £30,000 per year", "en", "30000-30000 GBP year"),
        ("$18/hour", "en", "18-18 USD hour"),
    ],
)
def test_pay_as_people_write_it(text: str, language: str, expected: str) -> None:
    assert pay(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hubungi 081234567890", "id"),
        ("gaji menarik, kerja 8 jam, 10 orang, 50 kuota", "id"),
        ("usia 18-35 tahun", "id"),
        ("sejak tahun 2019, rilis 12-11-2026", "id"),
        ("harga baju 150 ribu, motor 12 juta", "id"),
        ("deposit bonus 50k", "id"),
        ("komisi 5% dan bonus 10%", "id"),
        ("loker admin, referral 500rb per teman", "id"),
        ("hiring CS, sign-on $500", "en"),
        ("Hiring. Refer a friend and earn $200", "en"),
        ("客服招聘 到岗6K", "zh"),
        ("招聘 入职奖励2000元", "zh"),
        ("gaji UMR, fee agen 5 juta", "id"),
        ("diminta tebusan RM50,000", "ms"),
        ("tiền chuộc 3.000 USD", "vi"),
        ("价格99元包邮", "zh"),
        ("押金5000元", "zh"),
        ("20-40歲，30 wpm", "zh"),
        ("price $300 a piece", "en"),
        ("order 1500 of 2024, version 1.2.3", "en"),
        ("ขายมือถือ ราคา 5,000 บาท", "th"),
        ("중고차 가격 500만원", "ko"),
        ("цена 9 млн рублей", "ru"),
        ("कीमत 45 लाख रुपये", "hi"),
        ("salary negotiable, call 555 0100 2000", "en"),
        ("", "en"),
    ],
)
def test_what_is_not_pay(text: str, language: str) -> None:
    assert pay(text, language) == []


def test_a_structured_field_is_pay_by_itself() -> None:
    context = Context.of("Teacher wanted", fields=[Field("salary", "800 - 1500 USD per month")])
    (match,) = SALARY.recognise(context)
    assert match.value == "800-1500 USD month"
    assert context.surface(match.start, match.end) == ("800 - 1500 USD per month", 0, 24, "salary")


def test_the_span_is_the_statement() -> None:
    context = Context.of("Hiring! Salary: $800-1,500 per month + lodging")
    (match,) = SALARY.recognise(context)
    assert context.text[match.start : match.end] == "$800-1,500 per month"
    assert (match.usd_month_min, match.usd_month_max) == (800, 1500)


def test_contacts_are_no_pay() -> None:
    context = Context.of("gaji 0812000 111222")
    context.entities.append(Match(kind="phone", value="+62", start=5, end=19, confidence=1))
    assert list(SALARY.recognise(context)) == []


def test_rupees_by_the_country() -> None:
    assert pay("salary 50,000 rupees", hint="PK") == ["50000-50000 PKR month"]
    assert pay("salary 50,000 rupees", hint="NP") == ["50000-50000 NPR month"]
    assert pay("salary 50,000 rupees", hint="IN") == ["50000-50000 INR month"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.500", 1500),
        ("1,500.50", 1500.5),
        ("2.500,00", 2500),
        ("1,00,000", 100000),
        ("7.000.000", 7000000),
        ("1.5", 1.5),
    ],
)
def test_numbers(written: str, value: float) -> None:
    assert number(written) == value


@pytest.mark.parametrize("written", ["1.2.3", "1,2.3,4", "12.11.2026", "9" * 20])
def test_numbers_that_make_no_sense(written: str) -> None:
    assert number(written) is None


def test_every_currency_has_a_dated_rate() -> None:
    codes = {currency.code for currency in tables().file.currencies}
    assert codes <= set(rates())
    assert len(rates()) >= 45
    for rate in rates().values():
        assert rate.per_usd > 0
        assert rate.as_of[:2] == "20"
        assert rate.source
    assert usd_month(10, "USD", "hour") == 1730
    assert usd_month(12_000, "USD", "year") == 1000
    assert usd_month(1, "XXX", "month") is None


@given(st.text(alphabet="0123456789.,-–~ $€kjt万千juagi月薪RM%/\n", max_size=60))
def test_any_arrangement_of_numbers(text: str) -> None:
    context = Context.of(text)
    end = 0
    for match in SALARY.recognise(context):
        assert end <= match.start < match.end <= len(context.text)
        end = match.end
        low, high = match.value.split(" ")[0].split("-")
        assert 0 < float(low) <= float(high)


@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    list(SALARY.recognise(Context.of(text)))
