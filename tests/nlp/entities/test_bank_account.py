from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("BCA 1234567890 a/n Budi", "", "bank_account 1234567890"),
        ("GCash: 0917 123 4567", "", "bank_account 09171234567"),
        ("Transfer ke DANA: 0812 7777 8888", "", "bank_account 081277778888"),
        ("กสิกร 123-4-56789-0", "", "bank_account 1234567890"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "", "bank_account GB82WEST12345698765432"),
        ("UPI jobagent@okaxis", "", "bank_account jobagent@okaxis"),
        ("MoMo 0912345678", "", "bank_account 0912345678"),
    ],
)
def test_bank_account_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "BCA buka jam 08.00-15.00",
        "IBAN GB82 WEST 1234 5698 7654 33",
        "dana 500.000.000 untuk proyek",
        "wing 12 building",
    ],
)
def test_what_only_resembles_a_bank_account(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("bank_account ", "phone "))]
