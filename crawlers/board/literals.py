"""Values that a script assigns, read without running it: literals, and a function that only puts literals together.

Sites hand the state of a page to their script as `window.STATE = {...}`, often as no strict JSON, and Nuxt 2 as
`(function(a,b){a.x=1;return {y:a,z:b}}({},"text"))`. Whatever else stands there is refused, never run.
"""

import json
import re
from typing import Any, Final

__all__ = ["MAX_NODES", "read_literal", "sized"]

_SPACE: Final = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.S)
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER: Final = re.compile(r"(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)n?")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`(?:[^`\\]|\\.)*`', re.S)
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.S)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_FUNCTION: Final = re.compile(
    r"function\s*(?:[A-Za-z_$][\w$]*)?\s*\(([\w$\s,]*)\)\s*\{|\(([\w$\s,]*)\)\s*=>\s*|([A-Za-z_$][\w$]*)\s*=>\s*"
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_WORDS: Final[dict[str, Any]] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
    "NaN": None,
    "Infinity": None,
}
_MAX_DEPTH: Final = 100
_MAX_CHARS: Final = 16_000_000
_MAX_ARRAY: Final = 10_000
MAX_NODES: Final = 1_000_000


def read_literal(text: str, start: int = 0) -> Any:
    """The value that begins at `start`. Raises ValueError where it is no literal, too large, or refers to itself."""
    if len(text) - start > _MAX_CHARS:
        raise ValueError(f"a script of more than {_MAX_CHARS} characters")
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        pass
    try:
        value = _Reader(text, start, {}).value(0)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    sized(value)
    return value


class _Reader:
    """Reads one expression, and the statements of a function that returns one."""

    def __init__(self, text: str, at: int, names: dict[str, Any], end: int | None = None) -> None:
        self.text = text
        self.at = at
        self.names = names
        self.end = len(text) if end is None else end

    def peek(self) -> str:
        match = _SPACE.match(self.text, self.at, self.end)
        self.at = match.end() if match else self.at
        return self.text[self.at] if self.at < self.end else ""

    def take(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise self.wrong(f"{wanted!r} is missing")
        self.at += 1

    def wrong(self, why: str) -> ValueError:
        return ValueError(f"no literal: {why} at {self.text[self.at : self.at + 30]!r}")

    def value(self, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise self.wrong("nested too deeply")
        char = self.peek()
        if char == "{":
            return self._object(depth)
        if char == "[":
            self.at += 1
            return self._list("]", depth)
        if char and char in "\"'`":
            return self._string()
        if char == "(":
            return self._parenthesis(depth)
        if char in ("!", "-", "+"):
            self.at += 1
            inner = self.value(depth + 1)
            if char == "!":
                return not inner and inner not in ({}, [])
            if not isinstance(inner, (int, float)):
                raise self.wrong("a sign before what is no number")
            return -inner if char == "-" else inner
        if number := _NUMBER.match(self.text, self.at, self.end):
            self.at = number.end()
            return _number(number[0])
        return self._word(depth)

    def _object(self, depth: int) -> dict[str, Any]:
        self.take("{")
        made: dict[str, Any] = {}
        while self.peek() != "}":
            char = self.peek()
            if char and char in "\"'`":
                key = self._string()
            elif char == "[":
                self.at += 1
                key = str(self.value(depth + 1))
                self.take("]")
            elif name := (_NAME.match(self.text, self.at, self.end) or _NUMBER.match(self.text, self.at, self.end)):
                key, self.at = name[0], name.end()
            else:
                raise self.wrong("a key is missing")
            if self.peek() == ":":
                self.at += 1
                made[key] = self.value(depth + 1)
            elif key in self.names:
                made[key] = self.names[key]
            else:
                raise self.wrong("':' is missing")
            if self.peek() != "}":
                self.take(",")
        self.at += 1
        return made

    def _list(self, closing: str, depth: int) -> list[Any]:
        made: list[Any] = []
        while self.peek() != closing:
            if self.peek() == ",":  # a hole
                self.at += 1
                made.append(None)
                continue
            made.append(self.value(depth + 1))
            if self.peek() != closing:
                self.take(",")
        self.at += 1
        return made

    def _string(self) -> str:
        match = _STRING.match(self.text, self.at, self.end)
        if match is None:
            raise self.wrong("a text without an end")
        self.at = match.end()
        body = match[0][1:-1]
        if match[0][0] == "`" and "${" in body:
            raise self.wrong("a template")
        return unescaped(body) if "\\" in body else body

    def _parenthesis(self, depth: int) -> Any:
        opening = self.at
        self.at += 1
        self.peek()
        function = _FUNCTION.match(self.text, self.at, self.end)
        if function is None:
            inner = self.value(depth + 1)
            self.take(")")
            return inner
        self.at = function.end()
        params = [name for group in function.groups() if group for name in re.split(r"[\s,]+", group) if name]
        block = function[0].endswith("{")
        if not block and self.peek() == "{":
            self.at += 1
            block = True
        begin = self.at
        # What the function is called with stands behind it: `(function(){}(1))` or `(function(){})(1)`.
        self.at = self._end_of(begin, "}") + 1 if block else self._end_of(begin, ")")
        inside = self.peek() == "("
        if not inside:
            self.take(")")
        self.take("(")
        given = self._list(")", depth)
        if inside:
            self.take(")")
        behind, self.at = self.at, opening
        names = {**self.names, **dict.fromkeys(params), **dict(zip(params, given, strict=False))}
        inner_reader = _Reader(self.text, begin, names, behind)
        result = inner_reader.body(depth + 1) if block else inner_reader.value(depth + 1)
        self.at = behind
        return result

    def _end_of(self, begin: int, closing: str) -> int:
        """Where the bracket closes that was opened before `begin`, past texts and inner brackets."""
        expected = [closing]
        at = begin
        for token in re.compile(_STRING.pattern + r"|[()\[\]{}]", re.S).finditer(self.text, begin, self.end):
            char, at = token[0], token.start()
            if char in _CLOSING:
                expected.append(_CLOSING[char])
            elif len(char) == 1 and char == expected[-1]:
                expected.pop()
                if not expected:
                    return at
        raise self.wrong("a bracket that is not closed")

    def body(self, depth: int) -> Any:
        """The statements of a function, up to its `return`."""
        while True:
            char = self.peek()
            if char in (";", ","):
                self.at += 1
                continue
            name = _NAME.match(self.text, self.at, self.end)
            if name is None:
                raise self.wrong("no statement that is known")
            self.at = name.end()
            if name[0] == "return":
                return self.value(depth + 1)
            if name[0] in ("var", "let", "const"):
                continue
            self._assign(name[0], depth)

    def _assign(self, name: str, depth: int) -> None:
        steps: list[Any] = []
        while (char := self.peek()) in (".", "["):
            self.at += 1
            if char == "[":
                steps.append(self.value(depth + 1))
                self.take("]")
            elif word := _NAME.match(self.text, self.at, self.end):
                self.at = word.end()
                steps.append(word[0])
            else:
                raise self.wrong("a name is missing")
        self.take("=")
        value = self.value(depth + 1)
        if not steps:
            self.names[name] = value
            return
        target = self.names.get(name)
        for step in steps[:-1]:
            target = _member(target, step)
        _put(target, steps[-1], value)

    def _word(self, depth: int) -> Any:
        name = _NAME.match(self.text, self.at, self.end)
        if name is None:
            raise self.wrong("nothing that is known")
        word = name[0]
        self.at = name.end()
        if word in self.names:
            return self.names[word]
        if word in _WORDS:
            return _WORDS[word]
        if word == "void":
            self.value(depth + 1)
            return None
        if word == "new":
            self.peek()
            made = _NAME.match(self.text, self.at, self.end)
            if made is None:
                raise self.wrong("a name is missing")
            word, self.at = made[0], made.end()
        elif self.peek() == ".":
            self.at += 1
            inner = _NAME.match(self.text, self.at, self.end)
            if inner is None:
                raise self.wrong("a name is missing")
            word, self.at = f"{word}.{inner[0]}", inner.end()
        if self.peek() != "(":
            raise self.wrong(f"{word!r} is not known")
        self.at += 1
        return self._call(word, self._list(")", depth))

    def _call(self, word: str, given: list[Any]) -> Any:
        first = given[0] if given else None
        if word == "JSON.parse" and isinstance(first, str):
            return json.loads(first, strict=False)
        if word in ("Date", "Object.freeze", "Object.seal", "Number", "Boolean", "String"):
            return first
        if word == "Object.create":
            return {}
        if word in ("Array", "Set"):
            if isinstance(first, int) and word == "Array" and len(given) == 1:
                return [None] * min(max(first, 0), _MAX_ARRAY)
            return first if word == "Set" and isinstance(first, list) else given if word == "Array" else []
        if word == "Map":
            pairs = first if isinstance(first, list) else []
            return {str(one[0]): one[1] for one in pairs if isinstance(one, list) and len(one) == 2}
        if word in ("decodeURIComponent", "unescape") and isinstance(first, str):
            from urllib.parse import unquote

            return unquote(first)
        raise self.wrong(f"{word}() is not known")


