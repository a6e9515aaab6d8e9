"""Payment addresses of all chains: the public vectors, addresses in pieces, and what only looks like one."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from nlp.entities.chains import CHAINS
from nlp.entities.checksums import base58, ed25519_point

TRON = "TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p"


def _vectors(folder: Path, module: str) -> tuple[list[str], list[str]]:
    """(addresses that are right, strings that are not) of a module of tests of bip_utils."""
    source = (folder / f"vectors/crypto/bip_utils/tests/addr/test_{module}.py").read_text(encoding="utf-8")
    invalid: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            assert isinstance(node.targets[0], ast.Name)
            if "INVALID" in node.targets[0].id:
                invalid += [
                    e.value for e in node.value.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)
                ]
    return re.findall(r'"address": "([^"]+)"', source), invalid


# Of other coins (Dash, Zcash and their like) and of test networks no kind is known.
# The strings of P2TR and P2WPKH that are found are right by BIP-350, and only not of that type; that of Monero has another
# payment id than the one that its test asks for.
@pytest.mark.shared
@pytest.mark.parametrize(
    ("module", "lead", "found", "wrongly"),
    [
        ("P2PKH", "", 10, 0), ("P2SH", "", 8, 0), ("P2TR", "", 2, 3), ("P2WPKH", "", 4, 1), ("bch_P2PKH", "", 2, 0),
        ("bch_P2SH", "", 2, 0), ("eth_addr", "", 5, 0), ("trx_addr", "", 5, 0), ("xrp_addr", "", 5, 0),
        ("xmr_addr", "", 10, 1), ("sol_addr", "Solana: ", 5, 0), ("sol_addr", "", 0, 0),
    ],
)  # fmt: skip
def test_public_vectors(
    module: str, lead: str, found: int, wrongly: int, shared_data: Path, contacts: Callable[..., set[str]]
) -> None:
    valid, invalid = _vectors(shared_data, module)
    right = [one for one in valid if any(one in value for value in contacts(f"send to {lead}{one} now"))]
    wrong = [one for one in invalid if contacts(f"send to {lead}{one} now")]
    assert (len(right), len(wrong)) == (found, wrongly), (set(valid) - set(right), wrong)


@pytest.mark.shared
def test_public_vectors_of_segregated_witness(shared_data: Path, contacts: Callable[..., set[str]]) -> None:
    tree = ast.parse((shared_data / "vectors/crypto/bech32/ref/python/tests.py").read_text(encoding="utf-8"))
    lists = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and "ADDRESS" in node.targets[0].id
    }
    valid = [address for address, _ in lists["VALID_ADDRESS"] if address[:2].lower() == "bc"]
    assert len(valid) == 5
    for address in valid:
        assert contacts(f"BTC {address} ok") == {f"btc {address.lower()}"}
    for address in lists["INVALID_ADDRESS"]:
        assert not [one for one in contacts(f"BTC {address} ok") if one.startswith("btc ")], address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"USDT TRC20 address: {TRON[:5]} {TRON[5:11]} {TRON[11:22]}\n{TRON[22:]} thanks", f"tron {TRON}"),
        ("trc20 " + " ".join(TRON), f"tron {TRON}"),
        (f"收U地址 {TRON[:12]}\u200b{TRON[12:]}", f"tron {TRON}"),
        (f"tron: {TRON[:10]}-{TRON[10:20]}-{TRON[20:]}", f"tron {TRON}"),
        ("ETH: 0x5aAeb6053F3E94C9b9A0 9f33669435E7Ef1BeAed", "eth 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("BTC bc1qw508d6q ejxtdg4y5r3z arvary0c5xw7k v8f3t4", "btc bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("LTC: LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9", "ltc LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9"),
        ("doge DBXu2kgc3xtvCUWFcxFE3r9hEYgmuaaCyD", "doge DBXu2kgc3xtvCUWFcxFE3r9hEYgmuaaCyD"),
        ("TON UQBFXTkL4fBJ-0t6QhX5YQw8b1lpR6nS8Vo9sFmKxq3xTIBk", ""),
        ("TON: EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N", "ton EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N"),
    ],
)  # fmt: skip
def test_addresses_in_pieces_and_of_other_chains(text: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text) == ({expected} if expected else set())


def test_what_was_put_together_says_so() -> None:
    entities = nlp.analyse(f"USDT TRC20: {TRON[:9]} {TRON[9:]} only").entities
    assert [(e.kind, e.undone, e.text) for e in entities if e.kind == "tron"] == [
        ("tron", ("split",), f"{TRON[:9]} {TRON[9:]}")
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{TRON[:9]} {TRON[9:]}",  # no chain is named
        f"TRC20: {TRON[:9]} {TRON[9:-1]}q",  # the checksum is wrong
        "commit 5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "Solana sunrise at the beach, order 7UVttrLkRkZFn4FsTuihX5zCJ1ounF5T",
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWPbdG3V",  # IPFS
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJzdWIiOiIxMjM0NTY3ODkw",
        "usdt price today 1 usdt = 16250 rupiah, fee 2.5 usdt per transfer of 1000 usdt",
    ],
)
def test_what_is_no_address(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [one for one in contacts(text) if one.split()[0] in CHAINS]


@given(st.binary(min_size=32, max_size=32))
def test_points_of_the_curve(raw: bytes) -> None:
    assert ed25519_point(raw) in (True, False)
    assert not ed25519_point(raw[:31])


def test_base58_keeps_leading_zeros() -> None:
    assert base58("11") == b"\x00\x00"
    assert base58("0") is None
