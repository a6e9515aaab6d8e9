from collections.abc import Callable

import phonenumbers
import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Telp 0812-3456-7890, kantor Jakarta", "", "phone +6281234567890"),
        ("Hubungi +62 (0) 812 3456 7890", "", "phone +6281234567890"),
        ("Call 00855 12 345 678 or +855 (0)96 123 4567", "", "phone +85512345678; phone +855961234567"),
        ("SĐT: 0987.654.321", "", "phone +84987654321"),
        ("โทร ๐๘๑-๒๓๔-๕๖๗๘", "", "phone +66812345678"),
        ("电话：一三八零零一三八零零零", "", "phone +8613800138000"),
        (
            "Telp: kosong delapan satu dua tiga empat lima enam tujuh delapan sembilan nol, segera ya",
            "",
            "phone +6281234567890",
        ),
        ("call plus eight five five one two three four five six seven eight", "", "phone +85512345678"),
        ("Call 012 345 678 today", "KH", "phone +85512345678"),
        ("Telp O812-3456-789O sekarang juga ya kak", "", "phone +6281234567890"),
        ("HP 0812-1111-2288/89 kantor pusat kami", "", "phone +6281211112288; phone +6281211112289"),
        ("Call +66 81 234 5678 ext. 12", "", "phone +66812345678"),
        ("tel:+85512345678", "", "phone +85512345678"),
    ],
)
def test_phone_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "Gaji Rp10.000.000 - Rp15.000.000 per bulan",
        "NIK 3171012345670001",
        "order no 081234567890",
        "2026-11-23 10:30 - 12:30",
        "jam 08.00-17.00",
        "800-1500 USD",
        "version 10.0.19045 build 1234",
        "192.168.100.200",
        "lat 10.6278, lon 103.5221",
        "订单号20261123123456",
        "二零二六年十一月",
        "ISBN 978-3-16-148410-0",
        "#081234567890",
        "2024-2025",
    ],
)
def test_what_only_resembles_a_phone(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("phone ", "phone "))]


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_example_mobile_of_every_region(region: str, contacts: Callable[..., set[str]]) -> None:
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if number is None:
        pytest.skip("the plan has no mobile numbers")
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    for form in (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
        assert contacts(f"Tel: {phonenumbers.format_number(number, form)}") == {f"phone {expected}"}
