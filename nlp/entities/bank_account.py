"""Accounts that money is sent to: digits under a bank's or a wallet's name, IBANs with their checksum, UPI ids."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.checksums import iban
from nlp.entities.digits import Atom, tight
from nlp.entities.names import BankRow, Name
from nlp.entities.numbers import Numbers, numbers

__all__ = ["BankAccount"]

_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
_UPI: Final = re.compile(
    r"(?<![a-z0-9._@-])([a-z0-9][a-z0-9._-]{1,60}@(?:ok(?:axis|sbi|icici|hdfcbank)|ybl|ibl|axl|paytm|upi|apl"
    r"|axisbank|sbi|hdfcbank|icici|kotak|pthdfc|ptsbi|ptaxis|ptyes|freecharge|jupiteraxis|fam|ikwik)"
    r")(?![a-z0-9.@])"
)
_BETWEEN: Final = re.compile(
    r"[\s:：=.\-–→>()#*,/]{0,6}(?:(?:bank|no|no\.|nomor|number|num|rek|rek\.|rekening|norek|account|acc|acct"
    r"|a/c|akun|id|stk|số tài khoản|số|tk|เลขที่|เลขบัญชี|บัญชี|เบอร์|卡号|卡號|账号|帳號|号|계좌|계좌번호|口座"
    r"|普通|当座|預金|支店|счет|счёт|карта"
    r"|खाता|নম্বর|হিসাব|numero|atas nama|is|:|wallet|e-wallet|user|sa|ke|to|va)[\s:：=.\-–→>()#*,/]{0,6}){0,3}\Z"
)
_PAYING: Final = re.compile(
    r"bayar|kirim|transfer|padala|\btf\b|top ?up|deposit|screenshot|send|\bpay\b|resi|bukti|โอน|chuyển|cọc|转|轉|汇|匯|付款"
    r"|送金|振込|입금|송금|भेज|بھیج|পাঠা|ላኩ|ክፍያ|lipa|tuma|ໂອນ|လွှဲ|ផ្ញើ|បង់|перев|оплат|pague|envie"
)
_NAME: Final = re.compile(r"[\s:：=.\-–→>()#*,/]{0,4}(?:a/?n|atas nama|an\.|a\.n\.?|name|under)\s[^\d\n]{2,40}\Z")


@recogniser("bank_account")
class BankAccount:
    """Bank accounts and wallets, as digits alone with `bank` beside; an IBAN and a UPI id as they are."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.numbers: Numbers = numbers(lexicon)

    def recognise(self, context: Context) -> Iterator[Match]:
        """The accounts in the text."""
        text, lower = context.text, context.lower
        if "@" in lower:
            for match in _UPI.finditer(lower):
                yield Match(
                    kind="bank_account",
                    value=match[1],
                    start=match.start(),
                    end=match.end(),
                    confidence=0.95,
                    bank="UPI",
                )
        runs = self.numbers.atoms_in(context)
        if not runs:
            return
        prefixed = any(run.start >= 2 and text[run.start - 2 : run.start].isupper() for run in runs)
        for match in _IBAN.finditer(text) if prefixed else ():
            value = match[0].replace(" ", "")
            while len(value) >= 15 and not iban(value):
                value = value[:-1]
            if iban(value):
                yield Match(
                    kind="bank_account",
                    value=value,
                    start=match.start(),
                    end=_reach(text, match.start(), value),
                    confidence=0.99,
                )
        found = self.numbers.names_in(context)
        for name in found:
            if name.kind == "bank":
                yield from self._under(context, name, runs)

    def _under(self, context: Context, name: Name, runs: list[Atom]) -> Iterator[Match]:
        lower = context.lower
        said = self.numbers.beside(context, name.start, name.end)
        first = bisect_left(runs, name.end, key=lambda run: run.start)
        if first == len(runs) or runs[first].start - name.end > 60:
            return
        gap = lower[name.end : runs[first].start].rstrip("+")
        if not (_BETWEEN.match(gap) or _NAME.match(gap) or self.numbers.naming.fillers(gap)):
            return
        if name.weak and not (
            ":" in gap
            or _PAYING.search(lower, max(0, name.start - 80), runs[first].end + 30)
            or "account" in said
            or re.search(r"no|rek|acc|akun|number|wallet", gap)
        ):
            return
        stop = first + 1
        while (
            stop < len(runs)
            and stop - first < 8
            and tight(between := lower[runs[stop - 1].end : runs[stop].start])
            and len(between) <= 3
        ):
            stop += 1
        for used in range(stop, first, -1):
            digits = "".join(run.digits for run in runs[first:used])
            for bank in self.numbers.names.banks[name.value]:
                if self._fits(bank, digits) and not {"pay"} & self.numbers.beside(
                    context, runs[first].start, runs[used - 1].end
                ):
                    yield Match(
                        kind="bank_account", value=digits, start=runs[first].start, end=runs[used - 1].end,
                        confidence=0.95, country=bank.country, bank=bank.bank,
                    )  # fmt: skip
                    return

    @staticmethod
    def _fits(bank: BankRow, digits: str) -> bool:
        low, high = bank.digits
        return low <= len(digits) <= high


def _reach(text: str, start: int, value: str) -> int:
    at = start
    left = len(value)
    while left:
        left -= not text[at].isspace()
        at += 1
    return at
