"""Under which names a number or a handle stands: before it, after it in brackets, or several joined by a stroke."""

import re
from bisect import bisect_left
from operator import attrgetter
from typing import Final

from nlp.context import Context
from nlp.entities.names import Name, Names

__all__ = ["Naming", "named_kinds"]

_STOP: Final = re.compile(r"[!?。！？;•|]|[^\W\d]{4,}\.\s|\d{3}|%|[a-z]\d|\w_\w|@\w|://")
_SIGNS: Final = re.compile(r"[\s:：=.\-–—→>➡👉⬇📲📱📞☎☏✆🤙()（）\[\]【】「」『』《》<#*~/+,，'\"“”’`_|»›▶►✅]*")
_JOINT: Final = re.compile(
    r"\s{0,2}(?:[/&+|、\\·]|,|or|and|dan|atau|hoặc|và|y|ou|e|o|и|или|และ|หรือ|或|和|或者|및|또는|और|या|ও|أو|و|یا|በ|at"
    r"|na|au|lub|,\s?(?:and|or|dan))\s{0,2}\Z"
)
_AFTER: Final = re.compile(
    r"\s{0,2}[(\[（【,\-–—/|→:：]?\s{0,2}(?:(?:via|on|by|is|in|kat|dekat|di|lewat|melalui|trên|ở|also|pakai|juga|bisa|có|kèm|qua|only|use|for|en|por|no|в"
    r"|на|同|也是|加|即|เป็น|ทาง|and|tersedia di|available on)\s?){0,2}"
)
_AFTER_WIDEST: Final = 48
"""More than the characters of the longest such gap."""
_SAME: Final = re.compile(r"also|juga|có|kèm|同|也|and|same|sama|เดียวกัน")
_ENDS: Final = re.compile(
    r"\s{0,2}(?:[)\]）】\n,.;!|/&+，。；！、✅👍🔥]|only|saja|aja|ya\b|chat|同号|同號|同步|号|號|số|cùng|same|number|no\b|ok"
    r"|please|(?:or|and|atau|dan|hoặc|или|y|ou)\b|\Z|[^\w\s:：@])"
)
_PHONE_SIGNS: Final = frozenset("📞☎📱📲☏✆🤙")
_SIGNS_THEN_NUMBER: Final = re.compile(r"[ .\-–)]{0,3}[📞☎📱📲☏✆🤙👉➡⬇][ :：.\-]{0,3}[@+(\d]")


def named_kinds(name: Name) -> bool:
    """Whether the name is one that a number or handle can stand under."""
    return name.kind not in ("digit", "times", "plus", "word")


