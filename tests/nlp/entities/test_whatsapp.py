from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("WA 0812 3456 7890 ya kak, loker Kamboja", "", "whatsapp +6281234567890"),
        ("HP/WA: 0857 1122 3344 segera hubungi", "", "phone +6285711223344; whatsapp +6285711223344"),
        ("wa,me/6281234567890", "", "whatsapp +6281234567890"),
        ("https://api.whatsapp.com/send?phone=6281234567890&text=Hi", "", "whatsapp +6281234567890"),
        ("+62 812-3456-7890 (WA)", "", "whatsapp +6281234567890"),
        ("ватсап +7 912 345-67-89", "", "whatsapp +79123456789"),
        ("whatsap: +855 12 345 678", "", "whatsapp +85512345678"),
        ("double-u a +855 12 345 678", "", "whatsapp +85512345678"),
        ("W.A +855 12 345 678", "", "whatsapp +85512345678"),
        ("WhatsApp 📲 +60123456789", "", "whatsapp +60123456789"),
        ("Hubungi WA 📱📲 0812-3456-7890", "ID", "whatsapp +6281234567890"),
        ("WhatsApp ☎️: +60 12-345 6789 ok", "", "whatsapp +60123456789"),
        ("Phone: +60123456789 WhatsApp 📲 +60198765432", "", "phone +60123456789; whatsapp +60198765432"),
        ("WA O8l3-OOO9-876l", "ID", "whatsapp +6281300098761"),
        ("WA : O812 - 345O - 6789", "ID", "whatsapp +6281234506789"),
        ("WA: +855 12 345 678 / +855 96 123 4567", "", "whatsapp +85512345678; whatsapp +855961234567"),
        ("chat.whatsapp.com/AbCdEf123456", "", "url https://chat.whatsapp.com/AbCdEf123456"),
    ],
)
def test_whatsapp_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "Kirim lewat WhatsApp ya",
        "wanita 20-35 tahun",
        "Modus lewat WhatsApp naik 35% pada 2024-2025",
        "wa.me",
        "WA oil oil oil lil loo ill",
        "WhatsApp lol 10 oil 20 lil 30 ooo",
    ],
)
def test_what_only_resembles_a_whatsapp(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("whatsapp ", "phone "))]
