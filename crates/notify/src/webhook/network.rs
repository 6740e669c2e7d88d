//! A range of addresses, such as `10.0.0.0/8`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::Deserialize;

/// A range of addresses, written `10.0.0.0/8` or `fd00::/8`; a lone address is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    base: IpAddr,
    length: u8,
}

/// A text is no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// It does not look like one.
    #[error("'{0}' is not a range of addresses such as 10.0.0.0/8 or fd00::/8")]
    Form(String),
    /// It begins in the middle of the range that it names, so one of its two parts is wrong.
    #[error("'{given}' does not begin where its range does: {range} is meant, or a longer prefix")]
    Begin {
        /// What was given.
        given: String,
        /// The range in which it lies.
        range: Network,
    },
}

impl Network {
    /// Whether the address lies in the range. An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) is that IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(_), address @ IpAddr::V4(_)) | (IpAddr::V6(_), address @ IpAddr::V6(_)) => {
                leading(address, self.length) == self.base
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// The range of that many leading bits, whatever follows them in the address.
    pub(super) fn around(address: IpAddr, length: u8) -> Self {
        Self { base: leading(address, length), length }
    }
}

/// The address with all but its leading bits set to zero.
fn leading(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
            IpAddr::V4((address.to_bits() & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
            IpAddr::V6((address.to_bits() & mask).into())
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let form = || NetworkError::Form(text.escape_debug().to_string());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let base: IpAddr = address.parse().map_err(|_| form())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => most,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|length| *length <= most).ok_or_else(form)?
            }
            Some(_) => return Err(form()),
        };
        // Addresses are compared in their own clothes, so a range of clothed ones would contain nothing.
        if base.to_canonical() != base {
            return Err(form());
        }
        let range = Self::around(base, length);
        if range.base == base {
            return Ok(range);
        }
        Err(NetworkError::Begin { given: text.to_owned(), range })
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkError;

    fn try_from(text: String) -> Result<Self, NetworkError> {
        text.parse()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_contains_what_begins_like_it() {
        let contains = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.6", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "8.8.8.8", false),
            ("::/0", "::1", true),
            ("fd00::/8", "fdff::1", true),
            ("fd00::/8", "fc00::1", false),
            ("::1", "::1", true),
        ] {
            assert_eq!(contains(network, address), inside, "{network} {address}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in
            ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "10/8", "a"]
        {
            assert!(matches!(text.parse::<Network>(), Err(NetworkError::Form(_))), "{text}");
        }
        assert!(matches!("::ffff:10.0.0.0/104".parse::<Network>(), Err(NetworkError::Form(_))));
        let begins = "10.1.0.0/8".parse::<Network>().unwrap_err().to_string();
        assert!(begins.contains("10.0.0.0/8 is meant"), "{begins}");
    }

    proptest! {
        #[test]
        fn a_printed_range_reads_as_itself_and_contains_its_address(bits: u128, short: bool, length in 0u8..=128) {
            let address = if short { IpAddr::V4((bits as u32).into()) } else { IpAddr::V6(bits.into()) };
            prop_assume!(address.to_canonical() == address);
            let network = Network::around(address, if short { length.min(32) } else { length });
            prop_assume!(network.base.to_canonical() == network.base);
            prop_assert!(network.contains(address));
            prop_assert_eq!(network.to_string().parse::<Network>(), Ok(network));
        }
    }
}
