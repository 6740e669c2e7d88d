//! Where calls may go.

use std::fmt;
use std::net::IpAddr;

use super::network::Network;
use super::places::not_public;

/// Where calls may go, and how much of an answer is read.
#[derive(Clone, Debug)]
pub struct CallPolicy {
    /// Whether an address may begin with `http://`, where everybody on the way can read the call.
    pub allow_http: bool,
    /// Where calls may go although it is not the public internet: private addresses, this machine itself.
    pub allowed_networks: Vec<Network>,
    /// The longest answer that is taken, headers and body together.
    pub most_answer_bytes: usize,
}

impl Default for CallPolicy {
    /// Encrypted calls to the public internet, answers up to 64 KiB.
    fn default() -> Self {
        Self { allow_http: false, allowed_networks: Vec::new(), most_answer_bytes: 64 * 1024 }
    }
}

impl CallPolicy {
    /// Whether calls may go to this address.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), Forbidden> {
        match not_public(address) {
            Some(what) if !self.allowed_networks.iter().any(|network| network.contains(address)) => {
                Err(Forbidden { address: address.to_canonical(), what })
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// An address where calls may not go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forbidden {
    address: IpAddr,
    what: &'static str,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "calls may not go to {}, {}", self.address, self.what)
    }
}

impl std::error::Error for Forbidden {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_public_or_allowed_may_be_called() {
        let policy = CallPolicy {
            allowed_networks: vec!["10.1.0.0/16".parse().unwrap(), "fd12::/16".parse().unwrap()],
            ..CallPolicy::default()
        };
        let check = |address: &str| policy.check(address.parse().unwrap()).map_err(|error| error.to_string());
        for address in ["8.8.8.8", "2606:4700::1111", "10.1.2.3", "::ffff:10.1.2.3", "fd12::1"] {
            assert_eq!(check(address), Ok(()), "{address}");
        }
        // The translated form is an address of its own: whoever wants it allows it.
        for address in ["10.2.0.1", "::ffff:10.2.0.1", "fd13::1", "127.0.0.1", "::1", "64:ff9b::10.1.2.3"] {
            assert!(check(address).is_err(), "{address}");
        }
        assert_eq!(
            check("::ffff:169.254.169.254"),
            Err("calls may not go to 169.254.169.254, a link-local address".to_owned())
        );
    }
}
