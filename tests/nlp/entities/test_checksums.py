import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.entities.checksums import base58check, bech32, eip55, iban, keccak256, segwit


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_keccak(data: bytes, digest: str) -> None:
    assert keccak256(data).hex() == digest


@given(st.binary(max_size=300))
def test_keccak_differs_from_sha3_only_in_its_padding(data: bytes) -> None:
    assert len(keccak256(data)) == 32
    assert keccak256(data) != hashlib.sha3_256(data).digest()


@pytest.mark.parametrize("text", ["GB82WEST12345698765432", "DE89370400440532013000", "NL91ABNA0417164300"])
def test_iban(text: str) -> None:
    assert iban(text)
    assert not iban(text[:-1] + str((int(text[-1]) + 1) % 10))


@given(st.text(max_size=60))
def test_any_text_has_no_checksum_by_accident(text: str) -> None:
    assert base58check(text) is None or len(text) > 4
    assert segwit(text) is None
    assert not eip55(text)


def _strings(text: str, name: str) -> list[str]:
    found = re.search(rf"{name} = \[(.*?)\n\]", text, re.DOTALL)
    assert found
    entries: list[str] = [eval(f"{line}") for line in _entries(found[1])]
    return entries


def _entries(block: str) -> list[str]:
    lines = [line.partition("  #")[0].strip().rstrip(",") for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.shared
def test_public_vectors_of_bech32(shared_data: Path) -> None:
    text = (shared_data / "vectors/crypto/bech32/ref/python/tests.py").read_text(encoding="utf-8")
    for name in ("BECH32", "BECH32M"):
        for valid in _strings(text, f"VALID_{name}"):
            found = bech32(valid)
            assert found is not None
            assert found[2] == name.lower()
        for invalid in _strings(text, f"INVALID_{name}"):
            found = bech32(invalid)
            assert found is None or found[2] != name.lower()
    addresses = re.findall(r'^\s+\["((?:bc|BC|tb|TB)1[a-zA-Z0-9]+)", "', text, re.MULTILINE)
    addresses += re.findall(r'^\s+\["((?:bc|BC|tb|TB)1[a-zA-Z0-9]+)",\n', text, re.MULTILINE)
    assert len(addresses) >= 8
    for address in addresses:
        assert segwit(address, address[:2].lower()) is not None, address
    for address in _strings(text, "INVALID_ADDRESS"):
        assert segwit(address, "bc") is None, address
        assert segwit(address, "tb") is None, address


@pytest.mark.shared
@pytest.mark.parametrize(("module", "version"), [("P2PKH", 0), ("P2SH", 5), ("trx_addr", 0x41)])
def test_public_vectors_of_base58check(module: str, version: int, shared_data: Path) -> None:
    text = (shared_data / f"vectors/crypto/bip_utils/tests/addr/test_{module}.py").read_text(encoding="utf-8")
    addresses = re.findall(r'"address": "([13T][1-9A-HJ-NP-Za-km-z]{25,34})"', text)
    assert addresses
    own = [payload for address in addresses if (payload := base58check(address)) and payload[0] == version]
    assert own
    for address in addresses:
        assert base58check(address) is not None
        assert base58check(address[:-1] + ("2" if address[-1] != "2" else "3")) is None


@pytest.mark.shared
def test_public_vectors_of_ethereum(shared_data: Path) -> None:
    text = (shared_data / "vectors/crypto/bip_utils/tests/addr/test_eth_addr.py").read_text(encoding="utf-8")
    addresses = re.findall(r'"address": "(0x[0-9a-fA-F]{40})"', text)
    assert addresses
    for address in addresses:
        assert eip55(address)
        if address[2:] not in (address[2:].lower(), address[2:].upper()):
            assert not eip55("0x" + address[2:].swapcase())
    mixed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert eip55(mixed)
    assert not eip55("0x" + mixed[2:].swapcase())
