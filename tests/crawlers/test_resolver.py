"""What a name leads to is checked as well: the connection goes to the checked address or nowhere."""

from collections.abc import Sequence
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawlers.resolver import GuardedResolver, refused_names


class Reactor:
    def __init__(self, addresses: Sequence[Any]) -> None:
        self.nameResolver: Any = self
        self.addresses = addresses

    def resolveHostName(self, receiver: Any, name: str, *rest: Any) -> Any:  # noqa: N802
        receiver.resolutionBegan(self)
        for address in self.addresses:
            receiver.addressResolved(address)
        receiver.resolutionComplete()
        return self

    def installNameResolver(self, resolver: Any) -> None:  # noqa: N802
        self.nameResolver = resolver


@implementer(IResolutionReceiver)
class Receiver:
    def __init__(self) -> None:
        self.got: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.got.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def _resolve(addresses: Sequence[Any], *, allow: bool = False) -> Receiver:
    reactor = Reactor(addresses)
    GuardedResolver(reactor, allow).install_on_reactor()
    receiver = Receiver()
    reactor.nameResolver.resolveHostName(receiver, "Name.Example", 80)
    assert receiver.complete
    return receiver


def test_public_addresses_pass() -> None:
    assert _resolve([IPv4Address("TCP", "93.184.215.14", 80)]).got == ["93.184.215.14"]


@pytest.mark.parametrize(
    "bad",
    [
        IPv4Address("TCP", "127.0.0.1", 80),
        IPv4Address("TCP", "169.254.169.254", 80),
        IPv6Address("TCP", "::1", 80),
        IPv6Address("TCP", "::ffff:10.0.0.1", 80),
        IPv6Address("TCP", "fe80::1%eth0", 80),
        IPv4Address("TCP", "nonsense", 80),
    ],
)
def test_a_name_with_one_bad_address_is_refused_whole(bad: Any) -> None:
    refused_names.clear()
    assert _resolve([IPv4Address("TCP", "93.184.215.14", 80), bad]).got == []
    assert refused_names["name.example"]


def test_loopback_passes_where_allowed_and_metadata_never() -> None:
    assert _resolve([IPv4Address("TCP", "127.0.0.1", 80)], allow=True).got == ["127.0.0.1"]
    assert _resolve([IPv4Address("TCP", "169.254.169.254", 80)], allow=True).got == []
