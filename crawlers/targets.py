"""What one run is asked for: an address with its spider, and the declaration where there is one."""

from dataclasses import dataclass

from crawlers.declared import Source
from crawlers.kinds import kind_of

__all__ = ["Target", "of_address", "of_source"]


@dataclass(frozen=True, slots=True)
class Target:
    """One run. A declared source has as many as it has addresses."""

    address: str
    kind: str
    declared: Source | None = None
    after: int | None = None
    """Of a run that is due: the last run that was known then. It is left to another process that began since."""

    @property
    def source(self) -> str:
        """The name of the source, or the address where none is declared."""
        return self.address if self.declared is None else self.declared.name

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        if self.declared is None:
            return self.address
        return self.declared.name if len(self.declared.urls) == 1 else f"{self.declared.name} {self.address}"


def of_address(address: str, kind: str | None = None) -> Target:
    """An address as a person gave it. Raises InputError where it is none."""
    return Target(address, kind_of(address, kind))


def of_source(source: Source) -> list[Target]:
    """The runs of a declared source. Raises InputError where an address is none."""
    named = None if source.kind == "auto" else source.kind
    return [Target(url, kind_of(url, named), source) for url in source.urls]
