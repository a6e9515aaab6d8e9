"""Names become addresses here and nowhere else, so that a connection goes to the very address that was checked."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, Self

from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawlers.addresses import refusal_of_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

__all__ = ["GuardedResolver", "refused_names"]

refused_names: Final[dict[str, str]] = {}
"""Names that led to an address that is off limits, with the reason. To the downloader such a name does not exist."""
_MAX_REFUSED: Final = 10_000


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves as the reactor does, and refuses a name if any of its addresses is off limits.

    A name with a good and a bad address is refused as a whole: that is how names are rebound from one to the other.
    Nothing is kept from one request to the next besides the reasons of refusals.
    """

    def __init__(self, reactor: Any, allow_loopback: bool) -> None:
        self._reactor = reactor
        self._inner: Any = reactor.nameResolver
        self._allow_loopback = allow_loopback

    @classmethod
    def from_crawler(cls, crawler: "Crawler", reactor: "ReactorBase") -> Self:
        """Made by Scrapy."""
        return cls(reactor, crawler.settings.getbool("JERAT_ALLOW_LOOPBACK"))

    def install_on_reactor(self) -> None:
        """Every connection that the reactor makes by name comes through here from now on."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 -- named by Twisted
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve a name for the reactor; see twisted.internet.interfaces.IHostnameResolver."""
        receiver = _Checked(resolutionReceiver, hostName, self._allow_loopback)
        resolution: IHostResolution = self._inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return resolution


@implementer(IResolutionReceiver)
class _Checked:
    """Holds the addresses back until all are known, and passes them on only if all are allowed."""

    def __init__(self, receiver: Any, name: str, allow_loopback: bool) -> None:
        self._receiver = receiver
        self._name = name
        self._allow_loopback = allow_loopback
        self._addresses: list[IAddress] = []
        self._reason = ""

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        try:
            checked = ip_address(str(getattr(address, "host", "")).split("%", 1)[0])
        except ValueError:
            self._reason = self._reason or f"{address} is no IP address"
            return
        self._reason = self._reason or refusal_of_address(checked, self._allow_loopback)
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._reason:
            if len(refused_names) >= _MAX_REFUSED:
                refused_names.clear()
            refused_names[self._name.lower()] = self._reason
        else:
            for address in self._addresses:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()
