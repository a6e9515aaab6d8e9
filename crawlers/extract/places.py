"""The places of a JobPosting, each as one line: `12 Sample Street, Bavet, Svay Rieng, KH`."""

from typing import Any, Final

from crawlers.extract.values import as_list, nodes, one_line, strings

__all__ = ["place_lines"]

_PARTS: Final = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")


def place_lines(node: dict[str, Any]) -> tuple[str, ...]:
    """The places of work, then `Remote` for TELECOMMUTE, with the places that applicants must live in."""
    lines = [line for one in as_list(node.get("jobLocation")) for line in _places(one)]
    remote = any("telecommute" in text.lower() for text in strings(node.get("jobLocationType")))
    required = [line for one in as_list(node.get("applicantLocationRequirements")) for line in _places(one)]
    if remote:
        lines.append(f"Remote ({'; '.join(required)})" if required else "Remote")
    elif required and not lines:
        lines += required
    return tuple(dict.fromkeys(lines))


def _places(value: Any) -> list[str]:
    """Each place in `value`: a place may have several addresses."""
    if not isinstance(value, dict):
        return [text] if (text := one_line(value)) else []
    name = one_line(value.get("name"))
    given = (_address(one) if isinstance(one, dict) else one_line(one) for one in as_list(value.get("address")))
    lines = [text if not name or name in text else f"{name}, {text}" for text in given if text]
    return lines or [text for text in (_address(value) or name or _contained(value),) if text]


def _address(node: dict[str, Any]) -> str:
    parts: list[str] = []
    for key in _PARTS:
        for text in strings(node.get(key)):
            if text and text not in parts:
                parts.append(text)
    return ", ".join(parts) or (one_line(node.get("name")) if any(nodes(node)) else "")


def _contained(node: dict[str, Any]) -> str:
    return next((line for one in nodes(node.get("containedInPlace")) for line in _places(one)), "")