def unescaped(body: str) -> str:
    """The text that a JavaScript string of this content is."""

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            number = int(code, 16)
            return chr(number) if number <= 0x10FFFF else "\ufffd"
        return _SIMPLE.get(match[4], match[4])

    text = _ESCAPE.sub(one, body)
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if re.search("[\ud800-\udfff]", text)
        else text
    )


def _number(text: str) -> int | float:
    text = text.removesuffix("n")
    if text[:1] == "0" and text[1:2] and text[1:2] in "xXoObB":
        return int(text, 0)
    return int(text) if text.isdigit() else float(text)


def _member(target: Any, step: Any) -> Any:
    if isinstance(target, dict):
        return target.get(str(step))
    if isinstance(target, list) and isinstance(step, int) and 0 <= step < len(target):
        return target[step]
    raise ValueError(f"no literal: {step!r} is put into what is no object")


def _put(target: Any, step: Any, value: Any) -> None:
    if isinstance(target, dict):
        target[str(step)] = value
    elif isinstance(target, list) and isinstance(step, int) and 0 <= step < _MAX_ARRAY:
        target.extend([None] * (step + 1 - len(target)))
        target[step] = value
    else:
        raise ValueError(f"no literal: {step!r} is put into what is no object")


def sized(value: Any) -> None:
    """Raises ValueError where a value holds itself, or would be too large if what it shares were written out."""
    sizes: dict[int, int] = {}
    open_now: set[int] = set()
    stack: list[tuple[Any, bool]] = [(value, False)]
    while stack:
        one, left = stack.pop()
        if not isinstance(one, (dict, list)):
            continue
        inner = list(one.values()) if isinstance(one, dict) else one
        if left:
            open_now.discard(id(one))
            size = 1 + sum(sizes.get(id(child), 1) if isinstance(child, (dict, list)) else 1 for child in inner)
            if size > MAX_NODES:
                raise ValueError(f"more than {MAX_NODES} values")
            sizes[id(one)] = size
        elif id(one) in open_now:
            raise ValueError("a value that holds itself")
        elif id(one) not in sizes:
            open_now.add(id(one))
            stack.append((one, True))
            stack += [(child, False) for child in inner if isinstance(child, (dict, list))]
