"""The address guard: forms of forbidden addresses, and good ones that must pass."""

from ipaddress import ip_address
from typing import Any

import pytest

from crawlers.addresses import is_loopback_host, refusal_of_address, refusal_of_url

LOOPBACK = [
    "127.0.0.1",
    "127.0.0.2",
    "127.1",
    "127.0.1",
    "127.255.255.255",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0.0.1",
    "0x7F.0x0.0x0.0x1",
    "017700000001",
    "0177.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.0x1",
    "127.0.0.1.",
    "localhost",
    "LOCALHOST",
    "LocalHost",
    "localhost.",
    "sub.localhost",
    "a.b.localhost",
    "localhost.localdomain",
    "ip6-localhost",
    "ip6-loopback",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:7F00:0001]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:7f00:0001::1]",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "%31%32%37.0.0.1",
    "127.0.0.%31",
    "%6c%6f%63alhost",
    "lo\u200bcalhost",
    "loc\xadalhost",
]
PRIVATE = [
    "10.0.0.1",
    "10.255.255.255",
    "10.1",
    "0xa000001",
    "167772161",
    "012.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "0xac.0x10.0.1",
    "2886729729",
    "192.168.0.1",
    "192.168.1.1",
    "0xc0a80001",
    "3232235521",
    "0300.0250.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "198.18.0.1",
    "198.19.255.255",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:192.168.1.1]",
    "[::ffff:a00:1]",
    "[64:ff9b::10.0.0.1]",
    "[2002:a00:1::]",
    "[2002:c0a8:101::]",
    "router.lan",
    "printer.local",
    "intranet",
    "nas.home.arpa",
    "db.internal",
    "host.corp",
]
ALWAYS = [
    "169.254.169.254",
    "169.254.0.1",
    "169.254.170.2",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.16689662",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::169.254.169.254]",
    "[2002:a9fe:a9fe::]",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%eth0]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "metadata.google.internal",
    "metadata",
    "0.0.0.0",
    "0",
    "0.1.2.3",
    "[::]",
    "[0::0]",
    "224.0.0.1",
    "239.255.255.250",
    "[ff02::1]",
    "[ff05::2]",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "0xffffffff",
    "192.0.0.1",
    "[100::1]",
    "256.256.256.256",
    "1.2.3.4.5",
    "999999999999",
    "0x1ffffffff",
    "127.0.0.1.2",
    "-host.example",
    "a..b.example",
]
MORE = [
    "127.000.000.001",
    "127.0.0.1%20",
    "127.0.0.1%00",
    "127.0.0.1%09",
    "127.0.0.1.%2e",
    "0x7f.0x0.0x0.0x01",
    "0x7f.0.0x1",
    "0X7F000001",
    "0177.0x0.0.1",
    "00177.0.0.1",
    "0000000177.0.0.1",
    "017700000001.",
    "2130706434",
    "2130706689",
    "0x7f00ffff",
    "127.16777215",
    "127.0.65535",
    "0x00000000007f000001",
    "[::7f00:1]",
    "[::ffff:127.0.0.2]",
    "[::ffff:7fff:ffff]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[::1%lo]",
    "[::1%25lo]",
    "[::ffff:0:7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[64:ff9b:1::a00:1]",
    "[2001:0:0:0:0:0:80ff:fffe]",
    "[2002:7f7f:7f7f::1]",
    "[::5efe:127.0.0.1]",
    "[2001:db8::1]",
    "[fe80::5efe:127.0.0.1]",
    "[fe80::5efe:10.0.0.1]",
    "[2001:db8:0:0:0:5efe:7f00:1]",
    "[::ffff:169.254.0.1]",
    "[::ffff:0.0.0.0]",
    "[::ffff:224.0.0.1]",
    "[::ffff:255.255.255.255]",
    "[::ffff:100.64.0.1]",
    "[2002:a9fe:101::]",
    "[2002:e000:1::]",
    "[2002::1]",
    "[64:ff9b::0.0.0.0]",
    "[64:ff9b::e000:1]",
    "[64:ff9b::c0a8:1]",
    "[ff00::1]",
    "[ff01::1]",
    "[ff0e::1]",
    "[ff02::fb]",
    "[fdff:ffff:ffff::1]",
    "[fc00:ec2::254]",
    "[fd20:ce::254]",
    "[feb0::1]",
    "[fec0:0:0:ffff::1]",
    "[2001:10::1]",
    "[3fff::1]",
    "[100::]",
    "[5f00::1]",
    "[::2]",
    "[::ffff]",
    "[4000::1]",
    "[8000::1]",
    "[e000::1]",
    "0.0.0.0.",
    "0x0",
    "00",
    "0.0",
    "[::0.0.0.0]",
    "１０.０.０.１",
    "⑩.0.0.1",
    "192。168。1。1",
    "192.168.1.1.",
    "192.168.257",
    "192.11010305",
    "0xc0.0xa8.0x1.0x1",
    "0300.0250.0x1.1",
    "%31%39%32.168.1.1",
    "172.16.1",
    "172.1048577",
    "100.64.1",
    "198.18.1",
    "169.254.169.254.",
    "169.254.0xa9fe",
    "0xa9.0xfe.0xa9.0xfe",
    "0251.254.169.254",
    "[::ffff:a9fe:a9fe%25eth0]",
    "１６９.２５４.１６９.２５４",
    "169。254。169。254",
    "METADATA.GOOGLE.INTERNAL",
    "metadata.google.internal.",
    "Metadata",
    "instance-data",
    "localhost6",
    "localhost6.localdomain6",
    "broadcasthost",
    "LOCALHOST.LOCALDOMAIN",
    "foo.LOCAL",
    "wpad",
    "router",
    "gateway",
    "kubernetes.default.svc.cluster.local",
    "host.docker.internal",
    "db.prod.internal",
    "x.lan.",
    "ⓜⓔⓣⓐⓓⓐⓣⓐ.google.internal",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "𝟘x7f.1",
    "١٢٧.٠.٠.١",
    "१२७.०.०.१",
    "127.0.0.1․",
    "loca𝐥host",
    "ｌｏｃａｌｈｏｓｔ",
    "localhost%2e",
    "localhost%00.example.com",
    "127.0.0.1%2523@example.com",
    "192.88.99.1",
    "233.252.0.1",
    "241.1.1.1",
    "250.0.0.1",
]
"""Other spellings of the same, and neighbours in the reserved ranges."""
ODD = [
    "ftp://host.example/",
    "file:///etc/passwd",
    "gopher://host.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//host.example/",
    "host.example",
    "http://",
    "http:///path",
    "http://user@host.example/",
    "http://user:word@host.example/",
    "http://host.example@127.0.0.1/",
    "http://127.0.0.1\\@host.example/",
    "http://host.example\\.internal/",
    "http://host.example:0/",
    "http://host.example:99999/",
    "http://host.example:x/",
    "http://[::1/",
    "http://[zz::1]/",
    "http://host .example/",
    "http://127.0.0.1\t/",
    "http://host.example/\n",
    "http://\x00/",
    "http://" + "a" * 300 + ".example/",
    "http://exa_mple..com/",
    "ws://host.example/",
    "HTTP+unix://x/",
]


