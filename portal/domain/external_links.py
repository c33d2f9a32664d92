"""Addresses on other hosts: which may be asked at all, and what their answers mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit

WORKING, GONE, FAILING = "working", "gone", "failing"
UNREACHABLE, UNCLEAR, BARRED = "unreachable", "unclear", "barred"
OUTCOMES = (GONE, UNREACHABLE, FAILING, UNCLEAR, BARRED, WORKING)
BROKEN = (GONE, UNREACHABLE, FAILING)
# `knowledge_link.target` is cut there: a longer address would be asked for in pieces.
LONGEST_URL = 499
_PORTS = {"http": 80, "https": 443}
_MORE_PORTS = {8080, 8443}
# What no list of private networks names, and yet belongs to the machine that asks.
_OURS = tuple(
    ip_network(one)
    for one in (
        "168.63.129.16/32",  # Azure's host of the virtual machine
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "100.64.0.0/10",  # carriers' own; Alibaba's metadata
        "::/96",  # IPv4 written as IPv6, given up since
        "64:ff9b:1::/48",  # NAT64 within one network
        "fec0::/10",  # site-local, given up since
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_VAGUE = {401, 402, 403, 405, 406, 407, 408, 421, 425, 429, 451, 503, 999}
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?", re.ASCII)


class NotAsked(ValueError):
    """An address that is not asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """`host` in the letters of DNS, `path` with the question, quoted."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """As the Host header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = _PORTS["https" if self.secure else "http"]
        return host if self.port == usual else f"{host}:{self.port}"


def read_target(url: str) -> Target:
    """Raises NotAsked for other schemes and ports, and for an address with a name and password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAsked("not an address") from None
    if parts.scheme not in _PORTS or not host:
        raise NotAsked("not http or https")
    if "@" in parts.netloc:
        raise NotAsked("a name or password stands in it")
    usual = _PORTS[parts.scheme]
    if port not in {None, usual, *_MORE_PORTS}:
        raise NotAsked("an unusual port")
    path = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*[]-._")
    asked = quote(parts.query, safe="/%:=&~+!$,;'@()*[]-._?")
    return Target(
        parts.scheme == "https",
        _dns_name(host),
        port or usual,
        f"{path}?{asked}" if asked else path,
    )


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large: none of this machine, its network,
    or its cloud, however it is wrapped.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in (found, *_wrapped(found)))


def outcome_of(status: int) -> str:
    """What an answer says of the link. Who refuses a machine may well serve a person: unclear."""
    if 200 <= status < 300:  # noqa: PLR2004 # HTTP's classes
        return WORKING
    if status in {404, 410}:
        return GONE
    return UNCLEAR if status in _VAGUE else FAILING


def _dns_name(host: str) -> str:
    try:
        return ip_address(host).compressed
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise NotAsked("not a host name") from None
    if not _NAME.fullmatch(name):
        raise NotAsked("not a host name")
    return name


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    if any(found.version == one.version and found in one for one in _OURS):
        return isinstance(found, IPv6Address) and found.ipv4_mapped is not None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return True
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    )


def _wrapped(found: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    if isinstance(found, IPv4Address):
        return
    if found.ipv4_mapped is not None:
        yield found.ipv4_mapped
    if found.sixtofour is not None:
        yield found.sixtofour
    if found.teredo is not None:
        yield from found.teredo
    if found in _NAT64:
        yield IPv4Address(int(found) & 0xFFFFFFFF)
