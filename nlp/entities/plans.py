"""Numbering plans: which number the digits are, and of which country, by phonenumbers."""

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, is_possible_number, is_valid_number, number_type

__all__ = ["CALLING_CODES", "Number", "international", "national", "short"]

CALLING_CODES: Final[frozenset[str]] = frozenset(str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
# Plans whose mobile numbers are commonly written without a trunk prefix, though the plan has one.
_BARE: Final = {"CN", "IN", "US", "CA", "BR", "NP", "LK", "MX", "AR"}
_MOBILE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class Number(NamedTuple):
    """A number that exists in its plan (`valid`), or at least has a length that does."""

    e164: str
    region: str
    mobile: bool
    valid: bool


@lru_cache(65536)
def international(digits: str) -> Number | None:
    """The number of `digits` that begin with a country calling code; None where there is no such number."""
    if not 7 <= len(digits) <= 17 or digits[0] == "0":
        return None
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return None
    return _number(number)


@lru_cache(65536)
def national(digits: str, region: str, named: bool = False) -> Number | None:
    """The number of `digits` as people of `region` (ISO 3166) write it; None where it is no valid number there.

    Without the trunk prefix of the plan it counts only for mobiles of plans that are written so, or where `named`.
    """
    plan = _plan(region)
    if plan is None or not 6 <= len(digits) <= 15:
        return None
    prefix, mobile, general = plan
    rest = digits[len(prefix) :] if prefix and digits.startswith(prefix) else digits
    trunk = rest is not digits
    fits = mobile.fullmatch(rest) or ((named or trunk) and general.fullmatch(rest)) or mobile.fullmatch(digits)
    if not fits and not (digits[0] == "0" and len(digits) > 8):
        return None
    if not trunk and prefix and region not in _BARE and not named:
        return None
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    found = _number(number)
    if found is None or not found.valid:
        return None
    if not trunk and not named and not (found.mobile and len(digits) >= (10 if prefix else 9)):
        # In Italy the zero is part of the number.
        return found if region == "IT" and digits[0] == "0" and len(digits) > 8 else None
    return found


@lru_cache(65536)
def short(digits: str, region: str) -> Number | None:
    """The number of four to six digits in one of the small plans, as of islands; None where there is no such number."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or not 4 <= len(digits) <= 6:
        return None
    general = metadata.general_desc
    for sort in (metadata.mobile, metadata.fixed_line):
        if sort and len(digits) in (sort.possible_length or (general.possible_length if general else ())):
            try:
                found = _number(phonenumbers.parse(digits, region))
            except phonenumbers.NumberParseException:
                return None
            return found if found is not None and found.valid else None
    return None


def _number(number: phonenumbers.PhoneNumber) -> Number | None:
    if is_valid_number(number):
        region = phonenumbers.region_code_for_number(number) or ""
        kind = number_type(number)
        return Number(phonenumbers.format_number(number, PhoneNumberFormat.E164), region, kind in _MOBILE, True)
    if is_possible_number(number):
        region = phonenumbers.region_code_for_country_code(number.country_code or 0)
        return Number(phonenumbers.format_number(number, PhoneNumberFormat.E164), region, False, False)
    return None


@cache
def _plan(region: str) -> tuple[str, re.Pattern[str], re.Pattern[str]] | None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None:
        return None
    mobile = metadata.mobile.national_number_pattern if metadata.mobile else None
    general = metadata.general_desc.national_number_pattern if metadata.general_desc else None
    return metadata.national_prefix or "", re.compile(mobile or r"(?!)"), re.compile(general or r"(?!)")
