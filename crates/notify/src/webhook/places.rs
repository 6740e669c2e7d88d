//! Which addresses are of no concern to an endpoint of somebody's: all that are not public ones of the internet.
//!
//! The ranges are those of the IANA registries of special-purpose addresses (RFC 6890 and its successors).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::network::Network;

/// Ranges of IPv4 that are not public, and what they are.
const SPECIAL: &[([u8; 4], u8, &str)] = &[
    ([0, 0, 0, 0], 8, "an unspecified address"),
    ([10, 0, 0, 0], 8, "a private address"),
    ([100, 64, 0, 0], 10, "an address shared inside a provider's network"),
    ([127, 0, 0, 0], 8, "an address of this machine itself"),
    // Azure's machines reach what manages them at this public address.
    ([168, 63, 129, 16], 32, "an address of the cloud's own services"),
    ([169, 254, 0, 0], 16, "a link-local address"),
    ([172, 16, 0, 0], 12, "a private address"),
    ([192, 0, 0, 0], 24, "an address kept for protocols"),
    ([192, 0, 2, 0], 24, "an address for examples"),
    ([192, 88, 99, 0], 24, "an address kept for protocols"),
    ([192, 168, 0, 0], 16, "a private address"),
    ([198, 18, 0, 0], 15, "an address for measurements"),
    ([198, 51, 100, 0], 24, "an address for examples"),
    ([203, 0, 113, 0], 24, "an address for examples"),
    ([224, 0, 0, 0], 4, "a multicast address"),
    ([255, 255, 255, 255], 32, "the broadcast address"),
    ([240, 0, 0, 0], 4, "an address kept for the future"),
];

/// Ranges of IPv6 that are not public; what is neither here nor in 2000::/3 is not public either.
const SPECIAL_6: &[([u16; 3], u8, &str)] = &[
    ([0x64, 0xff9b, 1], 48, "an address that is translated inside a network"),
    ([0x2001, 0, 0], 23, "an address kept for protocols"),
    ([0x2001, 0xdb8, 0], 32, "an address for examples"),
    ([0x3fff, 0, 0], 20, "an address for examples"),
    ([0xfc00, 0, 0], 7, "a private address"),
    ([0xfe80, 0, 0], 10, "a link-local address"),
    ([0xfec0, 0, 0], 10, "a private address"),
    ([0xff00, 0, 0], 8, "a multicast address"),
];

/// What an address is when it is not a public one.
pub(super) fn not_public(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(address) => not_public_4(address),
        IpAddr::V6(address) => not_public_6(address),
    }
}

fn not_public_4(address: Ipv4Addr) -> Option<&'static str> {
    SPECIAL
        .iter()
        .find(|(base, length, _)| Network::around((*base).into(), *length).contains(address.into()))
        .map(|(_, _, what)| *what)
}

fn not_public_6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_unspecified() {
        return Some("an unspecified address");
    }
    if address.is_loopback() {
        return Some("an address of this machine itself");
    }
    let special = SPECIAL_6.iter().find(|([first, second, third], length, _)| {
        let base = Ipv6Addr::new(*first, *second, *third, 0, 0, 0, 0, 0);
        Network::around(base.into(), *length).contains(address.into())
    });
    if let Some((_, _, what)) = special {
        return Some(what);
    }
    match carried(address) {
        Some(Carried::Translated(inside)) => not_public_4(inside),
        Some(Carried::Compatible(inside)) => Some(not_public_4(inside).unwrap_or("an address out of use")),
        None if address.segments()[0] & 0xe000 == 0x2000 => None,
        None => Some("an address that is not public"),
    }
}

/// An IPv4 address inside an IPv6 address.
enum Carried {
    /// Packets end up at the IPv4 address: NAT64 (RFC 6052) and 6to4 (RFC 3056).
    Translated(Ipv4Addr),
    /// `::a.b.c.d`, out of use since RFC 4291.
    Compatible(Ipv4Addr),
}

fn carried(address: Ipv6Addr) -> Option<Carried> {
    let pair = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(Carried::Translated(pair(high, low)))
        }
        [0, 0, 0, 0, 0, 0, high, low] => Some(Carried::Compatible(pair(high, low))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(address: &str) -> Option<&'static str> {
        not_public(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_public() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ] {
            assert_eq!(what(address), None, "{address}");
        }
    }

    #[test]
    fn every_other_address_is_called_what_it_is() {
        for (address, expected) in [
            ("0.0.0.0", "unspecified"),
            ("0.1.2.3", "unspecified"),
            ("10.0.0.1", "private"),
            ("100.64.0.1", "provider"),
            ("100.100.100.200", "provider"),
            ("127.0.0.1", "this machine"),
            ("127.255.255.254", "this machine"),
            ("168.63.129.16", "cloud"),
            ("169.254.169.254", "link-local"),
            ("172.16.0.1", "private"),
            ("172.31.255.255", "private"),
            ("192.0.0.192", "protocols"),
            ("192.0.2.1", "examples"),
            ("192.88.99.1", "protocols"),
            ("192.168.1.1", "private"),
            ("198.18.0.1", "measurements"),
            ("198.19.255.255", "measurements"),
            ("198.51.100.1", "examples"),
            ("203.0.113.1", "examples"),
            ("224.0.0.1", "multicast"),
            ("239.255.255.255", "multicast"),
            ("240.0.0.1", "future"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "this machine"),
            ("::7f00:1", "this machine"),
            ("::8.8.8.8", "out of use"),
            ("::ffff:127.0.0.1", "this machine"),
            ("::ffff:169.254.169.254", "link-local"),
            ("::ffff:10.0.0.1", "private"),
            ("::ffff:0:127.0.0.1", "not public"),
            ("64:ff9b::127.0.0.1", "this machine"),
            ("64:ff9b::a9fe:a9fe", "link-local"),
            ("64:ff9b:1::1", "translated"),
            ("100::1", "not public"),
            ("2001::1", "protocols"),
            ("2001:2::1", "protocols"),
            ("2001:db8::1", "examples"),
            ("2002:7f00:1::", "this machine"),
            ("2002:a00:1::1", "private"),
            ("2002:c0a8:101::1", "private"),
            ("3fff::1", "examples"),
            ("4000::1", "not public"),
            ("5f00::1", "not public"),
            ("fc00::1", "private"),
            ("fd00:ec2::254", "private"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "private"),
            ("ff02::1", "multicast"),
        ] {
            let found = what(address).unwrap_or("public");
            assert!(found.contains(expected), "{address}: {found}");
        }
    }
}
