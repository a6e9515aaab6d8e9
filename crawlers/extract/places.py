"""The places of a JobPosting, each as one line: `12 Sample Street, Bavet, Svay Rieng, KH`."""

from typing import Any, Final

from crawlers.extract.values import as_list, nodes, one_line, strings

__all__ = ["place_lines"]

_PARTS: Final = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")


def place_lines(node: dict[str, Any]) -> tuple[str, ...]:
    """The places of work, then `Remote` for TELECOMMUTE, with the places that applicants must live in."""
    lines = [line for one in as_list(node.get("jobLocation")) if (line := _place(one))]
    remote = any("telecommute" in text.lower() for text in strings(node.get("jobLocationType")))
    required = [line for one in as_list(node.get("applicantLocationRequirements")) if (line := _place(one))]
    if remote:
        lines.append(f"Remote ({'; '.join(required)})" if required else "Remote")
    elif required and not lines:
        lines += required
    return tuple(dict.fromkeys(lines))


def _place(value: Any) -> str:
    if not isinstance(value, dict):
        return one_line(value)
    addresses = as_list(value.get("address"))
    for address in addresses:
        text = _address(address) if isinstance(address, dict) else one_line(address)
        if text:
            name = one_line(value.get("name"))
            return text if not name or name in text else f"{name}, {text}"
    return _address(value) or one_line(value.get("name")) or _contained(value)


def _address(node: dict[str, Any]) -> str:
    parts: list[str] = []
    for key in _PARTS:
        for text in strings(node.get(key)):
            if text and text not in parts:
                parts.append(text)
    return ", ".join(parts) or (one_line(node.get("name")) if any(nodes(node)) else "")


def _contained(node: dict[str, Any]) -> str:
    return next((line for one in nodes(node.get("containedInPlace")) if (line := _place(one))), "")
