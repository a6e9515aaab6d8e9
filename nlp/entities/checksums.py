"""Checksums of payment addresses: base58check, bech32 and bech32m, cashaddr, Monero's, TON's, EIP-55, IBAN.

Sources: BIP-173 and BIP-350 (bech32), EIP-55, the Keccak reference (rate 1088, padding 0x01), ISO 13616 and ISO 7064, the
CashAddr specification of Bitcoin Cash, Monero's base58 in blocks of eight bytes, TEP-2 (addresses of TON), RFC 8032.
"""

import base64
import binascii
import hashlib
from typing import Final

__all__ = [
    "RIPPLE", "base58", "base58check", "bech32", "cashaddr", "ed25519_point", "eip55", "iban", "keccak256",
    "monero", "segwit", "ton",
]  # fmt: skip

_BASE58: Final = {char: at for at, char in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
RIPPLE: Final = {char: at for at, char in enumerate("rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz")}
"""The alphabet in which the XRP ledger writes base58."""
_BECH32: Final = {char: at for at, char in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CONSTANTS: Final = {1: "bech32", 0x2BC830A3: "bech32m"}
_MASK: Final = (1 << 64) - 1


def base58(text: str, alphabet: dict[str, int] = _BASE58) -> bytes | None:
    """The bytes of a base58 string of up to 112 characters; None where it is none."""
    if not 0 < len(text) <= 112:
        return None
    value = 0
    for char in text:
        digit = alphabet.get(char)
        if digit is None:
            return None
        value = value * 58 + digit
    zeros = len(text) - len(text.lstrip(next(iter(alphabet))))
    return bytes(zeros) + value.to_bytes((value.bit_length() + 7) // 8, "big")


def base58check(text: str, alphabet: dict[str, int] = _BASE58) -> bytes | None:
    """The payload (version byte first) of a base58check string of up to 112 characters; None where it is none."""
    raw = base58(text, alphabet)
    if raw is None:
        return None
    payload, checksum = raw[:-4], raw[-4:]
    if not payload or hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4] != checksum:
        return None
    return payload


def bech32(text: str) -> tuple[str, list[int], str] | None:
    """(human-readable part, data as five-bit values, `bech32` or `bech32m`); None where the string is neither."""
    if (
        not 8 <= len(text) <= 90
        or any(not 33 <= ord(char) <= 126 for char in text)
        or (text != text.lower() and text != text.upper())
    ):
        return None
    text = text.lower()
    cut = text.rfind("1")
    if cut < 1 or cut + 7 > len(text):
        return None
    human, rest = text[:cut], text[cut + 1 :]
    data = [_BECH32.get(char, -1) for char in rest]
    if -1 in data:
        return None
    state = 1
    for value in [ord(char) >> 5 for char in human] + [0] + [ord(char) & 31 for char in human] + data:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            if top >> bit & 1:
                state ^= generator
    name = _CONSTANTS.get(state)
    return (human, data[:-6], name) if name else None


def segwit(text: str, human: str = "bc") -> tuple[int, bytes] | None:
    """(version, program) of a segregated witness address for `human`; None where it is none."""
    found = bech32(text)
    if found is None or found[0] != human or not found[1]:
        return None
    version, data = found[1][0], found[1][1:]
    program = bytearray()
    value = bits = 0
    for five in data:
        value = value << 5 | five
        bits += 5
        if bits >= 8:
            bits -= 8
            program.append(value >> bits & 255)
    if bits >= 5 or value & (1 << bits) - 1:
        return None
    if version > 16 or not 2 <= len(program) <= 40 or (version == 0 and len(program) not in (20, 32)):
        return None
    if found[2] != ("bech32" if version == 0 else "bech32m"):
        return None
    return version, bytes(program)


_CASHADDR: Final = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_CASHADDR_SIZES: Final = (20, 24, 28, 32, 40, 48, 56, 64)


def cashaddr(text: str, human: str = "bitcoincash") -> tuple[int, bytes] | None:
    """(type: 0 for a key and 1 for a script, hash) of a Bitcoin Cash address without its prefix; None where it is none."""
    if not 40 <= len(text) <= 112 or (text != text.lower() and text != text.upper()):
        return None
    data = [_BECH32.get(char, -1) for char in text.lower()]
    if -1 in data:
        return None
    state = 1
    for value in [ord(char) & 31 for char in human] + [0] + data:
        top = state >> 35
        state = (state & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate(_CASHADDR):
            if top >> bit & 1:
                state ^= generator
    if state != 1:
        return None
    bits = len(data[:-8]) * 5
    whole = 0
    for five in data[:-8]:
        whole = whole << 5 | five
    spare = bits % 8
    if spare >= 5 or whole & (1 << spare) - 1:
        return None
    raw = (whole >> spare).to_bytes(bits // 8, "big")
    if raw[0] & 0x80 or raw[0] >> 3 > 1 or len(raw) - 1 != _CASHADDR_SIZES[raw[0] & 7]:
        return None
    return raw[0] >> 3, raw[1:]


_MONERO_SIZES: Final = {0: 0, 2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}


def monero(text: str) -> bytes | None:
    """The payload (network byte first) of a Monero address; None where it is none."""
    if len(text) not in (95, 106):
        return None
    raw = b""
    for at in range(0, len(text), 11):
        block = text[at : at + 11]
        size = _MONERO_SIZES.get(len(block))
        value = 0
        for char in block:
            digit = _BASE58.get(char)
            if digit is None:
                return None
            value = value * 58 + digit
        if size is None or value >> 8 * size:
            return None
        raw += value.to_bytes(size, "big")
    return raw[:-4] if keccak256(raw[:-4])[:4] == raw[-4:] else None


def ton(text: str) -> bytes | None:
    """The 34 bytes (flags, workchain, hash) of an address of TON in base64, of either alphabet; None where it is none."""
    if len(text) != 48 or not text.isascii():
        return None
    try:
        raw = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return None
    if len(raw) != 36 or raw[0] & 0x7F not in (0x11, 0x51) or raw[1] not in (0, 0xFF):
        return None
    return raw[:34] if binascii.crc_hqx(raw[:34], 0).to_bytes(2, "big") == raw[34:] else None


_FIELD: Final = 2**255 - 19
_CURVE: Final = -121665 * pow(121666, _FIELD - 2, _FIELD) % _FIELD


def ed25519_point(raw: bytes) -> bool:
    """Whether 32 bytes are a point of the curve Ed25519, as every public key is; of random bytes every other one is."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if len(raw) != 32 or y >= _FIELD:
        return False
    square = (y * y - 1) * pow(_CURVE * y * y + 1, _FIELD - 2, _FIELD) % _FIELD
    if square == 0:
        return sign == 0
    return pow(square, (_FIELD - 1) // 2, _FIELD) == 1


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it: the SHA-3 candidate, with its first padding."""
    rate = 136
    padded = bytearray(data)
    padded += b"\x01" + bytes((-len(data) - 1) % rate)
    padded[-1] |= 0x80
    state = [0] * 25
    for block in range(0, len(padded), rate):
        for lane in range(rate // 8):
            at = block + lane * 8
            state[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        state = _keccak(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _keccak(state: list[int]) -> list[int]:
    lfsr = 1
    for _ in range(24):
        parity = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
        for x in range(5):
            mix = parity[x - 1] ^ _left(parity[(x + 1) % 5], 1)
            for y in range(0, 25, 5):
                state[x + y] ^= mix
        x, y = 1, 0
        current = state[1]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, state[x + 5 * y] = state[x + 5 * y], _left(current, (step + 1) * (step + 2) // 2 % 64)
        for y in range(0, 25, 5):
            row = state[y : y + 5]
            for x in range(5):
                state[x + y] = row[x] ^ ~row[(x + 1) % 5] & row[(x + 2) % 5] & _MASK
        for bit in range(7):
            lfsr = (lfsr << 1 ^ (lfsr >> 7) * 0x71) % 256
            if lfsr & 2:
                state[0] ^= 1 << (1 << bit) - 1
    return state


def _left(lane: int, count: int) -> int:
    return (lane << count | lane >> 64 - count) & _MASK if count else lane


def eip55(text: str) -> bool:
    """Whether `text` is an Ethereum address: one case throughout, or mixed with the checksum of EIP-55."""
    body = text[2:]
    if text[:2] not in ("0x", "0X") or len(body) != 40:
        return False
    try:
        int(body, 16)
    except ValueError:
        return False
    if not body.isalnum() or body == body.lower() or body == body.upper():
        return body.isalnum()
    digest = keccak256(body.lower().encode()).hex()
    return all(
        char.isdigit() or char.isupper() == (int(nibble, 16) >= 8) for char, nibble in zip(body, digest, strict=False)
    )


def iban(text: str) -> bool:
    """Whether `text` (without spaces) is an IBAN: its form and its check digits."""
    if (
        not 15 <= len(text) <= 34
        or not text.isascii()
        or not text.isalnum()
        or not text[:2].isalpha()
        or not text[2:4].isdigit()
    ):
        return False
    digits = "".join(str(int(char, 36)) for char in text[4:] + text[:4])
    return int(digits) % 97 == 1
