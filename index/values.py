"""How values of keyword fields are matched: one set of keys for a value in a post, and for a value typed in a query.

The keys are lower case and free of the ways in which people write the same value. A post is found where a key of the
query equals one of its own, so `telegram:@Name`, `telegram:name` and `telegram:https://t.me/name` are one question.
"""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

import phonenumbers

__all__ = ["PHONE_KINDS", "Keys", "contact_query", "digits_of", "fold", "place_keys", "query_keys", "stored_keys"]

Keys = Callable[[str], tuple[str, ...]]

PHONE_KINDS: Final = frozenset({"phone", "whatsapp", "zalo", "viber", "signal"})

_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*:(?://)?(?:www\.)?", re.IGNORECASE)
_TELEGRAM: Final = re.compile(r"^(?:t\.me|telegram\.(?:me|dog|org))/(?:s/)?(?:joinchat/(?=.))?", re.IGNORECASE)
_JOINCHAT: Final = re.compile(r"^(?:t\.me|telegram\.(?:me|dog|org))/joinchat/", re.IGNORECASE)
_TG_DEEP: Final = re.compile(r"^(?:resolve\?domain=|join\?invite=)", re.IGNORECASE)
_WHATSAPP: Final = re.compile(r"^(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)", re.IGNORECASE)
_PHONE: Final = re.compile(r"^\+?[\d\s().\-/\u2010-\u2015\u00a0]{5,}$")


def fold(text: str) -> str:
    """`text` as it is compared: composed, compatible forms unified, without case or outer white space."""
    return text.strip().lower() if text.isascii() else unicodedata.normalize("NFKC", text).strip().casefold()


def digits_of(text: str) -> str:
    """The digits of `text`, whatever the script, with `+` before them where `text` begins with `+` or `00`."""
    text = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(str(unicodedata.digit(char)) for char in text if unicodedata.digit(char, None) is not None)
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+" + digits if text.startswith("+") else digits


def _without_scheme(text: str) -> str:
    return _SCHEME.sub("", text.strip(), count=1) if "://" in text or text[:7].lower() == "mailto:" else text.strip()


def _phone_keys(value: str) -> tuple[str, ...]:
    """`+62812…`, `62812…` as in a wa.me link, and `0812…` as it is dialled in its country."""
    number = digits_of(value)
    if not number.strip("+"):
        return ()
    keys = [number, number.lstrip("+")]
    if number.startswith("+"):
        try:
            parsed = phonenumbers.parse(number, None)
            keys.append(digits_of(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)))
        except phonenumbers.NumberParseException:
            pass  # no country has this code: only the digits as they are
    return tuple(dict.fromkeys(keys))


def _phone_query(text: str) -> tuple[str, ...]:
    bare = _WHATSAPP.sub("", _without_scheme(text))
    number = digits_of(bare)
    return (number,) if number.strip("+") else ()


def _telegram(text: str) -> tuple[str, ...]:
    bare = _without_scheme(text)
    if _JOINCHAT.match(bare):
        bare = "+" + _JOINCHAT.sub("", bare)
    bare = _TG_DEEP.sub("", _TELEGRAM.sub("", bare)).split("?", 1)[0].split("/", 1)[0].lstrip("@").strip()
    # An invitation's hash tells capitals from small letters; a user name does not.
    return (bare,) if bare.startswith("+") and len(bare) > 1 else _some(bare.lower())


def _email(text: str) -> tuple[str, ...]:
    return _some(fold(_without_scheme(text)).split("?", 1)[0])


def _address(text: str) -> tuple[str, ...]:
    bare = _without_scheme(text)
    host, slash, rest = bare.partition("/")
    return _some((host.lower().removeprefix("www.") + slash + rest).rstrip("/"))


def _handle(text: str) -> tuple[str, ...]:
    return _some(fold(text).lstrip("@"))


def _digits(text: str) -> tuple[str, ...]:
    return _some(digits_of(text).lstrip("+"))


def _folded(text: str) -> tuple[str, ...]:
    return _some(fold(text))


def _bands(text: str) -> tuple[str, ...]:
    """A fingerprint in sixteen bands of four bytes: two that share one are near-duplicates, or nearly so.

    Two posts that share 80 % of what the fingerprint is made of are found so 999 times in 1,000; half of it, 64 times
    in 100; a fifth, 2 times in 100.
    """
    kind, _, coded = text.strip().partition(":")
    try:
        found = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
    except ValueError:
        found = b""
    if len(found) != _BANDS * _BAND:
        return _some(text.strip())
    return tuple(f"{kind}{at}:{found[at * _BAND : (at + 1) * _BAND].hex()}" for at in range(_BANDS))


def _some(key: str) -> tuple[str, ...]:
    return (key,) if key else ()


def place_keys(value: str) -> tuple[str, ...]:
    """`Sihanoukville, KH` is found whole and by its name alone."""
    whole = fold(value)
    return tuple(dict.fromkeys(key for key in (whole, whole.rpartition(", ")[0]) if key))


_BANDS: Final = 16
_BAND: Final = 4

_STORED: Final[dict[str, Keys]] = dict.fromkeys(PHONE_KINDS, _phone_keys) | {
    "telegram": _telegram,
    "email": _email,
    "url": _address,
    "link": _address,
    "bank_account": _digits,
    "place": place_keys,
    "fingerprint": _bands,
}
_QUERY: Final[dict[str, Keys]] = {**_STORED, **dict.fromkeys(PHONE_KINDS, _phone_query), "place": _folded}
_HANDLES: Final = frozenset({"wechat", "line", "kakao", "qq", "facebook", "instagram", "tiktok", "discord"})


@lru_cache(maxsize=65536)
def stored_keys(field: str, value: str) -> tuple[str, ...]:
    """The keys under which a post with `value` in `field` is found."""
    return _STORED.get(field, _handle if field in _HANDLES else _folded)(value)


def query_keys(field: str, text: str) -> tuple[str, ...]:
    """The keys that `text`, typed for `field`, asks for; a post that has any of them is meant. Empty if it says nothing."""
    if field == "contact":
        return contact_query(text)
    return _QUERY.get(field, _handle if field in _HANDLES else _folded)(text)


def contact_query(text: str) -> tuple[str, ...]:
    """The keys of a contact whose kind is not said: each way in which `text` can be read."""
    keys: Iterable[str] = (*_telegram(text), *_address(text), *_email(text), *_handle(text))
    if _PHONE.match(unicodedata.normalize("NFKC", text)) or _WHATSAPP.match(_without_scheme(text)):
        keys = (*_phone_query(text), *keys)
    return tuple(dict.fromkeys(keys))
