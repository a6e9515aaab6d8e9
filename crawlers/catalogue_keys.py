"""The keys of a declaration with their meaning, as `crawlers.declared` states them: for the docs and for error messages."""

import ast
import inspect
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from crawlers import declared

__all__ = ["Key", "keys", "keys_of", "own_keys", "struct_of"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a declaration; `name` of one inside another is written with a dot."""

    name: str
    required: bool
    default: str
    meaning: str


@cache
def keys() -> dict[str, Key]:
    """Every key by its name, in the order of `Source`, each part below the key that holds it."""
    return {key.name: key for key in _of(declared.Source, "")}


def own_keys(struct: type[msgspec.Struct], begin: str = "") -> list[Key]:
    """The keys of one part alone, such as that of a board's lists."""
    meanings = _meanings(struct)
    return [
        Key(begin + one.encode_name, one.required, _shown(one.default), meanings[one.name])
        for one in msgspec.structs.fields(struct)
    ]


def keys_of(path: str) -> list[str]:
    """The keys that may stand below `path`, which is empty for the declaration itself."""
    depth = path.count(".") + 1 if path else 0
    begin = f"{path}." if path else ""
    return [name.removeprefix(begin) for name in keys() if name.startswith(begin) and name.count(".") == depth]


def struct_of(form: Any) -> type[msgspec.Struct] | None:
    """The struct in a type such as `Verified | None`; None where there is none."""
    found = [part for part in (form, *getattr(form, "__args__", ())) if isinstance(part, type)]
    return next((part for part in found if issubclass(part, msgspec.Struct)), None)


def _of(struct: type[msgspec.Struct], begin: str) -> list[Key]:
    found = []
    for field, key in zip(msgspec.structs.fields(struct), own_keys(struct, begin), strict=True):
        inner = struct_of(field.type)
        found.append(key)
        if inner is not None:
            found += _of(inner, f"{begin}{field.name}.")
    return found


def _shown(default: Any) -> str:
    if default in (msgspec.NODEFAULT, None, "", ()) or isinstance(default, msgspec.Struct):
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


@cache
def _meanings(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The docstrings of the fields; empty for a field without one."""
    tree = ast.parse(inspect.getsource(sys.modules[struct.__module__]))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == struct.__name__).body
    found = {}
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            text = said.value if isinstance(said, ast.Constant) else ""
            found[node.target.id] = " ".join(str(text).split())
    return found