def test_there_are_enough_forms() -> None:
    assert len({*LOOPBACK, *PRIVATE, *ALWAYS, *MORE, *ODD}) >= 250


@pytest.mark.parametrize("host", [*LOOPBACK, *PRIVATE, *ALWAYS, *MORE])
def test_forbidden_hosts_are_refused(host: str) -> None:
    reason = refusal_of_url(f"http://{host}/path", allow_loopback=False)
    assert reason
    assert reason == refusal_of_url(f"https://{host}:8443/path?x=1", allow_loopback=False)


@pytest.mark.parametrize("host", ALWAYS)
def test_some_are_refused_whatever_is_allowed(host: str) -> None:
    assert refusal_of_url(f"http://{host}/", allow_loopback=True)


@pytest.mark.parametrize("url", ODD)
def test_odd_addresses_are_refused(url: str) -> None:
    assert refusal_of_url(url, allow_loopback=False)
    assert refusal_of_url(url, allow_loopback=True)


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_is_reached_where_it_is_allowed(host: str) -> None:
    if host == "[::ffff:0:127.0.0.1]":  # a translated address is no loopback
        pytest.skip("reserved")
    assert not refusal_of_url(f"http://{host}/", allow_loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://www.example.org:8443/a?b=c",
        "http://93.184.215.14/",
        "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "https://münchen.example/",
        "https://例え.テスト/",
        "http://1.1.1.1/",
        "http://xn--bcher-kva.example/",
        "http://t.me/s/name",
        "http://a_b.example.com/",
    ],
)
def test_public_hosts_pass(url: str) -> None:
    assert refusal_of_url(url, allow_loopback=False) == ""


@pytest.mark.parametrize(
    "text", ["::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:4136:e378:8000:63bf:80ff:fffe"]
)
def test_addresses_inside_addresses(text: str) -> None:
    assert "stands for" in refusal_of_address(ip_address(text), False)


def test_loopback_hosts_are_known_by_name() -> None:
    assert is_loopback_host("127.0.0.1")
    assert is_loopback_host("localhost")
    assert is_loopback_host("::1")
    assert not is_loopback_host("10.0.0.1")
    assert not is_loopback_host("example.com")


def test_nothing_reaches_a_listening_server(new_site: Any, crawl: Any, tmp_path: Any) -> None:
    site = new_site()
    site.pages = {"/*": "<h1>reached</h1>"}
    port = site.server.server_port
    hosts = [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "[::ffff:127.0.0.1]",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
    ]
    result = crawl(tmp_path / "case", [f"http://{host}:{port}/" for host in hosts], allow_loopback="0")
    assert site.asked == []
    assert {report["status"] for report in result.reports} == {"failed"}
    assert all("JERAT_ALLOW_LOOPBACK" in report["reason"] for report in result.reports)
    assert len(result.dead) == len(hosts)
