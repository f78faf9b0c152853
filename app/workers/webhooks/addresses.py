"""Which IP addresses a webhook may be sent to."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Prefixes of IPv6 addresses that contain an IPv4 address, and the position of its first bit from the right.
NAT64 = ip_network("64:ff9b::/96")
SIX_TO_FOUR = ip_network("2002::/16")
# Networks that Python 3.11 does not count as private in all its patch versions: NAT64 with a local prefix, Teredo,
# benchmarks and documentation.
REFUSED = tuple(
    ip_network(each) for each in ("64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10")
)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that the packets reach in the end; None when there is none."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return IPv4Address((int(address) >> 80) & 0xFFFFFFFF) if address in SIX_TO_FOUR else None


def is_public(text: str) -> bool:
    """Whether the IP address is one of the public internet; False for a text that is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if (embedded := _embedded(address)) is not None:
            return is_public(str(embedded))
        if any(address in network for network in REFUSED):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
