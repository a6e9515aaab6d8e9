"""The flat list by which Nuxt 3 hands data to its pages (https://github.com/nuxt/devalue), made into what it stands for."""

from typing import Any, Final

from crawlers.board.literals import MAX_NODES, sized

__all__ = ["revived"]

_MAX_DEPTH: Final = 100
_WRAPPERS: Final = frozenset(
    {"Ref", "ShallowRef", "Reactive", "ShallowReactive", "EmptyRef", "EmptyShallowRef", "Object", "NuxtError"}
)


def revived(values: Any) -> Any:
    """What a flat list of Nuxt 3 (`__NUXT_DATA__`) stands for: each value names the others by their place in it.

    Raises ValueError where it refers to itself or is too large.
    """
    if not isinstance(values, list) or not values or len(values) > MAX_NODES:
        raise ValueError("not a list of values")
    done: dict[int, Any] = {}

    def build(place: Any, depth: int) -> Any:
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(values):
            return None
        if place in done:
            return done[place]
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        raw = values[place]
        if isinstance(raw, dict):
            made: Any = {}
            done[place] = made
            made.update({key: build(inner, depth + 1) for key, inner in raw.items()})
        elif isinstance(raw, list) and raw and isinstance(raw[0], str):
            made = _typed(raw, lambda inner: build(inner, depth + 1))
            done[place] = made
        elif isinstance(raw, list):
            made = []
            done[place] = made
            made.extend(build(inner, depth + 1) for inner in raw)
        else:
            made = done[place] = raw
        return made

    found = build(0, 0)
    sized(found)
    return found


def _typed(raw: list[Any], build: Any) -> Any:
    kind = raw[0]
    if kind == "Date":
        return raw[1] if len(raw) > 1 else None
    if kind == "Set":
        return [build(inner) for inner in raw[1:]]
    if kind in ("Map", "null"):
        pairs = list(zip(raw[1::2], raw[2::2], strict=False))
        return {str(build(key) if kind == "Map" else key): build(inner) for key, inner in pairs}
    if kind in _WRAPPERS or len(raw) == 2:
        return build(raw[1]) if len(raw) > 1 else None
    return None
