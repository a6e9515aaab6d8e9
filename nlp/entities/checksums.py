"""Checksums of payment addresses: base58check, bech32 and bech32m, EIP-55, IBAN.

Sources: BIP-173 and BIP-350 (bech32), EIP-55, the Keccak reference (rate 1088, padding 0x01), ISO 13616 and ISO 7064.
"""

import hashlib
from typing import Final

__all__ = ["base58check", "bech32", "eip55", "iban", "keccak256", "segwit"]

_BASE58: Final = {char: at for at, char in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32: Final = {char: at for at, char in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CONSTANTS: Final = {1: "bech32", 0x2BC830A3: "bech32m"}
_MASK: Final = (1 << 64) - 1


def base58check(text: str) -> bytes | None:
    """The payload (version byte first) of a base58check string of up to 112 characters; None where it is none."""
    if not 0 < len(text) <= 112:
        return None
    value = 0
    for char in text:
        digit = _BASE58.get(char)
        if digit is None:
            return None
        value = value * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    raw = bytes(zeros) + value.to_bytes((value.bit_length() + 7) // 8, "big")
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