class Naming:
    """Finds the names of a range."""

    def __init__(self, table: Names) -> None:
        self.table = table

    def of(self, context: Context, found: list[Name], start: int, end: int) -> list[str]:
        """The kinds whose names `text[start:end]` stands under, `phone` among them; empty where it has none."""
        cache = context.cache.setdefault("naming", {})
        key = (start, end)
        if key not in cache:
            before = self.before(context, found, start)
            after = self.after(context, found, end)
            if after:
                alone = all(kind == "soft" for kind in before)
                said = context.lower[end : end + 24].partition("\n")[0]
                same = "phone" in before or (alone and bool(_SAME.search(said)))
                kinds = [kind for kind in before if kind == "phone"] if same or "phone" in before else []
                if same and not kinds:
                    kinds = ["phone"]
                cache[key] = list(dict.fromkeys([*kinds, *(before if not kinds else ()), *after]))
                if (
                    before
                    and "phone" not in before
                    and any(kind != "soft" for kind in before)
                    and set(before) != set(after)
                ):
                    cache[key] = list(dict.fromkeys([*before, *after]))
            else:
                cache[key] = before
            kinds = [kind for kind in cache[key] if kind != "none"]
            cache[key] = [kind for kind in kinds if kind != "soft"] or (["phone"] if kinds else [])
        return list(cache[key])

    def before(self, context: Context, found: list[Name], start: int) -> list[str]:
        """The kinds of the names right before `start`, the joined ones with them; `soft` for words like contact."""
        lower = context.lower
        at = bisect_left(found, start, key=_start) - 1
        while at >= 0 and not named_kinds(found[at]):
            if found[at].kind == "word" or found[at].end < start - 60:
                return []
            at -= 1
        if at < 0 or found[at].end < start - 60 or found[at].end > start:
            return []
        # A sign of a phone between a messenger's name and the number says nothing more: the name counts.
        name = at
        while name and lower[found[name].start : found[name].end] in _PHONE_SIGNS:
            joint = lower[found[name - 1].end : found[name].start]
            signs = _SIGNS.match(joint)
            if "\n" in joint or signs is None or signs.end() < len(joint) or len(joint) > 6:
                break
            name -= 1
        if found[name].kind not in ("phone", "none", "bank") and named_kinds(found[name]):
            at = name
        nearest = found[at]
        gap = lower[nearest.end : start]
        if not self._close(gap, nearest.weak and nearest.kind != "phone", context, nearest.end, start):
            return []
        kinds: list[str] = []
        first = nearest
        while True:
            while at >= 0 and found[at].start >= first.start:
                if named_kinds(found[at]) and found[at].start == first.start:
                    kinds.append(_kind(found[at]))
                at -= 1
            if at < 0 or len(kinds) > 8 or not named_kinds(found[at]):
                break
            joint = lower[found[at].end : first.start]
            if not _JOINT.match(joint):
                break
            first = found[at]
        return list(dict.fromkeys(kinds))

    def after(self, context: Context, found: list[Name], end: int) -> list[str]:
        """The kinds of the names right after `end`, as in `(WA)`, unless they begin something of their own."""
        index = bisect_left(found, end, key=_start)
        if index == len(found) or found[index].start > end + _AFTER_WIDEST:
            return []
        lower = context.lower
        match = _AFTER.match(lower, end)
        at = match.end() if match else end
        opened = any(char in "([（【" for char in lower[end:at])
        kinds: list[str] = []
        while index < len(found) and found[index].start <= at:
            name = found[index]
            if not named_kinds(name) or name.start < end or name.kind == "bank":
                break
            while index < len(found) and found[index].start == name.start:
                if named_kinds(found[index]):
                    kinds.append(_kind(found[index]))
                index += 1
            if len(kinds) > 8:
                return []
            end = name.end
            joint = lower[end : found[index].start] if index < len(found) else "x"
            at = found[index].start if index < len(found) and len(joint) < 8 and _JOINT.match(joint) else -1
        if not kinds:
            return []
        tail = lower[end : end + 24]
        if not _ENDS.match(tail) or (not opened and re.match(r"\s{0,2}[/&]\s?(?:\+|\d|@)", tail)):
            return []
        if not opened and re.match(r"[\s.\-–)]{0,3}[:：=@+\d]", tail):
            return []
        if not opened and _SIGNS_THEN_NUMBER.match(tail):
            return []
        if not opened and "\n" in lower[end - 1 : end]:
            return []
        return [kind for kind in dict.fromkeys(kinds) if kind != "soft"]

    def _close(self, gap: str, weak: bool, context: Context, begin: int, end: int) -> bool:
        """Whether what stands between a name and a number lets the name reach it."""
        signs = _SIGNS.match(gap)
        if signs and signs.end() == len(gap):
            return len(gap) <= 24 and gap.count("\n") <= 2
        if _STOP.search(gap):
            return False
        if "\n" in gap.strip(" :：\n") or gap.count("\n") > 1:
            return False
        if weak:
            return self.fillers(gap)
        words = gap.split()
        return len(gap) <= 40 and len(words) <= 5

    def fillers(self, gap: str) -> bool:
        """Whether nothing but signs and filler words stands there."""
        words = [word for word in re.split(r"[\s:：=.\-–—→>()\[\]#*~/+,'\"_|]+", gap) if word]
        return len(words) <= 3 and all(word in self.table.fillers for word in words)


_start: Final = attrgetter("start")


def _kind(name: Name) -> str:
    return "soft" if name.kind == "phone" and name.weak else name.kind
